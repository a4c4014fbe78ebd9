"""Analytes, panels, units, results, import of hospital files."""

from django.apps import AppConfig


class LabsConfig(AppConfig):
    name = "labs"

    def ready(self) -> None:
        from labs.checks import CHECKS
        from labs.event_proposing import PAGE_REASONS, offers
        from labs.forms import FORMS
        from labs.panels import PANELS
        from labs.ranges import TABLE, ranges_of
        from labs.words import SOURCES, WORDS
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_sources, register_words
        from prtras.crf.registry import (
            register,
            register_checks,
            register_offers,
            register_page_reasons,
            register_table,
        )
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_sources(SOURCES)
        register(*FORMS)
        register_checks(*CHECKS)
        register_page_reasons(PAGE_REASONS)
        for form in PANELS:
            register_offers(form, offers)
        register_table(TABLE, ranges_of)
        register_menu(
            MenuEntry(70, "labs:import", T("检验", "Labs"), "cal", lambda user: may(user, Action.IMPORT_RESULTS))
        )
        register_tables(
            "cut", "labs_normalrange", "labs_rangepreview", "labs_labimport", "labs_savedmapping", "labs_labsheet"
        )
