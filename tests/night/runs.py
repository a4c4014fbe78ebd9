"""Finished analysis runs with given results, without a worker."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from analysis.models import AnalysisRun
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.datacut.models import DataCut
from prtras.files import storing


def another_like(run: AnalysisRun, user: User, **columns: Any) -> AnalysisRun:
    """A newer run that is as this one but for some columns; the one that is over cannot be changed."""
    copied = AnalysisRun.objects.get(pk=run.pk)
    for name, value in ({"pk": uuid4(), "finished_at": timezone.now()} | columns).items():
        setattr(copied, name, value)
    with acting(user):
        copied.save(force_insert=True)
    return copied


def finished(
    results: dict[str, Any], user: User, cutoff: date = date(2026, 11, 23), cut: DataCut | None = None
) -> AnalysisRun:
    """A finished run with these stored results."""
    now = timezone.now()
    file = storing.store(b"the cut", user=user)
    with acting(user):
        cut = cut or DataCut.objects.create(
            created_at=now, cutoff=cutoff, file=file, sha256="c" * 64, rows=1, head_seal="-"
        )
        return AnalysisRun.objects.create(
            requested_by=user, cutoff=cutoff, status="done", finished_at=now, cut=cut, results=results,
            results_sha256="r" * 64,
        )  # fmt: skip
