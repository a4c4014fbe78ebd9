"""Many workers at once, in a database in which transactions really commit: threads with connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from prtras.jobs import leasing
from prtras.jobs.leasing import alive, take_up
from prtras.jobs.models import Due
from prtras.jobs.scheduling import around
from tests.audit.conftest import throwaway  # noqa: F401 - a fixture

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("throwaway")


def side_by_side(act: Callable[[], Any]) -> list[Any]:
    """What eight workers get when they do the same three times each."""

    def work(_: int) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    connection.close()
    with ThreadPoolExecutor(8) as workers:
        return list(workers.map(work, range(24)))


def test_one_of_them_takes_it_up() -> None:
    leases = [lease for lease in side_by_side(lambda: take_up("a thing", NOON)) if lease]
    assert [lease.number for lease in leases] == [1]


def test_a_due_thing_is_done_once() -> None:
    done: list[str] = []
    side_by_side(lambda: around("analysis.tasks.nightly", lambda: done.append("night")))
    assert done == ["night"]


def test_a_computation_that_never_speaks_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leasing, "HEARTBEAT", timedelta(milliseconds=20))
    lease = take_up("a thing", NOON)
    assert lease
    first = Due.objects.get().leased_until
    with alive(lease):
        sum(number * number for number in range(5_000_000))
    renewed = Due.objects.get().leased_until
    assert first
    assert renewed
    assert renewed > first
