"""Confirmed HBsAg loss, the response of HBV DNA and the decline of HBsAg."""

from typing import Any

import pytest

from analysis import results
from analysis.hbsag_loss import loss, reaction
from analysis.outputs import hbsag_loss, virological_response
from analysis.outputs.data import AnalysisData
from analysis.outputs.hbsag_loss import Outcomes
from analysis.outputs.output import View
from analysis.outputs.virological_response import below_limit
from prtras.datacut.snapshot import Row
from tests.analysis.studies import CUTOFF, DAY_0, on, study

POSITIVE, NEGATIVE = (2.0, "TND"), (-1.61, "TND")


def endpoint(virology: dict[int, Any], **person: Any) -> tuple[Any, ...] | None:
    data = AnalysisData.of(study([{"arm": "A2", "scans": [12], "virology": virology} | person]), CUTOFF)
    rows = data.frame[data.frame["PARAMCD"] == "TTHBSL"]
    return tuple(rows.iloc[0][["ADT", "CNSR", "EVNTDESC", "NOMWEEK"]]) if len(rows) else None


def test_a_loss_that_a_later_sample_confirms_is_dated_at_the_first_negative_of_its_run() -> None:
    course = {0: POSITIVE, 12: NEGATIVE, 24: POSITIVE, 36: NEGATIVE, 48: NEGATIVE, 60: POSITIVE}
    assert endpoint(course) == (on(36), 0, "HBSAGLOSS", 36)


def test_an_unconfirmed_loss_is_none_and_the_last_sample_censors() -> None:
    assert endpoint({0: POSITIVE, 12: POSITIVE, 24: NEGATIVE}) == (on(24), 8, "LASTHBS", 24)
    assert endpoint({12: NEGATIVE, 24: POSITIVE, 36: NEGATIVE}) == (on(36), 8, "LASTHBS", 36)
    assert endpoint({}) == (on(0), 8, "LASTHBS", 0)


def test_who_was_negative_up_to_day_0_is_not_at_risk() -> None:
    assert endpoint({0: NEGATIVE, 12: NEGATIVE, 24: NEGATIVE}) is None
    assert loss(DAY_0, [(DAY_0, "INVALID")]) is not None


@pytest.mark.parametrize(
    ("quantified", "reported", "read"),
    [("QUANT", "NEG", "QUANT"), ("INVALID", "NEG", "LT_LLOQ"), (None, "NEG", "LT_LLOQ"), (None, "POS", None)],
)
def test_without_a_quantity_the_negative_of_the_laboratory_counts(
    quantified: str | None, reported: str, read: str | None
) -> None:
    assert reaction(Row({"hbsag_q": quantified, "hbsag_res": reported})) == read


def test_whoever_dies_without_loss_leaves_at_death_and_does_not_count_as_lost() -> None:
    people = [
        {"arm": "A1", "virology": {12: POSITIVE}, "death": 60},
        {"arm": "A1", "virology": dict.fromkeys((24, 36), NEGATIVE)},
        *({"arm": "A1", "virology": dict.fromkeys((12, 168), POSITIVE)} for _ in range(2)),
    ]
    result = results.compute(study(people), CUTOFF)[hbsag_loss.OUTPUT]
    lines = {line.cause: line for line in result.incidences}
    assert {cause: (line.n, line.events, line.value) for cause, line in lines.items()} == {
        1: (4, 1, pytest.approx(0.25)), 2: (4, 1, pytest.approx(0.25)),
    }  # fmt: skip


def test_hbv_dna_is_drawn_at_every_visit_and_not_for_a_run_that_kept_a_few() -> None:
    samples = {12: (2.0, "QUANT"), 36: (2.0, "TND"), 48: (2.0, "LLOQ_DET")}
    result = results.compute(study([{"arm": "A2", "virology": samples}]), CUTOFF)[virological_response.OUTPUT]
    seen = {(each.arm, each.week): (each.below, each.assessed) for each in result.responses if each.assessed}
    assert seen == {("A2", 12): (0, 1), ("A2", 36): (1, 1), ("A2", 48): (1, 1)}
    shown = virological_response.OUTPUT.show(result, View.BY_ARM)
    assert [panel.ident for panel in shown.panels] == ["hbsag", "hbvdna"]
    assert len(shown.tables[0].rows[0].cells) == len(virological_response.RESPONSE_WEEKS)
    few = tuple(each for each in result.responses if each.week in virological_response.RESPONSE_WEEKS)
    older = virological_response.VirologicalResponse(few, result.declines)
    assert [panel.ident for panel in virological_response.OUTPUT.show(older, View.BY_ARM).panels] == ["hbsag"]


def test_what_became_of_a_loss_is_counted_from_its_day_on() -> None:
    """Cured, with anti-HBs, positive again; anti-HBs before the loss, or below a limit, proves nothing."""
    first, second = {"hbsag_status": "LOSS_UNCONF"}, {"hbsag_status": "LOSS_CONF"}
    ends = [{"hbsag_status": "FUNCURE"}, {"hbsab_val": "10.0"}, {"hbsag_status": "REVERTED"}, {"hbsab_val": "9.9"}]
    people: list[dict[str, Any]] = [
        {"arm": "A2", "virology": {24: (*NEGATIVE, first), 36: (*NEGATIVE, second), 48: (*NEGATIVE, end)}}
        for end in ends
    ]
    people += [
        {"arm": "A2", "virology": {12: (*POSITIVE, {"hbsab_val": 300}), 24: NEGATIVE, 36: NEGATIVE}},
        {"arm": "A2", "virology": {24: (*POSITIVE, {"hbsag_status": "REVERTED", "hbsab_val": 300})}},
        {"arm": "A2", "virology": {24: NEGATIVE, 36: (*NEGATIVE, {"hbsab_val": 100, "hbsab_q": "<"})}},
    ]
    result = results.compute(study(people), CUTOFF)[hbsag_loss.OUTPUT]
    assert result.outcomes == (Outcomes("A1", 0, 0, 0, 0, 0), Outcomes("A2", 7, 6, 1, 1, 1))


def test_the_curve_of_loss_steps_where_somebody_lost_it_and_counts_the_dead_with_the_censored() -> None:
    people = [
        {"arm": "A1", "virology": {12: POSITIVE}, "death": 12},
        {"arm": "A1", "virology": dict.fromkeys((24, 36), NEGATIVE)},
        *({"arm": "A1", "virology": dict.fromkeys((12, 168), POSITIVE)} for _ in range(2)),
    ]
    (curve,) = results.compute(study(people), CUTOFF)[hbsag_loss.OUTPUT].curves
    assert [(point.time, point.value) for point in curve.points] == [(24, pytest.approx(0.25))]
    at_24 = next(read for read in curve.at if read.time == 24)
    assert (at_24.n_risk, at_24.events, at_24.censored) == (3, 1, 1)


@pytest.mark.parametrize(
    ("quantified", "log", "below"),
    [
        ("TND", 0, True), ("LLOQ_DET", 0.70, True), ("QUANT", 2.5, False), ("GT_ULOQ", 9, False),
        ("LLOQ_DET", 1.0, None), ("INVALID", None, None), (None, None, None),
    ],
)  # fmt: skip
def test_below_the_limit_of_a_less_sensitive_assay_says_nothing(
    quantified: str | None, log: float | None, below: bool | None
) -> None:
    assert below_limit(Row({"hbvdna_q": quantified, "hbvdna_log": log})) is below


def test_responses_count_who_was_assessed_and_declines_start_from_baseline() -> None:
    people = [
        {"arm": "A1", "hbsag": 3.0, "virology": {24: (2.0, "TND"), 48: (1.0, "QUANT")}},
        {"arm": "A1", "hbsag": 3.0, "virology": {24: (2.5, "QUANT")}},
        {"arm": "A1", "virology": {24: (2.5, None)}},
        {"arm": None, "hbsag": 3.0, "virology": {24: (0.0, "TND")}},
    ]
    result = results.compute(study(people), CUTOFF)[virological_response.OUTPUT]
    table = virological_response.show(result, View.REPORT).tables[0]
    assert [[str(cell) for cell in row.cells] for row in table.rows] == [
        ["1 / 2 (50%)", "0 / 1 (0%)", "NE", "NE"], ["NE", "NE", "NE", "NE"],
    ]  # fmt: skip
    week_24 = next(each for each in result.declines if (each.arm, each.week) == ("A1", 24))
    assert (week_24.n, week_24.lower, week_24.median, week_24.upper) == (2, -0.875, -0.75, -0.625)
