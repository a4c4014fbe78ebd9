"""The configuration as a recipe: how this installation is set up, without any of its secrets."""

import os

from django.conf import settings

#: What a new machine needs to know; passwords and keys come from where the hospital keeps them.
NAMES = (
    "PRTRAS_ENV", "PRTRAS_APP_ROLE", "PRTRAS_READER_ROLE", "ALLOWED_HOSTS", "PRTRAS_SECOND_FACTOR", "PRTRAS_LAB_USER",
    "PRTRAS_SHEET_DAYS", "PRTRAS_EXPORT_DAYS", "PRTRAS_ICSR_SENDER", "PRTRAS_ICSR_RECEIVER",
    "PRTRAS_ICSR_ORGANISATION", "PRTRAS_ICSR_SENDER_TYPE", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USER", "EMAIL_FROM",
    "PRTRAS_BACKUP_RECIPIENT", "PRTRAS_BACKUP_DAYS",
)  # fmt: skip


def recipe() -> dict[str, str]:
    """The settings of the environment by name, as far as they are set, and the time zone."""
    return {name: os.environ[name] for name in NAMES if os.environ.get(name)} | {"TIME_ZONE": settings.TIME_ZONE}
