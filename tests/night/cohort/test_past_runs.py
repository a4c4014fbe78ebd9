"""Runs of past data: the study as it was, and what dashboards show while such runs exist."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone

from analysis import results, running
from analysis.bundle import files as numbers_of_a_run
from analysis.models import AnalysisRun
from analysis.outputs import accrual, events, participants, safety
from prtras.accounts.access import system_user
from prtras.datacut import cutting
from prtras.datacut.snapshot import MomentInFuture, sha256
from prtras.exports import building
from prtras.files import storing
from tests.exports.releases import FIELDS
from tests.night.cohort.test_night_run import browser

PAST = date(2025, 12, 31)
pytestmark = [pytest.mark.usefixtures("cast", "same_files"), pytest.mark.xdist_group("night")]


def finished(cutoff: date, **more: object) -> AnalysisRun:
    """The run of a cut-off, once for all tests."""
    done = AnalysisRun.objects.filter(status="done", cutoff=cutoff, **more).first()
    requested = None if done else running.request_run(cutoff, user=system_user(), **more)  # type: ignore[arg-type]
    return done or running.run(requested.id)  # type: ignore[union-attr, return-value]


def test_a_past_cut_off_shows_the_study_as_it_was_then():
    run = finished(PAST)
    tables = cutting.reopen(run.cut).tables
    last = PAST.isoformat()
    assert {row["DAY0"] > last for row in tables["participants"] if row["DAY0"]} == {False}
    assert {row["ae_start"] > last for row in tables["ae"]} == {False}
    assert {row["mri_date"] > last for row in tables["mri"] if row["mri_date"]} == {False}
    stored = results.read(run.results)
    counted = stored[participants.OUTPUT]
    assert 72 < counted.enrolled < 200
    assert counted.enrolled == counted.analysed + sum(counted.excluded.values()) == len(stored[accrual.OUTPUT].days)
    assert counted.enrolled == sum(stored[safety.OUTPUT].participants.values())


def test_the_dashboard_shows_the_newest_night_run_unless_somebody_chooses_another():
    past = finished(PAST)
    night = finished(date(2026, 11, 23), nightly=True)
    later = finished(date(2026, 6, 30))
    assert running.latest() == night
    shown = browser("wang").get("/dashboards/recurrence/").content.decode()
    assert night.cut.sha256[:16] in shown
    assert "newest night run" not in shown
    for run in (past, later):
        chosen = browser("wang").get(f"/dashboards/recurrence/?run={run.id}").content.decode()
        assert run.cut.sha256[:16] in chosen
        assert "not the newest night run" in chosen
        assert f"{results.read(run.results)[events.OUTPUT].events}</b><i>/ 121" in chosen


@pytest.mark.parametrize("run_id", ["nothing", "00000000-0000-0000-0000-000000000000"])
def test_a_run_that_does_not_exist_is_not_shown(run_id):
    assert browser("wang").get(f"/dashboards/recurrence/?run={run_id}").status_code == 404


def test_a_future_day_or_moment_is_refused_at_its_box_and_nothing_typed_is_lost():
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(MomentInFuture):
        running.request_run(tomorrow, user=system_user())
    before = AnalysisRun.objects.count()
    for typed in (
        {"cutoff": tomorrow.isoformat(), "entered_until": ""},
        {"cutoff": "2026-01-01", "entered_until": f"{tomorrow} 08:00"},
        {"cutoff": "31/12/2025", "entered_until": ""},
        {"cutoff": "2026-01-01", "entered_until": "yesterday"},
    ):
        answer = browser("chen").post("/runs/start/", typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in page
        assert all(f'value="{value}"' in page for value in typed.values())
    assert AnalysisRun.objects.count() == before


def test_a_person_runs_a_past_cut_from_the_page_of_runs():
    answer = browser("chen").post("/runs/start/", {"cutoff": "2026-02-28", "entered_until": "2026-11-20 18:00"})
    assert answer.status_code == 302
    requested = AnalysisRun.objects.get(cutoff=date(2026, 2, 28))
    assert timezone.localtime(requested.entered_until).strftime("%Y-%m-%d %H:%M") == "2026-11-20 18:00"
    assert (requested.nightly, requested.status) == (False, "queued")


def test_the_bundle_of_a_run_is_of_its_cut_and_carries_its_checksum(monkeypatch):
    monkeypatch.setattr(building, "_contributors", [numbers_of_a_run])  # not the datasets: they take half a minute
    run = finished(PAST)
    assert browser("chen").post("/exports/new/", FIELDS | {"cut": str(run.cut_id)}).status_code == 302
    job = building.ExportJob.objects.filter(cut=run.cut, status="queued").get()
    built = building.build(job.id)
    assert (built.status, built.cut) == ("done", run.cut)
    with zipfile.ZipFile(io.BytesIO(storing.content(built.file))) as bundle:
        assert sha256(bundle.read("results.json")) == run.results_sha256
        assert json.loads(bundle.read("program.json")) == run.program
    assert browser("chen").post("/exports/new/", {"cut": "nothing"}).status_code == 404
    assert browser("wang").post("/exports/new/", {"cut": str(run.cut_id)}).status_code == 403
