"""All edit checks of this app."""

from visits.checks import disposition, imaging, recurrence, safety, visit

CHECKS = (*disposition.CHECKS, *imaging.CHECKS, *recurrence.CHECKS, *safety.CHECKS, *visit.CHECKS)
