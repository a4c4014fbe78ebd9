"""Acts on what is to happen once: take it up, stay alive, finish it. A worker that comes back late writes nothing.

A lease has a number: how often the thing was taken up. It ends by itself when its worker does not renew it; then the
next worker takes the thing up under the next number, and whatever the first one still wants to write is refused.
All times are those of the database (docs/decisions/0018-leases-and-due-things.md).
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now

from prtras.jobs.models import Due

log = logging.getLogger(__name__)
#: How long a worker that says nothing holds what it took up, how often it says something, and how often in all
#: something is taken up before it is given up.
LEASE, HEARTBEAT = timedelta(seconds=60), timedelta(seconds=15)
ATTEMPTS = 3
_TAKE_UP = """
    INSERT INTO jobs_due AS due (name, due_at, lease, leased_until, step, log)
    VALUES (%s, %s, 1, clock_timestamp() + make_interval(secs => %s), '', '')
    ON CONFLICT (name, due_at) DO UPDATE
    SET lease = due.lease + 1, leased_until = excluded.leased_until, done = NULL, total = NULL, step = ''
    WHERE due.finished_at IS NULL AND (due.leased_until IS NULL OR due.leased_until < clock_timestamp())
    RETURNING id, lease
"""

_CLOSE = """
    INSERT INTO jobs_due AS due (name, due_at, lease, finished_at, step, log)
    VALUES (%s, %s, 0, clock_timestamp(), '', %s)
    ON CONFLICT (name, due_at) DO UPDATE SET finished_at = excluded.finished_at, leased_until = NULL, log = excluded.log
    WHERE due.finished_at IS NULL
    RETURNING id
"""


class LeaseLost(Exception):
    """Another worker has taken it up meanwhile: what this one did is taken back with its transaction."""


@dataclass(frozen=True)
class Lease:
    """The right to do something, until it runs out or the thing is finished."""

    due: int
    number: int

    @property
    def spent(self) -> bool:
        """Every attempt was interrupted: it is not done again."""
        return self.number > ATTEMPTS


def take_up(name: str, due_at: datetime) -> Lease | None:
    """Take up what was due then; None when it is finished or someone holds it. One statement, so one worker."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_UP, [name, due_at, LEASE.total_seconds()])
        row = cursor.fetchone()
    return Lease(*row) if row else None


def renew(lease: Lease) -> bool:
    """Hold it for longer; False when it is not ours any more."""
    return _change(lease, leased_until=Now() + LEASE)


def finish(lease: Lease, log: str = "") -> None:
    """It is done, or has failed for a reason. Call it in the transaction that writes the result. Raises LeaseLost."""
    if not _change(lease, finished_at=Now(), leased_until=None, log=log):
        raise LeaseLost(f"{lease} was taken up by another worker")


def close(name: str, due_at: datetime, log: str) -> bool:
    """End it for whoever holds it or would take it up; False when it is finished already. One statement, as above."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [name, due_at, log])
        return cursor.fetchone() is not None


def release(lease: Lease) -> None:
    """It could not be done now: whoever comes next may try."""
    _change(lease, leased_until=None)


def _change(lease: Lease, **columns: object) -> bool:
    return bool(Due.objects.filter(pk=lease.due, lease=lease.number, finished_at=None).update(**columns))


@contextmanager
def alive(lease: Lease) -> Iterator[None]:
    """While this goes on the lease is renewed, by a thread with a connection of its own: no computation holds it up."""
    done = Event()
    heart = Thread(target=_beat, args=(lease, done), daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


def _beat(lease: Lease, done: Event) -> None:
    while not done.wait(HEARTBEAT.total_seconds()):
        try:
            if not renew(lease):
                break
        except (OperationalError, InterfaceError):  # the database is away: the lease runs on, and so does the work
            log.warning("no heartbeat for %s", lease)
            connection.close()
    connection.close()


def finished(names: Iterable[str], due_at: datetime) -> set[str]:
    """Which of these have happened."""
    done = Due.objects.filter(name__in=list(names), due_at=due_at, finished_at__isnull=False)
    return set(done.values_list("name", flat=True))


def once(name: str, due_at: datetime, act: Callable[[], bool]) -> bool:
    """Do something whose outcome cannot be taken back, such as a mail: was it done, now and by us?

    It is marked before and after, each time at once. It is done a second time only if its own answer was lost: the
    worker ended between the act and the mark. `act` says False for what may be tried again.
    """
    lease = take_up(name, due_at)
    if lease is None:
        return False
    with alive(lease):
        done = act()
    if done:
        finish(lease)
    else:
        release(lease)
    return done
