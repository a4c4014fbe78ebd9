"""The rules that hold for every item of every form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment.registering import next_numbers, register_participant
from prtras.audit.acting import acting
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.models import Visit
from prtras.entry import nightly_checks, tasks
from prtras.entry.nightly_checks import run_checks
from prtras.entry.saving import ChecksFailed
from prtras.review import querying
from tests.conftest import page_of

TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


def refused(fill, *place, **changes) -> set[str]:
    with pytest.raises(ChecksFailed) as actual:
        fill(*place, **changes)
    return {finding.key for finding in actual.value.findings}


@pytest.mark.parametrize("day", [TOMORROW, "1949-12-31"])
def test_a_date_is_neither_in_the_future_nor_before_birth(enrolled, fill, day):
    fill(enrolled, "visit", "W12")
    assert "GEN-004@vs_date" in refused(fill, enrolled, "vs", "W12", vs_date=day)


def test_a_partial_date_counts_when_every_day_it_may_mean_is_wrong(enrolled, fill):
    assert "GEN-004@hbv_first_date" in refused(fill, enrolled, "hbvhx", hbv_first_date="1935")
    born = page_of(enrolled, "dm").demographics.brthdat.year
    fill(enrolled, "hbvhx", hbv_first_date=str(born))


def test_an_expiry_may_lie_ahead(enrolled, fill):
    fill(enrolled, "pegifn", pg_expiry=TOMORROW)


def test_nothing_goes_together_with_nothing_else(enrolled, fill):
    woman = {"sex": "F", "childbear": "WOCBP", "lactating": "N", "reason__all": "SOURCE"}
    assert "GEN-006@contracep" in refused(fill, enrolled, "dm", **woman, contracep=["NONE", "IUD"])


def test_an_assessment_far_from_its_visit_is_asked_about(enrolled, fill):
    fill(enrolled, "visit", "W12")
    opened = fill(enrolled, "vs", "W12", vs_date="2025-09-23").opened
    assert "GEN-007" in {query.check_id for query in opened}


def test_an_assessment_four_weeks_from_its_visit_opens_no_query(enrolled, fill):
    fill(enrolled, "visit", "W12")
    opened = fill(enrolled, "vs", "W12", vs_date="2025-09-22").opened
    assert "GEN-007" not in {query.check_id for query in opened}


def test_reference_limits_have_an_order(enrolled, fill):
    fill(enrolled, "visit", "W12")
    limits = {"row__wbc__ornrlo": "9.5", "row__wbc__ornrhi": "3.5"}
    assert "GEN-008@wbc:ornrlo" in refused(fill, enrolled, "lbhem", "W12", **limits)


def test_a_form_that_is_two_weeks_overdue_is_asked_for_at_night_until_it_comes(enrolled, fill, system):
    page, today = page_of(enrolled, "vs", "W12"), timezone.localdate()
    with acting(system):
        Visit.objects.filter(id=page.visit_id).update(closes=today - timedelta(days=14))
    run_checks(user=system)
    assert not page.queries.exists()
    with acting(system):
        Visit.objects.filter(id=page.visit_id).update(closes=today - timedelta(days=15))
    run_checks(user=system)
    run_checks(user=system)
    assert [query.check_id for query in page.queries.all()] == ["GEN-010"]
    fill(enrolled, "visit", "W12")
    fill(enrolled, "vs", "W12")
    assert page.queries.get(check_id="GEN-010").state == "closed"


def test_an_overdue_form_about_which_a_person_closed_the_query_gets_no_second_one(enrolled, wang, system):
    page = page_of(enrolled, "vs", "W12")
    with acting(system):
        Visit.objects.filter(id=page.visit_id).update(closes=timezone.localdate() - timedelta(days=15))
    run_checks(user=system)
    querying.close(page.queries.get().id, "The nurse is ill.", user=wang)
    run_checks(user=system)
    assert [query.state for query in page.queries.all()] == ["closed"]


def test_what_the_worker_calls_at_night_runs_every_check_in_the_name_of_the_system(enrolled, system):
    page = page_of(enrolled, "vs", "W12")
    with acting(system):
        Visit.objects.filter(id=page.visit_id).update(closes=timezone.localdate() - timedelta(days=15))
    tasks.run_checks()
    assert [(query.check_id, query.opened_by) for query in page.queries.all()] == [("GEN-010", system)]


def test_the_nightly_checks_hold_so_many_participants_in_memory_and_leave_nobody_out(site, lin, system, monkeypatch):
    people = [register_participant(site, *next_numbers(site), user=lin) for _ in range(3)]
    batches = []

    class Watched(CohortRecords):
        def __init__(self, participants):
            batches.append(participants)
            super().__init__(participants)

    monkeypatch.setattr(nightly_checks, "CohortRecords", Watched)
    monkeypatch.setattr(nightly_checks, "AT_ONCE", 2)
    assert run_checks(user=system).participants == 3
    assert batches == [[people[0].pk, people[1].pk], [people[2].pk]]
