"""Participant, consent, eligibility, baseline disease, choice of arm (chosen, not randomized)."""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        from enrollment import following
        from enrollment.checks import CHECKS
        from enrollment.forms import FORMS
        from prtras.crf.conditions import the
        from prtras.crf.general import register_birth
        from prtras.crf.registry import register, register_after, register_checks

        register(*FORMS)
        register_checks(*CHECKS)
        register_after("ie", following.after_eligibility)
        register_birth(the("dm.brthdat"))
