"""A participant's course: what the samples amount to by which rule; chart, table and CSV of the same values."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from django.urls import reverse

from labs.course.chart import draw
from labs.course.records import Dose, Records, Regimen, Result, Virus, records_of
from labs.course.response import statements
from visits.casebook import story

DAY0 = date(2025, 6, 2)
NOTHING = Records((), (), (), (), (), ())


def virus(week: int, **values) -> Virus:
    visit = "W0" if week == 0 else f"W{week}"
    return Virus(DAY0 + timedelta(weeks=week), visit, values)


def hbsag(week: int, log: str, **values) -> Virus:
    return virus(week, hbsag_log=Decimal(log), hbsag_q="QUANT", hbsag_status="POSITIVE", **values)


def negative(week: int, status: str, **values) -> Virus:
    return virus(week, hbsag_log=Decimal("-1.6"), hbsag_q="LT_LLOQ", hbsag_status=status, **values)


def states(records: Records) -> dict[str, tuple[str, str, bool]]:
    return {each.title.en: (each.state.en, each.reason.en, each.reached) for each in statements(records)}


def of(*viruses: Virus, **others) -> dict[str, tuple[str, str, bool]]:
    return states(replace(NOTHING, viruses=viruses, **others))


def test_the_decline_of_hbsag_is_counted_from_baseline_with_its_days():
    state, reason, reached = of(hbsag(0, "3.2"), hbsag(12, "1.9"), hbsag(24, "2.4"))["HBsAg decline"]
    assert (state, reached) == ("0.8 log10", True)
    assert "baseline 3.2 (2025-06-02), last 2.4 (2025-11-17); largest decline 1.3 (2025-08-25)" in reason
    assert of(hbsag(0, "3.2"), hbsag(12, "2.3"))["HBsAg decline"][2] is False


def test_what_was_measured_before_the_baseline_is_no_decline_from_it():
    before = Virus(DAY0 - timedelta(days=20), "SCR", {"hbsag_log": Decimal(1), "hbsag_status": "POSITIVE"})
    state, reason, reached = of(before, hbsag(0, "2.4"), hbsag(12, "2.3"))["HBsAg decline"]
    assert (state, reached) == ("0.1 log10", False)
    assert "largest decline 0.1" in reason


def test_a_first_sample_alone_is_no_decline():
    assert of(hbsag(0, "3.2"))["HBsAg decline"][0] == "no result"


def test_loss_is_stated_with_the_samples_and_the_treatment_behind_it():
    samples = (hbsag(0, "2"), negative(12, "LOSS_UNCONF"), negative(24, "LOSS_CONF"))
    dose, regimen = Dose(date(2025, 8, 1), 180, "GIVEN"), Regimen("ETV", DAY0, None, True)
    state, reason, reached = of(*samples, doses=(dose,), regimens=(regimen,))["HBsAg loss and functional cure"]
    assert (state, reached) == ("HBsAg loss, confirmed", True)
    assert "last Peg-IFN 2025-08-01, NA ongoing" in reason
    assert "negative from 2025-08-25 to 2025-11-17, 2 samples" in reason


def test_a_reversion_ends_the_run_of_negative_samples():
    samples = (negative(0, "LOSS_UNCONF"), virus(12, hbsag_log=Decimal(1), hbsag_status="REVERTED"))
    state, reason, reached = of(*samples)["HBsAg loss and functional cure"]
    assert (state, reached) == ("HBsAg reversion", False)
    assert "last result positive (2025-08-25)" in reason


@pytest.mark.parametrize(("titre", "state"), [("9.99", "no"), ("10", "yes"), (None, "no")])
def test_seroconversion_takes_ten_units_of_anti_hbs_after_the_loss(titre, state):
    value = None if titre is None else Decimal(titre)
    assert of(negative(12, "LOSS_UNCONF", hbsab_val=value))["HBsAg seroconversion"][0] == state
    assert of(hbsag(12, "2", hbsab_val=Decimal(100)))["HBsAg seroconversion"][0] == "no"


@pytest.mark.parametrize(("sign", "titre", "state"), [("<", 10, "no"), ("<", 15, "no"), (">", 1000, "yes")])
def test_a_titre_below_a_limit_is_no_seroconversion_and_one_above_it_is(sign, titre, state):
    sample = negative(12, "LOSS_UNCONF", hbsab_val=Decimal(titre), hbsab_q=sign)
    answer = of(sample)["HBsAg seroconversion"]
    assert answer[0] == state
    assert (f"anti-HBs {sign}{titre}" in answer[1]) is (state == "yes")


@pytest.mark.parametrize(
    ("course", "state"),
    [
        ((("POS", "NEG"), ("NEG", "POS")), "seroconversion"), ((("POS", "NEG"), ("NEG", "NEG")), "loss"),
        ((("POS", "NEG"), ("NEG", "POS"), ("POS", "NEG")), "positive"), ((("NEG", "POS"),), "negative at baseline"),
        ((("POS", "NEG"), ("IND", "NEG"), ("ND", None)), "positive"), ((("IND", None),), "no result"),
    ],
)  # fmt: skip
def test_hbeag_is_followed_from_positive(course, state):
    samples = [virus(12 * i, hbeag_res=antigen, hbeab_res=antibody) for i, (antigen, antibody) in enumerate(course)]
    assert of(*samples)["HBeAg"][0] == state


def load(week: int, quantified: str, log: str | None, raw: str = "x") -> Virus:
    return virus(week, hbvdna_q=quantified, hbvdna_log=None if log is None else Decimal(log), hbvdna_raw=raw)


def test_an_undetectable_load_is_stated_with_since_when():
    state, reason, _ = of(load(0, "QUANT", "4"), load(12, "TND", "0"), load(24, "TND", "0", "TND"))["HBV DNA"]
    assert (state, reason) == ("undetectable", "TND (2025-11-17); since 2025-08-25")


def test_below_the_limit_of_quantification_says_so_and_of_a_less_sensitive_assay_proves_nothing():
    below = of(load(0, "QUANT", "4"), load(12, "LLOQ_DET", "0.7", "<10"))["HBV DNA"]
    assert (below[0], below[2]) == ("below LLOQ", True)
    assert of(load(0, "QUANT", "4", "10000"), load(12, "LLOQ_DET", "2.4", "<500"))["HBV DNA"][0] == "detectable"


@pytest.mark.parametrize(("last", "state"), [("1.69", "no"), ("1.7", "yes")])
def test_a_rebound_is_a_rise_of_one_log_above_the_lowest_value(last, state):
    stated = of(load(0, "QUANT", "4"), load(12, "TND", "0.7"), load(24, "QUANT", last))["Virological rebound"]
    assert stated[0] == state
    if state == "yes":
        assert "2025-08-25: 0.7 → 2025-11-17: 1.7" in stated[1]


@pytest.mark.parametrize(("value", "flared"), [("200", False), ("201", True)])
def test_a_flare_is_more_than_five_times_the_upper_limit_of_that_day(value, flared):
    result = Result(DAY0, "W0", f"{value} U/L", Decimal(value), "", Decimal(40), Decimal(9), "2")
    state, reason, reached = states(replace(NOTHING, alt=(result,)))["ALT flare"]
    assert (state == "yes", reached) == (flared, flared)
    assert f"highest 5.0 x ULN ({value} U/L, 2025-06-02)" in reason


@pytest.fixture
def treated(enrolled, fill):
    fill(enrolled, "lbchem", "W12", row__alt__orres="45", row__alt__ornrhi="40")
    fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbsag_raw="60")
    return enrolled


def test_the_records_are_those_of_the_casebook(treated):
    records = records_of(treated)
    assert [(each.day.isoformat(), each.text, each.upper) for each in records.alt] == [("2025-08-25", "45", 40)]
    assert [each["hbsag_raw"] for each in records.viruses] == ["120.5", "60"]


def test_the_page_has_the_chart_the_statements_and_a_real_table_and_the_csv_the_same_cells(treated, lin, client_of):
    client = client_of(lin)
    page = client.get(reverse("labs:course", args=[treated.number]))
    shown = page.content.decode()
    assert "<svg" in shown
    assert "Course of 01-001" in shown
    assert "0.3 log10" in shown
    content = b"".join(client.get(page.request["PATH_INFO"], {"format": "csv"}).streaming_content)
    head, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert rows == [[cell for _, cell in line] for line in page.context["lines"]]
    line = dict(zip(head, rows[-1], strict=True))
    assert (line["Date"], line["ALT"], line["ALT x ULN"], line["HBsAg (IU/mL)"]) == ("2025-08-25", "45", "1.1", "60")


def test_every_value_of_the_chart_says_what_it_is(treated):
    drawn = str(draw(treated, records_of(treated), story(treated), date(2025, 9, 1)))
    assert "2025-08-25 W12: 45" in drawn
    assert "2025-08-25 W12: 60 IU/mL" in drawn


def test_the_chart_is_a_file_that_says_whose_it_is(treated, lin, client_of):
    answer = client_of(lin).get(reverse("labs:course", args=[treated.number]), {"format": "svg"})
    drawing = answer.getvalue().decode()
    assert drawing.startswith("<svg")
    assert f"course of participant {treated.number}" in " ".join(fromstring(drawing).itertext())


def test_before_there_are_data_the_page_says_so(participant, lin, client_of):
    assert client_of(lin).get(reverse("labs:course", args=[participant.number]), {"format": "svg"}).status_code == 404
    shown = client_of(lin).get(reverse("labs:course", args=[participant.number])).content.decode()
    assert "No data yet." in shown
    assert draw(participant, NOTHING, story(participant), DAY0) == ""


def test_values_beyond_the_scale_and_without_a_limit_are_drawn(treated):
    result = Result(DAY0, "W0", "9000 U/L", Decimal(9000), ">", None, None, "")
    many = replace(records_of(treated), platelets=(result,), alt=(result,))
    assert "9000 U/L" in str(draw(treated, many, story(treated), date(2025, 9, 1)))
