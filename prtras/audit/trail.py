"""Reading the trail: the history of a page, of an item, of a participant."""

from uuid import UUID

from django.db.models import QuerySet

from prtras.audit.models import AuditEvent


def of_page(page: UUID) -> QuerySet[AuditEvent]:
    """All changes of one page and its rows, newest first."""
    return AuditEvent.objects.filter(page=page).order_by("-id")


def of_participant(participant: int) -> QuerySet[AuditEvent]:
    """All changes that concern one participant, newest first."""
    return AuditEvent.objects.filter(participant=participant).order_by("-id")
