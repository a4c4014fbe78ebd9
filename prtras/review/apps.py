"""What people say about a page."""

from pathlib import Path

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "prtras.review"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.audit.kinds import Kind, register_kind
        from prtras.audit.rules import register_rule
        from prtras.audit.words import register_words
        from prtras.labels import T
        from prtras.review.words import WORDS
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_menu(
            MenuEntry(30, "review:inbox", T("质疑", "Queries"), "query", lambda user: may(user, Action.SEE_PAGES)),
            MenuEntry(40, "review:sign", T("签名", "Sign"), "sdv", lambda user: may(user, Action.SIGN)),
            MenuEntry(60, "review:readiness", T("锁定", "Lock"), "lock", lambda user: may(user, Action.HOLD)),
        )
        holds = ("review_holdact", "crf_study")
        register_kind(Kind("query", T("质疑", "queries"), ("review_query", "review_querymessage"), 20))
        register_kind(Kind("verify", T("源数据核查", "verification"), ("review_verification",), 30))
        register_kind(Kind("hold", T("冻结与锁定", "freeze and lock"), holds, 40, every_site=holds))
        register_kind(Kind("sign", T("签名", "signatures"), ("review_signature",), 50))
        register_rule(Path(__file__).parent / "triggers" / "trust.sql")
