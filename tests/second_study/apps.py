"""What HTN-002 tells the platform at start-up."""

from datetime import timedelta

from django.apps import AppConfig


class SecondStudyConfig(AppConfig):
    name = "tests.second_study"
    label = "htn"

    def ready(self) -> None:
        from prtras.accounts.access import may
        from prtras.accounts.rights import Action, register_role
        from prtras.crf.registry import register, register_after, register_checks
        from prtras.crf.schedule import SCHEDULE
        from prtras.crf.study import StudyProtocol, register_protocol
        from prtras.labels import T
        from prtras.review.plan import Plan, register_plan
        from prtras.ui.frame import MenuEntry, register_menu
        from prtras.ui.study_pages import register_participant_page
        from tests.second_study import joining, rights
        from tests.second_study.forms import CHECKS, FORMS
        from tests.second_study.schedule import VERSION_1

        register_protocol(
            StudyProtocol(
                code="HTN-002",
                registration="NCT00000002",
                title=T("换药后的家庭血压", "Blood pressure at home after a change of tablets"),
                specification="1",
                overdue_after=timedelta(days=7),
            )
        )
        register_role(rights.NURSE, T("研究护士", "Study nurse"), rights.OF_A_NURSE)
        register(*FORMS)
        register_checks(*CHECKS)
        SCHEDULE.add(VERSION_1)
        register_plan(Plan(version="1", seed="HTN-002", whole=frozenset({"agree", "bp"})))
        register_after("agree", joining.after_agreement)
        register_after("bp", joining.after_blood_pressure)
        register_participant_page("htn:participant")
        register_menu(
            MenuEntry(
                10, "htn:people", T("受试者", "People"), "people", lambda user: may(user, Action.SEE_PAGES),
                finds="htn:people",
            ),
            MenuEntry(20, "htn:reminders", T("提醒", "Reminders"), "phone", lambda user: may(user, rights.REMIND)),
        )  # fmt: skip
