"""The trail for people: in words, filtered, as a file, and only what the reader may know of."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from endpoint_review.case_opening import open_cases
from enrollment.models import Consent, MedicalHistory
from enrollment.registering import next_numbers, register_participant
from labs.models import LabResult
from prtras.accounts.managing import note_arm_view
from prtras.accounts.token_issuing import NewToken, issue
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.coding.accepting import accept
from prtras.coding.importing import import_release, put_in_force
from prtras.crf.models import CrfPage
from prtras.entry import history
from prtras.entry.history import lines
from prtras.files.models import Download
from prtras.review.holding import Scope, hold
from prtras.review.querying import answer, raise_query
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from prtras.trail import data_review
from prtras.trail.models import DataReview
from prtras.trail.reading import TrailFilter, events_for, kinds_for
from prtras.trail.views import TOO_MUCH
from tests.coding.release import archive
from tests.conftest import PASSWORD

TRAIL, FILE, REVIEW = reverse("trail:list"), reverse("trail:file"), reverse("trail:data_review")


@pytest.fixture
def changed(participant, fill):
    """A consent whose version was put right."""
    fill(participant, "consent")
    return fill(
        participant, "consent", icf_version="V1.1", reason__icf_version="SOURCE", note__icf_version="form 3"
    ).page


def lines_for(reader, **request):
    return list(lines(events_for(reader, TrailFilter(**request)), identifiers=True))


def test_it_works(changed, participant, lin):
    newest = next(line for line in lines_for(lin, kind="data") if line.event.operation == "UPDATE")
    (change,) = newest.changes
    assert (change.place, change.old, change.new) == ("icf_version", "V1.0", "V1.1")
    assert change.label.en
    assert (newest.participant, newest.page, newest.why) == (
        participant.number,
        changed,
        "Source data corrected: form 3",
    )
    assert (newest.event.actor_name, newest.event.role) == ("lin", "coordinator")


def test_codes_are_read_as_texts_and_rows_by_their_names(enrolled, fill, lin):
    fill(enrolled, "lbhem", "W12")
    fill(enrolled, "lbhem", "W12", row__plt__orres="181", reason__all="ENTRY")
    newest = next(line for line in lines_for(lin, kind="data") if line.event.table == LabResult._meta.db_table)
    assert "plt:orres" in {change.place for change in newest.changes}
    assert {"Platelets"} <= {str(change.label) for change in newest.changes}
    consent = lines_for(lin, participant=enrolled.number, kind="data")[-1]
    assert "Participant" in {change.new for change in consent.changes}


def test_each_value_has_its_own_reason(participant, fill, lin):
    fill(participant, "consent")
    fill(participant, "consent", icf_version="V1.1", biobank_consent="N", reason__icf_version="SOURCE",
         reason__biobank_consent="ENTRY")  # fmt: skip
    newest = next(line for line in lines_for(lin, kind="data") if line.event.operation == "UPDATE")
    assert {change.place: change.why for change in newest.changes} == {
        "icf_version": "Source data corrected", "biobank_consent": "Data entry error",
    }  # fmt: skip
    assert newest.why == ""


def test_a_row_entered_in_error_says_so(enrolled, fill, lin):
    fill(enrolled, "hcc", void__1="Twice.", row__1__les_no="", row__1__les_seg=[], row__1__les_mm="",
         row__1__les_tx="", row__1__les_path="", reason__all="ENTRY")  # fmt: skip
    changes = [change for line in lines_for(lin, kind="data") for change in line.changes if change.place == "1:"]
    assert [change.new for change in changes] == ["Twice."]


def test_a_hold_of_a_visit_and_of_the_study_are_in_it(changed, participant, lin, wang):
    for scope in (Scope(visit=changed.visit), Scope(participant=participant), Scope()):
        hold(scope, "frozen", "Interim.", user=wang)
    tables = [line.event.table for line in lines_for(lin, kind="hold")]
    assert tables.count("review_holdact") == 3
    assert "crf_study" in tables


def test_a_reason_for_a_missing_value_is_a_change_too(participant, fill, lin):
    fill(participant, "consent")
    fill(participant, "consent", witness_needed="", missing__witness_needed="OTHER", reason__all="SOURCE")
    changes = next(line for line in lines_for(lin, kind="data") if line.event.operation == "UPDATE").changes
    assert ("witness_needed", "–", "(Other)") in [(c.place, c.old, c.new) for c in changes]


def test_every_kind_of_act_leaves_its_line(enrolled, changed, participant, fill, lin, wang, zhao, qin, client_of):
    query = raise_query(changed, "icf_date", "Right?", user=wang)
    answer(query.id, "Yes.", user=lin)
    verify_page(changed.pk, [""], user=wang, seen_version=changed.version)
    sign_pages({changed.pk: changed.version}, "CONFIRMED", user=zhao)
    note_arm_view(zhao, "dashboard")
    put_in_force(import_release(archive(), user=wang), user=wang)
    with acting(lin):
        history = CrfPage.objects.create(form="mh", participant=participant, repeat=9, state="submitted", version=1)
        MedicalHistory.objects.create(page=history, mh_term="Headache")
    accept("mh", "Headache", 90000011, user=wang)
    client_of(wang).post(REVIEW, {"note": "Looked at all of it."})
    client_of(wang).post(reverse("review:hold"), {"page": str(changed.pk), "act": "frozen", "reason": "Cut."})
    client_of(lin).post(reverse("paper:print_casebook", args=[participant.number, "en"]))
    Client().post(reverse("accounts:sign_in"), {"username": "lin", "password": "wrong"})
    Client().post(reverse("accounts:sign_in"), {"username": "lin", "password": PASSWORD})
    fill(participant, "mri", "W12")
    assert open_cases(user=qin) == 1
    token = issue(NewToken("a test", "read", "", str(timezone.localdate() + timedelta(days=30))), user=lin)[1]
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/participants").status_code == 200
    for kind in kinds_for(wang):
        assert lines_for(wang, kind=kind.code), kind.code
    kinds = {line.event.new["kind"] for line in lines_for(wang, kind="sign_in")}
    assert kinds == {"refused", "signed_in"}
    thread = [line for line in lines_for(wang, kind="query") if line.event.table == "review_querymessage"]
    assert {line.page for line in thread} == {changed}


def test_it_is_filtered_by_page_person_and_time(changed, participant, fill, lin, zhao, client_of):
    fill(participant, "dm")
    assert {line.page.form for line in lines_for(lin, page=str(changed.pk))} == {"consent"}
    assert not lines_for(lin, user="zhao")
    assert {line.event.actor_name for line in lines_for(lin, user="lin")} == {"lin"}
    today = timezone.localdate()
    everything = len(lines_for(lin))
    assert len(lines_for(lin, since=today, until=today)) == everything
    assert not lines_for(lin, until=today - timedelta(days=1))
    assert not lines_for(lin, since=today + timedelta(days=1))
    shown = client_of(lin).get(TRAIL, {"participant": participant.number, "kind": "data", "since": str(today)})
    assert shown.context["shown"].paginator.count == len(lines_for(lin, kind="data"))


@pytest.mark.parametrize("address", ["kind=nothing", "crf=x", "since=soon", "user=%0a", "participant=%27", "page=999"])
def test_nonsense_in_the_address_finds_nothing_or_everything_and_breaks_nothing(changed, lin, client_of, address):
    assert client_of(lin).get(f"{TRAIL}?{address}").status_code == 200


def test_another_site_is_not_in_it(changed, participant, eve, other_site):
    register_participant(other_site, *next_numbers(other_site), user=eve)
    assert {line.participant for line in lines_for(eve)} == {"02-001"}
    assert not lines_for(eve, participant=participant.number)
    assert not lines_for(eve, page=str(changed.pk))


def test_an_administrator_sees_people_at_work_and_nothing_clinical(changed, participant, adm, lin, client_of):
    assert {kind.code for kind in kinds_for(adm)} == {
        "sign_in", "arm", "export", "account", "cut", "endpoint", "api",
    }  # fmt: skip
    assert not [line for line in lines_for(adm) if line.event.participant or line.event.page]
    page = client_of(adm).get(TRAIL).content.decode()
    assert participant.number not in page
    assert not lines_for(adm, participant=participant.number)
    assert not lines_for(adm, kind="data")


def test_a_coordinator_sees_no_sign_ins_of_others(changed, lin, wang, system):
    Client().post(reverse("accounts:sign_in"), {"username": "wang", "password": PASSWORD})
    assert not lines_for(lin, kind="sign_in")
    assert lines_for(wang, kind="sign_in")


def test_no_password_or_secret_is_shown(adm, lin, wang, client_of, system):
    from prtras.accounts import second_factors

    second_factors.new_recovery_codes(user=lin)
    names = {change.place for line in lines_for(adm) for change in line.changes}
    assert names & history.SECRET == set()
    page = client_of(adm).get(TRAIL).content.decode()
    assert lin.password not in page


def test_the_file_has_a_row_for_each_value_and_is_on_record(changed, participant, lin, client_of):
    answer = client_of(lin).get(FILE, {"participant": participant.number})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    (row,) = [r for r in rows if r["OPERATION"] == "UPDATE" and r["ITEM"] == "icf_version"]
    assert (row["OLD"], row["NEW"], row["ACTOR"], row["ROLE"]) == ("V1.0", "V1.1", "lin", "coordinator")
    assert row["AT_UTC"].endswith("+00:00")
    assert {r["EVENT"] for r in rows} == {str(e.pk) for e in AuditEvent.objects.filter(participant=participant.pk)}
    assert Download.objects.get().user == lin


def test_a_file_that_would_be_too_long_is_refused_with_its_limit(changed, lin, client_of, monkeypatch):
    monkeypatch.setattr("prtras.trail.views.IN_A_FILE", 1)
    answer = client_of(lin).get(FILE, follow=True)
    assert not Download.objects.exists()
    assert str(TOO_MUCH.format(n=1)) in answer.content.decode()


def test_the_history_of_one_item_is_all_that_happened_to_it(changed, lin, client_of):
    address = reverse("trail:history", args=[changed.pk])
    whole = client_of(lin).get(address).content.decode()
    one = client_of(lin).get(address, {"place": "icf_version"}).content.decode()
    assert "Source data corrected: form 3" in one
    assert one.count("<li>") == 2
    assert whole.count("<li>") > 2
    assert "2025-03-01" in whole
    assert "2025-03-01" not in one


def test_identifiers_are_hidden_from_who_may_not_see_them(participant, fill, chen, client_of):
    fill(participant, "consent")
    page = fill(participant, "dm").page
    shown = client_of(chen).get(reverse("trail:history", args=[page.pk])).content.decode()
    assert "1975-04-12" not in shown
    assert "WXM" not in shown


# -- The data-review report ------------------------------------------------------------------------


@pytest.fixture
def part(wang):
    def find(code):
        today = timezone.localdate()
        return next(p for p in data_review.report(wang, today - timedelta(days=30), today) if p.code == code)

    return find


def test_late_entry_is_found(enrolled, fill, part):
    """W12 of 2025 was entered today."""
    page = fill(enrolled, "visit", "W12").page
    assert page.pk in {row["page"].pk for row in part("late").rows}


def test_a_page_entered_in_time_is_not_late(enrolled, fill, part, lin):
    page = fill(enrolled, "visit", "W12").page
    with acting(lin):
        type(page.visit).objects.filter(pk=page.visit_id).update(date=timezone.localdate() - timedelta(days=14))
    assert page.pk not in {row["page"].pk for row in part("late").rows}


def test_changes_after_verification_and_signature_are_found(changed, participant, fill, wang, zhao, part):
    verify_page(changed.pk, [""], user=wang, seen_version=changed.version)
    sign_pages({changed.pk: changed.version}, "CONFIRMED", user=zhao)
    assert (part("verified").count, part("signed").count) == (0, 0)
    fill(participant, "consent", biobank_consent="N", reason__all="ENTRY")
    assert (part("verified").count, part("signed").count) == (1, 1)


@pytest.mark.parametrize(
    ("hour", "weekday", "unusual"),
    [(10, 2, False), (21, 2, False), (22, 2, True), (5, 3, True), (6, 3, False), (12, 6, True), (12, 5, False)],
)
def test_the_night_and_the_week_end_are_unusual(hour, weekday, unusual):
    assert data_review.is_unusual(hour, weekday) is unusual


def test_more_than_five_times_the_usual_is_many():
    days = [
        {"actor_name": name, "day": None, "n": n} for name, n in (("lin", 60), ("zhao", 4), ("yun", 10), ("mei", 8))
    ]
    assert [(row["who"], row["usual"]) for row in data_review.unusually_many(days)] == [("lin", 9)]
    assert data_review.unusually_many([]) == []
    assert data_review.unusually_many(days[:1]) == []


def test_work_at_this_hour_is_counted_or_not_by_the_clock(changed, part):
    now = timezone.localtime()
    expected = data_review.is_unusual(now.hour, now.isoweekday())
    assert bool(part("hours").count) is expected


def test_the_report_is_signed_off_with_its_counts_and_the_seal(changed, wang, client_of):
    browser = client_of(wang)
    assert browser.post(REVIEW, {"note": " "}).status_code == 422
    assert browser.post(REVIEW, {"note": "Looked at all of it."}).status_code == 302
    review = DataReview.objects.get()
    assert review.by == wang
    assert set(review.counts) == {"late", "verified", "signed", "hours", "many"}


def test_of_many_answers_the_first_are_shown_with_the_number_of_all(
    changed, participant, fill, wang, zhao, client_of, monkeypatch
):
    other = fill(participant, "dm").page
    for page in (changed, other):
        verify_page(page.pk, [""], user=wang, seen_version=page.version)
        sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    fill(participant, "consent", biobank_consent="N", reason__all="ENTRY")
    fill(participant, "dm", ethnic="HUI", reason__all="ENTRY")

    def answers(code):
        section = client_of(wang).get(REVIEW).content.decode().split(f'id="h-{code}">')[1].split("</section>")[0]
        return section.split("</h2>")[0].split()[-1], section.count("<tr>") - 1

    assert (answers("verified"), answers("signed")) == (("2", 2), ("2", 2))
    monkeypatch.setattr(data_review, "SHOWN", 1)
    assert (answers("verified"), answers("signed")) == (("2", 1), ("2", 1))


@pytest.mark.parametrize("code", ["late", "hours", "many"])
def test_of_many_late_pages_and_busy_people_the_first_are_shown_too(enrolled, fill, zhao, part, monkeypatch, code):
    monkeypatch.setattr(data_review, "is_unusual", lambda hour, weekday: True)
    monkeypatch.setattr(data_review, "MANY", 0)
    for form in ("visit", "vs"):
        fill(enrolled, form, "W12")
    with acting(zhao, reason="source"):
        Consent.objects.update(biobank_consent="N")
    every = part(code)
    assert len(every.rows) > 1
    monkeypatch.setattr(data_review, "SHOWN", len(every.rows) - 1)
    assert (part(code).count, part(code).rows) == (every.count, every.rows[:-1])


def test_the_line_after_the_last_of_a_page_of_the_trail_is_on_the_next(changed, lin, client_of, monkeypatch):
    def on_page(number):
        page = client_of(lin).get(TRAIL, {"kind": "data", "page": number}).content.decode()
        return re.findall(r"<tr>.*?</tr>", page.split("<tbody>")[1], re.DOTALL), ">Next<" in page

    rows, further = on_page(1)
    assert (len(rows) > 1, further) == (True, False)
    monkeypatch.setattr("prtras.trail.views.AT_ONCE", len(rows) - 1)
    assert (on_page(1), on_page(2)) == ((rows[:-1], True), (rows[-1:], False))
