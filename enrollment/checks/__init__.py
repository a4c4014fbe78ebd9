"""All edit checks of this app."""

from enrollment.checks import arm, consent, disease, eligibility

CHECKS = (*arm.CHECKS, *consent.CHECKS, *disease.CHECKS, *eligibility.CHECKS)
