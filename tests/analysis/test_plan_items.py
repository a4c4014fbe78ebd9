"""The statistical analysis plan as data: every output answers an item, and nobody changes it unseen."""

import hashlib
import json
from datetime import date

import pytest
from django.utils.translation import override

from analysis import plan, plan_items
from analysis.outputs import OUTPUTS
from analysis.outputs.output import View
from analysis.report.chapters import chapters
from analysis.results import compute
from tests.analysis.studies import CUTOFF, cohort, study


def test_every_output_answers_one_item_and_every_item_names_outputs_that_exist() -> None:
    answered = [code for item in plan_items.items() for code in item.outputs]
    assert sorted(answered) == sorted(output.code for output in OUTPUTS)


def test_items_have_numbers_of_their_own_and_their_rules_hold_the_numbers_that_are_computed() -> None:
    numbers = [item.number for item in plan_items.items()]
    assert len(numbers) == len(set(numbers))
    rules = {item.number: item.rule for item in plan_items.items()}
    assert f"week {plan.READ_WEEK}" in rules["E1"].en
    assert f"{plan.EVENTS_NEEDED} events needed" in rules["E2"].en
    assert f"{plan.EMERGENT_DAYS}天" in rules["Q2"].zh
    assert not any("{" in text for rule in rules.values() for text in (rule.zh, rule.en))


#: What each version of the plan says, as SHA-256 of its numbers and rules in both languages.
CHECKSUMS = {"1.1": "c6f1354b1bca6e0d4c424c202010a128a576bbe8962af1e6b62ee5932fc1d0b1"}


def test_nobody_changes_a_rule_or_a_number_of_the_plan_without_a_new_version() -> None:
    """A new version goes into `plan_items.CHANGES` with what it changes, and its checksum into CHECKSUMS."""
    numbers = {name: repr(value) for name, value in vars(plan).items() if name.isupper()}
    rules = [(item.number, item.population, item.title, item.rule, item.outputs) for item in plan_items.items()]
    content = json.dumps([numbers, [repr(rule) for rule in rules]], ensure_ascii=False, sort_keys=True)
    assert CHECKSUMS[plan_items.CHANGES[-1].version] == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize(("language", "title"), [("en", "Cumulative recurrence by arm"), ("zh-hans", "按治疗组的累积")])
def test_each_figure_and_table_names_the_item_that_it_answers(language: str, title: str) -> None:
    from analysis import results

    with override(language):
        shown = results.compute(study(cohort()), CUTOFF).show(View.REPORT)
    assert {table.plan for table in shown.tables} | {panel.plan for panel in shown.panels} <= {
        plan_items.numbers_of(output.code) for output in OUTPUTS
    }
    assert {panel.plan for panel in shown.panels if panel.ident == "hr"} == {"E2"}
    assert all(str(part.population) for part in (*shown.tables, *shown.panels))


def test_the_population_of_an_output_is_that_of_the_items_that_it_answers() -> None:
    named = {code: plan_items.populations_of(code).en for code in ("recurrence_pooled", "safety", "competing_risks")}
    assert named == {
        "recurrence_pooled": "full analysis set", "safety": "safety set", "competing_risks": "all with a chosen arm",
    }  # fmt: skip


def test_the_report_has_the_comparison_of_the_arms_before_every_number_of_an_arm_alone() -> None:
    sections = [section for chapter in chapters(compute(study(cohort()), CUTOFF)) for section in chapter.sections]
    order = [code for section in sections for code in section.item.outputs]
    for raw in ("recurrence_by_arm", "sensitivity", "competing_risks", "contrasts", "hbsag_loss"):
        assert order.index("hazard_ratios") < order.index("recurrence_weighted") < order.index(raw)


def test_a_plan_that_is_younger_than_the_first_look_by_arm_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plan_items.changed_after([]) is None
    assert plan_items.changed_after([plan_items.CHANGES[-1].on]) is None
    younger = plan_items.Change("2.0", date(2027, 3, 1), plan_items.CHANGES[0].what)
    monkeypatch.setattr(plan_items, "CHANGES", (*plan_items.CHANGES, younger))
    assert plan_items.changed_after([date(2027, 2, 1), date(2027, 4, 1)]) == younger


def test_a_report_names_the_version_of_the_plan_by_which_its_run_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = plan_items.CHANGES[0]
    monkeypatch.setattr(plan_items, "CHANGES", (first, plan_items.Change("2.0", date(2027, 3, 1), first.what)))
    assert plan_items.version_of({"plan": "1.0"}) == first
    assert plan_items.version_of({"plan": "0.9"}) is None
    assert plan_items.version_of(None) is None
