"""Participant, consent, eligibility, baseline disease, choice of arm (chosen, not randomized)."""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        from enrollment import following  # noqa: PLC0415 - models must be loaded first
        from enrollment.checks import CHECKS  # noqa: PLC0415
        from enrollment.forms import FORMS  # noqa: PLC0415
        from enrollment.schedule import SCREENING  # noqa: PLC0415
        from prtras.crf.registry import register, register_after, register_checks  # noqa: PLC0415
        from prtras.crf.schedule import SCHEDULE  # noqa: PLC0415

        register(*FORMS)
        register_checks(*CHECKS)
        register_after("ie", following.after_eligibility)
        SCHEDULE.add(SCREENING)
