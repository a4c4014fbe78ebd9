"""What the worker did stays as it ended, whoever writes: the database refuses every change of a job that is over."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.utils import timezone

from analysis.models import AnalysisRun
from labs.models import RangePreview
from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.files import storing
from prtras.jobs.models import Job

ENDS = ("done", "failed", "cancelled")


def write(run: Job, user: User, **columns: Any) -> None:
    with transaction.atomic(), acting(user, source="analysis"):
        type(run)._default_manager.filter(pk=run.pk).update(**columns)


@pytest.fixture
def run(chen: User) -> AnalysisRun:
    with acting(chen):
        return AnalysisRun.objects.create(requested_by=chen, cutoff=date(2026, 7, 14), status="running")


@pytest.mark.parametrize("status", ENDS)
@pytest.mark.parametrize(
    "columns", [{"results": {"version": 2}}, {"status": "running"}, {"log": "x"}, {"cutoff": date(2026, 7, 13)}]
)
def test_a_run_that_is_over_is_never_changed(
    run: AnalysisRun, chen: User, status: str, columns: dict[str, Any]
) -> None:
    write(run, chen, status=status, results={"version": 1}, finished_at=timezone.now())
    with pytest.raises(DatabaseError, match="analysis_analysisrun that is over is never changed"):
        write(run, chen, **columns)
    assert AnalysisRun.objects.get().results == {"version": 1}


def test_a_run_that_goes_on_is(run: AnalysisRun, chen: User) -> None:
    write(run, chen, log="x")
    assert AnalysisRun.objects.get().log == "x"


def test_a_report_that_a_run_did_not_print_is_added_once(run: AnalysisRun, chen: User) -> None:
    write(run, chen, status="done")
    first, second = (storing.store(content, user=chen) for content in (b"%PDF-1", b"%PDF-2"))
    write(run, chen, report_en=first)
    with pytest.raises(DatabaseError, match="never changed"):
        write(run, chen, report_en=second)
    assert AnalysisRun.objects.get().report_en == first


def test_a_preview_of_ranges_is_applied_once(chen: User, site: Site) -> None:
    with acting(chen):
        preview = RangePreview.objects.create(
            requested_by=chen, site=site, file=storing.store(b"a", user=chen), name="r.csv", status="done"
        )
    write(preview, chen, applied_at=timezone.now())
    with pytest.raises(DatabaseError, match="never changed"):
        write(preview, chen, applied_at=timezone.now())


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, Job)])
def test_what_may_be_filled_later_are_columns_that_begin_empty(model: type[Job]) -> None:
    columns = {field.attname: field for field in model._meta.concrete_fields}
    assert model.trigger_arguments()[0] == "job"
    for name in model.FILLED_LATER:
        assert columns[name].null or columns[name].empty_strings_allowed
