"""The audit trail: written by the database, sealed, never changed."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class AuditConfig(AppConfig):
    name = "prtras.audit"

    def ready(self) -> None:
        from prtras.audit.checks import audit_is_in_force

        register(audit_is_in_force, Tags.database)
