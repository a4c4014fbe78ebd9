"""Addresses of form pages."""

from django.urls import path

from prtras.entry import views

app_name = "entry"
urlpatterns = [
    path("pages/<uuid:page_id>/", views.page, name="page"),
    path("pages/<uuid:page_id>/void/", views.void, name="void"),
    path("pages/<uuid:page_id>/draft/", views.draft, name="draft"),
]
