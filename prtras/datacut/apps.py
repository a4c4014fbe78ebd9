"""Data cuts: one unmoving picture of all study data."""

from django.apps import AppConfig


class DataCutConfig(AppConfig):
    name = "prtras.datacut"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables

        register_tables("cut", "datacut_datacut")
