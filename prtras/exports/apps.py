"""Data out."""

from django.apps import AppConfig
from django.core.checks import register


class ExportsConfig(AppConfig):
    name = "prtras.exports"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.exports.building import NotGood, may_export
        from prtras.exports.checks import a_key_signs
        from prtras.exports.formats.audit import AUDIT
        from prtras.exports.formats.csv import CSV
        from prtras.exports.formats.odm import ODM
        from prtras.exports.formats.parquet import PARQUET
        from prtras.exports.formats.registry import register_format
        from prtras.exports.read_back import NotTheCut, RowsMissing
        from prtras.exports.words import WORDS
        from prtras.jobs.models import register_reason
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_menu(
            MenuEntry(110, "exports:index", T("导出", "Exports"), "down2", may_export),
        )
        register_format(CSV)
        register_format(ODM)
        register_format(PARQUET)
        register_format(AUDIT)
        register_tables(
            "export", "exports_exportjob", "exports_bundlecheck", "exports_cutcomparison", "exports_signingkey"
        )
        register(a_key_signs)
        for error in (NotTheCut, RowsMissing, NotGood):
            register_reason(
                error,
                T(
                    "数据包与数据快照不一致或自检未通过，因此没有生成：{detail}",
                    "There is no bundle, because it would not be what its data cut says: {detail}",
                ),
            )
