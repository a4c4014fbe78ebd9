"""Safety of all participants together: numbers by hand, figures with their tables, CSV with the same cells."""

import csv
import io
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from django.urls import reverse

from enrollment.models import ArmChoice
from labs.cohort.figures import arm_rows, shift_rows
from labs.cohort.safety_numbers import (
    Peak,
    TermLine,
    events_by_term,
    graded_analytes,
    hbsag_changes,
    peaks,
    rate_of,
    shifts,
    years_at_risk,
)
from labs.models import Biochemistry, LabResult
from prtras.accounts.models import ArmView
from prtras.audit.acting import acting
from prtras.coding.accepting import accept
from prtras.coding.importing import import_release, put_in_force
from prtras.crf.dates import PartialDate
from prtras.crf.models import CrfPage, Visit
from tests.coding.release import archive
from visits.models import AdverseEvent, PegIfnDose
from visits.planning import add_log_page

TODAY = date(2026, 6, 2)


def event(enrolled, fill, lin, **typed) -> None:
    add_log_page(enrolled, "ae", user=lin)
    fill(enrolled, "ae", **typed)


def test_time_at_risk_runs_from_day_0_to_today_or_the_end(enrolled, fill, lin):
    start = enrolled.anchor
    people, years = years_at_risk(lin, TODAY)
    assert (people, round(years * 365.25)) == (1, (TODAY - start).days)
    fill(enrolled, "eos")  # on 2025-09-30
    assert round(years_at_risk(lin, TODAY)[1] * 365.25) == (date(2025, 9, 30) - start).days
    assert years_at_risk(lin, start)[1] == 0


@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0, 3.6889), (1, 0.0253, 5.5716), (10, 4.7954, 18.3904), (100, 81.3640, 121.6268)]
)
def test_the_limits_of_a_rate_are_exact_poisson(events, low, high):
    """Garwood (1936): 10 events have 4.80 to 18.39, 100 have 81.36 to 121.63."""
    rate = rate_of(events, 100)
    assert rate == pytest.approx((events, low, high), abs=5e-4)
    assert rate_of(events, 0) is None


def test_events_are_counted_by_term_and_participants_by_worst_grade(enrolled, fill, lin):
    event(enrolled, fill, lin, ae_pt="Pyrexia")
    with acting(lin):
        page = CrfPage.objects.create(form="ae", participant=enrolled, repeat=2, state="submitted", version=1)
        AdverseEvent.objects.create(page=page, ae_pt="Pyrexia", ae_start=PartialDate("2025-07"), ae_grade="3")
    (line,) = events_by_term(lin, 10)
    assert (line.term, line.events, line.participants, dict(line.worst)) == ("Pyrexia", 2, 1, {3: 1})
    assert line.rate[0] == 20


@pytest.mark.parametrize(
    ("start", "counted"), [("2025-06-02", True), ("2025-06-01", False), ("2025-06", True), ("2025-05", False)]
)
def test_only_what_began_on_or_after_day_0_is_counted(enrolled, fill, lin, start, counted):
    assert enrolled.anchor == date(2025, 6, 2)
    event(enrolled, fill, lin, ae_start=start)
    assert bool(events_by_term(lin, 1)) is counted


def test_in_the_combination_only_what_began_from_the_first_dose_on_is_counted(enrolled, fill, lin):
    with acting(lin):
        ArmChoice.objects.filter(page__participant=enrolled).update(arm="A2", arm_actual="A2")
        page = CrfPage.objects.get(form="pegifn", participant=enrolled)
        CrfPage.objects.filter(pk=page.pk).update(state="submitted")
        PegIfnDose.objects.create(page=page, pg_status="GIVEN", pg_date=date(2025, 6, 10))
    event(enrolled, fill, lin, ae_start="2025-06-09")
    assert events_by_term(lin, 1) == []
    with acting(lin):
        AdverseEvent.objects.update(ae_start=PartialDate("2025-07-10"))
    assert len(events_by_term(lin, 1)) == 1
    with acting(lin):
        AdverseEvent.objects.update(ae_start=PartialDate("2025-07-11"))
    assert events_by_term(lin, 1) == []


def test_an_event_whose_start_is_unknown_may_be_treatment_emergent_and_is_counted(enrolled, fill, lin):
    event(enrolled, fill, lin)
    with acting(lin):
        AdverseEvent.objects.update(ae_start=None)
    assert len(events_by_term(lin, 1)) == 1


def test_grades_shift_from_baseline_to_the_worst_after_it(enrolled, fill, lin):
    fill(enrolled, "lbchem", "SCR", chem_date="2025-05-26", row__alt__orres="45", row__alt__ornrhi="40")
    for visit, day, value in (("W12", "2025-08-25", "150"), ("W24", "2025-11-17", "60")):
        fill(enrolled, "lbchem", visit, chem_date=day, row__alt__orres=value, row__alt__ornrhi="40")
    counts = shifts(lin, "alt")
    assert counts == {("1", "2"): 1}
    assert ("1", "", "", "1", "", "", "1") in shift_rows(counts)


def test_a_participant_without_a_baseline_has_a_line_of_their_own(enrolled, fill, lin):
    fill(enrolled, "lbtm", "W12")
    fill(enrolled, "lbcoag", "W24", coag_date="2025-11-17", row__inr__orres="1.8")
    rows = shift_rows({("", "2"): 1})
    assert rows[-1][0] == "no baseline result"
    assert "inr" in graded_analytes()


@pytest.mark.parametrize(
    ("alt", "bilirubin", "quadrant"),
    [(3.01, 2.01, "hy"), (3.0, 2.01, "bilirubin"), (3.01, 2.0, "alt"), (3.0, 2.0, ""), (None, 9, "bilirubin")],
)
def test_hys_law_takes_both_over_their_limits(alt, bilirubin, quadrant):
    assert Peak("01-001", alt, bilirubin).quadrant == quadrant


def test_peaks_are_the_highest_after_baseline(enrolled, fill, lin):
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-02", row__alt__orres="900", row__alt__ornrhi="40")
    fill(enrolled, "lbchem", "W12", row__alt__orres="200", row__alt__ornrhi="40", row__tbil__orres="60",
         row__tbil__ornrhi="20")  # fmt: skip
    (peak,) = peaks(lin)
    assert (peak.number, peak.alt, peak.bilirubin, peak.quadrant) == (enrolled.number, 5, 3, "hy")


def test_an_unscheduled_sample_before_day_0_is_no_peak_after_it(enrolled, fill, lin):
    with acting(lin):
        visit = Visit.objects.create(participant=enrolled, code="UNS", sequence=1, position=999, state="done",
                                     date=date(2025, 5, 30))  # fmt: skip
        page = CrfPage.objects.create(form="lbchem", participant=enrolled, visit=visit, state="submitted", version=1)
        Biochemistry.objects.create(page=page, chem_date=date(2025, 5, 30))
        LabResult.objects.create(page=page, row=1, analyte="alt", orres="900", stresn=900, stnrhi=40, toxgr="4")
    assert peaks(lin) == []
    assert shifts(lin, "alt") == {}


def test_hbsag_changes_from_baseline_to_the_last_sample(enrolled, fill, lin):
    assert hbsag_changes(lin) == []
    fill(enrolled, "lbviro", "W0", viro_date="2025-06-02", hbsag_raw="1000", hbsag_dil="100")
    fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbsag_raw="10")
    (change,) = hbsag_changes(lin)
    assert (change.number, round(change.change, 2), change.on) == (enrolled.number, -2.0, date(2025, 8, 25))
    assert change.baseline == Decimal(3)


@pytest.mark.parametrize("view", ["events", "shifts", "liver", "hbsag"])
def test_each_view_has_a_table_and_the_csv_has_the_same_cells(enrolled, fill, lin, client_of, view):
    event(enrolled, fill, lin)
    fill(enrolled, "lbhem", "W12")
    fill(enrolled, "lbchem", "W12")
    fill(enrolled, "lbviro", "W12", viro_date="2025-08-25")
    client = client_of(lin)
    page = client.get(reverse("labs:safety"), {"view": view})
    content = b"".join(client.get(reverse("labs:safety"), {"view": view, "format": "csv"}).streaming_content)
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert rows
    assert rows == [[cell for _, cell in row] for row in page.context["rows"]]
    assert head == [column.en for column in page.context["columns"]]
    assert ("<svg" in page.content.decode().split("<h1>")[1]) is (view in ("liver", "hbsag"))


@pytest.mark.parametrize(("view", "drawn"), [("liver", True), ("hbsag", True), ("events", False)])
def test_a_figure_is_a_file_that_says_what_it_shows(enrolled, fill, lin, client_of, view, drawn):
    fill(enrolled, "lbchem", "W12")
    fill(enrolled, "lbviro", "W12", viro_date="2025-08-25")
    answer = client_of(lin).get(reverse("labs:safety"), {"view": view, "format": "svg"})
    if not drawn:
        assert answer.status_code == 404
        return
    drawing = fromstring(answer.getvalue())
    words = " ".join(drawing.itertext())
    assert (drawing.tag.rpartition("}")[2], "PRTRAS-001" in words) == ("svg", True)
    assert answer.headers["Content-Disposition"].endswith(f'{view}.svg"')


def test_an_unknown_view_or_analyte_shows_the_first(lin, client_of):
    shown = client_of(lin).get(reverse("labs:safety"), {"view": "nothing"})
    assert shown.context["view"] == "events"
    assert client_of(lin).get(reverse("labs:safety"), {"view": "shifts", "analyte": "x"}).context["analyte"] == "neut"


def test_another_sites_participants_are_not_counted(enrolled, fill, lin, eve):
    event(enrolled, fill, lin)
    fill(enrolled, "lbchem", "W12")
    assert events_by_term(eve, 1) == []
    assert peaks(eve) == []
    assert years_at_risk(eve, TODAY) == (0, 0)


def test_a_line_of_a_participant_leads_to_the_course(enrolled, fill, lin, client_of):
    fill(enrolled, "lbchem", "W12")
    shown = client_of(lin).get(reverse("labs:safety"), {"view": "liver"}).content.decode()
    assert reverse("labs:course", args=[enrolled.number]) in shown


def test_by_treatment_an_event_counts_where_the_treatment_was_really_had(enrolled, fill, lin, wang):
    """Chose peginterferon, and had none yet: counted among those on the analogue alone, until the first dose."""
    event(enrolled, fill, lin, ae_pt="Pyrexia")
    assert [len(events_by_term(lin, 1, arm)) for arm in ("A1", "A2")] == [1, 0]
    assert [years_at_risk(lin, TODAY, arm)[0] for arm in ("A1", "A2")] == [1, 0]
    add_log_page(enrolled, "pegifn", user=lin)
    fill(enrolled, "pegifn")
    assert [len(events_by_term(lin, 1, arm)) for arm in ("A1", "A2")] == [0, 1]


def test_the_table_by_treatment_has_a_line_for_every_term_of_any_arm():
    first = [TermLine("Fever", Counter({1: 2}), 2, 3, (30.0, 6.2, 87.7)), TermLine("Nausea", Counter({1: 1}), 1, 1)]
    second = [TermLine("Rash", Counter({2: 3}), 3, 3, (15.0, 3.1, 43.8))]
    assert arm_rows([first, second]) == [
        ("Rash", "0", "0", "", "3", "3", "15.0 (3.1–43.8)"),
        ("Fever", "2", "3", "30.0 (6.2–87.7)", "0", "0", ""),
        ("Nausea", "1", "1", "", "0", "0", ""),
    ]


def test_by_treatment_is_for_who_may_see_results_by_arm_and_each_look_is_on_record(enrolled, lin, chen, client_of):
    address = reverse("labs:safety") + "?view=arms"
    assert client_of(lin).get(address).status_code == 403
    assert "By treatment" not in client_of(lin).get(reverse("labs:safety")).content.decode()
    shown = client_of(chen).get(address).content.decode()
    assert "Arms were chosen, not randomized" in shown
    assert client_of(chen).get(address + "&format=csv").status_code == 200
    assert ArmView.objects.filter(user=chen, what="adverse events by treatment").count() == 2


def test_a_coded_event_counts_under_its_preferred_term(enrolled, fill, lin, wang):
    put_in_force(import_release(archive("en"), user=wang), user=wang)
    event(enrolled, fill, lin, ae_term="Raised temperature", ae_pt="typed by hand")
    accept("ae", "Raised temperature", 90000002, user=wang)
    assert [line.term for line in events_by_term(lin, 1)] == ["Fever"]


@pytest.mark.parametrize(("count", "folded"), [(20, ""), (21, "1 more lines")])
def test_of_more_than_twenty_lines_the_others_open_on_demand(enrolled, lin, client_of, count, folded):
    with acting(lin):
        for n in range(1, count + 1):
            page = CrfPage.objects.create(form="ae", participant=enrolled, repeat=n + 1, state="submitted", version=1)
            AdverseEvent.objects.create(page=page, ae_pt=f"Term {n}", ae_start=PartialDate("2025-07"), ae_grade="1")
    shown, _, others = client_of(lin).get(reverse("labs:safety")).content.decode().partition("<summary>")
    assert (len(re.findall(r"\bTerm \d", shown)), len(re.findall(r"\bTerm \d", others))) == (20, count - 20)
    assert others.startswith(folded)
