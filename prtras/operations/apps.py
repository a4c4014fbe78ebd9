"""Running an installation."""

from typing import Any

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "prtras.operations"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        def manages(user: Any) -> bool:
            return may(user, Action.MANAGE_ACCOUNTS)

        register_menu(MenuEntry(105, "operations:status", T("运行状态", "Status"), "info", manages))
