"""Serious adverse events: the clock in hours, reports as PDF, the line listing, what does not agree."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.dates import PartialDate
from prtras.crf.models import CrfPage
from prtras.files import storing
from tests.conftest import page_of
from tests.exports.test_paper import text_of
from tests.visits.test_notifying import SERIOUS
from visits.deriving.safety import hours_to_report
from visits.models import AdverseEvent, PegIfnDose, SaeReport
from visits.planning import add_log_page
from visits.sae.clock import clock_of, notice
from visits.sae.line_list import mismatches
from visits.sae.reporting import ReportRefused, request_report, write_report

UNREPORTED = {**SERIOUS, "ae_aware_time": "15:30", "ae_report": "", "missing.ae_report": "OTHER"}


@pytest.fixture
def page(enrolled, lin) -> CrfPage:
    return add_log_page(enrolled, "ae", user=lin)


@pytest.fixture
def words(tmp_path):
    """The text of a stored PDF."""
    return lambda stored: " ".join(text_of(storing.content(stored), tmp_path, "-raw").split())


@pytest.fixture
def waiting(enrolled, page, fill) -> CrfPage:
    """An event of which the site became aware at 15:30 of 2025-06-12, not yet reported."""
    return fill(enrolled, "ae", **UNREPORTED).page


@pytest.mark.parametrize(
    ("now", "left", "overdue"),
    [("2025-06-12 16:00", "23 h left", False), ("2025-06-13 10:15", "5 h left", False),
     ("2025-06-13 15:00", "less than 1 h left", False), ("2025-06-13 15:31", "1 h overdue", True),
     ("2025-06-13 18:30", "3 h overdue", True)],
)  # fmt: skip
def test_the_clock_counts_hours_from_the_time_of_awareness(waiting, now, left, overdue):
    clock = clock_of(waiting.adverseevent, datetime.fromisoformat(now))
    assert (clock.left.en, clock.overdue, clock.remark) == (left, overdue, None)


def test_without_a_time_it_counts_from_the_beginning_of_the_day_and_says_so(enrolled, page, fill):
    event = fill(enrolled, "ae", **UNREPORTED | {"ae_aware_time": ""}).page.adverseevent
    clock = clock_of(event, datetime(2025, 6, 12, 22, 0))
    assert clock.left.en == "2 h left"
    assert "counted from 00:00" in clock.remark.en


def test_a_reported_event_has_no_clock(enrolled, page, fill):
    assert clock_of(fill(enrolled, "ae", **SERIOUS).page.adverseevent) is None


@pytest.mark.parametrize(
    ("report", "at", "expected"),
    [(date(2025, 6, 13), "15:30", (24, 24)), (date(2025, 6, 13), "15:31", (25, 25)), (date(2025, 6, 13), None, (9, 33)),
     (date(2025, 6, 12), None, (0, 9))],
)  # fmt: skip
def test_hours_to_the_report_are_a_range_where_a_time_is_not_known(report, at, expected):
    assert hours_to_report(date(2025, 6, 12), "15:30", report, at) == expected


def test_the_bar_of_every_page_shows_it_to_those_who_must_act_only(waiting, lin, zhao, chen, wang, client_of):
    assert notice(lin).urgent
    assert notice(zhao).text.en.startswith("SAE ")
    assert (notice(chen), notice(wang)) == (None, None)
    for person, seen in ((lin, True), (zhao, True), (chen, False)):
        assert ("h overdue" in client_of(person).get(reverse("visits:participants")).content.decode()) is seen


def test_nothing_stands_in_the_bar_when_every_event_is_reported(enrolled, page, fill, lin):
    fill(enrolled, "ae", **SERIOUS)
    assert notice(lin) is None


def test_a_report_more_than_24_hours_after_awareness_is_a_deviation_to_the_hour(enrolled, page, fill):
    fill(enrolled, "ae", **SERIOUS | {"ae_aware_time": "08:00", "ae_report_time": "07:59"})
    assert not CrfPage.objects.filter(form="dv", reason_code__startswith="saelate").exists()
    fill(enrolled, "ae", **SERIOUS | {"ae_aware_time": "08:00", "ae_report_time": "08:01"}, reason__all="SOURCE")
    assert CrfPage.objects.filter(form="dv", reason_code__startswith="saelate").exists()


@pytest.mark.parametrize(("reported", "is_query"), [("08:00", False), ("08:01", True), ("", False)])
def test_the_check_on_a_late_report_counts_to_the_minute_where_both_times_are_known(
    enrolled, page, fill, reported, is_query
):
    saved = fill(enrolled, "ae", **SERIOUS | {"ae_aware_time": "08:00", "ae_report_time": reported})
    assert ("AE-007" in {query.check_id for query in saved.opened}) is is_query


def test_a_result_in_another_unit_stands_beside_its_range_with_the_unit(waiting, enrolled, fill, lin, words):
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-08", row__creat__orres="1.8", row__creat__orresu="mg/dL")
    printed = words(made(waiting, "initial", user=lin).file_en)
    assert "1.8 mg/dL 57–97 μmol/L" in printed or "1.8 mg/dL 57–97 umol/L" in printed


def made(page, kind, changes="", *, user) -> SaeReport:
    return write_report(request_report(page, kind, changes, user=user).pk)


def test_the_initial_report_says_in_both_languages_what_the_casebook_says(waiting, enrolled, fill, lin, words):
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-08", row__alt__orres="400")
    report = made(waiting, "initial", user=lin)
    assert (report.status, report.number, report.page_version) == ("done", 1, 1)
    zh, en = words(report.file_zh), words(report.file_en)
    for fact in (enrolled.number, "Fever", "2025-06-12", "15:30", "400 U/L", "PRTRAS-001"):
        assert fact in en, fact
        assert fact in zh, fact
    assert "Initial report" in en
    assert "首次报告" in zh
    assert "Results in death" in en
    assert "WXM" not in en + zh  # no initials leave the site


def test_a_report_says_what_is_known_when_it_is_made_and_stays(waiting, enrolled, fill, lin, words):
    first = made(waiting, "initial", user=lin)
    fill(enrolled, "ae", **UNREPORTED | {"ae_narr": "Recovered after two days"}, reason__all="NEW")
    second = made(waiting, "followup", "The fever is over", user=lin)
    assert "Recovered after two days" not in words(first.file_en)
    printed = words(second.file_en)
    assert "Recovered after two days" in printed
    assert "The fever is over" in printed
    assert "Earlier reports" in printed
    assert (second.number, second.page_version) == (2, 2)


@pytest.mark.parametrize(
    ("before", "kind", "changes", "refused"),
    [
        ((), "followup", "x", "initial report first"), ((), "final", "x", "initial report first"),
        (("initial",), "initial", "", "one initial report"), (("initial",), "followup", " ", "what is new"),
        (("initial",), "final", "x" * 2001, "At most 2000"),
    ],
)  # fmt: skip
def test_reports_come_in_order_and_say_what_is_new(waiting, lin, before, kind, changes, refused):
    for earlier in before:
        made(waiting, earlier, user=lin)
    with pytest.raises(ReportRefused, match=refused):
        request_report(waiting, kind, changes, user=lin)


def test_an_event_that_is_not_serious_has_no_report(enrolled, page, fill, lin, client_of):
    saved = fill(enrolled, "ae").page
    with pytest.raises(ReportRefused):
        request_report(saved, "initial", user=lin)
    assert client_of(lin).get(reverse("visits:sae", args=[saved.pk])).status_code == 404


def test_only_who_enters_or_signs_makes_a_report_and_it_is_on_the_trail(waiting, lin, zhao, wang, eve, client_of):
    for person in (wang, eve):
        with pytest.raises(PermissionDenied):
            request_report(waiting, "initial", user=person)
    assert client_of(wang).post(reverse("visits:sae", args=[waiting.pk]), {"kind": "initial"}).status_code == 403
    report = made(waiting, "initial", user=zhao)
    assert AuditEvent.objects.filter(table="visits_saereport", actor_name="zhao").exists()
    address = reverse("visits:sae_report", args=[report.pk, "en"])
    assert client_of(wang).get(address).status_code == 200  # reading is for everyone who sees the pages
    assert client_of(eve).get(address).status_code == 404


def test_the_page_keeps_what_was_typed_when_it_refuses(waiting, lin, client_of):
    answer = client_of(lin).post(reverse("visits:sae", args=[waiting.pk]), {"kind": "followup", "changes": "so far"})
    assert (answer.status_code, "so far" in answer.content.decode()) == (422, True)


def test_the_listing_has_a_line_for_each_event_and_the_csv_the_same_cells(waiting, lin, client_of):
    client = client_of(lin)
    shown = client.get(reverse("visits:saes"))
    (line,) = shown.context["lines"]
    content = b"".join(client.get(reverse("visits:saes"), {"format": "csv"}).streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content))
    assert rows == [list(line.cells)]
    assert dict(zip(head, rows[0], strict=True))["Aware"] == "2025-06-12 15:30"
    assert "life-threatening" in line.cells


def test_the_listing_shows_those_that_wait_and_those_of_a_participant(waiting, enrolled, fill, lin, client_of):
    client = client_of(lin)
    assert client.get(reverse("visits:saes"), {"state": "waiting"}).context["total"] == 1
    assert client.get(reverse("visits:saes"), {"participant": "01-999"}).context["total"] == 0
    fill(enrolled, "ae", **SERIOUS, reason__all="NEW")
    assert client.get(reverse("visits:saes"), {"state": "waiting"}).context["total"] == 0


def disagreements(user) -> set[str]:
    return {each.text.en for each in mismatches(user)}


def test_what_does_not_agree_is_named(waiting, enrolled, fill, lin):
    assert disagreements(lin) == {"AE 1 is serious and has no initial report."}
    made(waiting, "initial", user=lin)
    assert disagreements(lin) == set()
    late = {"ae_aware_time": "08:00", "ae_report": "2025-06-15", "ae_report_time": "08:00"}
    stay = {"ae_shosp": "Y", "ae_hosp_start": "2025-06-09"}
    fill(enrolled, "ae", **SERIOUS | late | stay, reason__all="SOURCE")
    assert disagreements(lin) == {
        "AE 1 was reported 72 hours after awareness.", "AE 1: admitted on 2025-06-09, before it began on 2025-06-10.",
    }  # fmt: skip


def test_a_fatal_event_and_the_death_form_are_compared(waiting, enrolled, fill, lin):
    made(waiting, "initial", user=lin)
    fatal = {"ae_grade": "5", "ae_out": "FATAL", "ae_sdth": "Y", "ae_slife": "N", "ae_end": "2025-06-14"}
    fill(enrolled, "ae", **UNREPORTED | fatal, reason__all="NEW")
    assert disagreements(lin) == {"AE 1 is fatal and there is no death form."}
    fill(enrolled, "death", dth_date="2025-06-15", dth_ae_no="2", dth_cause="INFECT")
    assert disagreements(lin) == {
        "AE 1 ended on 2025-06-14; the date of death is 2025-06-15.", "The linked adverse event 2 does not exist.",
    }  # fmt: skip


def test_a_death_of_the_tumour_needs_no_adverse_event_and_another_does(enrolled, fill, lin):
    fill(enrolled, "eos", eos_status="DEATH", last_status="DEAD")
    assert disagreements(lin) == {"End of study is death and there is no death form."}
    fill(enrolled, "death", dth_ae_no="", missing__dth_ae_no="OTHER")
    assert disagreements(lin) == set()
    fill(enrolled, "death", dth_cause="INFECT", dth_ae_no="", missing__dth_ae_no="OTHER", reason__all="SOURCE")
    assert disagreements(lin) == {"There is a death form and no fatal adverse event."}


def test_nobody_sees_the_events_of_another_site(waiting, eve, client_of):
    assert mismatches(eve) == []
    assert client_of(eve).get(reverse("visits:saes")).context["total"] == 0
    assert client_of(eve).get(reverse("visits:sae", args=[waiting.pk])).status_code == 404


def test_the_page_of_an_event_leads_to_both_pdfs(waiting, lin, client_of):
    report = made(waiting, "initial", user=lin)
    shown = client_of(lin).get(reverse("visits:sae", args=[waiting.pk])).content.decode()
    for language in ("zh", "en"):
        assert reverse("visits:sae_report", args=[report.pk, language]) in shown
    assert page_of(report.page.participant, "ae") == waiting


def test_the_last_six_injections_before_an_event_are_listed_and_all_are_counted(waiting, enrolled, lin, words):
    given = [date(2025, 4, 27) + timedelta(days=6 * n) for n in range(1, 8)]
    with acting(lin):
        for n, day in enumerate(given, start=2):
            page = CrfPage.objects.create(form="pegifn", participant=enrolled, repeat=n, state="submitted", version=1)
            PegIfnDose.objects.create(page=page, pg_status="GIVEN", pg_date=day, pg_dose=180)
    printed = words(made(waiting, "initial", user=lin).file_en)
    part = printed.split("Doses before onset")[1].split("Abnormal results")[0]
    assert part.split()[0] == "7"
    assert f"First dose {given[0]}" in part
    assert [str(day) in part.split("First dose")[1][12:] for day in given] == [False] + [True] * 6


@pytest.mark.parametrize("name", ["saes", "sae_reconciliation"])
def test_the_line_after_the_last_of_a_page_is_on_the_next(waiting, enrolled, lin, client_of, monkeypatch, name):
    with acting(lin):
        second = CrfPage.objects.create(form="ae", participant=enrolled, repeat=2, state="submitted", version=1)
        event = {"ae_term": "Rash", "ae_ser": "Y", "ae_start": PartialDate("2025-06-01"), "ae_aware": date(2025, 6, 2)}
        AdverseEvent.objects.create(page=second, **event)
    address = "visits:sae" if name == "saes" else "entry:page"
    links = [f'href="{reverse(address, args=[page.pk])}"' for page in (waiting, second)]

    def on_page(number: int) -> tuple[list[bool], bool]:
        page = client_of(lin).get(reverse(f"visits:{name}"), {"page": number}).content.decode()
        return [link in page.split("<table")[1] for link in links], ">Next<" in page

    assert on_page(1) == ([True, True], False)
    monkeypatch.setattr("visits.sae.views.SHOWN", 1)
    assert (on_page(1), on_page(2)) == (([True, False], True), ([False, True], False))
