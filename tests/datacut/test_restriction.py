"""A picture up to a day: whatever is dated later is not in it, and everything else reads as it did then."""

from datetime import date, timedelta

import pytest

from prtras.coding.accepting import accept
from prtras.coding.importing import import_release, put_in_force
from prtras.crf.models import CrfPage
from prtras.crf.registry import all_forms, form_of
from prtras.datacut import snapshot
from prtras.datacut.cutting import reopen, take_cut
from prtras.datacut.models import DataCut
from prtras.datacut.restriction import REVIEWS
from prtras.entry.parsing import read
from prtras.entry.saving import save_page
from prtras.review import querying
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from tests import casebook
from tests.coding.release import archive
from tests.conftest import page_of
from visits.planning import add_log_page, add_unscheduled


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed


@pytest.fixture
def up_to():
    def cut(text: str) -> snapshot.Snapshot:
        return snapshot.take().up_to(date.fromisoformat(text))

    return cut


@pytest.fixture
def add(enrolled, lin):
    """One more record of a log."""

    def record(form: str, **typed: str) -> CrfPage:
        page = add_log_page(enrolled, form, user=lin)
        submission = read(form_of(form), casebook.typed(form, **typed))
        assert submission.problems == {}
        save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)
        return CrfPage.objects.get(pk=page.pk)

    return record


def only(picture, table):
    (row,) = picture.tables[table]
    return row


def visit(picture, code, sequence=0):
    (row,) = [r for r in picture.tables["visits"] if (r["VISIT"], r["VISITSEQ"]) == (code, sequence)]
    return row


def test_it_works(enrolled, fill, up_to):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **casebook.observation())
    fill(enrolled, "lbchem", "W12")
    before, on = up_to("2025-08-24"), up_to("2025-08-25")
    assert [len(on.tables[name]) for name in ("visit", "mriobs", "lbchem")] == [1, 1, 1]
    assert [len(before.tables[name]) for name in ("visit", "mri", "mriobs", "lbchem", "lbchem_results")] == [
        0,
        1,
        0,
        0,
        0,
    ]
    assert only(before, "mri")["VISIT"] == "SCR"
    assert before.rows == sum(map(len, before.lines.values())) < on.rows


def test_what_was_entered_day_by_day_is_cut_to_what_it_was_on_each_day(participant, fill, up_to):
    entered = {}
    for day, entries in BY_DAY.items():
        for form, code, typed in entries:
            fill(participant, form, code, **typed)
        entered[day] = snapshot.take()
    for day, picture in entered.items():
        cut = up_to(day)
        assert [name for name in picture.lines if typed_in(picture, name) != typed_in(cut, name)] == []


def typed_in(picture: snapshot.Snapshot, table: str) -> list[dict[str, object]]:
    """A table without what is computed from other pages, which a later page renews."""
    items = {each.code: each.items for form in all_forms() for each in form.tables()}.get(table, {})
    computed = {name for name, item in items.items() if item.derived} | {"PAGEVERSION"}
    return [{name: value for name, value in row.items() if name not in computed} for row in picture.tables[table]]


#: What an honest coordinator enters on the day on which it happens.
BY_DAY = {
    "2025-05-25": [(form, None, {}) for form in ("consent", "dm", "hcc", "radtx", "na")],
    "2025-05-26": [("mri", "SCR", {"mri_date": "2025-05-26", "mri_read_date": "2025-05-26"}), ("lbviro", "SCR", {})],
    "2025-05-31": [("ie", None, {})],
    "2025-06-02": [("alloc", None, {})],
    "2025-08-25": [("visit", "W12", {}), ("lbchem", "W12", {}), ("adh", "W12", {})],
    "2025-08-26": [("mri", "W12", {"mri_date": "2025-08-26"})],
    "2025-11-17": [("visit", "W24", {"visit_date": "2025-11-17"})],
}


def test_a_picture_up_to_today_is_the_picture_itself(enrolled, fill, up_to):
    fill(enrolled, "visit", "W12")
    assert snapshot.take().lines == up_to("2026-11-30").lines


def test_a_visit_that_took_place_later_reads_as_planned(enrolled, fill, up_to):
    fill(enrolled, "visit", "W12")
    assert (visit(up_to("2025-08-24"), "W12")["STATE"], visit(up_to("2025-08-24"), "W12")["SVSTDTC"]) == (
        "planned",
        None,
    )
    assert (visit(up_to("2025-08-25"), "W12")["STATE"], visit(up_to("2025-08-25"), "W12")["SVSTDTC"]) == (
        "done", "2025-08-25",
    )  # fmt: skip
    assert visit(up_to("2025-08-24"), "W12")["TARGET"] == visit(up_to("2025-08-25"), "W12")["TARGET"]


def test_a_missed_visit_is_missed_when_its_window_has_closed(enrolled, fill, up_to):
    missed = {"visit_status": "MISSED", "visit_date": None, "visit_mode": None, "miss_reason": "REFUSED"}
    fill(enrolled, "visit", "W12", **missed)
    closes = visit(snapshot.take(), "W12")["CLOSES"]
    before = (date.fromisoformat(closes) - timedelta(days=1)).isoformat()
    assert (visit(up_to(closes), "W12")["STATE"], len(up_to(closes).tables["visit"])) == ("missed", 1)
    assert (visit(up_to(before), "W12")["STATE"], len(up_to(before).tables["visit"])) == ("planned", 0)


def test_an_unscheduled_visit_that_came_later_is_not_there(enrolled, fill, lin, up_to):
    add_unscheduled(enrolled, user=lin)
    fill(enrolled, "visit", "UNS", visit_date="2025-07-10", uns_reason="Fever")
    assert visit(up_to("2025-07-10"), "UNS", 1)["SVSTDTC"] == "2025-07-10"
    assert "UNS" not in {row["VISIT"] for row in up_to("2025-07-09").tables["visits"]}


def test_a_page_without_a_date_has_the_day_of_its_visit(enrolled, fill, up_to):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "adh", "W12")
    fill(enrolled, "lbhem", "W12", hem_date="2025-08-20")
    assert [len(up_to("2025-08-24").tables[name]) for name in ("adh", "lbhem")] == [0, 1]
    assert len(up_to("2025-08-25").tables["adh"]) == 1


def test_who_consented_later_is_not_there_and_nothing_of_theirs(participant, fill, up_to):
    fill(participant, "consent")
    fill(participant, "dm")
    assert len(up_to("2025-05-23").tables["participants"]) == 1
    before = up_to("2025-05-22")
    assert before.rows == 0


def test_whose_consent_nobody_entered_yet_stays(participant, up_to):
    assert only(up_to("2020-01-01"), "participants")["STATE"] == "screening"


def test_an_arm_that_was_chosen_later_is_not_chosen(enrolled, up_to):
    chosen = only(up_to("2025-06-02"), "participants")
    assert (chosen["ARMCD"], chosen["DAY0"], chosen["STATE"]) == ("A2", "2025-06-02", "on_study")
    before = up_to("2025-06-01")
    row = only(before, "participants")
    assert (row["ARMCD"], row["DAY0"], row["STATE"]) == ("", None, "screening")
    assert before.tables["alloc"] == []
    assert {(r["VISIT"], r["TARGET"]) for r in before.tables["visits"]} == {("SCR", None), ("W0", None)}
    assert {r["VISIT"] for r in up_to("2025-05-30").tables["visits"]} == {"SCR"}


def test_who_died_later_was_on_study_and_their_visits_were_to_come(enrolled, fill, add, up_to):
    add("death")
    fill_end(enrolled, add)
    last = [r for r in snapshot.take().tables["visits"] if r["STATE"] == "dropped"]
    after, before = up_to("2025-09-30"), up_to("2025-09-11")
    assert last
    assert only(after, "participants")["STATE"] == "died"
    assert only(before, "participants")["STATE"] == "on_study"
    assert {r["STATE"] for r in after.tables["visits"]} == {"planned", "dropped"}
    assert {r["STATE"] for r in before.tables["visits"]} == {"planned"}
    assert (before.tables["death"], before.tables["eos"]) == ([], [])


def fill_end(person, add):
    add("eos", eos_status="DEATH", eos_date="2025-09-12", last_alive="2025-09-12", last_status="DEAD")


def test_an_event_that_began_before_and_ended_after_has_no_end_yet(enrolled, add, up_to):
    add("ae", ae_start="2025-06-10", ae_end="2025-06-20")
    row = only(up_to("2025-06-15"), "ae")
    assert (row["ae_start"], row["ae_end"], row["ae_out"]) == ("2025-06-10", None, "RECOVERED/RESOLVED")
    assert only(up_to("2025-06-20"), "ae")["ae_end"] == "2025-06-20"
    assert up_to("2025-06-09").tables["ae"] == []


@pytest.mark.parametrize(("start", "first"), [("2025-07", "2025-07-01"), ("2026", "2026-01-01")])
def test_a_partial_date_counts_from_the_earliest_day_it_may_be(enrolled, add, up_to, start, first):
    add("cm", cm_start=start, cm_ongoing="Y", cm_end=None)
    before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    assert (len(up_to(first).tables["cm"]), len(up_to(before).tables["cm"])) == (1, 0)


def test_what_was_known_ahead_stays(enrolled, fill, add, up_to):
    add("pegifn")
    fill(enrolled, "visit", "W12")
    assert only(up_to("2025-06-02"), "pegifn")["pg_expiry"] == "2027-01-31"
    assert only(up_to("2025-08-25"), "visit")["window_hi"] > "2025-08-25"


def test_what_is_asked_verified_signed_and_coded_goes_with_its_page(enrolled, fill, add, wang, zhao, up_to):
    put_in_force(import_release(archive(), user=wang), user=wang)
    event = add("ae", ae_term="Headache")
    scan = fill(enrolled, "mri", "W12").page
    accept("ae", "Headache", 90000011, user=wang)
    verify_page(scan.pk, ["mri_date"], user=wang, seen_version=scan.version)
    sign_pages({scan.pk: scan.version}, "CONFIRMED", user=zhao)
    for page in (scan, event, page_of(enrolled, "consent")):
        querying.raise_query(page, "", "Please check.", user=wang)
    expected = {"2025-08-25": (3, 1, 1, 1), "2025-08-24": (2, 0, 0, 1), "2025-06-09": (1, 0, 0, 0)}
    for day, counts in expected.items():
        tables = up_to(day).tables
        assert tuple(len([row for row in tables[name] if not row["CHECKID"]]) for name in REVIEWS) == counts


def test_a_cut_stores_the_picture_up_to_its_day(enrolled, fill, add, chen):
    fill(enrolled, "visit", "W12")
    add("ae")
    cut, picture = take_cut(date(2025, 6, 9), user=chen)
    assert (picture.tables["ae"], picture.tables["visit"]) == ([], [])
    assert (cut.rows, cut.entered_until, cut.cutoff) == (picture.rows, None, date(2025, 6, 9))
    assert reopen(DataCut.objects.get(pk=cut.pk)).lines == picture.lines
