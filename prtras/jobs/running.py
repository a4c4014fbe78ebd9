"""Carrying out jobs: claimed by one worker, done under the requester's rights, and finished whatever happens."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from threading import Thread
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from prtras.audit.acting import acting
from prtras.jobs.models import Job

J = TypeVar("J", bound=Job)
#: Longer than any job takes: whoever still seems to run has lost the worker.
LOST_AFTER = timedelta(hours=3)
_doers: dict[type[Job], Callable[[UUID], object]] = {}


def register_job(kind: type[Job], do: Callable[[UUID], object]) -> None:
    """Say what does the jobs of a kind, so that what was left lying can be picked up."""
    _doers[kind] = do


def carry_out(kind: type[J], job_id: UUID, source: str, work: Callable[[J], Mapping[str, object]]) -> J | None:
    """Do a queued job; None when someone else claimed it. `work` gives the columns that hold its result.

    `work` asks for the right once more: it may have been taken away since. Whatever goes wrong, the job says so on
    its own page instead of hanging for ever; the error itself goes on to the worker's log.
    """
    job = kind._default_manager.select_related("requested_by").get(id=job_id)
    if not _move(job, source, "queued", status="running", started_at=timezone.now()):
        return None
    try:
        result = work(job)
    except Exception as failed:
        _move(job, source, "running", status="failed", finished_at=timezone.now(), log=_words(failed))
        raise
    _move(job, source, "running", status="done", finished_at=timezone.now(), **result)
    return kind._default_manager.get(id=job_id)


def pick_up() -> None:
    """Do what waits though its message was lost, and end what a worker left behind when it died."""
    now = timezone.now()
    for kind, do in _doers.items():
        jobs = kind._default_manager.select_related("requested_by")
        for job in jobs.filter(status="running", started_at__lt=now - LOST_AFTER):
            _move(job, "worker", "running", status="failed", finished_at=now, log="lost: the worker ended")
        for job in jobs.filter(status="queued", requested_at__lt=now - timedelta(minutes=1)):
            do(job.pk)


def _move(job: Job, source: str, expected: str, **columns: object) -> int:
    with acting(job.requested_by, source=source):
        return type(job)._default_manager.filter(pk=job.pk, status=expected).update(**columns)


def _words(failed: Exception) -> str:
    return f"{type(failed).__name__}: {failed}"


def load_beside(*modules: str) -> None:
    """Import what a job will need soon beside its other work, such as waiting for the database."""
    Thread(target=lambda: [import_module(name) for name in modules], daemon=True).start()
