"""Participant, consent, eligibility, baseline disease, choice of arm (chosen, not randomized)."""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"

    def ready(self) -> None:
        from enrollment.checks import CHECKS
        from enrollment.checks.participation import IN_CONSENT
        from enrollment.forms import FORMS
        from enrollment.protocol import PRTRAS_001
        from prtras.crf.conditions import the
        from prtras.crf.general_rules import register_birth
        from prtras.crf.registry import register, register_checks, register_everywhere
        from prtras.crf.study import register_protocol

        register_protocol(PRTRAS_001)
        register(*FORMS)
        register_checks(*CHECKS)
        for check, but_not in IN_CONSENT:
            register_everywhere(check, but_not)
        register_birth(the("dm.brthdat"))
