"""The sensitivity models of the arms, their subgroups and their figure: numbers as in R, and what is never shown."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.utils.translation import override

from analysis import plan, results
from analysis.outputs import (
    adjusted_models,
    forest,
    imputation,
    participants,
    sensitivity,
    sensitivity_fits,
    subgroups,
    treatment_timing,
)
from analysis.outputs.data import AnalysisData
from analysis.outputs.output import View
from analysis.results import Results
from analysis.survival.cox import cox
from tests.analysis.studies import CUTOFF, cohort, study
from tests.analysis.test_bundle import full_study

OUTPUTS = (adjusted_models.OUTPUT, treatment_timing.OUTPUT, imputation.OUTPUT, subgroups.OUTPUT, forest.OUTPUT)
#: R 4.2.2, survival 3.5-3: coxph (robust by cluster, strata, (start, stop]) and survdiff of `full_study`, as
#: analysis/bundle/recomputation/estimates.R and side_by_side.R call them.
BY_R = {
    "adjusted_models": {
        "robust se": 0.238071159295, "stratified coef": -0.767561264751, "stratified se": 0.238540456542,
        "truncated coef": -0.740153483585, "truncated se": 0.25025499775,
        "stratified logrank chi2": 9.59064179647, "truncated logrank chi2": 8.5426972739,
    },
    "treatment_timing": {
        "ever coef": -0.850565444285, "landmark_12 coef": -0.427269445529, "landmark_24 coef": -0.708072198786,
        "landmark_24 se": 0.275528492978, "time_dependent coef": -0.754336985757,
        "time_dependent se": 0.245392981402,
    },
    "subgroups": {
        "AGE over coef": -0.663082884155, "AGE interaction p": 0.667641253071, "SEX interaction p": 0.0393168430798,
        "BCLC interaction p": 0.996594562845, "HBSAG interaction p": 0.576298223832,
    },
}  # fmt: skip


@cache
def computed() -> Results:
    return results.compute(full_study(), CUTOFF)


@pytest.mark.parametrize("output", [output for output in OUTPUTS if output.code in BY_R], ids=lambda each: each.code)
def test_the_models_equal_r(output: Any) -> None:
    numbers = output.expected(computed()[output])
    for place, number in BY_R[output.code].items():
        assert numbers[place] == pytest.approx(number, rel=1e-8), place


def cells(opened: Results) -> Iterator[str]:
    """Every cell of the tables of these outputs, the hidden ones of the figures too."""
    with override("en"):
        for output in OUTPUTS:
            shown = output.show(opened[output], View.BY_ARM)
            for table in (*shown.tables, *(panel.table for panel in shown.panels if panel.table)):
                yield from (str(cell) for row in table.rows for cell in row.cells)


@pytest.mark.parametrize(
    "people",
    [
        cohort(recurrence=None), cohort()[:24], cohort(arm="A2"), cohort(bclc="A", hbsag=None),
        [each | {"arm": "A1" if each.get("recurrence") else "A2"} for each in cohort()],
        [each | {"arm": ("A1", "A2", "A3")[n % 3]} for n, each in enumerate(cohort())],
    ],
    ids=["no recurrence", "few in one arm", "one arm", "HBsAg missing", "no event in one arm", "three arms"],
)  # fmt: skip
def test_without_an_adjusted_estimate_there_is_no_hazard_ratio_and_no_log_rank_test(
    people: list[dict[str, Any]],
) -> None:
    opened = results.compute(study(people), CUTOFF)
    assert not any("." in cell or "χ²" in cell for cell in cells(opened))


def test_a_run_that_was_stored_without_an_order_shows_its_lines_in_that_of_the_plan() -> None:
    stored = results.read(json.loads(computed().canonical()))
    assert next(iter(stored[forest.OUTPUT].estimates)) == "actual"
    with override("en"):
        for output in OUTPUTS:
            shown = [output.show(each[output], View.BY_ARM) for each in (computed(), stored)]
            assert shown[0] == shown[1]
        (panel,) = forest.OUTPUT.show(stored[forest.OUTPUT], View.REPORT).panels
        assert panel.table
        assert [str(row.head) for row in panel.table.rows][:2] == [
            "Planned: Cox with age, BCLC, HBsAg", "Overlap weights",
        ]  # fmt: skip


def test_a_line_stands_beside_the_sizes_of_both_groups_and_says_who_is_not_in_it() -> None:
    with override("en"):
        (table,) = treatment_timing.OUTPUT.show(computed()[treatment_timing.OUTPUT], View.REPORT).tables
        biased, landmark, *_ = table.rows
        assert "biased: immortal time" in str(biased.head)
        assert "recurrence before" in str(landmark.cells[4])
        assert "censored before" in str(landmark.cells[4])
    estimates = computed()[treatment_timing.OUTPUT].estimates
    for each in estimates.values():
        assert each.events == sum(group.events for group in each.groups)
    everybody = {estimates[name].n + sum(estimates[name].left_out.values()) for name in estimates}
    assert everybody == {computed()[participants.OUTPUT].analysed} == {123}


def test_a_subgroup_is_the_planned_model_within_its_level_and_has_one_test_for_both_levels() -> None:
    data = AnalysisData.of(full_study(), CUTOFF)
    rows = data.primary[data.primary["AGE"] >= plan.AGE_CUT]
    alone = cox(rows, "NOMWEEK", "EVENT", ["ARMCD", *sensitivity_fits.ADJUSTED], reference=sensitivity_fits.REFERENCE)
    levels, product = sensitivity_fits.of_subgroup(data, "AGE")
    assert levels["over"].term == alone.terms[0]
    assert product
    assert product.name == "PRODUCT"
    with override("en"):
        (table,) = subgroups.OUTPUT.show(computed()[subgroups.OUTPUT], View.REPORT).tables
        assert "p" not in table.heads
        assert [str(row.head) for row in table.rows if "interaction p" in str(row.head)][
            1
        ] == "Sex (interaction p 0.039)"


def test_hbsag_divides_at_1000_iu_and_who_lacks_it_is_at_no_level() -> None:
    people = [each | {"hbsag": value} for each, value in zip(cohort(), [2.99, 3.0, 3.01, None] * 10, strict=True)]
    levels, _ = sensitivity_fits.of_subgroup(AnalysisData.of(study(people), CUTOFF), "HBSAG")
    assert (levels["under"].n, levels["over"].n) == (10, 20)


def test_the_forest_has_every_estimate_but_the_biased_one_and_a_table_behind_it() -> None:
    result = computed()[forest.OUTPUT]
    assert set(result.estimates) == {
        "planned", "weighted", "imputed", "robust", "stratified", "truncated", "actual", "rfs", "ttrgap",
        "landmark_12", "landmark_24", "time_dependent",
    }  # fmt: skip
    with override("en"):
        (panel,) = forest.OUTPUT.show(result, View.BY_ARM).panels
        assert len(panel.drawings) == 2
        assert panel.table
        for row in panel.table.rows:
            assert str(row.head) in panel.drawings[1] or str(row.head).split()[0] in panel.drawings[1]
            assert str(row.cells[1]) in panel.drawings[0]


def test_the_per_protocol_set_is_without_whose_exclusion_is_proposed_and_as_treated_goes_by_the_treatment() -> None:
    people = cohort()
    deviations = [{"SUBJID": "01-001", "dv_excl": "Y"}, {"SUBJID": "01-002", "dv_excl": "N"}]
    alone = [f"01-{n:03d}" for n, each in enumerate(people, start=1) if each["arm"] == "A1"]
    switched = [{"SUBJID": number, "arm_actual": "A2"} for number in alone[:2]]
    opened = results.compute(study(people, dv=deviations, alloc=switched), CUTOFF)
    lines = {line.parameter: line for line in opened[sensitivity.OUTPUT].lines}
    planned, protocol, treated = (lines[each] for each in ("TTR", "TTRPP", "TTRAT"))
    assert planned.n == len(people)
    assert protocol.n == len(people) - 1
    assert treated.n == planned.n

    def of_arm(line: sensitivity.SensitivityLine, arm: str) -> int:
        return next(curve.n for curve in line.curves if curve.group == arm)

    assert of_arm(treated, "A1") == of_arm(planned, "A1") - 2
    assert of_arm(treated, "A2") == of_arm(planned, "A2") + 2
