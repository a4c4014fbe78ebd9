"""Addresses of medical coding."""

from django.urls import path

from prtras.coding import views

app_name = "coding"
urlpatterns = [
    path("coding/", views.index, name="index"),
    path("coding/term/", views.term, name="term"),
    path("coding/releases/", views.releases, name="releases"),
    path("coding/releases/<int:dictionary_id>/", views.release, name="release"),
]
