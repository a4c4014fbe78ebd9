"""Addresses of the hospital-file import."""

from django.urls import path

from labs import views

app_name = "labs"
urlpatterns = [
    path("labs/ranges/", views.ranges, name="ranges"),
    path("labs/import/", views.index, name="import"),
    path("labs/import/file/<int:file_id>/", views.mapping, name="mapping"),
    path("labs/import/<uuid:import_id>/", views.report, name="report"),
]
