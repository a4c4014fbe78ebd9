"""Reading a result as the laboratory reported it."""

from decimal import Decimal

import pytest

from labs.deriving.panels import Reported, Unreadable, _flag, read
from labs.deriving.virology import proven_load
from labs.explanations import explain
from labs.panels import PANELS
from labs.range_importing import load_ranges, read_ranges
from prtras.crf.places import Place
from prtras.crf.registry import form_of
from prtras.crf.typed_values import AMBIGUOUS
from prtras.entry.parsing import control_of
from prtras.entry.parsing import read as read_form
from prtras.entry.saving import ChecksFailed, save_page
from tests import casebook
from tests.conftest import page_of


@pytest.mark.parametrize(
    ("text", "qualifier", "number"),
    [
        ("12.5", "", "12.5"),
        ("<10", "<", "10"),
        ("＞２５０", ">", "250"),
        ("1.25E+03", "", "1250"),
        ("≤0.05", "<", "0.05"),
        ("<0,05", "<", "0.05"),
        ("28，5", "", "28.5"),
        ("1,234.5", "", "1234.5"),
        ("12.5 ↑", "", "12.5"),
        ("3.1L", "", "3.1"),
        ("<10 H", "<", "10"),
        ("2.50×10⁴", "", "25000"),
    ],
)
def test_it_reads_numbers_with_qualifiers(text, qualifier, number):
    assert read(text) == Reported(qualifier, Decimal(number))


@pytest.mark.parametrize("text", ["<", "> ", "abc", "1..2", "12 5", "--", "<>3", "1.1E+9", "-5", "+5", "5⁹",
                                   "1,234", "1,5E3"])  # fmt: skip
def test_it_refuses_what_is_no_result(text):
    with pytest.raises(Unreadable):
        read(text)


@pytest.mark.parametrize(
    "text", ["低于检测下限", "<LLOQ", "＜检出限", "未检出", "blq", "Not detected", "小于定量下限 ↓"]
)
def test_it_reads_what_is_only_below_detection(text):
    assert read(text) == Reported("<", None)


def markers(fill, person, **typed):
    page = fill(person, "lbtm", "W12", tm_date="2025-08-25", **typed).page
    return page, page.labresult_rows.get(analyte="afp")


def test_what_is_only_below_detection_has_no_number_no_flag_and_no_grade(enrolled, fill):
    _, row = markers(fill, enrolled, row__afp__orres="低于检测下限")
    assert (row.orres, row.stat, row.qualifier) == ("低于检测下限", "DONE", "<")
    assert (row.stresn, row.lloq, row.nrind, row.toxgr) == (None, None, None, None)


def test_it_is_below_the_lloq_of_the_laboratory_where_that_is_known(enrolled, fill, site, lin):
    table = "analyte,unit,high,low,lloq,valid_from\nafp,ng/mL,7,,0.605,2025-01-01\n"
    load_ranges(site, read_ranges(table.encode(), "r.csv"), user=lin)
    page, row = markers(fill, enrolled, row__afp__orres="低于检测下限")
    assert (row.qualifier, row.stresn, row.lloq, row.nrind) == ("<", Decimal("0.605"), Decimal("0.605"), "NORMAL")
    assert "LLOQ 0.605 ng/mL" in str([text.en for text in explain(vars(row))])
    assert not page.queries.filter(check_id="LLOQ").exists()


def test_a_number_below_the_lloq_is_asked_about(enrolled, fill, site, lin):
    table = "analyte,unit,high,low,lloq,valid_from\nafp,ng/mL,7,,0.605,2025-01-01\n"
    load_ranges(site, read_ranges(table.encode(), "r.csv"), user=lin)
    page, _ = markers(fill, enrolled, row__afp__orres="0.5")
    assert "0.605" in page.queries.get(check_id="LLOQ").text_en


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


# -- Flags and grades (crf-spec D5) ----------------------------------------------------------------------


def chemistry(fill, person, visit, day, **results):
    """Biochemistry with some results, each with the range 5 to 40 unless told; the rows by analyte."""
    typed = {f"row__{analyte}__orres": result for analyte, result in results.items()}
    fill(person, "lbchem", visit, chem_date=day, **typed)
    return {row.analyte: row for row in page_of(person, "lbchem", visit).labresult_rows.all()}


def test_without_a_baseline_a_result_is_graded_by_multiples_of_the_limit(enrolled, fill):
    row = chemistry(fill, enrolled, "W12", "2025-08-25", ggt="900")["ggt"]
    assert (row.nrind, row.tox, row.toxgr) == ("HIGH", "GGT", "3")


def test_the_baseline_itself_and_what_was_before_it_are_graded_by_multiples_of_the_limit(enrolled, fill):
    assert chemistry(fill, enrolled, "SCR", "2025-05-26", alt="400")["alt"].toxgr == "3"
    assert chemistry(fill, enrolled, "W0", "2025-06-02", alt="500")["alt"].toxgr == "3"
    assert page_of(enrolled, "lbchem", "SCR").labresult_rows.get(analyte="alt").toxgr == "3"


def test_an_abnormal_baseline_is_the_reference_of_later_results_only(enrolled, fill):
    chemistry(fill, enrolled, "W0", "2025-06-02", alt="100")
    assert chemistry(fill, enrolled, "W12", "2025-08-25", alt="160")["alt"].toxgr == "1"  # 1.6 x baseline
    assert chemistry(fill, enrolled, "W24", "2025-06-02", alt="160")["alt"].toxgr == "2"  # the same day: 4 x ULN


@pytest.mark.parametrize(
    ("before", "grade"),
    [("<40", "2"), ("<200", "2"), (">100", "2"), ("100", "1")],
)  # fmt: skip
def test_a_baseline_that_is_only_a_limit_is_the_reference_only_if_it_is_normal(enrolled, fill, before, grade):
    chemistry(fill, enrolled, "W0", "2025-06-02", alt=before)
    row = chemistry(fill, enrolled, "W12", "2025-08-25", alt="160")["alt"]
    assert (row.toxgr, row.toxref) == (grade, {"<40": "ULN", "100": "BASELINE"}.get(before, "ULN_ONLY"))


def test_a_dose_below_a_limit_that_forbids_it_is_refused_as_one_below_the_number(enrolled, fill):
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__neut__orres="<0.5")
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, "pegifn", pg_date="2025-06-02")
    assert "PG-007" in {finding.check for finding in refused.value.findings}


@pytest.mark.parametrize(
    ("typed", "flag", "term", "grade"),
    [("2.4", "LOW", "K_LOW", "4"), ("3.2", "LOW", "K_LOW", "1"), ("4.0", "NORMAL", None, "0"),
     ("5.4", "HIGH", "K_HIGH", "1"), ("6.5", "HIGH", "K_HIGH", "3"), ("<3.5", "LOW", "K_LOW", "1"),
     ("<3.0", "LOW", "K_LOW", "3"), (">5.3", "HIGH", "K_HIGH", "1"), (">7.0", "HIGH", "K_HIGH", "4"),
     ("<4.5", None, None, None), (">3.0", None, None, None)],
)  # fmt: skip
def test_potassium_is_graded_in_both_directions_and_by_its_qualifier(enrolled, fill, typed, flag, term, grade):
    row = chemistry(fill, enrolled, "W12", "2025-08-25", k=typed)["k"]
    assert (row.nrind, row.tox, row.toxgr) == (flag, term, grade)


def test_inr_is_graded(enrolled, fill):
    fill(enrolled, "lbcoag", "W12", row__inr__orres="1.8")
    row = page_of(enrolled, "lbcoag", "W12").labresult_rows.get(analyte="inr")
    assert (row.orresu, row.tox, row.toxgr) == (None, "INR", "2")


def test_less_than_nought_says_nothing_about_a_limit_of_nought():
    assert _flag(Reported("<", Decimal(0)), Decimal(0), Decimal(7)) != "LOW"
    assert _flag(Reported("<", Decimal(5)), Decimal(5), Decimal(7)) == "LOW"


def test_below_the_limit_of_a_range_that_begins_at_nought_is_normal(enrolled, fill):
    fill(enrolled, "lbtm", "W12", row__afp__orres="<1.3")
    assert page_of(enrolled, "lbtm", "W12").labresult_rows.get(analyte="afp").nrind == "NORMAL"


@pytest.mark.parametrize(("form", "analyte"), [("lbhem", "plt"), ("lbchem", "creat"), ("lbcoag", "inr")])
def test_a_result_with_a_reason_why_it_was_not_done_is_refused_for_every_analyte(enrolled, fill, form, analyte):
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, form, "W12", **{f"row__{analyte}__reasnd": "SAMPLE"})
    assert [(f.check, f.place) for f in refused.value.findings] == [("STAT", f"{analyte}:reasnd")]


# -- Texts of the source ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "q", "value", "log10"),
    [("2.50×10⁴", "QUANT", "25000.0000", "4.40"), ("2.5*10^4", "QUANT", "25000.0000", "4.40"),
     (".5E2", "QUANT", "50.0000", "1.70"), ("12,5", "QUANT", "12.5000", "1.10"),
     ("１.２５Ｅ+03 ↑", "QUANT", "1250.0000", "3.10"), ("<10 未检出", "TND", "None", "0.00"),
     ("低于检测下限", "LLOQ_DET", "None", "0.70"), ("<20", "LLOQ_DET", "None", "1.00"),
     (">1E9", "GT_ULOQ", "None", "9.00"), (">1.7E8", "GT_ULOQ", "None", "8.23")],
)  # fmt: skip
def test_hbv_dna_is_stored_to_the_letter_and_read(enrolled, fill, raw, q, value, log10):
    stored = fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_raw=raw).page.virology
    assert (stored.hbvdna_raw, stored.hbvdna_q) == (raw, q)
    assert (str(stored.hbvdna_val), str(stored.hbvdna_log)) == (value, log10)


@pytest.mark.parametrize("raw", ["<1000", ">1000", "5⁹", "2.5×104", "阳性", "5"])
def test_any_other_text_of_hbv_dna_is_refused_with_what_was_expected(enrolled, fill, raw):
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_raw=raw)
    assert [f.check for f in refused.value.findings] == ["VIR-001"]


def test_the_limit_of_a_less_sensitive_assay_is_asked_about_and_proves_no_undetectable_virus(enrolled, fill):
    saved = fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_raw="<20")
    assert ("LLOQ", "hbvdna_raw") in {(query.check_id, query.place) for query in saved.opened}
    assert (proven_load("LLOQ_DET", Decimal("1.00")), proven_load("LLOQ_DET", Decimal("0.70"))) == (None, "LLOQ_DET")


def test_the_upper_limit_of_another_assay_is_asked_about(enrolled, fill):
    saved = fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_raw=">1.7E8")
    (question,) = [query for query in saved.opened if query.check_id == "ULOQ"]
    assert "the upper limit of this assay is 170000000 IU/mL; the study has 1000000000" in question.text_en


@pytest.mark.parametrize(
    ("form", "item"), [("lbviro", "hbvdna_raw"), ("lbviro", "hbsag_raw"), ("lbhem", "row__plt__orres")]
)
def test_an_ambiguous_comma_is_refused_everywhere_in_the_same_words(enrolled, fill, form, item):
    with pytest.raises(ChecksFailed) as refused:
        fill(enrolled, form, "W12", **{item: "1,234"})
    assert AMBIGUOUS.format(typed="1,234") in [f.text for f in refused.value.findings]


def test_a_text_is_stored_as_it_was_typed(enrolled, fill):
    typed = "张Ａ，ＷＢＣ 5×10⁹/L"
    stored = fill(enrolled, "lbviro", "W12", viro_date="2025-08-25", hbvdna_assay=typed).page.virology
    assert stored.hbvdna_assay == typed
    row = fill(enrolled, "lbhem", "W12", row__plt__orres="１５０").page.labresult_rows.get(analyte="plt")
    assert (row.orres, row.stresn) == ("１５０", 150)


#: A result of the worst grade that CTCAE v5.0 has for each term that a panel grades; its range is 5 to 40.
WORST = [
    ("lbhem", "wbc", "0.9", "WBC", "4"), ("lbhem", "neut", "0.4", "NEUT", "4"), ("lbhem", "lym", "0.19", "LYM", "4"),
    ("lbhem", "hgb", "79", "HGB", "3"), ("lbhem", "plt", "24", "PLT", "4"), ("lbchem", "alt", "801", "ALT", "4"),
    ("lbchem", "ast", "801", "AST", "4"), ("lbchem", "ggt", "801", "GGT", "4"), ("lbchem", "alp", "801", "ALP", "4"),
    ("lbchem", "tbil", "401", "TBIL", "4"), ("lbchem", "alb", "19", "ALB", "3"),
    ("lbchem", "creat", "241", "CREAT", "4"), ("lbchem", "gluc", "1.6", "GLUC_LOW", "4"),
    ("lbchem", "k", "2.4", "K_LOW", "4"), ("lbchem", "k", "7.1", "K_HIGH", "4"),
    ("lbchem", "na_", "119", "NA_LOW", "4"), ("lbcoag", "inr", "2.6", "INR", "3"),
]  # fmt: skip


#: What has to fit beside it: no count is above that of all white cells, INR follows the prothrombin time.
BESIDE = {"wbc": {"neut": "0.4", "lym": "0.3"}, "inr": {"pt": "31"}}


def test_every_analyte_that_is_graded_is_among_those_tested():
    graded = {(panel, each.code) for panel, analytes in PANELS.items() for each in analytes if each.ctcae}
    assert graded == {(panel, analyte) for panel, analyte, *_ in WORST}


@pytest.mark.parametrize(("panel", "analyte", "typed", "term", "grade"), WORST)
def test_the_worst_result_of_every_graded_analyte_is_graded_from_the_form_to_the_row(
    enrolled, lin, panel, analyte, typed, term, grade
):
    results = BESIDE.get(analyte, {}) | {analyte: typed}
    texts = casebook.typed(panel)
    for code, text in results.items():
        texts |= {control_of(Place.at(name, code)): [value]
                  for name, value in (("orres", text), ("ornrlo", "5"), ("ornrhi", "40"))}  # fmt: skip
    page = page_of(enrolled, panel, "W12")
    submission = read_form(form_of(panel), texts)
    save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=0)
    row = page_of(enrolled, panel, "W12").labresult_rows.get(analyte=analyte)
    assert (row.tox, row.toxgr) == (term, grade)
