"""The report follows the plan: what stands in it, in which order and under which number."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils.translation import override

from analysis import plan_items, report, results
from analysis.outputs import OUTPUTS
from analysis.outputs.output import View
from analysis.report.chapters import Chapter, Part, chapters
from analysis.report.methods import METHODS
from prtras import env
from tests.analysis.studies import CUTOFF, cohort, study

#: Half-width punctuation beside a Chinese character.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def computed() -> results.Results:
    return results.compute(study(cohort()), CUTOFF)


@pytest.fixture(scope="module")
def printed(computed: results.Results) -> list[Chapter]:
    return chapters(computed)


def parts(printed: list[Chapter]) -> list[Part]:
    return [part for chapter in printed for section in chapter.sections for part in section.parts]


def test_chapters_and_sections_are_the_groups_and_items_of_the_plan(printed: list[Chapter]) -> None:
    assert [[section.item for section in chapter.sections] for chapter in printed] == [
        list(items) for _, items in plan_items.GROUPS
    ]
    assert [chapter.number for chapter in printed] == [str(n) for n in range(2, len(printed) + 2)]


def test_tables_figures_and_listings_are_numbered_without_a_gap_and_name_their_item(printed: list[Chapter]) -> None:
    for kind in ("table", "figure", "listing"):
        numbers = [part.number for part in parts(printed) if part.kind == kind]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > 3
    anchors = [part.anchor for part in parts(printed)]
    assert len(anchors) == len(set(anchors))
    for chapter in printed:
        for section in chapter.sections:
            assert {part.plan for part in section.parts} <= {section.item.number}


def test_nothing_that_the_outputs_show_is_left_out(computed: results.Results, printed: list[Chapter]) -> None:
    shown = computed.show(View.REPORT)
    drawn = [panel.title for panel in shown.panels if panel.drawings]
    tables = [panel.table.caption for panel in shown.panels if panel.table and not panel.drawings]
    there = sorted(str(part.title) for part in parts(printed) if part.kind == "figure")
    assert there == sorted(map(str, drawn))
    assert len(parts(printed)) == len(drawn) + len(tables) + len(shown.tables)


def test_labels_are_in_the_readers_language(printed: list[Chapter]) -> None:
    first = {part.kind: part for part in reversed(parts(printed))}
    assert [str(first[kind].label) for kind in ("table", "figure", "listing")] == ["Table 1", "Figure 1", "Listing 1"]
    with override("zh-hans"):
        assert [str(first[kind].label) for kind in ("table", "figure", "listing")] == ["表1", "图1", "清单1"]


def test_it_names_no_output() -> None:
    places = [*Path(report.__file__).parent.glob("*.py"), *(env.ROOT / "templates" / "analysis").glob("*report*.html")]
    assert len(places) > 6
    text = "".join(path.read_text() for path in places)
    assert [output.code for output in OUTPUTS if f'"{output.code}"' in text] == []


def test_every_rule_has_both_languages_a_source_and_chinese_punctuation() -> None:
    for method in METHODS:
        assert all((method.title.zh, method.title.en, method.text.zh, method.text.en, method.source))
        assert "{" not in method.text.zh + method.text.en
        assert not HALF_WIDTH.search(method.text.zh), method.title.zh
    assert all(one.title.en != other.title.en for one, other in pairwise(METHODS))


@pytest.mark.parametrize(
    "word",
    ["Kaplan", "Cox", "Fine–Gray", "Landmark", "imput", "spline", "Schoenfeld", "martingale", "Turnbull", "Weibull",
     "log-log", "interaction", "protocol", "truncation", "stratified", "kappa", "Spearman", "E =", "Gray", "Overlap"],
)  # fmt: skip
def test_the_appendix_explains_every_method_that_a_table_uses(word: str) -> None:
    assert any(word.lower() in f"{method.title.en} {method.text.en}".lower() for method in METHODS)


def test_a_failed_output_stands_in_its_place_with_the_reason(computed: results.Results) -> None:
    failed = results.Results(
        {code: result for code, result in computed.outputs.items() if code != OUTPUTS[0].code},
        {OUTPUTS[0].code: results.Refusal("", "failed", "x", {"kind": "ValueError"})},
    )
    reasons = [str(part.table.empty) for part in parts(chapters(failed)) if part.table]
    assert any("ValueError" in reason for reason in reasons)
