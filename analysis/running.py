"""Acts of the night run: request it, claim it, cut, compute, print and store; cancel it.

What computes is imported where it is used: it brings pandas, which no page needs.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis import alarming, report, results, steps
from analysis.models import AnalysisRun
from analysis.program_version import program
from prtras.accounts.access import require, system_user
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.datacut.cutting import require_past, take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import sha256
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.jobs import running as jobs
from prtras.jobs.mails import tell_administrators
from prtras.jobs.running import Work, carry_out, load_beside, replace_lost
from prtras.jobs.steps import Steps
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

#: The columns of the printed reports, and the step that prints each.
REPORTS = {"zh-hans": "report_zh", "en": "report_en"}


class AlreadyRunning(Exception):
    """A run for this cut-off waits or works already."""


def request_run(
    cutoff: date, *, user: User, entered_until: datetime | None = None, nightly: bool = False
) -> AnalysisRun:
    """Ask for a run of the data dated up to a day, as they are, or as they were at a moment.

    Raises PermissionDenied, AlreadyRunning, MomentInFuture.
    """
    return _request(uuid4(), AnalysisRun(cutoff=cutoff, entered_until=entered_until, nightly=nightly), user)


def request_night_run(due_at: datetime, *, user: User) -> AnalysisRun:
    """Ask for the run of a night: one row, however often it is asked for. Raises AlreadyRunning (or it has run)."""
    run_id = uuid5(NAMESPACE_OID, f"night run {due_at.isoformat()}")
    return _request(run_id, AnalysisRun(cutoff=timezone.localdate(due_at), nightly=True), user)


def _request(run_id: UUID, requested: AnalysisRun, user: User) -> AnalysisRun:
    require(user, Action.RUN_ANALYSIS)
    cutoff, entered_until = requested.cutoff, requested.entered_until
    require_past(cutoff, entered_until)
    requested.id, requested.requested_by = run_id, user
    try:
        with acting(user, source="analysis"), transaction.atomic():
            replace_lost(AnalysisRun.objects.filter(cutoff=cutoff, entered_until=entered_until), "analysis", user=user)
            requested.save(force_insert=True)
            return requested
    except IntegrityError:
        raise AlreadyRunning(cutoff.isoformat()) from None


def cancel(run: AnalysisRun, *, user: User) -> bool:
    """End a run that waits or works, without a result. False when it was over already. Raises PermissionDenied.

    Whoever may start a run may cancel any: there is one worker's queue for all.
    """
    require(user, Action.RUN_ANALYSIS)
    return jobs.cancel(run, "analysis", user=user)


def run(run_id: UUID, course: Sequence[str] = steps.ALL) -> AnalysisRun | None:
    """Do a requested run, step by step. None when someone else claimed it, or it was cancelled.

    `course` is `steps.ALL`, or `steps.FIRST` without the second report and the second program.
    """
    return carry_out(AnalysisRun, run_id, "analysis", atomic=True, prepare=partial(_prepared, course=course))


def _prepared(queued: AnalysisRun, course: Sequence[str]) -> Work[AnalysisRun]:
    """Compute and print everything; what is left to do is to store it, in one transaction with the job's end."""
    user, step = queued.requested_by, Steps(queued, course)
    require(user, Action.RUN_ANALYSIS)
    load_beside("analysis.outputs.data", "weasyprint")
    step.begin(steps.CUT)
    cut, picture = take_cut(queued.cutoff, user=user, as_of=queued.entered_until)
    step.begin(steps.ENDPOINTS)
    from analysis.outputs.data import AnalysisData

    data = AnalysisData.of(picture.tables, queued.cutoff)
    computed = results.computed_from(data, step.begin)
    columns = _columns(cut, data, computed, user, step)
    return lambda job: {**alarming.compared(job, data), **columns}


def _columns(
    cut: DataCut, data: "AnalysisData", computed: results.Results, user: User, step: Steps
) -> Mapping[str, object]:
    """The results with their checksum, the reports, and what a second program says."""
    from analysis.survival.fits import result_of
    from analysis.survival.results import Refusal

    checksum = sha256(computed.canonical())
    columns: dict[str, object] = {}
    failed = computed.failed
    for language, column in REPORTS.items():
        if column in step.names:
            step.begin(column)
            printed = result_of(column, partial(report.render, computed, cut, checksum, program(), language))
            if isinstance(printed, Refusal):  # the results stay; the report is printed when somebody asks for it
                failed = True
            else:
                columns[column] = storing.store(printed, user=user)
    if failed:
        tell_administrators(T("分析运行的部分结果", "Part of the analysis run"), cut.created_at)
    if steps.REPLICATION in step.names:
        step.begin(steps.REPLICATION)
        columns["replication"] = _replicated(data, computed)
    return columns | {
        "cut": cut,
        "results": computed.to_json(),
        "results_sha256": checksum,
        "warnings": len(computed.warnings(by_arm=True)),
        "program": program(),
        "steps": step.end(),
    }


def _replicated(data: "AnalysisData", computed: results.Results) -> dict[str, object] | None:
    """How far lifelines agrees; where it fails itself, that: it can never break the run. None without an estimate."""
    from analysis import replication
    from analysis.survival.fits import result_of
    from analysis.survival.results import Refusal

    if not data.estimable:
        return None
    compared = result_of(steps.REPLICATION, lambda: replication.compare(data.primary, computed))
    return {"program": "lifelines", "agrees": False} if isinstance(compared, Refusal) else compared


def report_in(finished: AnalysisRun, language: str) -> StoredFile:
    """The report of a run in `zh-hans` or `en`; of a run that did not print it, printed once and stored."""
    column = REPORTS[language]
    stored: StoredFile | None = getattr(finished, column)
    if stored is not None:
        return stored
    assert finished.cut is not None
    assert finished.results is not None
    opened = results.read(finished.results)
    printed = report.render(opened, finished.cut, finished.results_sha256, finished.program, language)
    user = system_user()
    printed_file = storing.store(printed, user=user)
    with acting(user, source="analysis"):
        AnalysisRun.objects.filter(id=finished.id).update(**{column: printed_file})
    return printed_file


def failed_night(shown: AnalysisRun | None) -> AnalysisRun | None:
    """The newest night run, if it failed and a dashboard shows an older one."""
    newest = AnalysisRun.objects.filter(nightly=True, status__in=["done", "failed"]).order_by("-requested_at").first()
    failed = newest is not None and newest.status == "failed"
    return newest if failed and shown is not None and shown.nightly else None


def latest() -> AnalysisRun | None:
    """What dashboards show: the newest finished night run; before the first one, the newest of the data as they are."""
    done = AnalysisRun.objects.filter(status="done").select_related("cut").order_by("-finished_at")
    as_they_are = done.filter(entered_until=None).order_by("-cutoff", "-finished_at")
    return done.filter(nightly=True).first() or as_they_are.first()
