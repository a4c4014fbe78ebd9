"""Data out."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "prtras.exports"
