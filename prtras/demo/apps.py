"""The demo with its synthetic cohort."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "prtras.demo"
