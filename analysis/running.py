"""Acts of the night run: ask for it, claim it, cut, compute, report, keep."""

import json
import traceback
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis import report, results
from analysis.models import AnalysisRun
from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.exports.cutting import reopen, take_cut
from prtras.exports.models import DataCut
from prtras.exports.snapshot import sha256
from prtras.files import keeping
from prtras.labels import T

LANGUAGES = ("zh-hans", "en")


class AlreadyRunning(Exception):
    """A run for this cut-off waits or works already."""


def request_run(cutoff: date, *, user: User) -> AnalysisRun:
    """Ask for a run. Raises PermissionDenied, AlreadyRunning."""
    require(user, Action.RUN_ANALYSIS)
    try:
        with acting(user, source="analysis"), transaction.atomic():
            return AnalysisRun.objects.create(requested_by=user, cutoff=cutoff)
    except IntegrityError:
        raise AlreadyRunning(cutoff.isoformat()) from None


def run(run_id: UUID) -> AnalysisRun | None:
    """Do a requested run. None when someone else claimed it: two workers do not do it twice."""
    user = AnalysisRun.objects.select_related("requested_by").get(id=run_id).requested_by
    with acting(user, source="analysis"):
        claimed = AnalysisRun.objects.filter(id=run_id, status="queued").update(
            status="running", started_at=timezone.now()
        )
    if not claimed:
        return None
    try:
        require(user, Action.RUN_ANALYSIS)
        _compute(run_id, user)
    except Exception as failed:  # whatever it was, the run says so on its own page instead of hanging for ever
        _finish(run_id, user, status="failed", log=_words(failed))
        raise
    return AnalysisRun.objects.get(id=run_id)


def _words(failed: Exception) -> str:
    last = traceback.extract_tb(failed.__traceback__)[-1]
    return f"{type(failed).__name__}: {failed} ({last.name}, line {last.lineno})"


def _compute(run_id: UUID, user: User) -> None:
    asked = AnalysisRun.objects.get(id=run_id)
    cut, picture = take_cut(asked.cutoff, user=user)
    computed = results.compute(picture.tables, asked.cutoff)
    _finish(run_id, user, status="done", log=str(_summary(computed)), **_kept(cut, computed, user))


def _kept(cut: DataCut, computed: results.Plain, user: User) -> dict[str, object]:
    """The results with their checksum and a report in each language."""
    canonical = json.dumps(computed, ensure_ascii=False, sort_keys=True).encode()
    reports = {
        language: keeping.keep(report.render(computed, cut, sha256(canonical), language), user=user)
        for language in LANGUAGES
    }
    return {
        "cut": cut,
        "results": json.loads(canonical),
        "results_sha256": sha256(canonical),
        "report_zh": reports["zh-hans"],
        "report_en": reports["en"],
        "warnings": len(report.warnings(computed)),
    }


def _finish(run_id: UUID, user: User, **changes: object) -> None:
    with acting(user, source="analysis"):
        AnalysisRun.objects.filter(id=run_id).update(finished_at=timezone.now(), **changes)


def _summary(computed: results.Plain) -> T:
    return T("{n} 人,{d} 例复发", "{n} participants, {d} recurrences").format(
        n=computed["pooled"]["n"], d=computed["pooled"]["events"]
    )


def recompute(finished: AnalysisRun) -> str:
    """The checksum of the results computed again from the stored cut: the same bytes, or something changed."""
    assert finished.cut is not None
    computed = results.compute(reopen(finished.cut).tables, finished.cutoff)
    return sha256(json.dumps(computed, ensure_ascii=False, sort_keys=True).encode())


def latest() -> AnalysisRun | None:
    """The newest finished run."""
    return AnalysisRun.objects.filter(status="done").select_related("cut").order_by("-finished_at").first()
