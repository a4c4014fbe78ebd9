"""The SAP as data, endpoints, survival, runs, report, dashboards."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        from analysis import bundle
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.exports.building import BUNDLE_NEEDS, register_files
        from prtras.labels import T
        from prtras.ui.frame import MenuEntry, register_menu

        register_files(bundle.files)
        register_menu(
            MenuEntry(
                "analysis:dashboard", T("看板", "Dashboards"), "chart", lambda user: may(user, Action.SEE_POOLED)
            ),
            MenuEntry("analysis:runs", T("分析", "Runs"), "hist", lambda user: may(user, Action.SEE_POOLED)),
            MenuEntry(
                "accounts:people", T("账号", "Accounts"), "people", lambda user: may(user, Action.MANAGE_ACCOUNTS)
            ),
            MenuEntry(
                "exports:index",
                T("导出", "Exports"),
                "down2",
                lambda user: all(may(user, a) for a in BUNDLE_NEEDS),
            ),
        )
