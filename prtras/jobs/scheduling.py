"""Acts on the timetable: what is due happens once, with any number of beats and workers, killed at any moment.

Beat only says "now". A task of the timetable takes its due time up before it does anything, however it was called, and
what was missed while everything was down is done once, by whoever looks first. Deferred work, which an act leaves to
the worker, stands in the same table.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from prtras.jobs.leasing import Lease, alive, finish, take_up
from prtras.jobs.mails import tell_administrators
from prtras.jobs.models import Due
from prtras.jobs.timetable import due_tasks, last_minute
from prtras.labels import T

log = logging.getLogger(__name__)
#: How long a message may take before its work is done without it.
MESSAGE = timedelta(minutes=1)
LOST = "lost: the worker or the database ended each time"
_deferred: dict[str, Callable[..., object]] = {}


def register_deferred(name: str, act: Callable[..., object]) -> None:
    """Say what does the deferred work of a name; `act` gets the numbers that were deferred with it."""
    _deferred[name] = act


def defer(name: str, *numbers: int) -> None:
    """Leave work to the worker, in the transaction of the act from which it follows."""
    Due.objects.create(name=" ".join((name, *map(str, numbers))), due_at=Now())


def around(task: str, work: Callable[[], None]) -> None:
    """Run a task: one of the timetable once for each due time, any other as it is."""
    if task in dict(due_tasks()):
        _do(task, due_at(task), work)
    else:
        work()


def due_at(task: str) -> datetime:
    """When a task of the timetable was due last. Raises KeyError."""
    return last_minute(dict(due_tasks())[task], database_now())


def catch_up() -> None:
    """Do what was due and was not done, also what was interrupted before the time that is due now.

    A timetable begins with the first due time after it was first looked at.
    """
    for task, _ in due_tasks():
        if Due.objects.filter(name=task).exists():
            interrupted = Due.objects.filter(name=task, finished_at=None).values_list("due_at", flat=True)
            for moment in sorted({*interrupted, due_at(task)}):
                with going_on(task):
                    _do(task, moment, current_app.tasks[task].run)
        else:
            Due.objects.get_or_create(name=task, due_at=due_at(task), defaults={"finished_at": Now()})


def do_deferred(name: str = "", *, older_than: timedelta = timedelta()) -> None:
    """Do the deferred work of this name, or of every name, that is open for some time."""
    waiting = Due.objects.filter(finished_at=None, due_at__lte=Now() - older_than, name__startswith=name)
    for open_name, open_at in list(waiting.values_list("name", "due_at").order_by("due_at")):
        first, _, numbers = open_name.partition(" ")
        if first in _deferred:
            with going_on(open_name):
                _do(open_name, open_at, partial(_deferred[first], *map(int, numbers.split())))


def _do(name: str, due_at: datetime, work: Callable[[], object]) -> None:
    lease = take_up(name, due_at)
    if lease is None:
        return
    if lease.spent:
        _fail(lease, name, due_at, LOST)
        return
    with alive(lease):
        try:
            work()
        except (OperationalError, InterfaceError):
            raise  # the database is away: the lease runs out and the next worker begins anew
        except Exception as failed:
            _fail(lease, name, due_at, f"{type(failed).__name__}: {failed}")
            raise
    finish(lease)


def _fail(lease: Lease, name: str, due_at: datetime, reason: str) -> None:
    log.error("%s, due at %s, failed: %s", name, due_at, reason)
    finish(lease, reason)
    tell_administrators(T(f"后台任务 {name}", f"The background task {name}"), due_at)


def database_now() -> datetime:
    """The database's clock: one for all beats and workers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


@contextmanager
def going_on(name: str) -> Iterator[None]:
    """What fails here, for whatever reason, is written to the log and keeps nothing else from being done."""
    try:
        yield
    except Exception:
        log.exception("%s was not done", name)
