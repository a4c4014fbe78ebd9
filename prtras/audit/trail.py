"""Reading the trail: the history of a page, of an item, of a participant."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from prtras.audit.models import AuditEvent


def of_page(page: UUID) -> QuerySet[AuditEvent]:
    """All changes of one page and its rows, newest first."""
    return AuditEvent.objects.filter(page=page).order_by("-id")


def of_participant(participant: int) -> QuerySet[AuditEvent]:
    """All changes that concern one participant, newest first."""
    return AuditEvent.objects.filter(participant=participant).order_by("-id")


#: Between the clock and the number of an event passes less than this.
MARGIN = timedelta(seconds=1)


def settled_until() -> datetime:
    """Events before this moment are all there: nothing that is still being written will come to stand among them.

    The number of an event is given while its transaction goes on, so that a smaller one may be seen later than a larger
    one. Every transaction of the application that goes on now began after this moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (moment,) = cursor.fetchone()
    settled: datetime = moment
    return settled - MARGIN
