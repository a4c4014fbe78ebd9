"""Data cuts: one unmoving picture of all study data."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class DataCutConfig(AppConfig):
    name = "prtras.datacut"

    def ready(self) -> None:
        from prtras.audit.installing import register_readable, register_views
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.datacut.checks import pictures_are_only_read
        from prtras.datacut.past_tables import views
        from prtras.datacut.snapshot import models_read
        from prtras.datacut.words import WORDS
        from prtras.files.errors import DAMAGED
        from prtras.files.storing import DamagedFile
        from prtras.jobs.models import register_reason

        register_words(WORDS)
        register_tables("cut", "datacut_datacut")
        register_readable(models_read)
        register_views(lambda: views(model._meta.db_table for model in models_read()))
        register(pictures_are_only_read, Tags.database)
        register_reason(DamagedFile, DAMAGED)
