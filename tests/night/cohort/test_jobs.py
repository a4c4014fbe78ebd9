"""Jobs whose message was lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import AnalysisRun
from prtras.accounts.access import system_user
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.celery import app
from prtras.exports import building
from prtras.exports.models import ExportJob
from prtras.jobs.tasks import pick_up
from tests.exports.releases import OWN

pytestmark = [pytest.mark.usefixtures("cast"), pytest.mark.xdist_group("night")]


def requested_bundle(minutes_ago: float) -> ExportJob:
    """A bundle that chen asked for some minutes ago."""
    job = building.request_export(OWN, user=User.objects.get(username="chen"))
    with acting(system_user()):
        ExportJob.objects.filter(id=job.id).update(requested_at=timezone.now() - timedelta(minutes=minutes_ago))
    return job


@pytest.fixture(autouse=True)
def _a_worker_has_started():
    app.loader.import_default_modules()
    with acting(system_user()):
        AnalysisRun.objects.filter(status__in=("queued", "running")).update(status="failed")


def test_what_has_waited_for_a_minute_is_done(monkeypatch):
    monkeypatch.setattr(building, "_contributors", [])  # what the study adds takes half a minute
    job = requested_bundle(minutes_ago=2)
    pick_up()
    job.refresh_from_db()
    assert (job.status, job.file is not None, job.cut.rows > 0) == ("done", True, True)


def test_what_was_just_asked_for_is_left_to_its_message():
    job = requested_bundle(minutes_ago=0.5)
    pick_up()
    job.refresh_from_db()
    assert job.status == "queued"
