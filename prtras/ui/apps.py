"""Pages, fragments, tables, template tags, charts; knows no model."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "prtras.ui"
