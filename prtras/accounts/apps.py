"""Who people are, at which site, in which role, and what each role may do."""

from pathlib import Path

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "prtras.accounts"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.accounts.words import WORDS
        from prtras.audit.kinds import Kind, register_kind
        from prtras.audit.rules import register_rule
        from prtras.audit.words import register_words
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_menu(
            MenuEntry(
                100, "accounts:people", T("账号", "Accounts"), "people", lambda user: may(user, Action.MANAGE_ACCOUNTS)
            )
        )
        register_kind(Kind("sign_in", T("登录记录", "sign-ins and sign-outs"), ("accounts_access",), 60, conduct=True))
        register_kind(Kind("api", T("接口访问", "API access"), ("accounts_tokenuse",), 61, conduct=True))
        register_kind(Kind("account", T("账号与权限", "accounts and rights"), ACCOUNT_TABLES, 100, conduct=True))
        register_rule(Path(__file__).parent / "triggers" / "actor.sql")


ACCOUNT_TABLES = (
    "accounts_user", "accounts_membership", "accounts_accountrequest", "accounts_invitation", "accounts_secondfactor",
    "accounts_recoverycode", "accounts_oldpassword", "accounts_apitoken", "accounts_acceptance",
    "accounts_accessreview", "accounts_site",
)  # fmt: skip
