"""How a page is filled."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "prtras.entry"

    def ready(self) -> None:
        from prtras.accounts.returning import take_up_after_login

        take_up_after_login("prtras.entry.views.send_parked")
