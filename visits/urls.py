"""Addresses of worklist and participants."""

from django.urls import path

from visits import api, views
from visits.sae import views as sae

app_name = "visits"
urlpatterns = [
    path("worklist/", views.worklist, name="worklist"),
    path("worklist/review/", views.review_worklist, name="review_worklist"),
    path("deviations/", views.deviations, name="deviations"),
    path("safety/saes/", sae.saes, name="saes"),
    path("safety/saes/<uuid:page_id>/", sae.sae, name="sae"),
    path("safety/reports/<uuid:report_id>/<str:language>.pdf", sae.sae_report, name="sae_report"),
    path("safety/reports/<uuid:report_id>/e2b.<str:format>", sae.sae_case, name="sae_case"),
    path("safety/expected/", sae.expected, name="expected"),
    path("safety/reconciliation/", sae.reconciliation, name="sae_reconciliation"),
    path("participants/", views.participants, name="participants"),
    path("participants/find/", views.find, name="find"),
    path("participants/<str:number>/", views.participant, name="participant"),
    path("participants/<str:number>/add/", views.add, name="add"),
    path("schedule/", views.schedule, name="schedule"),
    path("participants/<str:number>/calendar-<str:language>/", views.appointments, name="appointments"),
    path("participants/<str:number>/visits-<str:language>.ics", views.calendar, name="calendar"),
    path("api/v1/participants/<str:number>/pages", api.FurtherPages.as_view(), name="api_pages"),
]
