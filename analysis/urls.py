"""Addresses of dashboards and runs."""

from django.urls import path

from analysis import output_page, views

app_name = "analysis"
urlpatterns = [
    path("dashboards/recurrence/", views.dashboard, name="dashboard"),
    path("dashboards/recurrence/by-arm/", views.by_arm, name="by_arm"),
    path("participants/<str:number>/analysis/", views.participant, name="participant"),
    path("plan/", views.plan, name="plan"),
    path("plan/<str:language>.pdf", views.plan_pdf, name="plan_pdf"),
    path("runs/", views.runs, name="runs"),
    path("runs/start/", views.start, name="start"),
    path("runs/<uuid:run_id>/outputs/<slug:code>/", output_page.page, name="output"),
    path("runs/<uuid:run_id>/outputs/<slug:code>/<slug:name>.<str:kind>", output_page.download, name="output_file"),
    path("runs/<uuid:run_id>/report-<str:language>.pdf", views.report_pdf, name="report"),
]
