"""Acts of the night run: request it, claim it, cut, compute, print and store.

What computes is imported where it is used: it brings pandas, which no page needs.
"""

from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis import report, results
from analysis.models import AnalysisRun
from prtras.accounts.access import require, system_user
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.datacut.cutting import reopen, require_past, take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import sha256
from prtras.files import storing
from prtras.files.models import StoredFile
from prtras.jobs.mails import tell_administrators
from prtras.jobs.running import carry_out, load_beside, replace_lost
from prtras.labels import T

#: The night prints the site's language; the other one is printed when someone first asks for it.
REPORTS = {"zh-hans": "report_zh", "en": "report_en"}
AT_NIGHT = "zh-hans"


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


def run(run_id: UUID) -> AnalysisRun | None:
    """Do a requested run. None when someone else claimed it: two workers do not do it twice."""
    return carry_out(AnalysisRun, run_id, "analysis", _compute)


def _compute(queued: AnalysisRun) -> dict[str, object]:
    user = queued.requested_by
    require(user, Action.RUN_ANALYSIS)
    load_beside("analysis.outputs.data", "weasyprint")
    cut, picture = take_cut(queued.cutoff, user=user, as_of=queued.entered_until)
    return _columns(cut, results.compute(picture.tables, queued.cutoff), user)


def _columns(cut: DataCut, computed: results.Results, user: User) -> dict[str, object]:
    """The results with their checksum and the report."""
    if computed.failures:
        tell_administrators(T("分析运行的部分结果", "Part of the analysis run"), cut.created_at)
    checksum = sha256(computed.canonical())
    printed = report.render(computed, cut, checksum, AT_NIGHT)
    return {
        "cut": cut,
        "results": computed.to_json(),
        "results_sha256": checksum,
        REPORTS[AT_NIGHT]: storing.store(printed, user=user),
        "warnings": len(computed.warnings(by_arm=True)),
    }


def recompute(finished: AnalysisRun) -> str:
    """The checksum of the results computed again from the stored cut: the same bytes, or something changed.

    For a run stored in an older version, compare it with the checksum of `results.read(finished.results)`.
    """
    assert finished.cut is not None
    return sha256(results.compute(reopen(finished.cut).tables, finished.cutoff).canonical())


def replicate(run_id: UUID) -> AnalysisRun:
    """Compute the numbers of a finished run again with lifelines, from its stored cut, and keep how far they agree.

    A step of its own: it costs a second of start-up, and it can neither delay nor break the report.
    """
    from analysis import replication
    from analysis.outputs.data import AnalysisData

    finished = AnalysisRun.objects.select_related("cut").get(id=run_id, status="done")
    assert finished.cut is not None
    assert finished.results is not None
    data = AnalysisData.of(reopen(finished.cut).tables, finished.cutoff)
    replicated = replication.compare(data.primary, results.read(finished.results)) if data.estimable else None
    with acting(system_user(), source="analysis"):
        AnalysisRun.objects.filter(id=run_id).update(replication=replicated)
    finished.replication = replicated
    return finished


def report_in(finished: AnalysisRun, language: str) -> StoredFile:
    """The report of a run in `zh-hans` or `en`: printed once, from the stored results, and stored."""
    column = REPORTS[language]
    stored: StoredFile | None = getattr(finished, column)
    if stored is not None:
        return stored
    assert finished.cut is not None
    assert finished.results is not None
    printed = report.render(results.read(finished.results), finished.cut, finished.results_sha256, language)
    user = system_user()
    printed_file = storing.store(printed, user=user)
    with acting(user, source="analysis"):
        AnalysisRun.objects.filter(id=finished.id).update(**{column: printed_file})
    return printed_file


def latest() -> AnalysisRun | None:
    """What dashboards show: the newest finished night run; before the first one, the newest of the data as they are."""
    done = AnalysisRun.objects.filter(status="done").select_related("cut").order_by("-finished_at")
    as_they_are = done.filter(entered_until=None).order_by("-cutoff", "-finished_at")
    return done.filter(nightly=True).first() or as_they_are.first()
