"""Data out."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "prtras.exports"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.audit.kinds import register_tables
        from prtras.exports.building import BUNDLE_NEEDS
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_menu(
            MenuEntry(
                110,
                "exports:index",
                T("导出", "Exports"),
                "down2",
                lambda user: all(may(user, action) for action in BUNDLE_NEEDS),
            )
        )
        register_tables("export", "exports_exportjob")
