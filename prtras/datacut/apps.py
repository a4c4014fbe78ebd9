"""Data cuts: one unmoving picture of all study data."""

from django.apps import AppConfig


class DataCutConfig(AppConfig):
    name = "prtras.datacut"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.datacut.words import WORDS

        register_words(WORDS)
        register_tables("cut", "datacut_datacut")
