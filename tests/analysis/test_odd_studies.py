"""Odd studies, from the tables of a cut to what people read: a result or a named reason, never the end of the run."""

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.utils.translation import override
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis import endpoints, results
from analysis.cautions import ParticipantCaution
from analysis.outputs import (
    OUTPUTS,
    balance,
    cox_model,
    hazard_ratios,
    interval_censored,
    participants,
    safety,
    sensitivity,
    sentences,
)
from analysis.outputs.data import AnalysisData
from analysis.outputs.output import View
from analysis.results import Results
from prtras import env
from prtras.datacut.snapshot import Row
from tests.analysis.studies import CUTOFF, DAY_0, Tables, cohort, on, study
from visits.codelists.disposition import DSDECOD
from visits.codelists.safety import AEOUT

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
#: Names and abbreviations that a Chinese page writes in Latin letters too.
NAMES = {
    "BCLC", "HBsAg", "Cox", "IPTW", "ATT", "SMD", "Log", "log", "rank", "Kaplan", "Meier", "Gray", "Fine", "Grambsch",
    "Therneau", "Efron", "Klein", "PRTRAS", "Peg", "IFN", "MRI", "ESS", "IU", "sHR", "Wald", "chi", "Pocock", "Brien",
    "Fleming", "Weibull", "Turnbull", "AFP", "HBV", "DNA", "HBeAg", "Child", "Pugh", "MVI", "RADS", "MedDRA",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _numpy_warns() -> Iterator[None]:
    """A library silences numpy for the whole process; here a number that is none is to be heard of."""
    with np.errstate(divide="warn", over="warn", invalid="warn"):
        yield


def computed(people: list[dict[str, Any]], cutoff: date = CUTOFF, **more: list[dict[str, Any]]) -> Results:
    return results.compute(study(people, **more), cutoff)


def frame_of(tables: Tables) -> tuple[pd.DataFrame, tuple[ParticipantCaution, ...]]:
    """The rows of ADTTE, and the cautions about single participants."""
    data = AnalysisData.of(tables, CUTOFF)
    return data.frame, data.cautions


def words(opened: Results, language: str) -> Iterator[str]:
    """Every sentence that a run shows."""
    with override(language):
        for view in View:
            shown = opened.show(view)
            for table in (*shown.tables, *(panel.table for panel in shown.panels if panel.table)):
                yield from (str(table.caption), str(table.empty), str(table.note))
                for row in table.rows:
                    yield from (str(row.head), str(row.instead), *(str(cell) for cell in row.cells))
        yield from opened.warnings(by_arm=True)


def english_in_chinese(opened: Results) -> set[str]:
    return {word for text in words(opened, "zh-hans") for word in LATIN_WORD.findall(text)} - NAMES


def rows_of(opened: Results) -> list[list[str]]:
    """The comparison of the arms as a person reads it."""
    with override("en"):
        panel = next(panel for panel in opened.show(View.REPORT).panels if panel.ident == "hr")
        assert panel.table
        return [
            [str(row.head), *map(str, row.cells), *([str(row.instead)] if row.instead else [])]
            for row in panel.table.rows
        ]


def test_everything_is_computed_of_an_ordinary_study() -> None:
    opened = computed(cohort())
    assert (set(opened.outputs), opened.failures) == ({output.code for output in OUTPUTS}, {})
    assert [row[0] for row in rows_of(opened)][:2] == ["Cox, adjusted (age, BCLC, HBsAg)", "Overlap weights"]
    for name, n, events, *_ in rows_of(opened):
        assert (name, int(n), int(events)) == (name, 40, 22)


@pytest.mark.parametrize(
    "people",
    [
        [], cohort()[:1], cohort()[:2], cohort()[:20], cohort(recurrence=12), cohort(recurrence=None),
        cohort(scans=[]), cohort(death=4), cohort(hbsag=None), cohort(bclc="0"), cohort(bclc="A"), cohort(age=None),
        cohort(arm="A2"), cohort(arm="A3"), cohort(death="2024"), cohort(death="not a date"), cohort(day_0=on(500)),
        cohort(new_therapy="2024"), cohort(new_therapy="2024-13"), cohort(scans=[12], recurrence=12),
        [person | {"arm": "A1" if person.get("recurrence") else "A2"} for person in cohort()],
        [person | {"hbsag": 3.0 if person["arm"] == "A1" else 1.0} for person in cohort()],
    ],
    ids=[
        "nobody", "one", "two", "one arm", "everybody recurs at once", "no recurrence", "no scan", "everybody dead",
        "HBsAg missing", "BCLC 0 only", "BCLC A only", "age missing", "combination only", "an unknown arm",
        "year of death only", "no date of death", "Day 0 in the future", "year of therapy only", "no month of therapy",
        "one scan", "arm and event are one", "separation",
    ],
)  # fmt: skip
def test_an_odd_study_gives_results_or_reasons_in_the_readers_language(people: list[dict[str, Any]]) -> None:
    opened = computed(people)
    assert opened.failures == {}
    assert results.read(opened.to_json()) == opened
    assert english_in_chinese(opened) == set()
    assert all("Error" not in text for text in words(opened, "en"))


def test_without_hbsag_no_comparison_stands_and_the_reason_stands_in_its_place() -> None:
    opened = computed(cohort(hbsag=None))
    assert rows_of(opened) == []
    with override("en"):
        reason = next(text for text in words(opened, "en") if "no unadjusted comparison" in text)
    assert "Cox model: no participant has a value in every column." in reason
    assert "Propensity score weights: no participant has a value in every column." in reason
    chi2 = opened[hazard_ratios.OUTPUT].unadjusted.logrank
    assert chi2
    assert chi2.chi2
    assert not any(f"{chi2.chi2:.3f}" in text for text in words(opened, "en"))


def test_a_failing_fit_is_a_result_with_its_reason_and_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_args: object, **_kwargs: object) -> None:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr("analysis.survival.fits.cox", failing)
    opened = computed(cohort())
    assert opened.failures == {}
    assert opened.failed, "so that somebody is told"
    assert opened[cox_model.OUTPUT].refused[0].facts == {"kind": "LinAlgError"}
    assert rows_of(opened)[0] == [
        "Cox, adjusted (age, BCLC, HBsAg)",
        "Cox model: the computation failed (LinAlgError); the server log has the details.",
    ]
    assert rows_of(opened)[1][0] == "Overlap weights"


def test_an_output_that_cannot_be_computed_is_named_where_it_would_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_data: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(results, "OUTPUTS", tuple(
        type(output)(**vars(output) | ({"compute": failing} if output.code == "balance" else {})) for output in OUTPUTS
    ))  # fmt: skip
    opened = computed(cohort())
    assert set(opened.failures) == {"balance"}
    assert len(opened.outputs) == len(OUTPUTS) - 1
    assert results.read(opened.to_json()) == opened
    assert any("failed (ZeroDivisionError)" in text for text in words(opened, "en"))
    with override("zh-hans"):
        assert any("计算失败（ZeroDivisionError）" in text for text in opened.warnings(by_arm=True))
        assert not any("ZeroDivisionError" in text for text in opened.warnings(by_arm=False))


def test_a_death_before_the_first_scan_is_an_event_of_recurrence_free_and_overall_survival() -> None:
    people = [*cohort(), {"arm": "A1", "death": 8, "hbsag": 2.0}]
    before, after = computed(cohort()), computed(people)
    events = [
        {line.parameter: (line.n, line.events) for line in each[sensitivity.OUTPUT].lines} for each in (before, after)
    ]
    assert events[0]["RFS"] == (40, 22)
    assert events[1] == events[0] | {"RFS": (41, 23), "OS": (41, 1)}


def test_everybody_with_an_arm_is_analysed_or_has_a_reason() -> None:
    extra = [
        {"arm": "A1", "death": 8}, {"arm": "A2"}, {"arm": "A2", "day_0": on(500)},
        {"arm": "A1", "scans": [12], "recurrence": 40, "death": 20}, {"arm": None}, {"day_0": None},
    ]  # fmt: skip
    counted = computed([*cohort(), *extra])[participants.OUTPUT]
    assert counted.excluded == {"after_cutoff": 1, "contradiction": 1, "ended": 1, "no_scan": 1}
    assert (counted.screened, counted.enrolled, counted.analysed) == (46, 44, 40)
    assert counted.enrolled == counted.analysed + sum(counted.excluded.values())
    assert computed([{"arm": "A1"}], DAY_0 + timedelta(weeks=4))[participants.OUTPUT].excluded == {"not_due": 1}


def test_a_date_of_death_known_to_the_year_is_a_caution_and_counts_from_the_last_day_alive() -> None:
    person = {"arm": "A1", "scans": [12, 24], "death": "2024"}
    tables = study([person])
    frame, cautions = frame_of(tables)
    deaths = frame[frame["EVNTDESC"] == "DEATH"].set_index("PARAMCD")
    assert deaths.loc["OS", "ADT"] == on(24)
    assert [(caution.code, caution.facts["date"]) for caution in cautions] == [("partial", "2024")]
    with override("zh-hans"):
        assert "01-001：死亡日期仅知“2024”，按可能的最早日期计算。" in computed([person]).warnings(by_arm=False)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (0, 0),
        (41, 0),
        (42, 0),
        (43, 12),
        (84, 12),
        (126, 12),
        (127, 24),
        (210, 24),
        (1092, 156),
        (1134, 156),
        (1135, 168),
    ],
)
def test_a_day_without_a_planned_scan_belongs_to_the_nearest_visit_and_a_tie_to_the_earlier(
    day: int, week: int
) -> None:
    assert endpoints.nominal_week(DAY_0 + timedelta(days=day), DAY_0, {}) == week


def test_a_row_names_the_record_that_decides_it() -> None:
    people = [{"scans": [12, 24], "recurrence": 24}, {"scans": [12, 24]}, {"death": 5}]
    frame, _ = frame_of(study(people))
    ttr = frame[frame["PARAMCD"] == "TTR"].set_index("SUBJID")
    assert list(ttr["SRCDOM"]) == ["recur", "mri", "participants"]
    assert list(ttr["SRCVAR"]) == ["rec_date", "mri_date", "DAY0"]
    assert ttr.loc["01-002", "SRCVISIT"] == "W24"
    assert ttr.loc["01-001", "LASTNEG"] == on(12)


def test_the_record_that_decides_an_event_is_the_confirmed_one_of_that_day() -> None:
    seen = [{"SUBJID": "01-001", "VISIT": "W12", "REPEAT": n, "rec_date": on(12), "rec_adj": judged, "PAGE": str(n)}
            for n, judged in ((1, "PENDING"), (2, "CONFIRMED"), (3, "NOTREC"))]  # fmt: skip
    rows, _ = endpoints.adtte(study([{"scans": [12]}], recur=seen), CUTOFF)
    row = next(row for row in rows if row["PARAMCD"] == "TTR")
    assert (row["CNSR"], row["SRCDOM"], row["SRCSEQ"], row["SRCPAGE"]) == (0, "recur", 2, "2")


def ae(number: str, start: str | None, **values: str) -> dict[str, Any]:
    return {"SUBJID": number, "REPEAT": 1, "ae_start": start, "ae_grade": "1"} | values


def test_adverse_events_count_by_the_treatment_received_and_only_during_it() -> None:
    people = [{"arm": "A1"}, {"arm": "A2"}, {"arm": "A2"}]
    doses = [{"SUBJID": "01-002", "pg_status": "GIVEN", "pg_date": on(week)} for week in (1, 2, 3)]
    alloc = [{"SUBJID": f"01-00{n}", "arm_actual": arm} for n, arm in ((1, "A1"), (2, "A2"), (3, "A1"))]
    events = [
        ae("01-001", on(1)), ae("01-001", on(-1), ae_ser="Y"), ae("01-002", on(0)), ae("01-002", on(2), ae_ser="Y"),
        ae("01-002", on(9), ae_grade="4"), ae("01-002", on(3)[:7], ae_grade="3"), ae("01-003", None, ae_ser="Y"),
    ]  # fmt: skip
    shown = computed(people, ae=events, pegifn=doses, alloc=alloc)[safety.OUTPUT]
    assert shown.participants == {"A1": 2, "A2": 1}
    lines = {line.kind: (line.everybody, line.arms) for line in shown.lines}
    assert lines["any"] == (3, {"A1": 2, "A2": 1})
    assert lines["serious"] == (2, {"A1": 1, "A2": 1})
    assert lines["grade3"] == (1, {"A1": 0, "A2": 1})
    assert shown.not_emergent == 3


def test_deaths_add_up_whether_an_adverse_event_was_fatal_or_not() -> None:
    people = [{"arm": "A1", "death": 20}, {"arm": "A1", "death": 30}, {"arm": "A2"}, {"arm": "A2"}]
    events = [ae("01-002", on(29), ae_out="FATAL"), ae("01-003", on(2), ae_grade="5")]
    ended = [{"SUBJID": "01-004", "REPEAT": 1, "eos_status": "DEATH"}]
    lines = {line.kind: line for line in computed(people, ae=events, eos=ended)[safety.OUTPUT].lines}
    assert (lines["deaths"].everybody, lines["deaths_ae"].everybody, lines["deaths_other"].everybody) == (4, 2, 2)
    assert lines["deaths_undated"].everybody == 2
    for line in lines.values():
        assert line.everybody == sum(line.arms.values())


def therapy(start: str, **person: Any) -> tuple[tuple[Any, ...], list[str]]:
    """Event, day and reason of the primary endpoint with a therapy known to `start`, and the codes of the cautions."""
    frame, cautions = frame_of(study([{"scans": [12, 24], "new_therapy": start} | person]))
    row = frame[frame["PARAMCD"] == "TTR"].iloc[0]
    return (row["CNSR"], row["ADT"], row["EVNTDESC"]), [caution.code for caution in cautions]


def test_a_therapy_known_to_its_month_does_not_take_away_the_recurrence_that_it_treats() -> None:
    """2024-06-17, week 24, lies within the month of the therapy, and within its year."""
    for known in ("2024-06", "2024"):
        assert therapy(known, recurrence=24) == ((0, on(24), "RECURRENCE"), ["partial_start"])
    assert therapy("2024-05", recurrence=24) == ((3, on(12), "NEWTX"), ["partial_start"])
    assert therapy("2024-06-03", recurrence=24) == ((3, on(12), "NEWTX"), [])


def test_a_therapy_known_to_the_year_of_day_0_censors_and_is_not_taken_for_one_before_it() -> None:
    assert therapy("2024", day_0=on(6)) == ((4, on(6), "NOIMG"), ["partial_start"])
    assert therapy("2023", day_0=on(6)) == ((5, on(24), "CUTOFF"), [])


def test_only_the_treated_beside_the_doses_count_as_treated_and_the_note_says_why_that_misleads() -> None:
    with override("en"):
        (table,) = sensitivity.OUTPUT.show(computed(cohort())[sensitivity.OUTPUT], View.REPORT).tables
    assert "immortal time bias" in str(table.note)


def test_beside_a_hazard_ratio_stands_of_how_many_it_is() -> None:
    people = [each | ({"hbsag": None} if n in (3, 25) else {}) for n, each in enumerate(cohort())]
    opened = computed(people)
    for output in (sensitivity.OUTPUT, interval_censored.OUTPUT):
        expected = output.expected(opened[output])
        first = "TTR" if output is sensitivity.OUTPUT else "planned"
        assert (expected[f"{first} n"], expected[f"{first} model n"]) == (40, 38)
        with override("en"):
            assert "n = 38, " in str(output.show(opened[output], View.REPORT).tables[0].rows[0].cells)


def test_no_e_value_stands_where_its_hazard_ratio_may_not() -> None:
    recurring = [n for n, each in enumerate(cohort()) if each["arm"] == "A2" and "recurrence" in each]
    people = [each | ({"recurrence": None} if n in recurring[3:] else {}) for n, each in enumerate(cohort())]
    expected = balance.OUTPUT.expected(computed(people)[balance.OUTPUT])
    assert (expected["E-value"], expected["E-value limit"]) == (None, None)
    assert balance.OUTPUT.expected(computed(cohort())[balance.OUTPUT])["E-value"] > 1


TEXTS = st.sampled_from(["", "2024", "2024-02", "2024-02-30", "20240210", "UNK", "2199-01-01", on(3), on(24), on(60)])
WEEKS = st.one_of(st.none(), st.integers(0, 200), TEXTS)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"arm": st.sampled_from(["A1", "A2", None, "", "A9"]), "scans": st.lists(st.integers(0, 160), max_size=5)},
        optional={
            "recurrence": WEEKS,
            "death": WEEKS,
            "new_therapy": WEEKS,
            "hbsag": st.sampled_from([None, 0, 1.5, 4]),
            "bclc": st.sampled_from([None, "", "0", "A", "B"]),
            "age": st.sampled_from([None, 18, 70]),
            "day_0": st.sampled_from([on(0), on(30), on(500), ""]),
        },
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PEOPLE)
def test_whatever_the_forms_allow_gives_results_that_add_up(people: list[dict[str, Any]]) -> None:
    opened = computed(people)
    assert opened.failures == {}
    counted = opened[participants.OUTPUT]
    assert counted.enrolled == counted.analysed + sum(counted.excluded.values())
    assert english_in_chinese(opened) == set()


WHOLE = st.one_of(st.none(), st.sampled_from([on(-2), on(0), on(3), on(24), on(60), on(160), "2199-01-01"]))
PARTLY = st.one_of(WHOLE, st.sampled_from(["2024", "2024-03"]))
ROWS: dict[str, dict[str, Any]] = {
    "ae": {"ae_start": PARTLY, "ae_grade": st.sampled_from([None, *"12345"]),
           "ae_ser": st.sampled_from([None, "Y", "N"]),
           "ae_out": st.sampled_from([None, *AEOUT.codes]), "ae_sdth": st.sampled_from([None, "Y"]),
           "ae_rel_pg": st.sampled_from([None, "POSSIBLE", "UNRELATED"]), "ae_term": st.sampled_from([None, "x"])},
    "pegifn": {"pg_status": st.sampled_from([None, "GIVEN", "REDUCED", "DELAYED", "HELD", "STOPPED"]), "pg_date": WHOLE,
               "pg_dose": st.sampled_from([None, 0, 90, 135, 180])},
    "alloc": {"arm_actual": st.sampled_from([None, "A1", "A2"]), "a2_first_dose": WHOLE},
    "eos": {"eos_status": st.sampled_from([None, *DSDECOD.codes]), "eos_date": WHOLE,
            "last_alive": WHOLE},
    "lbviro": {"VISIT": st.sampled_from(["SCR", "W0", "W12", "W24", "UNS"]), "viro_date": WHOLE,
               "hbsag_q": st.sampled_from([None, "QUANT", "LT_LLOQ", "INVALID", "GT_RANGE"]),
               "hbsag_log": st.sampled_from([None, "2.10", "-1.60"]),
               "hbsag_res": st.sampled_from([None, "NEG", "POS"]),
               "hbsag_status": st.sampled_from([None, "LOSS_CONF", "FUNCURE", "REVERTED"]),
               "hbvdna_q": st.sampled_from([None, "TND", "LLOQ_DET", "QUANT", "GT_ULOQ", "INVALID"]),
               "hbvdna_log": st.sampled_from([None, "0.00", "5.25"]),
               "hbsab_val": st.sampled_from([None, "9.9", "250"]),
               "hbsab_q": st.sampled_from([None, "<", ">"])},
    "recur": {"rec_date": WHOLE, "rec_adj": st.sampled_from([None, "CONFIRMED", "PENDING", "NOTREC"])},
    "visits": {"VISIT": st.sampled_from(["W12", "W24", "W36"]), "OPENS": st.just(on(23)), "CLOSES": st.just(on(25)),
               "STATE": st.sampled_from(["planned", "done", "missed", "dropped"]), "SVSTDTC": WHOLE},
    "dv": {"dv_excl": st.sampled_from([None, "Y", "N"])},
    "radtx": {"tx_date": PARTLY},
    "consent": {"withdraw_date": WHOLE},
}  # fmt: skip
ROW = st.one_of([
    st.fixed_dictionaries({"SUBJID": st.sampled_from(["01-001", "01-002", "01-021", "01-022"])} | items).map(
        lambda row, form=form: (form, row)
    )
    for form, items in ROWS.items()
])  # fmt: skip


@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(ROW, max_size=25))
def test_rows_of_every_form_however_odd_stop_no_output(rows: list[tuple[str, dict[str, Any]]]) -> None:
    """Doses, events, samples, visits: incomplete, doubled, before Day 0, after the cut-off, against each other."""
    tables = study(cohort())
    for form, row in rows:
        tables.setdefault(form, []).append(Row({"SITEID": "01", "REPEAT": 1} | row))
    opened = results.compute(tables, CUTOFF)
    assert opened.failed is False
    counts = {line.kind: line for line in opened[safety.OUTPUT].lines}
    overall = next(line for line in opened[sensitivity.OUTPUT].lines if line.parameter == "OS")
    not_derived = [each for each in opened[participants.OUTPUT].not_derived if each.code == "contradiction"]
    assert not_derived or overall.events == counts["deaths"].everybody - counts["deaths_undated"].everybody
    assert english_in_chinese(opened) == set()


def raised_codes() -> set[str]:
    """The code of every BadTable, Refusal and Caution that the estimators can give."""
    codes: set[str] = set()
    for path in (env.ROOT / "analysis" / "survival").glob("*.py"):
        for node in ast.walk(ast.parse(Path(path).read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "BadTable":
                named = [
                    word.value.value
                    for word in node.keywords
                    if word.arg == "code" and isinstance(word.value, ast.Constant)
                ]
                codes.add(str(named[0]) if named else "table")
    return codes


def test_every_refusal_of_the_estimators_has_a_sentence() -> None:
    assert len(raised_codes()) > 8
    assert raised_codes() <= set(sentences.REFUSALS)


@pytest.mark.parametrize("arms", [("A1", "A2", "A3"), ("A2",), ("A3",)])
def test_other_arms_than_those_of_the_plan_are_named_and_not_compared(arms: tuple[str, ...]) -> None:
    people = [each | {"arm": arms[n % len(arms)]} for n, each in enumerate(cohort())]
    with override("en"):
        shown = results.compute(study(people), CUTOFF).show(View.BY_ARM)
        words = str(shown)
    assert "The participants are not in the two arms of the plan: hazard ratio not shown" in words
    assert "Fewer than 5 events in one arm" not in words
    assert ("Arm A3, not in the plan" in words) is ("A3" in arms)


@pytest.mark.parametrize("events", [4, 5])
def test_with_fewer_than_five_events_in_an_arm_the_reason_stands_in_place_of_the_hazard_ratio(events: int) -> None:
    recurring = [n for n, each in enumerate(cohort()) if each["arm"] == "A2" and "recurrence" in each]
    people = [each | ({"recurrence": None} if n in recurring[events:] else {}) for n, each in enumerate(cohort())]
    opened = computed(people)
    assert opened[cox_model.OUTPUT].arm_events == {"A1": 15, "A2": events}
    reason = "Fewer than 5 events in one arm: hazard ratio not shown"
    assert any(reason in text for text in words(opened, "en")) is (events < 5)
    ratios = [row[3] for row in rows_of(opened)]
    assert bool(ratios) is (events == 5)
    assert all(re.fullmatch(r"[0-9]+\.[0-9]+", ratio) for ratio in ratios[:2])
