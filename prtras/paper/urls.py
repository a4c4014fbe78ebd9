"""Addresses of printouts."""

from django.urls import path

from prtras.paper import views

app_name = "paper"
urlpatterns = [
    path("paper/<str:kind>/<str:language>/", views.print_crf, name="print_crf"),
    path("participants/<str:number>/print/<str:language>/", views.print_casebook, name="print_casebook"),
    path("paper/<uuid:printout_id>/", views.printout, name="printout"),
]
