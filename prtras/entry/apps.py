"""How a page is filled."""

from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "prtras.entry"

    def ready(self) -> None:
        from prtras.ui.redirects import register_after_sign_in

        register_after_sign_in("prtras.entry.views.send_unsent_posts")
