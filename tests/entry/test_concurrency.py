"""Sixteen people at four pages at once: nothing acknowledged is lost, nothing overwritten unseen, nothing asked twice.

Through the pages themselves, in a database in which transactions really commit.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from enrollment.registering import next_numbers, register_participant
from prtras.accounts.managing import accept_policies, create_site, create_system_user, create_user, give_role
from prtras.accounts.policies import POLICIES
from prtras.accounts.rights import Role
from prtras.audit import replay
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import form_of
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.review.models import Query
from tests import casebook
from tests.audit.conftest import throwaway  # noqa: F401 - a fixture
from tests.conftest import PASSWORD

CLIENTS, SAVES, PAGES = 16, 200, 4


@dataclass(frozen=True)
class Acknowledged:
    """A save that was answered with "submitted": on which version it stood, and what it wrote."""

    page: object
    seen: int
    value: str


@pytest.fixture
def world(throwaway):  # noqa: F811
    system = create_system_user()
    site = create_site("01", "深圳", "Shenzhen", user=system)
    people = []
    for number in range(CLIENTS):
        person = create_user(f"crc{number}", f"Crc {number}", PASSWORD, user=system, language="en")
        give_role(person, site, Role.COORDINATOR, user=system)
        accept_policies(person, [policy.code for policy in POLICIES])
        people.append(person)
    pages = []
    for _ in range(PAGES):
        participant = register_participant(site, *next_numbers(site), user=people[0])
        page = CrfPage.objects.get(participant=participant, form="consent")
        submission = read(form_of("consent"), casebook.typed("consent"))
        pages.append(save_page(page.pk, submission.content, submission.remarks, user=people[0], seen_version=0).page)
    return people, pages


def work(person, pages, turns):
    """Take the version of a page, change one value, send it; again and again, each time another page."""
    client, done, answers = Client(), [], Counter()
    try:
        client.force_login(person)
        for turn in turns:
            page = pages[turn % len(pages)]
            address, value = reverse("entry:page", args=[page.pk]), f"V{turn}"
            seen = CrfPage.objects.values_list("version", flat=True).get(pk=page.pk)
            day = "2025-05-25" if turn % 3 else "2025-05-23"  # two of three wake a soft check
            sent = casebook.typed("consent", icf_version=value, inv_sign_date=day)
            answer = client.post(address, sent | {"version": str(seen), "reason.all": "ENTRY", "keep.none": "x"})
            if answer.status_code == 422:  # the check asks first: it has been seen now
                shown = re.search(r'name="shown" value="([^"]*)"', answer.content.decode()).group(1)
                answer = client.post(address, sent | {"version": str(seen), "reason.all": "ENTRY", "shown": shown})
            answers[answer.status_code] += 1
            if answer.status_code == 302:
                done.append(Acknowledged(page.pk, seen, value))
    finally:
        connections.close_all()
    return done, answers


def test_nothing_is_lost_overwritten_or_asked_twice(world):
    people, pages = world
    connection.close()
    turns = [range(number, SAVES, CLIENTS) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        results = list(pool.map(work, people, [pages] * CLIENTS, turns))
    acknowledged = [each for done, _ in results for each in done]
    answers = sum((counted for _, counted in results), Counter())
    assert sum(answers.values()) == SAVES
    assert set(answers) <= {302, 409}, answers
    assert answers[302] >= PAGES, "at least someone got through on every page"

    for page in CrfPage.objects.filter(form="consent"):
        written = [
            event.new["icf_version"]
            for event in AuditEvent.objects.filter(page=page.pk, table="enrollment_consent").order_by("id")
            if event.operation == "UPDATE" and "icf_version" in event.new
        ]
        mine = {each.value: each.seen for each in acknowledged if each.page == page.pk}
        assert sorted(written) == sorted(mine), "what was acknowledged was written, once, and nothing else"
        assert [mine[value] for value in written] == list(range(1, len(written) + 1)), "each on the one before it"
        assert page.version == 1 + len(written)
        assert page.consent.icf_version == (written[-1] if written else "V1.0")

    request = Query.objects.filter(state__in=("open", "answered")).values_list("page", "place", "check_id")
    assert len(request) == len(set(request))
    assert replay.unexplained() == []


def test_who_saves_while_an_import_writes_is_told_so_and_sends_it_again(world, monkeypatch):
    (person, importer, *_), (page, *_) = world
    monkeypatch.setattr("prtras.audit.acting.LONGEST_WAIT", "200ms")
    connection.close()
    writing, over = Event(), Event()

    def write_a_file():
        try:
            with acting(importer, source="file"):
                with connection.cursor() as cursor:
                    cursor.execute("SHOW lock_timeout")
                    patience = cursor.fetchone()[0]
                Participant.objects.select_for_update(no_key=True).get(pk=page.participant_id)
                writing.set()
                over.wait(60)
                return patience
        finally:
            connection.close()

    client = Client(raise_request_exception=False)
    client.force_login(person)
    address, typed = reverse("entry:page", args=[page.pk]), casebook.typed("consent", icf_version="V2.0")
    sent = typed | {"version": "0", "reason.all": "ENTRY"}
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(write_a_file)
        assert writing.wait(60)
        refused = client.post(address, sent)
        over.set()
        assert job.result() == "0", "what works by itself waits as long as it takes"
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    shown = refused.content.decode()
    assert "这些数据正由其他人或一次导入写入" in shown
    assert 'name="icf_version" value="V2.0"' in shown
    assert client.post(address, sent | {"version": "1"}).status_code == 302
    assert replay.unexplained() == []
