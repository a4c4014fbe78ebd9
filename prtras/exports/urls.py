"""Addresses of exports and of the data dictionary."""

from django.urls import path

from prtras.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.index, name="index"),
    path("exports/new/", views.ask, name="ask"),
    path("exports/<uuid:job_id>/", views.download, name="download"),
    path("dictionary/", views.dictionary, name="dictionary"),
    path("dictionary.csv", views.dictionary_csv, name="dictionary_csv"),
]
