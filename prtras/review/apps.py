"""What people say about a page."""

from pathlib import Path

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "prtras.review"

    def ready(self) -> None:
        from prtras.audit.rules import register_rule

        register_rule(Path(__file__).parent / "triggers" / "trust.sql")
