"""The pages of runs: progress, cancel with a question, alarm and its mail, compute again, two runs compared."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from analysis import alarming, recomputing, run_details, running
from analysis.models import AnalysisRun, Recomputation
from analysis.outputs import OUTPUTS
from prtras.accounts.models import ArmView, User
from prtras.audit.acting import acting
from prtras.crf.models import Participant
from prtras.files.models import Download
from prtras.jobs.models import Due
from prtras.jobs.running import carry_out
from prtras.jobs.scheduling import do_deferred
from prtras.jobs.steps import Steps
from tests.night.runs import another_like, finished
from tests.night.test_older_run import STORED

Browser = Callable[[User], Client]
CUTOFF = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _the_picture_shows_this_transaction(db: None) -> Iterator[None]:
    own = connections["snapshot"]
    connections["snapshot"] = connections["default"]
    yield
    connections["snapshot"] = own


@pytest.fixture
def with_arm(participant: Participant, lin: User) -> Participant:
    """Someone with an arm and a Day 0, not scanned yet."""
    with acting(lin):
        Participant.objects.filter(pk=participant.pk).update(arm="A2", anchor="2026-06-01", state="on_study")
    return participant


def done(user: User, **more: object) -> AnalysisRun:
    """A finished run."""
    finished = running.run(running.request_run(CUTOFF, user=user, **more).id)  # type: ignore[arg-type]
    assert finished
    return finished


def text(client: Client, address: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_at_which_step_a_run_is_and_that_it_lost_its_worker(
    zhao: User, wang: User, client_of: Browser
) -> None:
    run = running.request_run(CUTOFF, user=zhao)
    assert "queued" in text(client_of(wang), "/runs/")
    seen = []

    def work(job: AnalysisRun) -> dict[str, object]:
        steps = Steps(job, ("cut", "endpoints", "events", "report_zh"))
        for step in steps.names:
            steps.begin(step)
            page = text(client_of(wang), "/runs/", "zh-hans" if step == "events" else "en")
            seen.append((step, "data-live" in page, page))
        Due.objects.filter(finished_at=None).update(leased_until=timezone.now() - timedelta(seconds=1))
        assert "waits for the next worker" in text(client_of(wang), "/runs/")
        return {"steps": steps.end()}

    carry_out(AnalysisRun, run.pk, "analysis", work)
    for (_, live, page), words in zip(
        seen, ("Data cut<", "1 of 4 steps done", f"结果 1 / {len(OUTPUTS)}：复发事件", "Report in Chinese"), strict=True
    ):
        assert live
        assert words in page
    assert "data-live" not in text(client_of(wang), "/runs/")


def test_a_run_is_cancelled_after_a_question(zhao: User, chen: User, wang: User, client_of: Browser) -> None:
    run = running.request_run(CUTOFF, user=zhao)
    address = f"/runs/{run.id}/cancel/"
    assert "Cancel…" not in text(client_of(wang), "/runs/")
    assert client_of(wang).post(address).status_code == 403
    browser = client_of(chen)
    assert address in text(browser, "/runs/")
    assert "Cancel this run?" in text(browser, address)
    assert AnalysisRun.objects.get().status == "queued", "a question changes nothing"
    assert browser.post(address).headers["Location"] == f"/runs/{run.id}/"
    page = text(browser, f"/runs/{run.id}/")
    assert "The run is cancelled." in page
    assert f"Cancelled by {chen}." in page
    browser.post(address)
    assert "The run is over and was not cancelled." in text(browser, f"/runs/{run.id}/")


def test_a_night_that_lost_a_recurrence_raises_an_alarm_on_its_pages_and_in_a_mail_without_numbers(
    system: User, adm: User, zhao: User, eve: User, with_arm: Participant, client_of: Browser, mailoutbox
) -> None:
    with acting(system):
        adm.email = "adm@example.org"
        adm.save()
    first = done(system, nightly=True)
    assert (first.alarms, set(first.counted["members"]["arm"])) == (None, {with_arm.number})
    counted = first.counted | {"members": first.counted["members"] | {"events": [with_arm.number]}}
    another_like(first, system, counted=counted)
    second = done(system, nightly=True)
    (alarm,) = alarming.alarms_of(second)
    assert (alarm.count, alarm.code, alarm.members) == ("events", "lost", (with_arm.number,))
    do_deferred(alarming.MAIL)
    do_deferred(alarming.MAIL)
    (mail,) = mailoutbox
    assert mail.to == ["adm@example.org"]
    assert "recurrences: 1 no longer counted (1 → 0)" in mail.body
    assert with_arm.number not in mail.body
    assert "recurrences: 1 no longer counted (1 → 0)" in text(client_of(zhao), "/runs/")
    address = f"/runs/{second.id}/"
    assert f'/participants/{with_arm.number}/analysis/?run={second.id}">{with_arm.number}' in text(
        client_of(zhao), address
    )
    assert with_arm.number not in text(client_of(eve), address), "of another site"
    third = done(system, nightly=True)
    assert third.alarms == []
    assert "as the data entered since" in text(client_of(zhao), f"/runs/{third.id}/")
    assert done(zhao).counted is None, "a run that a person asked for is compared with nothing"


def test_a_night_is_not_compared_with_one_that_stored_no_counts(system: User, with_arm: Participant) -> None:
    another_like(finished({"version": 2, "outputs": {}}, system), system, nightly=True, counted=None)
    assert done(system, nightly=True).alarms is None


def test_the_dashboard_says_when_the_newest_night_run_failed(system: User, zhao: User, client_of: Browser) -> None:
    done(system, nightly=True)
    assert "failed" not in text(client_of(zhao), "/dashboards/recurrence/")
    with acting(system):
        failed = AnalysisRun.objects.create(
            cutoff=CUTOFF + timedelta(days=1), nightly=True, status="failed", requested_by=system
        )
    for address in ("/dashboards/recurrence/", "/dashboards/recurrence/by-arm/"):
        page = text(client_of(zhao), address)
        assert f"The night run up to {failed.cutoff} failed" in page
        assert f'href="/runs/{failed.id}/"' in page
    assert f"截至 {failed.cutoff} 的夜间分析失败" in text(client_of(zhao), "/dashboards/recurrence/", "zh-hans")


def test_a_finished_run_is_computed_again_and_what_differs_is_named(
    system: User, chen: User, wang: User, with_arm: Participant, client_of: Browser
) -> None:
    run = done(system)
    address = f"/runs/{run.id}/"
    assert client_of(wang).post(f"{address}again/").status_code == 403
    assert client_of(chen).post(f"{address}again/").status_code == 302
    with pytest.raises(recomputing.AlreadyComputing):
        recomputing.request_recomputation(run, user=chen)
    same = recomputing.recompute(Recomputation.objects.get().id)
    assert same
    assert (same.identical, same.results_sha256) == (True, run.results_sha256)
    assert "identical to the byte" in text(client_of(wang), address)
    other = run.results | {"outputs": run.results["outputs"] | {"events": {"n": 7, "events": 0}}}
    run = another_like(run, system, results=other, results_sha256="0" * 64, program=run.program | {"code": "0" * 64})
    address = f"/runs/{run.id}/"
    differs = recomputing.recompute(recomputing.request_recomputation(run, user=chen).id)
    assert differs
    assert differs.identical is False
    page = text(client_of(wang), address)
    assert "1 differ, 1 are the same" in page
    assert '<span class="tag tag-due">differs</span>' in page, "another program computes now"


def test_two_runs_are_compared_with_the_participants_whose_data_differ(
    system: User, lin: User, chen: User, wang: User, eve: User, with_arm: Participant, client_of: Browser
) -> None:
    before = done(system)
    with acting(lin):
        Participant.objects.filter(pk=with_arm.pk).update(anchor="2026-07-01")
    after = done(system)
    of_participant = f"/participants/{with_arm.number}/analysis/"
    for run, day_0 in ((before, "2026-06-01"), (after, "2026-07-01")):
        page = text(client_of(chen), f"{of_participant}?run={run.id}")
        assert f'<td data-l="Date">{day_0}</td>' in page, "as the cut of the chosen run has it"
        assert f'value="{run.id}" selected' in page
    assert '<td data-l="Date">2026-07-01</td>' in text(client_of(lin), of_participant), "as of today"
    assert client_of(eve).get(f"{of_participant}?run={before.id}").status_code == 404
    assert client_of(chen).get(f"{of_participant}?run=x").status_code == 404
    query = urlencode({"before": before.id, "after": after.id})
    looks = ArmView.objects.count()
    page = text(client_of(chen), f"/runs/compare/?{query}")
    assert f'/participants/{with_arm.number}/analysis/">{with_arm.number}' in page
    assert "participant: 1 changed" in page
    assert before.cut.sha256 in page
    assert after.cut.sha256 in page
    assert ArmView.objects.count() == looks + 1
    pooled = text(client_of(wang), f"/runs/compare/?{query}")
    assert "Pooled results only." in pooled
    assert "Peg-IFN" not in pooled
    assert ArmView.objects.count() == looks + 1
    assert with_arm.number not in text(client_of(eve), f"/runs/compare/?{query}"), "of another site"
    assert "同一数据快照" in text(client_of(chen), f"/runs/compare/?before={after.id}&after={after.id}", "zh-hans")
    for address in ("/runs/compare/?before=nothing&after=nothing", f"/runs/compare/?before={before.id}&after={lin.pk}"):
        assert client_of(chen).get(address).status_code == 404


def test_a_comparison_is_a_file_and_single_participants_take_the_right_to_export(
    system: User, lin: User, chen: User, wang: User, with_arm: Participant, client_of: Browser
) -> None:
    before = done(system)
    with acting(lin):
        Participant.objects.filter(pk=with_arm.pk).update(anchor="2026-07-01")
    query = urlencode({"before": before.id, "after": done(system).id})
    answer = client_of(chen).get(f"/runs/compare/participants.csv?{query}")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "participant,change,what,before,after"
    assert {line.split(",")[0] for line in lines[1:]} == {with_arm.number}
    assert Download.objects.count() == 1
    assert client_of(wang).get(f"/runs/compare/participants.csv?{query}").status_code == 403
    numbers = client_of(wang).get(f"/runs/compare/numbers.csv?{query}")
    assert b"".join(numbers.streaming_content).startswith(b"\xef\xbb\xbfoutput,place,output_text,place_text,before")
    assert client_of(chen).get(f"/runs/compare/arms.csv?{query}").status_code == 404


def test_the_newest_runs_are_offered_for_a_comparison_and_older_ones_have_their_address(
    system: User, chen: User, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest, middle, newest = (finished(json.loads(STORED.read_text()), system) for _ in range(3))
    browser = client_of(chen)

    def offered() -> list[bool]:
        page = text(browser, f"/runs/{newest.id}/")
        return [f'<option value="{run.id}"' in page for run in (oldest, middle)]

    assert offered() == [True, True]
    monkeypatch.setattr(run_details, "CHOICES", 2)
    assert offered() == [False, True]
    assert oldest.cut.sha256 in text(browser, f"/runs/compare/?before={oldest.id}&after={newest.id}")


def test_the_newest_recomputations_of_a_run_are_listed(
    system: User, zhao: User, chen: User, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = finished(json.loads(STORED.read_text()), system)
    for person in (zhao, chen, chen):
        with acting(person):
            Recomputation.objects.create(run=run, requested_by=person, status="done", identical=True)

    def listed() -> list[str]:
        part = text(client_of(chen), f"/runs/{run.id}/").split('id="h-again"')[1].split("</ul>")[0]
        return re.findall(r'<span translate="no">([^<]+)</span>', part)

    assert listed() == ["Chen", "Chen", "Zhao"]
    monkeypatch.setattr(run_details, "RECOMPUTATIONS", 2)
    assert listed() == ["Chen", "Chen"]
