"""Baseline, pattern of recurrence, flow and listings: what they count, what they call missing, and R's numbers."""

import json
from typing import Any

import pytest
from django.utils.translation import override

from analysis import results
from analysis.outputs import baseline, listings, participant_flow, recurrence_pattern
from analysis.outputs.characteristics import Category, Characteristic, Quantity, described
from analysis.outputs.output import View
from enrollment.codelists.consent import SEX
from prtras.labels import T
from tests.analysis.studies import CUTOFF, cohort, on, study

ARMS = {str(n): "A1" if n < 5 else "A2" for n in range(10)}
STAGE = Category("stage", T("分期", "Stage"), SEX)
SIZE = Quantity("size", T("大小", "Size"))


def of(values: list[Any], variable: Category | Quantity = SIZE) -> Characteristic:
    """Five values of the first arm, five of the second."""
    return described(variable, {str(n): value for n, value in enumerate(values)}, ARMS)


def test_a_quantity_has_the_numbers_of_r() -> None:
    """R 4.2: a <- c(10, 12.5, 30, 31); b <- c(11, 20, 21, 40, 90)

    c(mean(a), sd(a), quantile(a, 1:3 / 4)); abs(mean(b) - mean(a)) / sqrt((var(a) + var(b)) / 2)
    """
    line = of(["10", "12.5", "30", "31", None, "11", "20", "21", "40", "90"])
    first = line.spreads["A1"]
    assert (line.known, line.missing) == ({"A1": 4, "A2": 5}, {"A1": 1, "A2": 0})
    assert (first.mean, first.q1, first.median, first.q3) == (20.875, 11.875, 21.25, 30.25)
    assert first.sd == pytest.approx(11.1682212848, abs=1e-9)
    assert line.smd == pytest.approx(0.651980331474, abs=1e-11)


def test_a_category_has_the_distance_of_two_multinomial_distributions() -> None:
    """R 4.2: p <- c(.6, .2); q <- c(.2, .4); s <- function(x) diag(x) - x %o% x; S <- (s(p) + s(q)) / 2

    sqrt(sum((q - p) * solve(S, q - p)))
    """
    line = of(["a", "a", "a", "b", "c", "a", "b", "b", "c", "c"], STAGE)
    assert line.levels == {"a": {"A1": 3, "A2": 1}, "b": {"A1": 1, "A2": 2}, "c": {"A1": 1, "A2": 2}}
    assert line.smd == pytest.approx(0.894427190999916, abs=1e-12)


def test_two_levels_have_the_difference_of_two_shares() -> None:
    line = of(["M", "M", "M", "M", "F", "M", "F", "F", "F", "F"], STAGE)
    assert line.smd == pytest.approx((0.8 - 0.2) / (0.8 * 0.2) ** 0.5)


@pytest.mark.parametrize(
    ("values", "variable", "smd"),
    [
        ([None] * 10, SIZE, None), (["3"] * 10, SIZE, None), (["1", None, None, None, None, *"12345"], SIZE, None),
        ([None] * 10, STAGE, None), (["M"] * 10, STAGE, 0.0), (["M"] * 5 + ["F"] * 5, STAGE, None),
        ([None] * 5 + ["F"] * 5, STAGE, None),
    ],
)  # fmt: skip
def test_what_has_no_difference_has_none(values: list[Any], variable: Category | Quantity, smd: float | None) -> None:
    assert of(values, variable).smd == smd


def test_missing_is_no_level_and_a_code_that_left_its_list_is_one() -> None:
    line = of(["M", "X", None, "", None, "M", "M", "M", "M", "F"], STAGE)
    assert line.levels == {"M": {"A1": 1, "A2": 4}, "F": {"A1": 0, "A2": 1}, "X": {"A1": 1, "A2": 0}}
    assert line.missing == {"A1": 3, "A2": 0}


@pytest.fixture(scope="module")
def computed() -> results.Results:
    people = cohort()
    people[0] |= {"recurrence": 105, "scans": [12, 105]}
    people[1] |= {"death": 60}
    people[2] |= {"scans": [], "recurrence": None}
    people[3] |= {"death": on(9)[:7], "scans": [], "recurrence": None}
    forms = [{"recur": {"rec_site": ("LOCAL", "EHM")[n % 2], "rec_n": n}} for n in range(5)]
    for person, more in zip(people[5:10], forms, strict=True):
        person["forms"] = more if person.get("recurrence") else {}
    serious = [
        {"SUBJID": "01-001", "REPEAT": 2, "ae_term": "肺部感染", "ae_ser": "Y", "ae_start": on(3), "ae_grade": "3"},
        {"SUBJID": "01-002", "REPEAT": 1, "ae_term": "X", "ae_ser": "Y", "ae_start": "2024-02", "ae_out": "FATAL"},
        {"SUBJID": "01-002", "REPEAT": 2, "ae_term": "Y", "ae_ser": "N", "ae_start": on(3), "ae_grade": "1"},
    ]  # fmt: skip
    coded = {"SUBJID": "01-001", "FORM": "ae", "REPEAT": 2, "PTCD": 1, "PTZH": "肺炎", "PTEN": "Pneumonia"}
    stored = results.compute(study(people, ae=serious, codings=[coded]), CUTOFF).canonical()
    return results.read(json.loads(stored))


def test_early_and_late_part_after_two_years(computed: results.Results) -> None:
    pattern = computed[recurrence_pattern.OUTPUT]
    when = next(line for line in pattern.lines if line.code == "when")
    assert when.levels["late"] == {"A1": 6, "A2": 2}  # recurrence at week 105 or later
    assert sum(pattern.events.values()) == sum(n for level in when.levels.values() for n in level.values())


def test_each_arm_of_the_flow_adds_up_and_all_together_are_those_with_an_arm(computed: results.Results) -> None:
    flow = computed[participant_flow.OUTPUT]
    for arm in flow.arms.values():
        assert arm.chosen == arm.followed + sum(arm.ended.values()) == arm.analysed + sum(arm.excluded.values())
    assert sum(arm.chosen for arm in flow.arms.values()) == flow.chosen
    assert sum(computed[baseline.OUTPUT].participants.values()) == flow.chosen


def test_listings_have_a_line_for_each_and_an_unknown_day_is_none(computed: results.Results) -> None:
    listed = computed[listings.OUTPUT]
    deaths = {line.participant: line.day for line in listed.deaths}
    assert deaths == {"01-002": 421, "01-004": None}
    assert [(line.participant, line.day, line.grade) for line in listed.serious] == [
        ("01-001", 22, 3), ("01-002", None, 5),
    ]  # fmt: skip
    assert {line.participant for line in listed.exclusions} == {"01-003", "01-004"}
    flow = computed[participant_flow.OUTPUT]
    assert len(listed.exclusions) == sum(sum(arm.excluded.values()) for arm in flow.arms.values())
    counted = sum(computed[recurrence_pattern.OUTPUT].events.values())
    assert sum(line.counts for line in listed.recurrences) == counted


@pytest.mark.parametrize(("language", "terms"), [("en", ["Pneumonia", "X"]), ("zh-hans", ["肺炎", "X"])])
def test_a_coded_event_is_listed_by_its_preferred_term(
    computed: results.Results, language: str, terms: list[str]
) -> None:
    with override(language):
        shown = listings.OUTPUT.show(computed[listings.OUTPUT], View.REPORT).tables
        assert [str(row.cells[2]) for row in shown[2].rows] == terms


def test_the_dashboards_have_no_listings(computed: results.Results) -> None:
    for view in (View.BY_ARM, View.POOLED):
        assert listings.OUTPUT.show(computed[listings.OUTPUT], view).tables == ()


def test_levels_stand_in_the_order_of_their_list_when_they_come_back_from_the_store(computed: results.Results) -> None:
    (table,) = baseline.OUTPUT.show(computed[baseline.OUTPUT], View.REPORT).tables
    heads = [str(row.head) for row in table.rows]
    place = heads.index("BCLC stage")
    assert heads[place + 1 : place + 3] == ["– 0 (very early)", "– A (early)"]
