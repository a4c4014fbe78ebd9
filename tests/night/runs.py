"""Finished analysis runs with given results, without a worker."""

from datetime import date
from typing import Any

from django.utils import timezone

from analysis.models import AnalysisRun
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.datacut.models import DataCut
from prtras.files import storing


def finished(results: dict[str, Any], user: User, cutoff: date = date(2026, 11, 23)) -> AnalysisRun:
    """A finished run with these stored results."""
    now = timezone.now()
    file = storing.store(b"the cut", user=user)
    with acting(user):
        cut = DataCut.objects.create(created_at=now, cutoff=cutoff, file=file, sha256="c" * 64, rows=1, head_seal="-")
        return AnalysisRun.objects.create(
            requested_by=user, cutoff=cutoff, status="done", finished_at=now, cut=cut, results=results,
            results_sha256="r" * 64,
        )  # fmt: skip
