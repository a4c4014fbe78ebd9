"""Work that the worker does in the background: a Celery task, typed."""

from collections.abc import Callable
from typing import ParamSpec, Protocol

from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.db import transaction

P = ParamSpec("P")
#: What a task runs in: its name, and what it does.
Around = Callable[[str, Callable[[], None]], None]
_around: Around = lambda name, work: work()  # noqa: E731


def run_around(around: Around) -> None:
    """Let every task run within this, however it was called."""
    global _around
    _around = around


class Task(Protocol[P]):
    """A function that runs here when called, or in the worker once the transaction is committed."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None: ...

    def delay_on_commit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Send it to the worker when the transaction is committed; not at all when it is rolled back.

        The message only hurries the worker: what is to be done stands in the database. So a broker that is away or
        does not answer spoils nothing that was committed.
        """


class _Task(DjangoTask):  # type: ignore[misc]  # Celery has no types
    def __call__(self, *args: object, **kwargs: object) -> None:
        _around(self.name, lambda: self.run(*args, **kwargs))

    def delay_on_commit(self, *args: object, **kwargs: object) -> None:
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)


def task(name: str) -> Callable[[Callable[P, None]], Task[P]]:
    """Make a function a task under this name, by which beat and the broker know it."""
    made: Callable[[Callable[P, None]], Task[P]] = shared_task(name=name, base=_Task)
    return made
