"""The SAP as data, endpoints, survival, runs, report, dashboards."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "analysis"

    def ready(self) -> None:
        from analysis import bundle, recomputing
        from analysis.standards import exchange
        from analysis.words import SOURCES, WORDS
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_sources, register_words
        from prtras.exports.building import register_files
        from prtras.labels import T
        from prtras.operations.proof import register_proof
        from prtras.ui.frame import MenuEntry, register_menu

        register_words(WORDS)
        register_sources(SOURCES)
        register_proof(recomputing.differing)
        register_files(bundle.files)
        register_files(exchange.files)
        register_menu(
            MenuEntry(
                80, "analysis:dashboard", T("看板", "Dashboards"), "chart", lambda user: may(user, Action.SEE_POOLED)
            ),
            MenuEntry(90, "analysis:runs", T("分析", "Runs"), "hist", lambda user: may(user, Action.SEE_POOLED)),
        )
        register_tables("cut", "analysis_analysisrun", "analysis_recomputation")
