"""A bundle says for what, for whom and where to before it is built; its page says what is in it and who took it."""

import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.datacut import snapshot
from prtras.datacut.cutting import take_cut
from prtras.exports import building, tasks, views
from prtras.exports.contents import tree
from prtras.exports.models import ExportJob
from prtras.exports.release import NotAnswered, Release
from prtras.files.models import Download
from tests.api.conftest import program, token_of  # noqa: F401 (fixtures)
from tests.exports.releases import FIELDS, OWN

NEW = reverse("exports:ask")


@pytest.fixture
def built(participant, chen, monkeypatch) -> ExportJob:
    """A bundle of everything but what the study adds."""
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    monkeypatch.setattr(building, "_contributors", [])
    job = building.request_export(OWN, user=chen)
    tasks.build(str(job.id))
    job.refresh_from_db()
    return job


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, set()),
        ({"destination": "ABROAD", "filing": "GD-2026-0001", "profile": "ANALYSIS"}, set()),
        ({"destination": "ABROAD", "filing": "GD-2026-0001"}, {"profile"}),
        ({"profile": ""}, {"profile"}),
        ({"purpose": "SHARING", "profile": "ANALYSIS"}, {"profile"}),
        ({"purpose": ""}, {"purpose"}),
        ({"purpose": "SALE"}, {"purpose"}),
        ({"recipient": "  "}, {"recipient"}),
        ({"recipient": "x" * 201}, {"recipient"}),
        ({"recipient": "two\nlines"}, {"recipient"}),
        ({"destination": ""}, {"destination"}),
        ({"destination": "MARS"}, {"destination"}),
        ({"destination": "ABROAD", "profile": "SHARE"}, {"filing"}),
        ({"destination": "ABROAD", "filing": "x" * 61, "profile": "SHARE"}, {"filing"}),
        ({"filing": "GD-2026-0001"}, {"filing"}),
    ],
)
def test_the_request_says_what_is_missing_at_its_field(chen, client_of, typed, wrong):
    answer = client_of(chen).post(NEW, FIELDS | typed)
    assert answer.status_code == (422 if wrong else 302)
    assert ExportJob.objects.count() == (not wrong)
    page = answer.content.decode()
    assert {name for name in FIELDS if f'id="e-{name}"' in page} == wrong


def test_nothing_typed_is_lost(participant, chen, client_of, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")
    cut, _ = take_cut(timezone.localdate(), user=chen)
    typed = FIELDS | {"purpose": "", "recipient": "Dr Wei <Demo>", "format": "odm", "cut": str(cut.id)}
    page = client_of(chen).post(NEW, typed).content.decode()
    assert 'value="Dr Wei &lt;Demo&gt;"' in page
    assert [f'<option value="{value}" selected>' in page for value in ("odm", str(cut.id), "CN")] == [True] * 3


def test_what_it_says_stays_with_it_in_list_page_and_trail(built, chen, wang, client_of):
    for address in (reverse("exports:index"), reverse("exports:bundle", args=[built.id])):
        page = client_of(chen).get(address).content.decode()
        assert "Statistical analysis" in page
        assert "Statistician, Demo Hospital" in page
    trail = client_of(wang).get(reverse("trail:list"), {"kind": "export"}).content.decode()
    assert "Statistician, Demo Hospital" in trail


def test_without_an_answer_nobody_requests_one(chen):
    with pytest.raises(NotAnswered, match="purpose: Select a purpose"):
        building.request_export(Release(), user=chen)


def test_its_page_lists_every_file_with_the_rows_of_tables(built, chen, client_of):
    job = built
    with zipfile.ZipFile(io.BytesIO(b"".join(client_of(chen).get(reverse("exports:download", args=[job.id]))))) as zip:
        there = {entry.filename: entry.file_size for entry in zip.infolist()}
    assert {name: facts["bytes"] for name, facts in job.contents.items()} == there
    assert job.contents["data/participants.csv"]["rows"] == 1
    page = client_of(chen).get(reverse("exports:bundle", args=[job.id])).content.decode()
    assert page.count("<li>") >= len(there)
    assert "participants.csv" in page


def test_who_downloaded_it_stands_on_its_page(built, chen, zhao, client_of):
    bundle, download = (reverse(f"exports:{name}", args=[built.id]) for name in ("bundle", "download"))
    assert "Not downloaded yet." in client_of(chen).get(bundle).content.decode()
    client_of(zhao).get(download)
    feed = client_of(chen).get(bundle).content.decode().split('id="h-downloads"')[1]
    assert feed.count('class="feed-detail padded"') == 1
    assert str(zhao) in feed


def test_after_its_time_it_is_no_longer_downloaded_but_requested_again_of_the_same_cut(
    built, chen, client_of, settings, program  # noqa: F811
):  # fmt: skip
    done = timezone.localdate(built.finished_at)
    settings.EXPORT_DAYS = 30
    assert built.expires_on == done + timedelta(days=30)
    built.finished_at -= timedelta(days=30)
    assert built.available, "on its last day"
    built.pk, built.finished_at = uuid4(), built.finished_at - timedelta(days=1)
    with acting(chen):
        built.save(force_insert=True)  # another one of then: one that is over is not changed
    answer = client_of(chen).get(reverse("exports:download", args=[built.id]), follow=True)
    page = answer.content.decode()
    assert "The time to download it is over." in page
    assert f"{NEW}?cut={built.cut_id}" in page
    assert not Download.objects.exists()
    assert program(chen).get(f"exports/{built.id}/file").status_code == 409
    assert f'value="{built.cut_id}" selected' in client_of(chen).get(f"{NEW}?cut={built.cut_id}").content.decode()


def test_a_program_says_it_too_and_reads_what_is_wrong(participant, chen, program, monkeypatch):  # noqa: F811
    monkeypatch.setattr(snapshot, "CONNECTION", "default")
    mine = program(chen)
    cut, _ = take_cut(timezone.localdate(), user=chen)
    made = mine.send("post", "exports", FIELDS | {"cut": str(cut.id)})
    assert (made.status_code, made.json()["recipient"]) == (201, "Statistician, Demo Hospital")
    assert ExportJob.objects.get().cut == cut
    for wrong, item in (({"destination": "ABROAD"}, "filing"), ({"purpose": "SALE"}, "purpose"),
                        ({"cut": str(uuid4())}, "cut"), ({"recipient": " "}, "recipient")):  # fmt: skip
        answer = mine.send("post", "exports", FIELDS | wrong)
        assert (answer.status_code, answer.json()["errors"][0]["item"]) == (422, item)


def test_a_cut_that_is_not_there_does_not_exist(chen, client_of):
    for chosen in (str(uuid4()), "nothing"):
        assert client_of(chen).get(NEW, {"cut": chosen}).status_code == 404
        assert client_of(chen).post(NEW, FIELDS | {"cut": chosen}).status_code == 404


def test_the_tree_has_folders_with_their_files_and_rows():
    root = tree(
        {"a.txt": {"bytes": 1}, "data/x.csv": {"bytes": 9, "rows": 4}, "data/deep/y.csv": {"bytes": 9, "rows": 3}}
    )
    (data,) = root.folders
    assert ([file.name for file in root.files], root.count, root.rows) == (["a.txt"], 3, 7)
    assert (data.name, data.count, [each.name for each in data.folders]) == ("data", 2, ["deep"])


def test_of_many_downloads_the_newest_stand_on_its_page_and_all_in_the_trail(built, chen, zhao, client_of, monkeypatch):
    monkeypatch.setattr(views, "DOWNLOADS", 2)
    bundle, download = (reverse(f"exports:{name}", args=[built.id]) for name in ("bundle", "download"))
    for person in (zhao, chen, chen):
        client_of(person).get(download)
    feed = client_of(chen).get(bundle).content.decode().split('id="h-downloads"')[1]
    assert [line.split("<")[0] for line in feed.split('padded"><span translate="no">')[1:]] == ["Chen", "Chen"]
    events = AuditEvent.objects.filter(table=Download._meta.db_table).order_by("id")
    assert list(events.values_list("actor_name", flat=True)) == ["zhao", "chen", "chen"]
