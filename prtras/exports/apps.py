"""Data out."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "prtras.exports"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.exports.building import may_export
        from prtras.exports.formats.csv import CSV
        from prtras.exports.formats.odm import ODM
        from prtras.exports.formats.registry import register_format
        from prtras.exports.words import WORDS
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_menu(
            MenuEntry(110, "exports:index", T("导出", "Exports"), "down2", may_export),
        )
        register_format(CSV)
        register_format(ODM)
        register_tables("export", "exports_exportjob")
