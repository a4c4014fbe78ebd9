"""Acts of computing a finished run again: from its stored cut the same bytes must come, or what differs has a name."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import IntegrityError, transaction

from analysis import results, steps
from analysis.models import AnalysisRun, Recomputation
from analysis.program_version import program
from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.datacut.cutting import reopen
from prtras.datacut.snapshot import Snapshot, sha256
from prtras.files.storing import DamagedFile
from prtras.jobs.running import carry_out, load_beside, replace_lost
from prtras.jobs.steps import Steps


class AlreadyComputing(Exception):
    """The run is being computed again already."""


def request_recomputation(run: AnalysisRun, *, user: User) -> Recomputation:
    """Ask for a finished run to be computed again. Raises PermissionDenied, AlreadyComputing."""
    require(user, Action.RUN_ANALYSIS)
    try:
        with acting(user, source="analysis"), transaction.atomic():
            replace_lost(Recomputation.objects.filter(run=run), "analysis", user=user)
            return Recomputation.objects.create(run=run, requested_by=user)
    except IntegrityError:
        raise AlreadyComputing(str(run.id)) from None


def recompute(recomputation_id: UUID) -> Recomputation | None:
    """Compute a run again as requested; None when someone else claimed it."""
    return carry_out(Recomputation, recomputation_id, "analysis", _compute)


def _compute(queued: Recomputation) -> dict[str, object]:
    require(queued.requested_by, Action.RUN_ANALYSIS)
    load_beside("analysis.outputs.data")
    run, step = queued.run, Steps(queued, (steps.CUT, *steps.COMPUTED))
    assert run.cut is not None
    step.begin(steps.CUT)
    picture = reopen(run.cut)
    step.begin(steps.ENDPOINTS)
    computed = _computed(run, picture, step.begin)
    checksum = sha256(computed.canonical())
    identical = checksum == checksum_of(run)
    stored = None if identical else computed.to_json()
    return {"results_sha256": checksum, "identical": identical, "results": stored, "program": program()}


def differing() -> Iterator[str]:
    """Of the newest finished run: what is not as it was stored. Its results and its cut are those of their checksums;
    computed again by the same program, the same come out.
    """
    run = AnalysisRun.objects.filter(status="done").select_related("cut").order_by("-finished_at").first()
    if run is None or run.cut is None or run.results is None:
        return
    try:
        picture = reopen(run.cut)
    except DamagedFile as damaged:
        yield f"the data cut of run {run.id}: file {damaged} is damaged or missing"
        return
    if run.program != program():
        return
    if sha256(results.read(run.results).canonical()) != run.results_sha256:
        yield f"run {run.id}: its results are not those of its checksum"
    elif sha256(_computed(run, picture).canonical()) != run.results_sha256:
        yield f"run {run.id}: computed again from its data cut, other results come out"


def _computed(run: AnalysisRun, picture: Snapshot, begin: Callable[[str], None] = lambda step: None) -> results.Results:
    from analysis.outputs.data import AnalysisData

    return results.computed_from(AnalysisData.of(picture.tables, run.cutoff), begin)


def checksum_of(run: AnalysisRun) -> str:
    """The checksum that a recomputation must give: of a run in an older version, that of its results in this one."""
    assert run.results is not None
    same_version = run.results.get("version") == results.VERSION
    return run.results_sha256 if same_version else sha256(results.read(run.results).canonical())
