"""Addresses of exports."""

from django.urls import path

from prtras.exports import views

app_name = "exports"
urlpatterns = [
    path("exports/", views.index, name="index"),
    path("exports/new/", views.ask, name="ask"),
    path("dictionary/", views.dictionary, name="dictionary"),
    path("dictionary.csv", views.dictionary_csv, name="dictionary_csv"),
    path("paper/<str:kind>/<str:language>/", views.print_crf, name="print_crf"),
    path("participants/<str:number>/print/<str:language>/", views.print_casebook, name="print_casebook"),
    path("paper/<uuid:printout_id>/", views.printout, name="printout"),
    path("exports/<uuid:job_id>/", views.download, name="download"),
]
