"""What is due happens once: however many beats and workers there are, and whenever they die."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.db import transaction

from analysis import tasks as analysis_tasks
from analysis.models import AnalysisRun
from prtras.audit.acting import acting
from prtras.jobs import scheduling
from prtras.jobs.models import Due
from prtras.jobs.scheduling import around, catch_up, defer, do_deferred, due_at, register_deferred
from prtras.jobs.tasks import pick_up
from prtras.jobs.timetable import due_tasks, last_minute

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEAL, NIGHT = "prtras.audit.tasks.seal", "analysis.tasks.nightly"
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Set the clock of the database, as far as the timetable looks at it: `clock(23, 2, 0)` is the 23rd at 02:00."""

    def set_to(day: int, hour: int, minute: int) -> None:
        monkeypatch.setattr(
            scheduling, "database_now", lambda: datetime(2026, 11, day, hour, minute, 30, tzinfo=SHANGHAI)
        )

    return set_to


@pytest.mark.parametrize(
    ("schedule", "last"),
    [
        (crontab(), "2026-11-23 14:07"),
        (crontab(minute="*/5"), "2026-11-23 14:05"),
        (crontab(minute="5"), "2026-11-23 14:05"),
        (crontab(minute="30"), "2026-11-23 13:30"),
        (crontab(hour="2", minute="0"), "2026-11-23 02:00"),
        (crontab(hour="14", minute="8"), "2026-11-22 14:08"),
        (crontab(hour="14", minute="7"), "2026-11-23 14:07"),
        (crontab(hour="3", minute="0", day_of_week="sun"), "2026-11-22 03:00"),
        (crontab(hour="3", minute="0", day_of_month="1", month_of_year="3"), "2026-03-01 03:00"),
        (crontab(hour="3", minute="0", day_of_month="29", month_of_year="2"), "2024-02-29 03:00"),
    ],
)
def test_the_last_due_time_is_the_last_minute_that_the_schedule_names(schedule: crontab, last: str) -> None:
    now = datetime(2026, 11, 23, 14, 7, 0, tzinfo=SHANGHAI)
    for moment in (now, now + timedelta(seconds=59)):
        assert f"{last_minute(schedule, moment):%Y-%m-%d %H:%M}" == last


def test_a_due_time_is_served_once_and_the_next_one_again(clock: Callable[..., None]) -> None:
    done = []
    for minute in (5, 6, 59):
        clock(23, 14, minute)
        around(SEAL, lambda: done.append("seal"))
    assert done == ["seal"]
    clock(23, 15, 5)
    around(SEAL, lambda: done.append("seal"))
    assert len(done) == 2


def test_a_task_that_is_in_no_timetable_runs_as_often_as_it_is_called() -> None:
    done: list[int] = []
    for number in range(2):
        around("labs.tasks.run", lambda n=number: done.append(n))
    assert done == [0, 1]


def test_the_night_has_one_run_however_often_beat_says_so(
    system, clock: Callable[..., None], run_out: Callable[[], int]
) -> None:
    clock(23, 2, 0)
    analysis_tasks.nightly()
    analysis_tasks.nightly()
    run = AnalysisRun.objects.get()
    assert (run.cutoff.isoformat(), run.requested_by.username) == ("2026-11-23", "system")
    with acting(system):
        AnalysisRun.objects.update(status="done")
    Due.objects.filter(name=NIGHT).update(finished_at=None)  # the worker died before it could say so
    run_out()
    analysis_tasks.nightly()
    assert AnalysisRun.objects.get() == run
    clock(24, 2, 0)
    analysis_tasks.nightly()
    assert AnalysisRun.objects.count() == 2


def test_what_was_missed_while_everything_was_down_is_done_once(system, clock: Callable[..., None]) -> None:
    clock(20, 12, 0)
    pick_up()
    assert not AnalysisRun.objects.exists(), "nothing was missed before the first look"
    clock(23, 9, 0)
    pick_up()
    pick_up()
    assert [run.cutoff.isoformat() for run in AnalysisRun.objects.all()] == ["2026-11-23"]
    for task, _ in due_tasks():
        assert Due.objects.get(name=task, due_at=due_at(task)).finished_at, task


def test_what_lost_its_worker_is_done_again_three_times_at_most_and_then_told(
    system, adm, clock: Callable[..., None], run_out: Callable[[], int], mailoutbox
) -> None:
    with acting(system):
        adm.email, adm.language = "adm@example.org", "zh-hans"
        adm.save()
    clock(23, 14, 5)
    tries = []

    def die() -> None:
        tries.append("try")
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            around(SEAL, die)
        around(SEAL, die)  # its lease still runs
        run_out()
    around(SEAL, die)
    around(SEAL, die)
    assert len(tries) == 3
    due = Due.objects.get()
    assert (due.finished_at is not None, due.log) == (True, scheduling.LOST)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["adm@example.org"], "PRTRAS EDC：后台任务失败")]


def test_what_was_interrupted_is_done_although_the_next_time_is_due(
    system, clock: Callable[..., None], run_out: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed: list[int] = []

    def die() -> None:
        raise KeyboardInterrupt

    clock(23, 14, 5)
    with pytest.raises(KeyboardInterrupt):
        around(SEAL, die)
    run_out()
    clock(23, 15, 5)
    monkeypatch.setattr("prtras.audit.sealing.seal", lambda: sealed.append(1))
    catch_up()
    catch_up()
    assert sealed == [1, 1]
    assert not Due.objects.filter(name=SEAL, finished_at=None).exists()


def test_what_fails_says_why_and_keeps_nothing_else_from_being_done(system, clock: Callable[..., None], monkeypatch):
    clock(23, 12, 0)
    catch_up()
    clock(24, 12, 0)
    monkeypatch.setattr("prtras.audit.sealing.seal", lambda: 1 / 0)
    catch_up()
    logs = {
        due.name: due.log for due in Due.objects.filter(due_at__gte=datetime(2026, 11, 23, 12, 30, tzinfo=SHANGHAI))
    }
    assert logs.pop(SEAL) == "ZeroDivisionError: division by zero"
    assert set(logs) >= {NIGHT, "prtras.entry.tasks.run_checks"}
    assert set(logs.values()) == {""}


def test_deferred_work_is_done_once_and_goes_with_its_transaction(run_out: Callable[[], int]) -> None:
    done: list[tuple[int, ...]] = []
    register_deferred("test_work", lambda *numbers: done.append(numbers))
    with transaction.atomic():
        defer("test_work", 1, 2)
        transaction.set_rollback(True)
    do_deferred()
    assert done == []
    defer("test_work", 3, 4)
    do_deferred(older_than=timedelta(minutes=1))
    assert done == [], "its message is on the way"
    do_deferred("test_work")
    do_deferred()
    assert done == [(3, 4)]
