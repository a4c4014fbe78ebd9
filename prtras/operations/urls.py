"""Addresses for a proxy, and of the status page."""

from django.urls import path

from prtras.operations import views

app_name = "operations"
urlpatterns = [
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("status/", views.status, name="status"),
]
