"""The audit trail for people."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "prtras.trail"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_words
        from prtras.labels import T
        from prtras.trail.words import WORDS
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_menu(
            MenuEntry(
                50,
                "trail:list",
                T("稽查", "Audit"),
                "hist",
                lambda user: may(user, Action.HOLD) or may(user, Action.MANAGE_ACCOUNTS),
            )
        )
        register_tables("cut", "trail_datareview")
