"""A laboratory prints `<2.00` where it has no number: it is typed as it stands, and never counts as the number."""

from csv import DictReader
from decimal import Decimal

import pytest

from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.entry.parsing import read
from prtras.entry.saving import ChecksFailed, ReasonsMissing
from prtras.exports.formats import csv
from tests import casebook
from tests.conftest import page_of

VIROLOGY = form_of("lbviro")


@pytest.mark.parametrize(
    ("typed", "sign", "number", "reported"),
    [
        ("<2.00", "<", "2", ""), ("＜ 2", "<", "2", ""), ("≤10", "<", "10", ""), (">1000", ">", "1000", ""),
        ("≥1000↑", ">", "1000", ""), ("<10 IU/L", "<", "10", "< 10 IU/L"), ("<10 mIU/mL", "<", "10", ""),
        ("12.5", None, "12.5", ""), ("12.5 IU/L", None, "12.5", "12.5 IU/L"), ("0", None, "0", ""),
    ],
)  # fmt: skip
def test_a_limit_is_read_with_its_sign(typed, sign, number, reported):
    submission = read(VIROLOGY, casebook.typed("lbviro", hbsab_val=typed))
    assert submission.problems == {}
    values = submission.content.values
    assert (values["hbsab_q"], values["hbsab_val"]) == (sign, Decimal(number))
    assert submission.content.reported.get("hbsab_val", "").replace(" ", "") == reported.replace(" ", "")


@pytest.mark.parametrize("typed", ["<", "<<2", "<-2", "2<", "<2-5", "<abc", "< 10 g/L"])
def test_what_is_no_limit_is_refused_at_its_field(typed):
    assert "hbsab_val" in read(VIROLOGY, casebook.typed("lbviro", hbsab_val=typed)).problems


def test_an_item_that_has_no_limits_takes_none():
    assert "weight" in read(form_of("vs"), casebook.typed("vs", weight="<68")).problems


def test_it_stands_on_the_screen_and_in_the_export_as_it_was_typed(enrolled, fill, lin, client_of, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    page = fill(enrolled, "lbviro", "W12", hbsab_val="<2.00").page
    stored = page_of(enrolled, "lbviro", "W12").virology
    assert (stored.hbsab_q, stored.hbsab_val) == ("<", 2)
    shown = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert 'value="&lt;2"' in shown
    lines = DictReader(csv.csv_table("lbviro", snapshot.take().tables["lbviro"]).decode("utf-8-sig").splitlines())
    (row,) = (line for line in lines if line["VISIT"] == "W12")
    assert (row["hbsab_q"], Decimal(row["hbsab_val"])) == ("<", 2)


def test_a_limit_that_becomes_a_number_is_a_change(enrolled, fill):
    fill(enrolled, "lbviro", "W12", hbsab_val="<2.00")
    with pytest.raises(ReasonsMissing) as lacking:
        fill(enrolled, "lbviro", "W12", hbsab_val="2.00")
    assert [(str(old), str(new)) for old, new in lacking.value.changes.values()] == [("<2", "2.00")]
    fill(enrolled, "lbviro", "W12", hbsab_val="2.00", reason__all="SOURCE")
    assert page_of(enrolled, "lbviro", "W12").virology.hbsab_q is None


def test_the_sign_goes_with_the_number(enrolled, fill):
    fill(enrolled, "lbviro", "W12", hbsab_val="<2.00")
    fill(enrolled, "lbviro", "W12", hbsab_val="", missing__hbsab_val="SAMPLE", reason__all="SOURCE")
    stored = page_of(enrolled, "lbviro", "W12").virology
    assert (stored.hbsab_val, stored.hbsab_q) == (None, None)


@pytest.mark.parametrize(
    ("titre", "quality", "refused"),
    [
        ("<10", "NEG", False), ("<10", "POS", True), ("<2", "POS", True), ("<15", "NEG", False),
        ("<15", "POS", False), (">1000", "POS", False), (">1000", "NEG", True), (">5", "NEG", False),
        ("10", "NEG", True), ("9.99", "POS", True),
    ],
)  # fmt: skip
def test_a_titre_contradicts_the_quality_only_where_every_number_it_may_be_does(
    enrolled, fill, titre, quality, refused
):
    if refused:
        with pytest.raises(ChecksFailed) as refusal:
            fill(enrolled, "lbviro", "W12", hbsab_val=titre, hbsab_res=quality)
        assert "VIR-008" in {finding.check for finding in refusal.value.findings}
    else:
        fill(enrolled, "lbviro", "W12", hbsab_val=titre, hbsab_res=quality)
