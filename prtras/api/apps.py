"""The platform's part of the API; a study adds endpoints of its own by its addresses."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "prtras.api"
