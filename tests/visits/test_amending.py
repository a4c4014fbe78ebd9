"""An amendment is a new version of the schedule: it moves the visits to come and leaves the others alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from prtras.amendments import under
from prtras.audit.models import AuditEvent
from prtras.clinical.constants import VISIT_WIN_DAYS
from prtras.clinical.visit_window import assign
from prtras.crf.conditions import constants_in
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext
from prtras.crf.models import Visit
from prtras.crf.registry import checks_of, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.entry.judging import judge
from prtras.labels import T
from tests.conftest import choose_arm, page_of
from visits.amending import Amended, NotTheNewest, amend
from visits.schedule import VERSION_1, planned_under


@pytest.fixture
def version_2() -> Iterator[None]:
    """Version 2: W96 within 14 days and without its immune profile, W108 left out, W150 new."""
    w96 = VERSION_1.visits["W96"]
    wider = replace(w96, first=672 - 14, last=672 + 14, required=tuple(f for f in w96.required if f != "lbpbmc"))
    new = replace(VERSION_1.visits["W12"], code="W150", day=1050, first=1043, last=1057, position=160)
    SCHEDULE.add(VERSION_1.amended("2", T("修订一", "Amendment 1"), wider, new, without=("W108",)))
    yield
    SCHEDULE.drop("2")


@pytest.fixture
def halfway(participant, fill, lin):
    """Someone whose Day 0 was 80 weeks ago, with W12 recorded."""
    day_0 = timezone.localdate() - timedelta(weeks=80)
    choose_arm(participant, fill, day_0)
    fill(participant, "visit", "W12", visit_date=str(day_0 + timedelta(days=84)))
    participant.refresh_from_db()
    return participant


def visits(participant) -> dict[str, Visit]:
    return {visit.code: visit for visit in participant.visits.all()}


def test_it_works(halfway, version_2, system):
    assert amend("2", "Amendment 1", user=system) == Amended(participants=1, moved=7, added=1, dropped=1)
    after = visits(halfway)
    assert {code for code, visit in after.items() if visit.schedule == "2"} == {
        "W84", "W96", "W120", "W132", "W144", "W150", "W156", "EOS",
    }  # fmt: skip
    assert (after["W96"].target - after["W96"].opens).days == 14
    assert after["W108"].state == "dropped"
    assert after["W150"].target == halfway.anchor + timedelta(days=1050)


def test_visits_that_took_place_were_missed_or_are_open_keep_their_version(halfway, version_2, system):
    before = {
        code: (v.schedule, v.opens, v.state)
        for code, v in visits(halfway).items()
        if v.opens and v.opens <= timezone.localdate()
    }
    amend("2", "Amendment 1", user=system)
    assert {code: (v.schedule, v.opens, v.state) for code, v in visits(halfway).items() if code in before} == before
    assert {"SCR", "W0", "W12", "W72"} <= before.keys()


def test_forms_that_are_not_expected_any_more_go_and_those_of_a_dropped_visit(halfway, version_2, system):
    amend("2", "Amendment 1", user=system)
    assert halfway.pages.get(visit__code="W96", form="lbpbmc").state == "void"
    assert set(halfway.pages.filter(visit__code="W108").values_list("state", flat=True)) == {"void"}
    assert halfway.pages.filter(visit__code="W150", state="expected").count() > 8


def test_a_second_time_it_changes_nothing(halfway, version_2, system):
    amend("2", "Amendment 1", user=system)
    last = AuditEvent.objects.count()
    assert amend("2", "Amendment 1", user=system) == Amended(participants=1)
    assert AuditEvent.objects.count() == last


def test_the_trail_names_the_amendment(halfway, version_2, system):
    amend("2", "Amendment 1, approved 2026-11-20", user=system)
    event = (
        AuditEvent.objects.filter(table="visits_visit").last() or AuditEvent.objects.filter(table="crf_visit").last()
    )
    assert (event.source, event.reason) == ("amendment", "Amendment 1, approved 2026-11-20")


def test_a_dry_run_counts_and_writes_nothing(halfway, version_2, system):
    message = StringIO()
    call_command("amend_schedule", "2", "--reason", "Amendment 1", "--dry-run", stdout=message)
    assert "1 participants; visits would be moved 7, added 1, dropped 1" in message.getvalue()
    assert {visit.schedule for visit in visits(halfway).values()} == {"1"}


def test_only_the_newest_version_can_be_moved_to(halfway, version_2, system):
    with pytest.raises(NotTheNewest):
        amend("1", "Back", user=system)
    with pytest.raises(CommandError, match="7 is not the newest"):
        call_command("amend_schedule", "7", "--reason", "x")


def test_the_window_of_a_visit_is_that_of_its_version(halfway, version_2, system):
    amend("2", "Amendment 1", user=system)
    page = halfway.pages.get(visit__code="W96", form="visit")
    form, day = form_of("visit"), {"visit_date": page.visit.target - timedelta(days=12)}
    derived = form.derive(day, PageContext(page, form, day))
    assert (derived["window_status"], derived["window_dev"]) == ("IN", -12)


def test_who_left_keeps_the_schedule_by_which_he_was_followed(halfway, version_2, system, fill):
    fill(halfway, "eos", eos_date=str(timezone.localdate()), eos_status="LOST TO FOLLOW-UP", last_status="U",
         last_alive=str(halfway.anchor + timedelta(days=84)), eos_sign_date=str(timezone.localdate()))  # fmt: skip
    assert amend("2", "Amendment 1", user=system) == Amended()


@pytest.fixture
def window_of_14_days(monkeypatch) -> Iterator[None]:
    """Version 2 makes the window of visits 14 days."""
    amended = replace(VISIT_WIN_DAYS, amended=(("2", 14),))
    monkeypatch.setattr("visits.schedule.VISIT_WIN_DAYS", amended)
    monkeypatch.setattr("prtras.clinical.visit_window.VISIT_WIN_DAYS", amended)
    check = next(check for check in checks_of("lbchem") if "visit_win_days" in check.template.en)
    (constant,) = constants_in(check.when)
    object.__setattr__(constant, "amended", amended.amended)
    SCHEDULE.add(VERSION_1.amended("2", T("修订一", "Amendment 1"), *planned_under("1", "2").values()))
    yield
    SCHEDULE.drop("2")
    object.__setattr__(constant, "amended", ())


def test_an_amended_constant_changes_the_windows_of_visits_to_come_only(halfway, window_of_14_days, system):
    amend("2", "Amendment 1", user=system)
    widths = {
        code: (v.closes - v.target).days for code, v in visits(halfway).items() if code.startswith("W") and v.closes
    }
    assert {code: days for code, days in widths.items() if days == 14} == dict.fromkeys(
        ("W84", "W96", "W108", "W120", "W132", "W144", "W156"), 14
    )
    assert (widths["W12"], widths["W72"]) == (7, 7)


def test_a_page_is_judged_by_the_constants_of_its_visit(halfway, window_of_14_days):
    """The sample was taken nine days after the visit: too late under version 1, in time under version 2."""
    page = page_of(halfway, "lbchem", "W12")
    sample = PageContent({"chem_done": "Y", "chem_date": halfway.anchor + timedelta(days=84 + 9)}, {})

    def too_far(version: str) -> list[str]:
        page.visit.schedule = version
        findings = judge(page, form_of("lbchem"), sample).findings
        return [finding.text.en for finding in findings if "days from the visit" in finding.text.en]

    assert too_far("1") == ["Biochemistry sample is more than 7 days from the visit."]
    assert too_far("2") == []


def test_a_calculator_takes_the_constant_that_is_in_force(window_of_14_days):
    late = (date(2025, 1, 6), date(2025, 1, 6) + timedelta(days=84 + 9))
    with under(("1",)):
        assert assign(*late).status == "LATE"
    with under(("1", "2")):
        assert assign(*late).status == "IN"
    assert assign(*late).status == "IN"


def test_a_message_names_the_constant_as_it_holds_for_the_page(window_of_14_days):
    check = next(check for check in checks_of("lbchem") if "visit_win_days" in check.template.en)
    assert "7 days" in check.text_under(("1",)).en
    assert "14 days" in check.text_under(("1", "2")).en
    assert "14 days" in check.text_under(None).en
