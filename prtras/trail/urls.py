"""Addresses of the audit trail."""

from django.urls import path

from prtras.trail import views

app_name = "trail"
urlpatterns = [
    path("pages/<uuid:page_id>/history/", views.history, name="history"),
    path("audit/", views.trail_list, name="list"),
    path("audit/review/", views.review, name="data_review"),
    path("audit/file/", views.trail_file, name="file"),
]
