"""Addresses of the hospital-file import."""

from django.urls import path

from labs import api
from labs.views import cohort, course, graded, imports, ranges, sheets

app_name = "labs"
urlpatterns = [
    path("participants/<str:number>/course/", course.course, name="course"),
    path("labs/safety/", cohort.safety, name="safety"),
    path("labs/graded/", graded.graded, name="graded"),
    path("labs/ranges/", ranges.ranges, name="ranges"),
    path("labs/ranges/<uuid:preview_id>/", ranges.preview, name="range_preview"),
    path("labs/import/", imports.index, name="import"),
    path("labs/import/file/<int:file_id>/", imports.mapping, name="mapping"),
    path("labs/import/<uuid:import_id>/", imports.report, name="report"),
    path("labs/import/<uuid:import_id>/refused.csv", imports.refused_lines, name="refused_lines"),
    path("labs/sheets/", sheets.index, name="sheets"),
    path("labs/sheets/<uuid:sheet_id>/", sheets.sheet, name="sheet"),
    path("labs/sheets/<uuid:sheet_id>/picture/", sheets.picture, name="sheet_picture"),
    path("api/v1/lab-imports", api.LabImports.as_view(), name="api_imports"),
    path("api/v1/lab-imports/<uuid:import_id>", api.OneLabImport.as_view(), name="api_import"),
    path("api/v1/lab-imports/<uuid:import_id>/commit", api.CommitLabImport.as_view(), name="api_commit"),
]
