"""Schedule, visits, MRI and observations, recurrence, adverse events, death, end of study."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        from prtras.audit.kinds import register_tables
        from prtras.audit.words import register_sources, register_words
        from prtras.coding.releases import register_synonyms
        from prtras.crf.registry import register, register_checks, register_page_reasons
        from prtras.crf.schedule import SCHEDULE
        from prtras.datacut.restriction import register_course
        from prtras.entry.suggestions import Suggestion, register_suggestions
        from prtras.review.plan import register_plan
        from prtras.review.readiness import register_measures
        from prtras.ui.frame import register_notice
        from prtras.ui.study_pages import register_participant_page
        from visits import deviating, monitoring_plan, planning, schedule
        from visits.checks import CHECKS
        from visits.codelists.ctcae_terms import CTCAE_TERMS
        from visits.course_at_cut import DATED_BY, course
        from visits.forms import FORMS
        from visits.sae import clock
        from visits.words import SOURCES, WORDS

        register_words(WORDS)
        register_sources(SOURCES)
        register_suggestions("ctcae", lambda: [Suggestion(term, organ) for term, organ in CTCAE_TERMS])
        register_synonyms(lambda: [term for term, _ in CTCAE_TERMS])
        register(*FORMS)
        register_page_reasons(planning.PAGE_REASONS)
        register_page_reasons(deviating.PAGE_REASONS)
        register_checks(*CHECKS)
        _register_consequences()
        _register_menu()
        register_participant_page("visits:participant")
        register_course(course, DATED_BY)
        SCHEDULE.add(*schedule.VERSIONS)
        register_tables("page", "visits_safetynotice", "visits_saereport")
        register_tables("cut", "visits_expectedreaction")
        register_notice(clock.notice)
        register_plan(monitoring_plan.PLAN)
        register_measures(*monitoring_plan.MEASURES)


def _register_menu() -> None:
    """The parts of the site in which people work with visits."""
    from prtras.accounts.access import may
    from prtras.accounts.rights import Action
    from prtras.labels import T
    from prtras.ui.frame import MenuEntry, register_menu

    register_menu(
        MenuEntry(10, "visits:worklist", T("工作列表", "Worklist"), "home", lambda user: may(user, Action.EDIT_PAGE)),
        MenuEntry(
            10,
            "visits:review_worklist",
            T("工作列表", "Worklist"),
            "home",
            lambda user: may(user, Action.CLOSE_QUERY),
        ),
        MenuEntry(
            20,
            "visits:participants",
            T("受试者", "Participants"),
            "people",
            lambda user: may(user, Action.SEE_PAGES),
            finds="visits:find",
        ),
    )


def _register_consequences() -> None:
    """What follows from a saved form, in this order: plan first, then look for deviations, then tell people."""
    from prtras.crf.registry import register_after
    from visits import deviating, notifying, planning

    register_after("consent", planning.after_consent)
    register_after("ie", planning.after_eligibility)
    register_after("dm", planning.after_demographics)
    register_after("alloc", planning.after_arm_choice)
    register_after("visit", planning.after_visit_record)
    register_after("mri", planning.after_mri)
    register_after("recur", planning.after_recurrence)
    register_after("ae", planning.after_adverse_event)
    register_after("death", planning.after_death)
    register_after("eos", planning.after_end_of_study)
    register_after("visit", deviating.after_visit_record)
    register_after("mri", deviating.after_mri)
    register_after("pegifn", deviating.after_dose)
    register_after("consent", deviating.after_consent)
    register_after("ae", deviating.after_adverse_event)
    register_after("ae", notifying.after_adverse_event)
