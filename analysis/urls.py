"""Addresses of dashboards and runs."""

from django.urls import path

from analysis import api, compare_views, output_page, run_views, views

app_name = "analysis"
urlpatterns = [
    path("dashboards/recurrence/", views.dashboard, name="dashboard"),
    path("dashboards/recurrence/by-arm/", views.by_arm, name="by_arm"),
    path("participants/<str:number>/analysis/", views.participant, name="participant"),
    path("plan/", views.plan, name="plan"),
    path("plan/<str:language>.pdf", views.plan_pdf, name="plan_pdf"),
    path("runs/", run_views.runs, name="runs"),
    path("runs/start/", run_views.start, name="start"),
    path("runs/compare/", compare_views.compare, name="compare"),
    path("runs/compare/<str:what>.csv", compare_views.compare_csv, name="compare_csv"),
    path("runs/<uuid:run_id>/", run_views.run, name="run"),
    path("runs/<uuid:run_id>/cancel/", run_views.cancel, name="cancel"),
    path("runs/<uuid:run_id>/again/", run_views.again, name="again"),
    path("runs/<uuid:run_id>/outputs/<slug:code>/", output_page.page, name="output"),
    path("runs/<uuid:run_id>/outputs/<slug:code>/<slug:name>.<str:kind>", output_page.download, name="output_file"),
    path("runs/<uuid:run_id>/report-<str:language>.pdf", run_views.report_pdf, name="report"),
    path("api/v1/runs", api.Runs.as_view(), name="api_runs"),
    path("api/v1/runs/<uuid:run_id>", api.OneRun.as_view(), name="api_run"),
    path("api/v1/runs/<uuid:run_id>/cancel", api.CancelRun.as_view(), name="api_cancel"),
    path("api/v1/runs/<uuid:run_id>/outputs/<slug:code>", api.Numbers.as_view(), name="api_numbers"),
]
