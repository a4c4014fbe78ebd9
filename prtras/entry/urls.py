"""Addresses of form pages."""

from django.urls import path

from prtras.entry import suggestions, views

app_name = "entry"
urlpatterns = [
    path("suggestions/<slug:name>/", suggestions.suggestions, name="suggestions"),
    path("pages/<uuid:page_id>/", views.page, name="page"),
    path("pages/<uuid:page_id>/void/", views.void, name="void"),
    path("pages/<uuid:page_id>/draft/", views.draft, name="draft"),
]
