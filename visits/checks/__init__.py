"""All edit checks of this app."""

from visits.checks import (
    deviations,
    disposition,
    examination,
    imaging,
    logs,
    medication,
    recurrence,
    safety,
    treatment,
    visit,
)

CHECKS = (
    *deviations.CHECKS,
    *disposition.CHECKS,
    *examination.CHECKS,
    *imaging.CHECKS,
    *logs.CHECKS,
    *medication.CHECKS,
    *recurrence.CHECKS,
    *safety.CHECKS,
    *treatment.CHECKS,
    *visit.CHECKS,
)
