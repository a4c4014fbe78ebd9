"""The design monitor and the conditional power, from the tables of a cut to what people read."""

import json
import math
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from analysis import plan, results
from analysis.outputs import accrual, conditional_power, design_monitor, hazard_ratios
from analysis.outputs.output import Output, View
from analysis.results import Results
from analysis.survival.design import outlook, required_information
from tests.analysis.studies import CUTOFF, DAY_0, cohort, on, study

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
NOW = DAY_0 + timedelta(weeks=150)


def recruiting(enrolled: int = 200, cutoff: date = NOW) -> Results:
    """Enrolled evenly up to the cut-off, scanned every twelve weeks; every third has a recurrence at week 36 or 84."""
    return results.compute(study(people(enrolled)), cutoff)


def people(enrolled: int) -> list[dict[str, Any]]:
    everybody = []
    for n in range(enrolled):
        start = n * 150 / enrolled
        ends = (36 if n % 2 else 84) if n % 3 == 0 else 156
        weeks = [week for week in range(12, ends + 1, 12) if start + week <= 150]
        person = {
            "arm": f"A{1 + n % 2}", "day_0": on(start), "scans": [start + week for week in weeks],
            "age": 40 + n % 31, "bclc": "A0"[n % 5 == 0], "hbsag": 1 + n % 7 / 2,
        }  # fmt: skip
        if ends < 156 and start + ends <= 150:
            person["recurrence"] = start + ends
        everybody.append(person)
    return everybody


def lines(opened: Results, output: Output[Any], language: str = "en") -> dict[str, list[str]]:
    """The table of an output as a person reads it, by the head of the row."""
    with override(language):
        (table,) = output.show(opened[output], View.BY_ARM).tables
        return {str(row.head): [*map(str, row.cells), *([str(row.instead)] if row.instead else [])]
                for row in table.rows}  # fmt: skip


def empty(opened: Results, language: str = "en") -> str:
    """What stands in place of the conditional power."""
    with override(language):
        (table,) = conditional_power.OUTPUT.show(opened[conditional_power.OUTPUT], View.BY_ARM).tables
        return "" if table.rows else str(table.empty)


def test_the_monitor_counts_and_projects() -> None:
    opened = recruiting()
    result = opened[design_monitor.OUTPUT]
    assert (result.enrolled, result.planned, result.needed) == (200, 332, 121)
    assert result.fraction == result.events / 121
    shown = lines(opened, design_monitor.OUTPUT)
    assert shown["Recurrence events / needed by the design"] == [f"{result.events} / 121", "–"]
    assert shown["Arm chosen / planned"] == ["200 / 332", "–"]
    # 200 in 150 weeks: 132 more take 99 weeks
    assert result.full
    assert result.full.median
    assert abs((result.full.median - NOW).days - 99 * 7) < 100
    assert result.reached
    assert result.reached.median
    assert result.reached.median > NOW
    assert result.last_visit
    assert result.last_visit.median
    assert abs((result.last_visit.median - result.full.median).days - 1092) <= 1
    assert shown["Day of event 121"][0] == result.reached.median.isoformat()
    assert shown["Chance that 121 events are reached by then"][0].endswith(" %")


def test_two_computations_of_one_cut_give_the_same_bytes() -> None:
    first, second = recruiting(), recruiting()
    assert first.canonical() == second.canonical()
    assert results.read(json.loads(first.canonical())) == first


def test_the_accrual_is_drawn_with_its_forecast() -> None:
    opened = recruiting()
    result = opened[accrual.OUTPUT]
    assert result.forecast
    assert result.full == opened[design_monitor.OUTPUT].full
    for language, word, words in (("en", "forecast", "reached about"), ("zh-hans", "预测", "预计")):
        with override(language):
            (panel,) = accrual.OUTPUT.show(result, View.POOLED).panels
            assert word in panel.drawings[0]
            assert "accrual-plan" in panel.drawings[0]
            assert f"{words} {result.forecast}" in str(panel.key)


def test_an_accrual_of_an_older_run_is_drawn_without_a_forecast() -> None:
    older = accrual.Accrual(NOW, (NOW,))
    assert "accrual-plan" not in accrual.OUTPUT.show(older, View.POOLED).panels[0].drawings[0]


def test_when_everybody_is_enrolled_the_day_is_known_and_nothing_is_forecast() -> None:
    opened = recruiting(340)
    full = opened[design_monitor.OUTPUT].full
    assert full
    assert full.lower == full.median == full.upper
    assert opened[accrual.OUTPUT].forecast is None
    assert lines(opened, design_monitor.OUTPUT)["Day on which 332 have an arm"] == [str(full.median), "–"]


@pytest.mark.parametrize(
    ("everybody", "cutoff", "reason"),
    [
        ([], CUTOFF, "0 enrolled in the last 0 days"),
        (cohort(), CUTOFF, "0 enrolled in the last 182 days"),
        (cohort(recurrence=None), DAY_0 + timedelta(weeks=20), "there are fewer than 5 events"),
        (cohort(arm="A1", recurrence=None), DAY_0 + timedelta(weeks=20), "there are fewer than 5 events"),
    ],
    ids=["nobody", "accrual has stopped", "no event", "one arm, no event"],
)
def test_without_data_enough_the_reason_stands_in_place_of_the_day(
    everybody: list[dict[str, Any]], cutoff: date, reason: str
) -> None:
    opened = results.compute(study(everybody), cutoff)
    assert opened.failures == {}
    assert reason in lines(opened, design_monitor.OUTPUT)["Day of event 121"][0]
    (chinese,) = lines(opened, design_monitor.OUTPUT, "zh-hans")["第121例复发的日期"]
    assert chinese.startswith("预测：")
    with override("en"):
        (tile,) = design_monitor.OUTPUT.show(opened[design_monitor.OUTPUT], View.POOLED).tiles
        assert tile.values == ("NE",)


def test_the_monitor_stores_and_shows_no_arm_and_no_comparison() -> None:
    swapped = [person | {"arm": "A2" if person["arm"] == "A1" else "A1"} for person in people(200)]
    same = [person | {"arm": "A1"} for person in people(200)]
    stored = [
        results.compute(study(each), NOW)[design_monitor.OUTPUT].to_dict() for each in (people(200), swapped, same)
    ]
    assert stored[0] == stored[1] == stored[2]
    assert not design_monitor.OUTPUT.by_arm
    text = json.dumps(stored[0]) + str(lines(recruiting(), design_monitor.OUTPUT))
    assert not any(word in text for word in ("A1", "A2", "HR", "p <", "Peg"))


def test_the_conditional_power_comes_from_the_adjusted_model() -> None:
    opened = recruiting()
    result, term = opened[conditional_power.OUTPUT], opened[hazard_ratios.OUTPUT].adjusted
    assert term
    assert term.z is not None
    assert term.se
    assert result.outlook
    assert result.outlook.z == -term.z
    assert result.per_event == pytest.approx(1 / term.se**2 / result.events)
    assert result.outlook == outlook(-term.z, result.events, 121, 0.6, result.per_event)
    shown = lines(opened, conditional_power.OUTPUT)
    needed = math.ceil(required_information(0.6, 0.05, 0.8) / (result.per_event or 1))
    assert shown["Events that at this rate give the design's information"] == [str(needed)]
    assert shown["Conditional power: HR 0.6 of the design"] == [f"{100 * (result.outlook.design or 0):.1f} %"]
    assert result.obrien_fleming
    assert result.pocock
    assert (result.obrien_fleming.now or 0) > (result.pocock.now or 0) > 1.96
    assert "O'Brien–Fleming type bound: now, at the end" in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("steer a non-randomized study", "no formal interim analysis is planned", "the bounds are information")),
        ("zh-hans", ("非随机研究", "未计划正式期中分析", "界值仅供参考", "左右研究")),
    ],
)
def test_that_looks_steer_the_study_stands_below_the_bounds(language: str, words: tuple[str, ...]) -> None:
    for opened in (recruiting(), results.compute(study(cohort(hbsag=None)), CUTOFF)):
        with override(language):
            (table,) = conditional_power.OUTPUT.show(opened[conditional_power.OUTPUT], View.BY_ARM).tables
            assert all(word in str(table.note) + str(table.empty) for word in words)


@pytest.mark.parametrize(
    ("everybody", "reason"),
    [
        ([], "Cox model: no participant has a value in every column."),
        (cohort(hbsag=None), "Cox model: no participant has a value in every column."),
        (cohort(arm="A1"), "The participants are not in the two arms of the plan"),
        (cohort(recurrence=None), "the effect of the arm"),
        ([p | ({"recurrence": None} if p["arm"] == "A2" else {}) for p in cohort()], "Fewer than 5 events in one arm"),
    ],
    ids=["nobody", "HBsAg missing", "one arm", "no event", "no event in one arm"],
)
def test_without_an_adjusted_estimate_there_is_no_conditional_power(
    everybody: list[dict[str, Any]], reason: str
) -> None:
    opened = results.compute(study(everybody), CUTOFF)
    result = opened[conditional_power.OUTPUT]
    assert (result.outlook, result.per_event, result.obrien_fleming, result.pocock) == (None, None, None, None)
    assert empty(opened).endswith("Without an adjusted estimate no conditional power is shown.")
    assert reason in empty(opened) or "Fewer than 5 events" in empty(opened)
    assert empty(opened, "zh-hans").endswith("无调整后估计，故不显示条件把握度。")


def test_with_four_events_in_an_arm_there_is_an_estimate_but_no_conditional_power() -> None:
    everybody, left = people(200), 4
    for person in everybody:
        if person["arm"] == "A2" and "recurrence" in person:
            left -= 1
            if left < 0:
                del person["recurrence"]
    opened = results.compute(study(everybody), NOW)
    term = opened[hazard_ratios.OUTPUT].adjusted
    assert term
    assert term.z is not None
    result = opened[conditional_power.OUTPUT]
    assert result.arm_events["A2"] == 4
    assert (result.outlook, result.obrien_fleming) == (None, None)
    assert "Fewer than 5 events in one arm: hazard ratio not shown (NA 15, NA + Peg-IFN 4)." in empty(opened)


def test_the_conditional_power_is_never_in_a_pooled_view() -> None:
    opened = recruiting()
    assert conditional_power.OUTPUT.by_arm
    with override("en"):
        captions = {view: [str(table.caption) for table in opened.show(view).tables] for view in View}
    title = conditional_power.OUTPUT.title.en
    assert (title in captions[View.POOLED], title in captions[View.BY_ARM]) == (False, True)
    assert design_monitor.OUTPUT.title.en in captions[View.POOLED]


def test_when_the_events_are_reached_no_power_is_left_to_compute() -> None:
    chances = outlook(2.5, 130, plan.EVENTS_NEEDED, plan.HAZARD_RATIO)
    bounds = conditional_power._bounds(chances.fraction)
    assert [bound.now for bound in bounds] == [pytest.approx(1.959964)] * 2
    full = conditional_power.ConditionalPower(130, 121, 0.25, chances, *bounds, (), {"A1": 65, "A2": 65})
    with override("en"):
        (table,) = conditional_power.OUTPUT.show(full, View.BY_ARM).tables
    assert [str(cell) for row in table.rows for cell in row.cells].count("NE: the events needed are reached") == 4
