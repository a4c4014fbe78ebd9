"""Beside a result stands why it has its grade, and what the laboratory printed above it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from labs.explanations import grade_reason
from labs.models import Biochemistry
from prtras.crf.typed_values import Unreadable, value_of


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ({"analyte": "alt", "tox": "ALT", "toxgr": "2", "toxref": "ULN", "toxnum": Decimal("3.2")},
         "3.2 × ULN，基线正常：2 级", "3.2 × ULN, baseline normal: grade 2"),
        ({"analyte": "alt", "tox": "ALT", "toxgr": "3", "toxref": "BASELINE", "toxnum": Decimal("5.10")},
         "5.1 × 基线值：3 级", "5.1 × baseline: grade 3"),
        ({"analyte": "plt", "tox": "PLT", "toxgr": "3", "toxref": "CUT", "toxnum": Decimal("50.0000")},
         "低于 50 10⁹/L：3 级", "below 50 10⁹/L: grade 3"),
        ({"analyte": "k", "tox": "K_HIGH", "toxgr": "1", "toxref": "LIMIT", "toxnum": Decimal("5.3")},
         "高于正常上限 5.3 mmol/L：1 级", "above ULN 5.3 mmol/L: grade 1"),
    ],
)  # fmt: skip
def test_the_reason_of_a_grade_is_a_sentence(row, zh, en):
    reason = grade_reason(row)
    assert (reason.zh, reason.en) == (zh, en)


def test_what_has_no_grade_needs_no_reason():
    assert grade_reason({"analyte": "alt", "toxgr": "0", "toxref": None, "toxnum": None}) is None
    assert grade_reason({}) is None


def test_the_page_gives_the_reason_by_the_baseline(enrolled, fill, lin, client_of):
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-01", row__alt__orres="30", row__alt__ornrhi="40")
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="128", row__alt__ornrhi="40").page
    assert page.labresult_rows.get(analyte="alt").toxref == "ULN"
    shown = client_of(lin).get(reverse("entry:page", args=[page.pk])).content.decode()
    assert "3.2 × ULN, baseline normal: grade 2" in shown


def test_a_multiple_just_above_a_cut_reads_as_above_it(enrolled, fill):
    page = fill(enrolled, "lbchem", "W12", row__alt__orres="120.1", row__alt__ornrhi="40").page
    row = page.labresult_rows.get(analyte="alt")
    assert (row.toxgr, row.toxnum) == ("2", Decimal("3.01"))


def test_time_laboratory_and_report_number_are_kept_and_may_be_left_out(enrolled, fill, lin, client_of):
    page = fill(enrolled, "lbchem", "W12", lab_time="0830", lab_name="检验科", lab_report="B-17").page
    stored = page.biochemistry
    assert (stored.lab_time, stored.lab_name, stored.lab_report) == ("08:30", "检验科", "B-17")
    assert fill(enrolled, "lbhem", "W12").page.haematology.lab_time is None
    with pytest.raises(Unreadable, match="is not a time"):
        value_of(Biochemistry._meta.get_field("lab_time"), ["25:00"])


def test_the_section_of_the_report_opens_by_itself_only_where_something_stands_in_it(enrolled, fill, lin, client_of):
    def section_of(form: str, **typed: str) -> str:
        page = fill(enrolled, form, "W12", **typed).page
        shown = client_of(lin).get(reverse("entry:page", args=[page.pk])).content.decode()
        return shown.split('class="folded-section"')[1].split(">")[0]

    assert "open" in section_of("lbchem", lab_name="检验科")
    assert "open" not in section_of("lbhem")
