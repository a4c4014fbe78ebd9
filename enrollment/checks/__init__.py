"""All edit checks of this app."""

from enrollment.checks import arm, consent, disease, eligibility, history, pathology

CHECKS = (
    *arm.CHECKS,
    *consent.CHECKS,
    *disease.CHECKS,
    *eligibility.CHECKS,
    *history.CHECKS,
    *pathology.CHECKS,
)
