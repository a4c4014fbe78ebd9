"""Carrying out jobs: under a lease, under the requester's rights, and finished whatever happens."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from threading import Thread
from typing import TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.jobs.leasing import Lease, LeaseLost, alive, close, finish, take_up
from prtras.jobs.mails import tell_requester
from prtras.jobs.models import CANCELLED, LOST, OPEN, REPLACED, Due, Job
from prtras.jobs.scheduling import MESSAGE, database_now, going_on
from prtras.labels import T

J = TypeVar("J", bound=Job)


@dataclass(frozen=True)
class Kind:
    """What does the jobs of a kind, and what people call them."""

    do: Callable[[UUID], object]
    title: T


_kinds: dict[type[Job], Kind] = {}


def register_job(kind: type[Job], do: Callable[[UUID], object], title: T) -> None:
    """Say what does the jobs of a kind, so that what was left lying can be picked up."""
    _kinds[kind] = Kind(do, title)


#: What a job does at its end; it gives the columns that hold the result.
Work = Callable[[J], Mapping[str, object]]


def carry_out(
    kind: type[J],
    job_id: UUID,
    source: str,
    work: Work[J] | None = None,
    *,
    atomic: bool = False,
    prepare: Callable[[J], Work[J]] | None = None,
) -> J | None:
    """Do a job; None when it is over, cancelled, or another worker is at it. `work` gives the columns of its result.

    `work` asks for the right once more: it may have been taken away since. Whatever goes wrong, the job says so on
    its own page instead of hanging for ever; the error itself goes on to the worker's log. `atomic`: what the work
    changes and that it is done are one transaction, so that nothing applied is ever shown as failed. `prepare` gives
    the work, after what takes long and changes nothing, outside that transaction.
    """
    job = kind._default_manager.select_related("requested_by").get(id=job_id)
    lease = _begin(job, source)
    if lease is None:
        return None
    if lease.spent:
        _fail(job, lease, source, LOST)
        return None
    job.lease_number = lease.number
    with alive(lease):
        try:
            at_the_end = prepare(job) if prepare else work
            assert at_the_end
            with transaction.atomic() if atomic else nullcontext():
                _end(job, lease, source, {"status": "done", **at_the_end(job)})
        except LeaseLost:
            if _status(job) == CANCELLED:
                return None
            raise  # it is another worker's now
        except (OperationalError, InterfaceError):
            raise  # the database is away: whoever takes it up next begins anew
        except Exception as failed:
            _fail(job, lease, source, f"{type(failed).__name__}: {failed}")
            raise
    return kind._default_manager.get(id=job_id)


def cancel(job: J, source: str, *, user: User) -> bool:
    """End a queued or running job without a result: is it cancelled now? False when it was over already.

    At once for everybody: the worker has no lease any more, so it stops where it next says how far it is, and what it
    would still write is refused. The caller has asked for the right.
    """
    with acting(user, source=source):
        if not close(*_due(job), CANCELLED):
            return False
        return bool(_open(job).update(status=CANCELLED, finished_at=timezone.now(), log=f"{CANCELLED}: {user}"))


def set_progress(job: Job, done: int, total: int, step: str = "") -> None:
    """Say how far a job is; seen at once where it is said outside a transaction.

    Raises LeaseLost when the job is over, or another worker is at it meanwhile.
    """
    name, due_at = _due(job)
    due = Due.objects.filter(name=name, due_at=due_at, finished_at=None)
    ours = due if job.lease_number is None else due.filter(lease=job.lease_number)
    if not ours.update(done=done, total=total, step=step):
        raise LeaseLost(f"{name} is cancelled, or another worker took it up")


@dataclass(frozen=True)
class Progress:
    """How far a running job is: `done` of `total`, and at which `step` where it has steps.

    `interrupted`: its worker says nothing any more; the next one begins it anew.
    """

    done: int
    total: int
    step: str
    interrupted: bool


def progress_of(job: Job) -> Progress | None:
    """How far an open job is; None where it did not say so yet."""
    return progress_of_all([job]).get(job.pk)


def progress_of_all(jobs: Iterable[Job]) -> dict[UUID, Progress]:
    """The same for several jobs, by their ids, with two queries (none, if none is open)."""
    named = {_due(job)[0]: job.pk for job in jobs if job.open}
    if not named:
        return {}
    moment, progress = database_now(), {}
    for due in Due.objects.filter(name__in=named, finished_at=None, total__gt=0):
        lost = due.leased_until is None or due.leased_until < moment
        progress[named[due.name]] = Progress(due.done or 0, due.total or 0, due.step, lost)
    return progress


def pick_up() -> None:
    """Do what waits though its message was lost, and what a worker left behind when it died."""
    for kind, registered in _kinds.items():
        waiting = kind._default_manager.filter(status__in=OPEN, requested_at__lt=timezone.now() - MESSAGE)
        for job_id in list(waiting.order_by("requested_at").values_list("pk", flat=True)):
            with going_on(f"{kind._meta.label} {job_id}"):
                registered.do(job_id)


def replace_lost(jobs: QuerySet[J], source: str, *, user: User) -> None:
    """End those of these jobs that lost their worker: a new request takes their place. Call inside an act."""
    for job in jobs.filter(status="running"):
        lease = take_up(*_due(job))
        if lease is not None:
            _end(job, lease, source, {"status": "failed", "log": REPLACED}, user)


def _begin(job: Job, source: str) -> Lease | None:
    if not job.open:
        return None
    with acting(job.requested_by, source=source):
        lease = take_up(*_due(job))
        if lease is not None and not lease.spent:
            _open(job).update(status="running", started_at=timezone.now())
    return lease


def _end(job: Job, lease: Lease, source: str, columns: Mapping[str, object], user: User | None = None) -> None:
    with acting(user or job.requested_by, source=source):
        finish(lease)
        _open(job).update(finished_at=timezone.now(), **columns)


def _fail(job: Job, lease: Lease, source: str, reason: str) -> None:
    _end(job, lease, source, {"status": "failed", "log": reason})
    tell_requester(job.requested_by, _kinds[type(job)].title, job.requested_at)


def _status(job: Job) -> str | None:
    return type(job)._default_manager.filter(pk=job.pk).values_list("status", flat=True).first()


def _open(job: J) -> QuerySet[J]:
    return type(job)._default_manager.filter(pk=job.pk, status__in=OPEN)


def _due(job: Job) -> tuple[str, datetime]:
    """Under which name and time the lease of a job stands."""
    return f"{job._meta.label_lower} {job.pk}", job.requested_at


def load_beside(*modules: str) -> None:
    """Import what a job will need soon beside its other work, such as waiting for the database."""
    Thread(target=lambda: [import_module(name) for name in modules], daemon=True).start()
