"""Two people read a case blind and on their own; where they differ, a third decides; nothing signed is changed."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from endpoint_review.case_opening import NoReason, NothingChanged, open_cases, reopen
from endpoint_review.cases import changed_lines, line_for, lines_for, readings_shown
from endpoint_review.judgement import final_of
from endpoint_review.models import Reading, ReviewCase
from endpoint_review.signing import Incomplete, NotYours, fits, sign_reading
from prtras.accounts.models import AccountRequest
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.review.signing import SigningRests
from tests.conftest import page_of
from tests.endpoint_review.conftest import NONE, RECURRENCE

pytestmark = pytest.mark.django_db


def final(case):
    return final_of(list(case.rounds.first().readings.all()))


def test_a_case_is_known_by_a_number_that_is_the_same_for_nobody_else(case, scanned, qin):
    assert len(case.number) == 8
    assert scanned.number not in case.number
    assert open_cases(user=qin) == 0


def test_nobody_is_a_case_before_a_scan_after_day_0(enrolled, qin):
    assert open_cases(user=qin) == 0
    assert not ReviewCase.objects.exists()


def test_two_equal_readings_are_the_verdict(both, case, mei):
    both(RECURRENCE, replace(RECURRENCE, category="LRM", confidence="LOW"))
    assert (final(case).verdict, final(case).evidence) == ("Y", date(2025, 11, 17))
    assert line_for(mei, case).state == "agreed"


@pytest.mark.parametrize("other", [NONE, replace(RECURRENCE, day=84), replace(NONE, verdict="NE", comment="Motion.")])
def test_another_verdict_or_another_scan_is_adjudicated_by_a_third_person(both, case, mei, qin, other):
    latest = both(RECURRENCE, other)
    assert final(case) is None
    with pytest.raises(NotYours):
        sign_reading(latest, RECURRENCE, user=mei)
    assert sign_reading(latest, other, user=qin).part == "final"
    assert (final(case).verdict, line_for(qin, case).state) == (other.verdict, "adjudicated")


def test_the_adjudicator_signs_nothing_before_both_have(newest, mei, qin):
    sign_reading(newest, NONE, user=mei)
    with pytest.raises(NotYours):
        sign_reading(newest, NONE, user=qin)


def test_nobody_reads_a_round_twice_and_a_third_reader_is_not_needed(both, mei, tao):
    latest = both(NONE, NONE)
    for person in (mei, tao):
        with pytest.raises(NotYours):
            sign_reading(latest, NONE, user=person)


@pytest.mark.parametrize("name", ["lin", "zhao", "chen", "wang", "adm"])
def test_nobody_else_opens_reads_or_adjudicates(request, newest, case, name):
    person = request.getfixturevalue(name)
    assert lines_for(person) == []
    with pytest.raises(NotYours):
        sign_reading(newest, NONE, user=person)
    with pytest.raises(PermissionDenied):
        open_cases(user=person)
    with pytest.raises(PermissionDenied):
        reopen(case, "New scan.", user=person)


def test_a_reader_sees_no_reading_of_another_and_the_adjudicator_none_before_both_signed(newest, case, mei, tao, qin):
    sign_reading(newest, NONE, user=mei)

    def seen(person, adjudicates):
        return [each.user for each in readings_shown(person, line_for(person, case), adjudicates=adjudicates)]

    assert (seen(mei, False), seen(tao, False), seen(qin, True)) == ([mei], [], [])
    sign_reading(newest, RECURRENCE, user=tao)
    assert (seen(mei, False), seen(tao, False), seen(qin, True)) == ([mei], [tao], [mei, tao])


@pytest.mark.parametrize(
    ("judgement", "fields"),
    [
        (replace(NONE, verdict=""), {"verdict"}),
        (replace(NONE, day=84), {"day"}),
        (replace(NONE, category="LR5"), {"category"}),
        (replace(RECURRENCE, day=None), {"day"}),
        (replace(RECURRENCE, day=-7), {"day"}),
        (replace(RECURRENCE, category="", confidence=""), {"category", "confidence"}),
        (replace(NONE, verdict="NE"), {"comment"}),
        (replace(NONE, comment="x" * 501), {"comment"}),
    ],
)
def test_a_reading_that_is_incomplete_or_contradicts_itself_is_not_signed(newest, mei, judgement, fields):
    with pytest.raises(Incomplete) as refused:
        sign_reading(newest, judgement, user=mei)
    assert set(refused.value.problems) == fields
    assert not Reading.objects.exists()


def test_what_is_signed_and_what_was_shown_can_be_changed_by_nobody(both, mei):
    latest = both(NONE, NONE)
    reading = latest.readings.first()
    assert fits(reading)
    for row, changed in ((reading, {"verdict": "NE"}), (latest, {"packet": {}})):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), acting(mei):
            type(row).objects.filter(pk=row.pk).update(**changed)
    reading.verdict = "Y"
    assert not fits(reading)


def test_someone_whose_password_may_be_lost_signs_nothing(newest, mei, adm):
    with acting(adm):
        AccountRequest.objects.create(person=mei, kind="invite", by=adm)
    with pytest.raises(SigningRests):
        sign_reading(newest, NONE, user=mei)
    columns = {"part": "first", "verdict": "N", "confidence": "HIGH", "user": mei, "name": "Mei", "role": "x"}
    with pytest.raises(DatabaseError, match="confirm their account"), transaction.atomic(), acting(mei):
        Reading.objects.create(round=newest, at=newest.opened_at, sha256="", **columns)


def test_the_trail_knows_who_signed_when_and_tells_no_reader_what(both):
    both(NONE, RECURRENCE)
    signed = AuditEvent.objects.filter(table="endpoint_review_reading")
    assert [(event.actor_name, event.role, event.participant) for event in signed.order_by("id")] == [
        ("mei", "endpoint_reviewer", None), ("tao", "endpoint_reviewer", None),
    ]  # fmt: skip


# -- Data that change ---------------------------------------------------------------------------------


def test_a_case_is_to_be_read_again_when_a_scan_came_or_was_corrected_and_says_what(both, case, scanned, fill, qin):
    both(NONE, NONE)
    assert changed_lines(lines_for(qin)) == []
    with pytest.raises(NothingChanged):
        reopen(case, "Again.", user=qin)
    fill(scanned, "mri", "W36", mri_date="2026-02-09", mri_read_date="2026-02-10")
    page = page_of(scanned, "mri", "W12")
    with acting(qin):
        page.mri.__class__.objects.filter(pk=page.pk).update(mri_quality="LIMITED")
    (line,) = changed_lines(lines_for(qin))
    assert [text.en for text in line.changed] == ["day 84: scan corrected", "day 252: scan added"]
    with pytest.raises(NoReason):
        reopen(case, " ", user=qin)
    again = reopen(case, "New scan.", user=qin)
    assert (again.ordinal, again.through, final(case)) == (2, date(2026, 2, 9), None)
    assert changed_lines(lines_for(qin)) == []


def test_a_scan_after_the_recurrence_asks_for_no_other_reading(both, scanned, fill, qin):
    both(RECURRENCE, RECURRENCE)
    fill(scanned, "mri", "W36", mri_date="2026-02-09", mri_read_date="2026-02-10")
    assert changed_lines(lines_for(qin)) == []


def test_nothing_is_signed_in_a_round_that_another_one_replaced(newest, case, scanned, fill, mei, qin):
    fill(scanned, "mri", "W36", mri_date="2026-02-09", mri_read_date="2026-02-10")
    reopen(case, "New scan.", user=qin)
    with pytest.raises(NotYours):
        sign_reading(newest, NONE, user=mei)
