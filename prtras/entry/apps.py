"""How a page is filled."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "prtras.entry"
