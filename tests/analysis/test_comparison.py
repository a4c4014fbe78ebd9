"""Two runs number by number: what differs, by how much, in words, and whose data caused it."""

import itertools
import json
import re
from pathlib import Path

import pytest

from analysis import results
from analysis.comparison import differences, output_differences, participant_changes, program_facts
from analysis.endpoints import adtte
from analysis.outputs import OUTPUTS
from analysis.outputs.number_places import place_text
from analysis.results import Results
from tests.analysis.studies import CUTOFF, cohort, study
from tests.analysis.test_sensitivity_models import computed

#: What a Chinese text may hold of Latin letters.
ACCEPTED = re.compile(
    "MRI|HR|CI|KM|ATT|IPTW|IU/mL|ng/mL|mm|cm|Gray|Fine|Cohen|kappa|Spearman|Cox|Weibull|Turnbull|HBsAg|HBeAg|HBV DNA"
    "|AFP|MVI|BCLC|Child-Pugh|LI-RADS|LR-5|log10"
)
#: A word of a place that may stand in its text as it is: a number, a participant's number, and these.
AS_IT_IS = re.compile(r"[\d.-]+|p|HBsAg")
WORDS = {output.code: output.places for output in OUTPUTS}


@pytest.fixture(scope="module")
def before() -> Results:
    return results.compute(study(cohort()), CUTOFF)


def test_the_same_run_has_no_difference_and_counts_every_number(before: Results) -> None:
    compared = output_differences(before, before, by_arm=True)
    assert [output.code for output in compared] == [output.code for output in OUTPUTS]
    assert all(output.equal and not output.differing for output in compared)
    assert sum(output.same for output in compared) > 500


def test_a_number_that_differs_has_its_difference_and_what_part_that_is() -> None:
    (one, two, three, four), same = differences(
        {"n": 40, "p": None, "hr": 0.5, "se": 0.0, "events": 3},
        {"n": 30, "p": 0.2, "hr": None, "se": 1.0, "events": 3},
        {},
    )
    assert (one.difference, one.relative, one.cells) == (-10, -0.25, ("40", "30", "-10", "-25.00 %"))
    assert (two.difference, two.cells) == (None, ("NE", "0.2", "–", "–"))
    assert three.after is None
    assert (four.difference, four.relative) == (1.0, None)
    assert same == 1


def test_only_pooled_outputs_are_compared_for_who_may_not_see_arms(before: Results) -> None:
    compared = output_differences(before, before, by_arm=False)
    by_arm = {output.code for output in OUTPUTS if output.by_arm}
    assert {output.code for output in compared} == {output.code for output in OUTPUTS} - by_arm


def test_a_run_of_an_older_version_is_compared_with_what_it_has(before: Results) -> None:
    stored = json.loads((Path(__file__).parent / "run_version_1.json").read_text())
    compared = {output.code: output for output in output_differences(results.read(stored), before, by_arm=True)}
    assert compared["events"].there == "both"
    assert compared["competing_risks"].there == "after"
    assert {output.code for output in compared.values()} == {output.code for output in OUTPUTS}


def test_every_place_is_in_words_in_both_languages(before: Results) -> None:
    for opened, output in itertools.product((before, computed()), OUTPUTS):
        for place in output.expected(opened[output]) if output.expected else ():
            text = place_text(place, output.places)
            assert not re.search("[A-Za-z]{2}|[{}]", ACCEPTED.sub("", text.zh)), (output.code, place, text.zh)
            for part in set(text.zh.split("，")) & set(place.split()):
                assert AS_IT_IS.fullmatch(part), (output.code, place, part)
    assert place_text("A2 week 156 at risk", {}).en == "NA + Peg-IFN, week 156, at risk"
    assert place_text("A2 week 156 at risk", {}).zh == "核苷(酸)类似物+聚乙二醇干扰素，第156周，风险人数"


@pytest.mark.parametrize(
    ("output", "place", "text"),
    [
        ("balance", "sw truncated", "Stabilised IPTW, weights truncated"),
        ("adjusted_models", "truncated hr", "From radical treatment (left-truncated), HR"),
        ("balance", "sw control size", "Stabilised IPTW, effective size, control"),
        ("baseline", "size A1 median", "Largest tumour, mm, NA, median"),
        ("recurrence_pattern", "size A1 median", "Largest recurrent tumour, mm, NA, median"),
        ("baseline", "bclc A A1", "BCLC stage: A (early), NA"),
        ("baseline", "child A A1", "Child-Pugh class before treatment: A (5-6), NA"),
        ("subgroups", "AGE under A1 n", "Age: < 60 years, NA, participants"),
        ("proportional_hazards", "smooth 3 week", "point 3 of the smooth, week"),
        ("proportional_hazards", "loglog A1 12", "Log minus log survival, NA, week 12"),
        ("participant_flow", "A1 ended LOST TO FOLLOW-UP", "NA, ended: Lost to follow-up"),
        (
            "listings", "recurrence 01-002 1 IHD W24 CONFIRMED counts",
            "Recurrences, 01-002, 1, Intrahepatic distant, Week 24, Confirmed recurrence, In the primary endpoint",
        ),
    ],
)  # fmt: skip
def test_a_word_of_a_place_means_what_it_means_in_its_output(output: str, place: str, text: str) -> None:
    assert place_text(place, WORDS[output]).en == text


def test_a_number_that_differs_is_named_in_the_words_of_its_output(before: Results) -> None:
    compared = output_differences(before, computed(), by_arm=True)
    texts = {(output.code, each.place): each.text.en for output in compared for each in output.differing}
    assert texts["adjusted_models", "truncated n"] == "From radical treatment (left-truncated), participants"
    assert texts["baseline", "size A1 known"] == "Largest tumour, mm, NA, participants known"


def test_each_kind_of_change_of_a_participant_is_named() -> None:
    people = cohort()
    people[1].pop("recurrence")
    people[2] |= {"age": 77, "arm": "A2"}
    people[3]["scans"] = [*people[3]["scans"], 96]
    people[3]["recurrence"] = 96
    first, second = (adtte(study(each), CUTOFF)[0] for each in (cohort(), [*people[:-1]]))
    shown = participant_changes(first, second, by_arm=True)
    kinds = {number: {(each.kind, each.what.en, each.before.en, each.after.en) for each in those}
             for number, those in shown.items()}  # fmt: skip
    assert set(kinds) == {"01-002", "01-003", "01-004", "01-040"}
    assert ("event", "Time to recurrence (primary)", "event: confirmed recurrence, 2024-09-09, week 36",
            "censored: data cut-off, 2024-09-09, week 36") in kinds["01-002"]  # fmt: skip
    assert kinds["01-003"] == {("covariate", "arm", "NA", "NA + Peg-IFN"), ("covariate", "Age (per year)", "54", "77")}
    assert {(kind, what) for kind, what, *_ in kinds["01-004"]} >= {("time", "Time to recurrence (primary)")}
    assert {(kind, after) for kind, _, _, after in kinds["01-040"]} == {("gone", "–")}
    assert {each.kind for each in participant_changes(second, first, by_arm=True)["01-040"]} == {"new"}
    hidden = [each for each in participant_changes(first, second, by_arm=False)["01-003"] if each.what.en == "arm"]
    assert [(each.before.en, each.after.en) for each in hidden] == [("–", "–")]


def test_another_plan_code_or_package_is_a_difference_and_what_is_not_on_record_too() -> None:
    old = {"plan": "1.0", "code": "a", "packages": {"numpy": "2.4.6", "pandas": "2.3.3"}}
    new = {"plan": "1.1", "code": "a", "packages": {"numpy": "2.4.7", "pandas": "2.3.3"}}
    assert [fact.title.en for fact in program_facts(old, new) if fact.differs] == ["Version of the plan", "numpy"]
    assert all(fact.differs for fact in program_facts(None, new))
