"""Addresses of form pages."""

from django.urls import path

from prtras.entry import trail_views, views

app_name = "entry"
urlpatterns = [
    path("pages/<uuid:page_id>/", views.page, name="page"),
    path("pages/<uuid:page_id>/void/", views.void, name="void"),
    path("pages/<uuid:page_id>/history/", trail_views.history, name="history"),
    path("audit/", trail_views.trail_list, name="trail"),
    path("audit/review/", trail_views.data_review, name="data_review"),
    path("audit/file/", trail_views.trail_file, name="trail_file"),
    path("pages/<uuid:page_id>/draft/", views.draft, name="draft"),
]
