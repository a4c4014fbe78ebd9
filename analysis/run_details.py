"""What is shown of a run beside its results: progress, steps, alarms, recomputations. Reads; decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from analysis import results
from analysis.alarming import alarms_of
from analysis.comparison import OutputDifference, output_differences, program_facts
from analysis.models import AnalysisRun, Recomputation
from analysis.program_version import program
from analysis.steps import step_title
from prtras.accounts.access import may
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.access import participants_visible_to
from prtras.jobs.models import Job
from prtras.jobs.running import Progress, progress_of_all
from prtras.labels import T

#: Runs that are offered for a comparison, and recomputations that are listed.
CHOICES, RECOMPUTATIONS = 200, 20


@dataclass(frozen=True)
class AtWork:
    """How far a run is, and at which step, in words."""

    progress: Progress
    step: T


def at_work(jobs: Iterable[Job]) -> dict[UUID, AtWork]:
    """By id, how far the open ones of these jobs are, as far as they said so."""
    return {key: AtWork(progress, step_title(progress.step)) for key, progress in progress_of_all(jobs).items()}


def comparable_runs() -> QuerySet[AnalysisRun]:
    """Finished runs with their results and their data cut, newest first."""
    return AnalysisRun.objects.filter(status="done", results__isnull=False, cut__isnull=False).order_by("-requested_at")


def choices() -> QuerySet[AnalysisRun]:
    """The newest of them, to choose from."""
    return comparable_runs().only("id", "requested_at", "cutoff", "nightly")[:CHOICES]


def of_run(run: AnalysisRun, user: User) -> dict[str, Any]:
    """What the page of a run shows to a reader."""
    recomputations = list(run.recomputations.select_related("requested_by").defer("results")[:RECOMPUTATIONS])
    newest = run.recomputations.filter(status="done").first()
    by_arm = may(user, Action.SEE_BY_ARM)
    differing = _differing(run, newest, by_arm)
    may_compute = run.status == "done" and run.results is not None and run.cut is not None
    return {
        "run": run,
        "working": at_work([run, *recomputations]),
        "open": run.open or any(each.open for each in recomputations),
        "steps": [(step_title(step), seconds) for step, seconds in run.steps or ()],
        "alarms": [(alarm, *visible(alarm.participants, user)) for alarm in alarms_of(run)],
        "facts": program_facts(run.program, program()),
        "recomputations": recomputations,
        "differing": differing,
        "differing_by_arm": by_arm and bool(differing),
        "others": [other for other in choices() if other.pk != run.pk],
        "may_run": may(user, Action.RUN_ANALYSIS),
        "may_compute": may_compute,
    }


def _differing(run: AnalysisRun, newest: Recomputation | None, by_arm: bool) -> list[OutputDifference]:
    """What the newest recomputation gave otherwise."""
    if newest is None or newest.results is None or run.results is None:
        return []
    listed = output_differences(results.read(run.results), results.read(newest.results), by_arm=by_arm)
    return [each for each in listed if not each.equal]


def visible(numbers: Iterable[str], user: User) -> tuple[list[str], int]:
    """Those of these participants whom a reader may know of, and how many others there are."""
    every = list(numbers)
    known = set(participants_visible_to(user).filter(number__in=every).values_list("number", flat=True))
    return [number for number in every if number in known], len(every) - len(known)
