"""The casebook on paper: blank, annotated, filled."""

from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "prtras.paper"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.paper.words import WORDS

        register_words(WORDS)
        register_tables("export", "paper_printout")
