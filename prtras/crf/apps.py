"""What a form is."""

from django.apps import AppConfig


class CrfConfig(AppConfig):
    name = "prtras.crf"
