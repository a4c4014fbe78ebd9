"""A job that is cancelled is over at once: its worker stops at the next step, and writes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from analysis import running as analyses
from analysis.models import AnalysisRun
from prtras.accounts.models import User
from prtras.audit.models import AuditEvent
from prtras.jobs import running
from prtras.jobs.leasing import LeaseLost, take_up
from prtras.jobs.models import Due
from prtras.jobs.running import carry_out, pick_up, progress_of, set_progress
from prtras.jobs.steps import Steps

RunOut = Callable[[], int]


@pytest.fixture
def run(zhao: User) -> AnalysisRun:
    return analyses.request_run(date(2026, 11, 23), user=zhao)


def do(run: AnalysisRun, work: Callable[[AnalysisRun], dict[str, object]]) -> AnalysisRun | None:
    """A worker does this run."""
    return carry_out(AnalysisRun, run.pk, "analysis", work)


def test_a_run_that_waits_never_begins_and_the_trail_says_who_cancelled_it_and_when(
    run: AnalysisRun, chen: User
) -> None:
    assert analyses.cancel(run, user=chen)
    assert do(run, lambda job: pytest.fail("it began")) is None
    pick_up()
    run.refresh_from_db()
    assert (run.status, run.results, run.reason.en) == ("cancelled", None, f"Cancelled by {chen}.")
    event = AuditEvent.objects.filter(table="analysis_analysisrun").latest("id")
    assert (event.actor_name, event.new["status"], event.source) == ("chen", "cancelled", "analysis")
    assert run.finished_at


def test_a_running_one_stops_at_its_next_step_and_writes_nothing(run: AnalysisRun, chen: User) -> None:
    begun = []

    def work(job: AnalysisRun) -> dict[str, object]:
        steps = Steps(job, ("one", "two", "three"))
        steps.begin("one")
        begun.append("one")
        assert analyses.cancel(run, user=chen)
        steps.begin("two")
        pytest.fail("it went on")

    assert do(run, work) is None
    run.refresh_from_db()
    assert (run.status, run.results, begun) == ("cancelled", None, ["one"])
    assert analyses.latest() is None


def test_who_was_replaced_stops_at_its_next_step_and_leaves_the_progress_of_the_other(
    run: AnalysisRun, run_out: RunOut
) -> None:
    def work(job: AnalysisRun) -> dict[str, object]:
        run_out()
        assert take_up(*running._due(job))
        set_progress(run, 2, 3, "of the other")
        set_progress(job, 1, 3, "mine")
        pytest.fail("it went on")

    with pytest.raises(LeaseLost):
        do(run, work)
    run.refresh_from_db()
    known = progress_of(run)
    assert known
    assert (known.step, run.status) == ("of the other", "running")


def test_cancelled_in_its_last_moment_it_has_no_result_and_cancelled_after_it_has_one(
    run: AnalysisRun, chen: User, zhao: User
) -> None:
    def cancelled_at_the_end(job: AnalysisRun) -> dict[str, object]:
        assert analyses.cancel(run, user=chen)
        return {"results": {}, "results_sha256": "a" * 64}

    assert do(run, cancelled_at_the_end) is None
    run.refresh_from_db()
    assert (run.status, run.results, run.results_sha256) == ("cancelled", None, "")

    second = analyses.request_run(date(2026, 11, 23), user=zhao)
    assert do(second, lambda job: {"results": {}})
    assert not analyses.cancel(second, user=chen)
    second.refresh_from_db()
    assert (second.status, second.log) == ("done", "")


def test_two_people_cancel_it_once(run: AnalysisRun, chen: User, zhao: User) -> None:
    assert [analyses.cancel(run, user=chen), analyses.cancel(run, user=zhao)] == [True, False]
    run.refresh_from_db()
    assert run.log == f"cancelled: {chen}"


def test_one_whose_worker_died_can_be_cancelled_and_nobody_takes_it_up_again(
    run: AnalysisRun, chen: User, run_out: RunOut
) -> None:
    class Killed(BaseException):
        pass

    def die(job: AnalysisRun) -> dict[str, object]:
        set_progress(job, 1, 3, "two")
        raise Killed

    with pytest.raises(Killed):
        do(run, die)
    run.refresh_from_db()
    known = progress_of(run)
    assert known
    assert (known.done, known.total, known.step, known.interrupted) == (1, 3, "two", False)
    run_out()
    lost = progress_of(run)
    assert lost
    assert lost.interrupted
    assert analyses.cancel(run, user=chen)
    assert do(run, lambda job: pytest.fail("it began")) is None
    assert Due.objects.get(name__contains=str(run.pk)).finished_at


@pytest.mark.parametrize("name", ["lin", "wang", "adm"])
def test_who_may_not_start_one_may_not_cancel_one(run: AnalysisRun, name: str, request) -> None:
    with pytest.raises(PermissionDenied):
        analyses.cancel(run, user=request.getfixturevalue(name))
    run.refresh_from_db()
    assert run.status == "queued"


def test_what_is_over_says_nothing_of_progress(run: AnalysisRun, chen: User) -> None:
    analyses.cancel(run, user=chen)
    with pytest.raises(LeaseLost):
        set_progress(run, 1, 2)
    run.refresh_from_db()
    assert progress_of(run) is None
