"""Addresses of exports and of the data dictionary."""

from django.urls import path

from prtras.exports import check_views, cut_views, views

app_name = "exports"
urlpatterns = [
    path("exports/", views.index, name="index"),
    path("exports/new/", views.ask, name="ask"),
    path("exports/<uuid:job_id>/", views.bundle, name="bundle"),
    path("exports/<uuid:job_id>/file/", views.download, name="download"),
    path("exports/cuts/", cut_views.cuts, name="cuts"),
    path("exports/cuts/compare/", cut_views.compare, name="compare_cuts"),
    path("exports/cuts/compared/<uuid:comparison_id>/", cut_views.comparison, name="comparison"),
    path("exports/cuts/compared/<uuid:comparison_id>/file/", cut_views.comparison_file, name="comparison_file"),
    path("exports/check/", check_views.check, name="check"),
    path("exports/check/<uuid:check_id>/", check_views.checked, name="checked"),
    path("exports/keys/", check_views.signing_keys, name="signing_keys"),
    path("dictionary/", views.dictionary, name="dictionary"),
    path("dictionary.csv", views.dictionary_csv, name="dictionary_csv"),
]
