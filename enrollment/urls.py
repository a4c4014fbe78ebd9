"""Addresses of enrollment."""

from django.urls import path

from enrollment import api, views

app_name = "enrollment"
urlpatterns = [
    path("register/", views.register, name="register"),
    path("constants/", views.constants, name="constants"),
    path("screening/", views.screening_log, name="screening"),
    path("api/v1/registrations", api.Registrations.as_view(), name="api_registrations"),
]
