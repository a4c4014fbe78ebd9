"""A stored file that was changed or lost on its disk is named wherever it is needed; nothing is made of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prtras.accounts.models import User
from prtras.accounts.token_issuing import NewToken, issue
from prtras.audit.acting import acting
from prtras.crf.models import Participant
from prtras.datacut import snapshot
from prtras.datacut.cutting import take_cut
from prtras.datacut.models import DataCut
from prtras.exports import building, tasks
from prtras.exports.models import ExportJob
from prtras.files import storing
from prtras.files.models import Download, StoredFile
from tests.exports.releases import FIELDS, OWN
from tests.night.runs import finished

Browser = Callable[[User], Client]


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.fixture(params=[change, Path.unlink], ids=["changed", "lost"])
def damage(request: pytest.FixtureRequest, settings) -> Callable[[StoredFile], None]:
    return lambda stored: request.param(Path(settings.FILES_FOLDER) / stored.sha256[:2] / stored.sha256)


@pytest.fixture
def cut(participant: Participant, chen: User, monkeypatch: pytest.MonkeyPatch) -> DataCut:
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    return take_cut(timezone.localdate(), user=chen)[0]


def test_two_runs_are_not_compared_when_a_data_cut_is_damaged(cut, damage, chen: User, client_of: Browser):
    runs = [finished({"version": 2, "outputs": {}}, chen, cut=each) for each in (None, cut)]
    damage(cut.file)
    both = {"before": str(runs[1].id), "after": str(runs[0].id)}
    answer = client_of(chen).get(reverse("analysis:compare"), both)
    assert answer.status_code == 500
    assert f"is damaged or missing (SHA-256 {cut.file.sha256})" in answer.content.decode()
    answer = client_of(chen).get(reverse("analysis:compare_csv", args=["participants"]), both)
    assert answer.status_code == 500


@pytest.fixture
def export(cut: DataCut, zhao: User) -> ExportJob:
    with acting(zhao):
        bundle = storing.store(b"a bundle", user=zhao)
        return ExportJob.objects.create(
            requested_by=zhao, status="done", finished_at=timezone.now(), cut=cut, file=bundle, **FIELDS
        )


def test_a_download_of_it_is_refused_and_not_on_record(export: ExportJob, damage, zhao: User, client_of: Browser):
    damage(export.file)
    answer = client_of(zhao).get(reverse("exports:download", args=[export.id]))
    assert (answer.status_code, Download.objects.count()) == (500, 0)
    assert export.file.sha256 in answer.content.decode()


def test_a_program_reads_it_as_a_problem(export: ExportJob, damage, zhao: User):
    damage(export.file)
    token = issue(NewToken("a test", "read", "", str(timezone.localdate() + timedelta(days=30))), user=zhao)[1]
    program = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})
    answer = program.get(f"/api/v1/exports/{export.id}/file")
    assert answer.status_code == 500
    assert export.file.sha256 in answer.json()["detail"]


def test_a_bundle_of_a_damaged_cut_fails_with_the_reason_in_words(cut, damage, chen: User):
    job = building.request_export(OWN, user=chen, cut=cut)
    damage(cut.file)
    with pytest.raises(storing.DamagedFile):
        tasks.build(str(job.id))
    job.refresh_from_db()
    assert job.status == "failed"
    assert job.reason.en.startswith("A file that this needs is damaged or missing")
    assert cut.file.sha256 in job.reason.zh
