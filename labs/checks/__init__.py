"""All edit checks of this app."""

from labs.checks import biomarkers, generated, liver, panels, screening, virology

CHECKS = (
    *biomarkers.CHECKS,
    *generated.CHECKS,
    *liver.CHECKS,
    *panels.CHECKS,
    *screening.CHECKS,
    *virology.CHECKS,
)
