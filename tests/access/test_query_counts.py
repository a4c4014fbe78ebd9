"""The number of database queries of every page is on record; a page that grows one fails here.

When a page needs another query for a good reason, change its line in query_counts.json in the same commit.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analysis.models import AnalysisRun
from enrollment.registering import next_numbers, register_participant
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import Participant
from prtras.entry.drafting import keep_draft
from prtras.exports.models import ExportJob
from prtras.review.querying import raise_query
from tests.conftest import page_of
from tests.endpoint_review.cases import blind_case
from visits.planning import plan_visits
from visits.schedule import VERSION_1, from_day_0

COUNTS = json.loads((Path(__file__).parent / "query_counts.json").read_text())
CEILING = 25
DAY_0 = date(2025, 6, 2)


@pytest.fixture
def follow_up(site, lin, wang) -> Callable[[int], list[Participant]]:
    """So many participants in follow-up, each with overdue visits, a query and a draft."""

    def make(number: int) -> list[Participant]:
        people = [register_participant(site, *next_numbers(site), user=lin) for _ in range(number)]
        for person in people:
            person.anchor, person.arm, person.state = DAY_0, "A2", "on_study"
            with acting(lin):
                person.save()
                plan_visits(person, [visit for visit in from_day_0(VERSION_1) if visit.arm in ("", "A2")], VERSION_1)
            page = page_of(person, "mri", "W12")
            raise_query(page, "mri_date", "Please check.", user=wang)
            keep_draft(page, {"mri_date": ["2025-08-25"]}, 0, user=lin)
        return people

    return make


@pytest.fixture
def queries_of(client_of) -> Callable[[User, str], int]:
    """How many queries one page takes in someone's browser, once the templates are loaded."""

    def count(person: User, address: str) -> int:
        client: Client = client_of(person)
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    return count


def test_every_page_takes_the_queries_on_record(follow_up, queries_of, lin, zhao, mei, qin):
    people = follow_up(3)
    for place, person in enumerate(people):
        blind_case(person, qin, number=f"2345678{place}")
    with acting(zhao):
        for _ in range(3):
            ExportJob.objects.create(requested_by=zhao)
            AnalysisRun.objects.create(requested_by=zhao, cutoff=timezone.localdate(), status="done",
                                       finished_at=timezone.now())  # fmt: skip
    actual = {
        "worklist": queries_of(lin, reverse("visits:worklist")),
        "participants": queries_of(lin, reverse("visits:participants")),
        "participant": queries_of(lin, reverse("visits:participant", args=[people[1].number])),
        "form": queries_of(lin, reverse("entry:page", args=[page_of(people[1], "mri", "W12").id])),
        "form with rows": queries_of(lin, reverse("entry:page", args=[page_of(people[1], "lbhem", "W12").id])),
        "queries": queries_of(lin, reverse("review:inbox")),
        "register": queries_of(lin, reverse("enrollment:register")),
        "screening log": queries_of(lin, reverse("enrollment:screening")),
        "schedule": queries_of(lin, reverse("visits:schedule")),
        "visit calendar": queries_of(lin, reverse("visits:appointments", args=[people[1].number, "en"])),
        "laboratory import": queries_of(lin, reverse("labs:import")),
        "dashboard": queries_of(zhao, reverse("analysis:dashboard")),
        "runs": queries_of(zhao, reverse("analysis:runs")),
        "exports": queries_of(zhao, reverse("exports:index")),
        "cases of a reader": queries_of(mei, reverse("endpoint_review:cases")),
        "cases that changed": queries_of(qin, reverse("endpoint_review:cases") + "?state=changed"),
    }
    assert actual == COUNTS, json.dumps(actual, indent=2)
    assert max(actual.values()) <= CEILING


def test_the_number_does_not_depend_on_how_many_participants_there_are(follow_up, queries_of, lin):
    pages = ("visits:worklist", "visits:participants", "review:inbox")
    first = follow_up(3)[1]
    address = reverse("visits:participant", args=[first.number])
    few = [queries_of(lin, reverse(name)) for name in pages] + [queries_of(lin, address)]
    follow_up(27)
    assert Participant.objects.count() == 30
    assert [queries_of(lin, reverse(name)) for name in pages] + [queries_of(lin, address)] == few
