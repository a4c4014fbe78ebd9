"""Who people are, at which site, in which role, and what each role may do."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prtras.accounts"
