"""Reading a result as the laboratory reported it."""

from decimal import Decimal

import pytest

from labs.deriving.panels import Reported, Unreadable, read
from prtras.entry.saving import ChecksFailed
from tests.conftest import page_of


@pytest.mark.parametrize(
    ("text", "qualifier", "number"),
    [
        ("12.5", "", "12.5"),
        ("<10", "<", "10"),
        ("＞２５０", ">", "250"),
        ("1.25E+03", "", "1250"),
        ("≤0.05", "<", "0.05"),
    ],
)
def test_it_reads_numbers_with_qualifiers(text, qualifier, number):
    assert read(text) == Reported(qualifier, Decimal(number))


@pytest.mark.parametrize("text", ["<", "> ", "abc", "1..2", "12 5", "--", "<>3", "1.1E+9"])
def test_it_refuses_what_is_no_result(text):
    with pytest.raises(Unreadable):
        read(text)


def test_a_result_is_converted_flagged_and_graded(enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "lbhem", "W12", row__neut__orres="900", row__neut__orresu="/uL", row__hgb__orres="14",
         row__hgb__orresu="g/dL", missing__hem_date=None)  # fmt: skip
    rows = {row.analyte: row for row in page_of(enrolled, "lbhem", "W12").labresult_rows.all()}
    assert (rows["neut"].stresn, rows["neut"].nrind, rows["neut"].toxgr) == (Decimal("0.9000"), "LOW", "3")
    assert rows["hgb"].stresn == Decimal("140.0000")


def test_less_than_without_a_number_is_refused_at_its_place(enrolled, fill):
    fill(enrolled, "visit", "W12")
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, "lbhem", "W12", row__plt__orres="<")
    assert [(f.place, f.severity) for f in refused.value.findings] == [("plt:orres", "hard")]


def test_an_analyte_that_was_not_done_needs_its_reason(enrolled, fill):
    fill(enrolled, "visit", "W12")
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, "lbhem", "W12", row__plt__orres=None)
    assert [f.check for f in refused.value.findings] == ["REQ-plt"]
    fill(enrolled, "lbhem", "W12", row__plt__orres=None, row__plt__reasnd="SAMPLE")
    assert page_of(enrolled, "lbhem", "W12").labresult_rows.get(analyte="plt").stat == "ND"


@pytest.mark.parametrize(
    ("raw", "q", "log10"),
    [("<10", "LLOQ_DET", "0.70"), ("Target not detected", "TND", "0.00"), ("未检测到靶标", "TND", "0.00"),
     ("1.25E+03", "QUANT", "3.10")],
)  # fmt: skip
def test_hbv_dna_is_derived_from_its_reported_text(enrolled, fill, raw, q, log10):
    fill(enrolled, "visit", "W12")
    saved = fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_raw=raw)
    stored = saved.page.virology
    assert (stored.hbvdna_q, str(stored.hbvdna_log)) == (q, log10)
