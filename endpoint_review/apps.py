"""Blind endpoint review: two independent readings of imaging, markers and recurrence evidence, and adjudication."""

from pathlib import Path

from django.apps import AppConfig


class EndpointReviewConfig(AppConfig):
    name = "endpoint_review"

    def ready(self) -> None:
        from endpoint_review.cases import reviews
        from endpoint_review.rights import ROLES
        from endpoint_review.tables import READINGS, ROUNDS
        from endpoint_review.words import SOURCES, WORDS
        from prtras.accounts.rights import register_role
        from prtras.audit.kinds import Kind, register_kind
        from prtras.audit.rules import register_rule
        from prtras.audit.words import register_sources, register_words
        from prtras.datacut.study_tables import register_study_table
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        for code, title, right in ROLES:
            register_role(code, title, {right}, guarded={right})
        register_words(WORDS)
        register_sources(SOURCES)
        register_kind(Kind("endpoint", T("终点评审", "endpoint review"), tuple(WORDS), 55, conduct=True))
        register_rule(Path(__file__).parent / "triggers" / "blind_reading.sql")
        register_study_table(ROUNDS)
        register_study_table(READINGS)
        register_menu(MenuEntry(10, "endpoint_review:cases", T("终点评审", "Endpoint review"), "sdv", reviews))
