"""Medical coding by the site's own dictionary."""

from django.apps import AppConfig


class CodingConfig(AppConfig):
    name = "prtras.coding"

    def ready(self) -> None:
        from prtras.audit.kinds import Kind, register_kind, register_tables
        from prtras.audit.words import register_words
        from prtras.coding.words import WORDS
        from prtras.labels import T

        register_words(WORDS)
        register_kind(Kind("coding", T("编码", "coding"), ("coding_coding",), 60))
        register_tables("cut", "coding_dictionary")
