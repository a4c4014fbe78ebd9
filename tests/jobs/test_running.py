"""A job outlives its workers, is given up after three of them, and never shows what it did as failed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis import running as analyses
from analysis.models import AnalysisRun
from prtras.accounts.access import system_user
from prtras.accounts.models import Site, User
from prtras.audit.acting import acting
from prtras.exports import building
from prtras.exports.models import ExportJob
from prtras.jobs import running
from prtras.jobs.leasing import LeaseLost, take_up
from prtras.jobs.running import carry_out, pick_up
from tests.exports.releases import OWN

RunOut = Callable[[], int]
Work = Callable[[ExportJob], dict[str, object]]


class Killed(BaseException):
    """What no worker catches."""


@pytest.fixture
def job(zhao: User) -> ExportJob:
    """A bundle that zhao asked for two minutes ago."""
    requested = building.request_export(OWN, user=zhao)
    with acting(zhao):
        ExportJob.objects.filter(pk=requested.pk).update(requested_at=timezone.now() - timedelta(minutes=2))
        zhao.email, zhao.language = "zhao@example.org", "en"
        zhao.save()
    return ExportJob.objects.get()


def die(job: ExportJob) -> dict[str, object]:
    """The worker ends in the middle."""
    raise Killed


def rename(job: ExportJob) -> dict[str, object]:
    """Work that changes data."""
    with acting(job.requested_by):
        Site.objects.update(name_en="Renamed")
    return {"format": "renamed"}


def attempt(job: ExportJob, work: Work, *, atomic: bool = False) -> ExportJob | None:
    """One worker comes by."""
    return carry_out(ExportJob, job.pk, "export", work, atomic=atomic)


def test_the_next_worker_does_what_a_dead_one_left(job: ExportJob, run_out: RunOut) -> None:
    with pytest.raises(Killed):
        attempt(job, die)
    job.refresh_from_db()
    assert job.status == "running"
    assert attempt(job, rename) is None, "the lease of the dead one still runs"
    run_out()
    done = attempt(job, rename)
    assert done
    assert (done.status, done.format) == ("done", "renamed")
    assert attempt(job, die) is None


def test_after_three_it_is_failed_and_the_requester_is_told_why_by_mail_and_on_its_page(
    job: ExportJob, run_out: RunOut, mailoutbox, client_of: Callable[[User], Client], zhao: User, monkeypatch
) -> None:
    monkeypatch.setattr(building, "_build", die)
    for _ in range(3):
        with pytest.raises(Killed):
            pick_up()
        run_out()
    pick_up()
    job.refresh_from_db()
    assert (job.status, job.log) == ("failed", "lost")
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["zhao@example.org"], "PRTRAS EDC: a task failed")
    assert mail.body.startswith("The bundle of 20")
    browser = client_of(zhao)
    assert "It was interrupted again and again" in browser.get(reverse("exports:index")).content.decode()
    browser.cookies["django_language"] = "zh-hans"
    assert "处理过程多次中断" in browser.get(reverse("exports:index")).content.decode()
    pick_up()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("atomic", [True, False])
def test_who_comes_back_late_does_not_write_the_result(job: ExportJob, run_out: RunOut, atomic: bool) -> None:
    def rename_late(late: ExportJob) -> dict[str, object]:
        run_out()
        assert take_up(*running._due(late))
        return rename(late)

    with pytest.raises(LeaseLost):
        attempt(job, rename_late, atomic=atomic)
    job.refresh_from_db()
    assert (job.status, job.format, job.log) == ("running", "csv", "")
    if atomic:
        assert Site.objects.get().name_en == "Shenzhen", "what it changed is taken back with it"


def test_who_comes_back_late_and_fails_does_not_say_that_the_job_failed(
    job: ExportJob, run_out: RunOut, mailoutbox
) -> None:
    def fail_late(late: ExportJob) -> dict[str, object]:
        run_out()
        assert take_up(*running._due(late))
        raise ValueError("late")

    with pytest.raises(LeaseLost):
        attempt(job, fail_late)
    job.refresh_from_db()
    assert (job.status, len(mailoutbox)) == ("running", 0)


def test_what_is_applied_and_that_it_is_done_are_one(job: ExportJob, monkeypatch: pytest.MonkeyPatch) -> None:
    def die_at_the_mark(*columns: object) -> None:
        raise Killed

    monkeypatch.setattr(running, "_end", die_at_the_mark)
    with pytest.raises(Killed):
        attempt(job, rename, atomic=True)
    assert Site.objects.get().name_en == "Shenzhen"


def test_while_the_database_is_away_nothing_is_given_up(job: ExportJob, run_out: RunOut, mailoutbox) -> None:
    def lose_the_database(_: ExportJob) -> dict[str, object]:
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.raises(OperationalError):
        attempt(job, lose_the_database)
    job.refresh_from_db()
    assert (job.status, len(mailoutbox)) == ("running", 0)
    run_out()
    assert attempt(job, rename)


def test_who_lost_the_right_reads_so_in_both_languages(job: ExportJob) -> None:
    def refuse(_: ExportJob) -> dict[str, object]:
        raise PermissionDenied("export")

    with pytest.raises(PermissionDenied):
        attempt(job, refuse)
    job.refresh_from_db()
    assert job.reason.en == "The right that this takes has been withdrawn."
    assert job.reason.zh == "您已没有所需的权限。"


def test_one_job_that_fails_keeps_no_other_from_being_picked_up(job: ExportJob, zhao: User, monkeypatch) -> None:
    building.request_export(OWN, user=zhao)
    with acting(zhao):
        ExportJob.objects.update(requested_at=timezone.now() - timedelta(minutes=2))
    monkeypatch.setattr(building, "_build", lambda job: 1 / 0)
    pick_up()
    assert [each.status for each in ExportJob.objects.all()] == ["failed", "failed"]


def test_a_dead_run_does_not_block_a_new_request_and_a_live_one_does(system: User, run_out: RunOut) -> None:
    first = analyses.request_run(date(2026, 11, 23), user=system_user())
    assert take_up(*running._due(first))
    with acting(system):
        AnalysisRun.objects.update(status="running")
    with pytest.raises(analyses.AlreadyRunning):
        analyses.request_run(date(2026, 11, 23), user=system_user())
    run_out()
    second = analyses.request_run(date(2026, 11, 23), user=system_user())
    first.refresh_from_db()
    assert (first.status, first.log, second.status) == ("failed", "replaced", "queued")
