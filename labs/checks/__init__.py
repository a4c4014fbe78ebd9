"""All edit checks of this app."""

from labs.checks import panels, virology

CHECKS = (*panels.CHECKS, *virology.CHECKS)
