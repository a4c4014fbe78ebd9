"""What a form is."""

from pathlib import Path

from django.apps import AppConfig


class CrfConfig(AppConfig):
    name = "prtras.crf"

    def ready(self) -> None:
        from prtras.audit.rules import register_rule

        register_rule(Path(__file__).parent / "triggers" / "holds.sql")
