"""Addresses of queries."""

from django.urls import path

from prtras.review import views

app_name = "review"
urlpatterns = [
    path("queries/", views.inbox, name="inbox"),
    path("checks/", views.checks, name="checks"),
    path("queries/<int:query_id>/say/", views.say, name="say"),
    path("pages/<uuid:page_id>/ask/", views.ask, name="ask"),
]
