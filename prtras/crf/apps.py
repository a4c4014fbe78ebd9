"""What a form is."""

from pathlib import Path

from django.apps import AppConfig


class CrfConfig(AppConfig):
    name = "prtras.crf"

    def ready(self) -> None:
        from prtras.audit.kinds import Kind, register_kind
        from prtras.audit.rules import register_rule
        from prtras.audit.words import register_words
        from prtras.crf.words import WORDS
        from prtras.labels import T

        register_words(WORDS)
        tables = ("crf_crfpage", "crf_visit", "crf_participant")
        register_kind(Kind("page", T("页面与访视", "pages and visits"), tables, 10))
        register_rule(Path(__file__).parent / "triggers" / "holds.sql")
