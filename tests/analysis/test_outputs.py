"""What a run of this or an older version stored is read again, and shown to those who may see it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from analysis import plan, results
from analysis.outputs import (
    OUTPUTS,
    balance,
    competing_risks,
    cox_model,
    events,
    follow_up,
    hazard_ratios,
    hbsag_loss_pooled,
    incidence_pooled,
    recurrence_by_arm,
    recurrence_pooled,
    safety,
    safety_pooled,
    virological_response_pooled,
)
from analysis.outputs.output import Output, Share, Shown, Table, Tile, View
from analysis.outputs.stored_results import BadResult, from_json
from analysis.outputs.version_1 import upgraded
from analysis.results import Results
from analysis.survival.results import Refusal, Result
from prtras import env
from prtras.datacut.snapshot import Row
from prtras.labels import T
from tests.analysis.studies import CUTOFF, cohort, on, study

FIXTURE = Path(__file__).with_name("run_version_1.json")


@pytest.fixture
def older() -> dict[str, Any]:
    """What the night run stored for the demo's cohort before results had a version."""
    stored: dict[str, Any] = json.loads(FIXTURE.read_text())
    return stored


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


def texts(shown: Shown) -> str:
    """Every word of a view, drawings included."""
    return repr(shown)


def stored_now(older: dict[str, Any]) -> dict[str, Any]:
    """The same numbers as a run of today stores them."""
    stored: dict[str, Any] = json.loads(results.read(older).canonical())
    return stored


def outputs_of(stored: dict[str, Any]) -> list[Output[Any]]:
    """The outputs that a run has; those that were added after it are not among them."""
    return [output for output in OUTPUTS if output.code in stored["outputs"]]


def test_every_output_has_a_code_of_its_own_and_a_title_in_both_languages() -> None:
    codes = [output.code for output in OUTPUTS]
    assert len(codes) == len(set(codes))
    assert all(output.title.zh and output.title.en for output in OUTPUTS)


def test_every_module_with_an_output_is_in_the_list_under_its_name() -> None:
    folder = Path(results.__file__).with_name("outputs")
    modules = [import_module(f"analysis.outputs.{path.stem}") for path in folder.glob("[!_]*.py")]
    written = {module.__name__.rpartition(".")[2]: module.OUTPUT for module in modules if hasattr(module, "OUTPUT")}
    assert written == {output.code: output for output in OUTPUTS}


def test_an_older_run_opens_with_every_number_that_it_stored(older: dict[str, Any]) -> None:
    now = stored_now(older)
    assert (now["version"], set(now["outputs"])) == (2, set(upgraded(older)))
    assert {output.code for output in outputs_of(now)} == set(upgraded(older))
    numbers = {leaf for leaf in leaves(older) if isinstance(leaf, float)}
    assert len(numbers) > 800
    assert numbers <= set(leaves(now))


def test_an_older_run_shows_the_numbers_that_it_showed(older: dict[str, Any]) -> None:
    shown = texts(results.read(older).show(View.REPORT))
    arm = older["by_arm"]["primary"]["cox"]["terms"][0]
    for text in (f"{arm['hr']:.2f}", f"{arm['lower']:.2f}–{arm['upper']:.2f}", f"{arm['p']:.3f}"):
        assert text in shown
    assert "n = 262, dropped 0" in shown
    share = older["safety"][0]["A2"] / older["population"]["arms"]["A2"]
    assert repr(Share(older["safety"][0]["A2"], f"{100 * share:.0f}")) in shown


def test_an_older_run_keeps_the_examinations_of_everybody_apart_from_those_of_an_arm(older: dict[str, Any]) -> None:
    now = stored_now(older)["outputs"]
    assert now["imaging"] == older["imaging"]["all"]
    assert now["imaging_by_arm"]["arms"] == {arm: older["imaging"][arm] for arm in ("A1", "A2")}


def test_an_older_run_without_participants_or_weights_opens(older: dict[str, Any]) -> None:
    empty = deepcopy(older)
    empty["pooled"] = {"n": 0, "events": 0, "curve": [], "follow_up": []}
    empty["by_arm"] |= {"curves": [], "weighted": None, "refused": "No row.", "estimable": False}
    empty["by_arm"]["primary"] = {"logrank": None, "cox": None, "ph": [], "refused": ["Cox: No row."]}
    empty["imaging"] = {}
    opened = results.read(empty)
    assert opened[follow_up.OUTPUT].curve is None
    assert opened[balance.OUTPUT] == balance.BaselineBalance(None, Refusal.from_text("No row."))
    assert opened[cox_model.OUTPUT].model is None
    assert "Cox: No row." in opened.warnings(by_arm=True)
    for view in View:
        assert "NE" in texts(opened.show(view))


def test_what_is_read_is_stored_again_as_it_was(older: dict[str, Any]) -> None:
    now = stored_now(older)
    assert json.loads(results.read(now).canonical()) == now
    assert results.read(now) == results.read(older)


@pytest.mark.parametrize("version", [3, "2", None])
def test_an_unknown_version_is_refused_and_named(version: object) -> None:
    with pytest.raises(BadResult, match=f"version {version}; this program reads versions 1 and 2"):
        results.read({"version": version, "outputs": {}})


def test_what_is_no_result_at_all_is_refused() -> None:
    with pytest.raises(BadResult, match="version None"):
        results.read({})


def test_a_run_opens_without_an_output_that_was_added_later(older: dict[str, Any]) -> None:
    now = stored_now(older)
    del now["outputs"]["balance"]
    opened = results.read(now)
    assert "Baseline balance" not in texts(opened.show(View.REPORT))
    assert opened[events.OUTPUT].events == 40


def test_a_run_opens_with_an_output_that_is_no_longer_shown(older: dict[str, Any]) -> None:
    now = stored_now(older)
    now["outputs"]["given_up"] = {"n": 1}
    assert results.read(now) == results.read(older)


def test_pooled_outputs_store_no_arm(older: dict[str, Any]) -> None:
    stored = stored_now(older)
    for output in outputs_of(stored):
        if not output.by_arm:
            text = json.dumps(stored["outputs"][output.code])
            assert not any(f'"{arm}"' in text for arm in plan.ARMS), output.code


def test_what_is_shown_pooled_counts_everybody_of_both_arms() -> None:
    people = [each | {"virology": {0: (2.0, "TND"), 24: (-1.61, "TND"), 36: (-1.61, "TND")}} for each in cohort()]
    reported = [
        {"SUBJID": number, "ae_start": on(4), "ae_grade": "3", "ae_out": "RECOVERED"} for number in ("01-002", "01-039")
    ]
    computed = results.compute(study(people, ae=reported), CUTOFF)
    by_arm, pooled = computed[safety.OUTPUT], computed[safety_pooled.OUTPUT]
    assert pooled.participants == {"all": sum(by_arm.participants.values())}
    assert [line.arms["all"] for line in pooled.lines] == [line.everybody for line in by_arm.lines]
    events = [(each.cause, each.events) for each in computed[competing_risks.OUTPUT].incidences]
    for each in computed[incidence_pooled.OUTPUT].incidences:
        assert each.events == sum(n for cause, n in events if cause == each.cause)
    (outcomes,) = computed[hbsag_loss_pooled.OUTPUT].outcomes
    assert (outcomes.n, outcomes.loss) == (len(people), len(people))
    weeks = computed[virological_response_pooled.OUTPUT].responses
    assert {each.week: each.assessed for each in weeks if each.assessed} == {24: len(people), 36: len(people)}
    with override("en"):
        shown = computed.show(View.POOLED)
        assert "All participants" in texts(shown)
        assert not any(word in texts(shown) for word in ("A1", "A2", "Gray", "nadjusted"))


def test_a_pooled_view_needs_nothing_by_arm_and_shows_no_arm_and_no_test(older: dict[str, Any]) -> None:
    opened = results.read(older)
    pooled = Results({output.code: opened[output] for output in outputs_of(stored_now(older)) if not output.by_arm})
    assert pooled.show(View.POOLED) == opened.show(View.POOLED)
    assert pooled.warnings(by_arm=False) == opened.warnings(by_arm=False)
    for language in ("en", "zh-hans"):
        with override(language):
            shown = opened.show(View.POOLED)
            assert len(shown.tables) == 1  # from screening to analysis
            for word in (*(str(text) for text in plan.ARMS.values()), "Log-rank", "HR", "A1", "A2"):
                assert word not in texts(shown)


def comparison(shown: Shown) -> Table:
    """The table of the arms compared."""
    table = next(panel for panel in shown.panels if panel.ident == "hr").table
    assert table
    return table


def test_views_by_arm_show_adjusted_weighted_and_unadjusted_side_by_side(older: dict[str, Any]) -> None:
    for view in (View.BY_ARM, View.REPORT):
        assert [str(row.head) for row in comparison(results.read(older).show(view)).rows] == [
            "Cox, adjusted (age, BCLC, HBsAg)",
            "Overlap weights",
            "Stabilised IPTW",
            "Stabilised IPTW, truncated (1–99 %)",
            "ATT weights (the treated)",
            "Cox, unadjusted",
            "Log-rank (two-sided)",
        ]


def test_the_comparison_of_the_arms_comes_before_every_curve_of_an_arm(older: dict[str, Any]) -> None:
    shown = results.read(older).show(View.BY_ARM)
    assert [panel.ident for panel in shown.panels if panel.main][:2] == ["hr", "km"]
    labels = [str(tile.label) for tile in shown.tiles]
    assert labels.index("Adjusted hazard ratio") < labels.index("Recurrence at week 48")


def test_no_hazard_ratio_is_shown_while_an_arm_has_few_events(older: dict[str, Any]) -> None:
    older["by_arm"]["estimable"] = False
    opened = results.read(older)
    shown = opened.show(View.REPORT)
    empty = [str(table.caption).split(" ")[0] for table in shown.tables if not table.rows]
    assert [*empty, comparison(shown).rows] == ["Cox", "Proportional", ()]
    assert "Fewer than 5 events in one arm: hazard ratio not shown" in str(comparison(shown).empty)
    assert "Fewer than 5 events in one arm: hazard ratio not shown." in opened.warnings(by_arm=True)


def test_without_an_adjusted_or_weighted_estimate_nothing_unadjusted_is_shown(older: dict[str, Any]) -> None:
    older["by_arm"] |= {"weighted": None}
    older["by_arm"]["primary"] |= {"cox": None, "ph": [], "refused": ["Cox: No row."]}
    for view in (View.BY_ARM, View.REPORT):
        shown = results.read(older).show(view)
        assert comparison(shown).rows == ()
        assert "No row. Without an adjusted or a weighted estimate" in str(comparison(shown).empty)
        unadjusted = older["by_arm"]["unadjusted"]["cox"]["terms"][0]
        assert f"{unadjusted['hr']:.2f}" not in texts(Shown(panels=(shown.panels[0],)))
        assert f"χ² {older['by_arm']['unadjusted']['logrank']['chi2']:.3f}" not in texts(shown)


def test_an_adjusted_model_that_was_refused_says_why_beside_the_weighted_estimates(older: dict[str, Any]) -> None:
    older["by_arm"]["primary"] |= {"cox": None, "ph": [], "refused": ["Cox: No row."]}
    first, second, *_ = comparison(results.read(older).show(View.BY_ARM)).rows
    assert (str(first.instead), first.cells) == ("Cox: No row.", ())
    assert second.cells[3] != "NE"


def test_a_weighted_hazard_ratio_with_few_events_in_an_arm_is_none(older: dict[str, Any]) -> None:
    for effect in older["by_arm"]["weighted"]["effects"]:
        effect["hazard"]["few_events"] = True
    rows = comparison(results.read(older).show(View.BY_ARM)).rows
    assert [row.cells[2:] for row in rows[1:5]] == [("NE", "NE", "NE")] * 4


def test_every_text_is_in_the_readers_language(older: dict[str, Any]) -> None:
    with override("zh-hans"):
        opened = results.read(older)
        assert [str(table.caption)[:4] for table in opened.show(View.REPORT).tables][:2] == ["从筛选到", "累积复发"]
        assert "All participants" not in "".join(opened.show(View.POOLED).panels[0].drawings)


def test_the_programs_of_the_bundle_get_the_numbers_of_an_older_run(older: dict[str, Any]) -> None:
    opened = results.read(older)
    expected = {o.code: o.expected(opened[o]) for o in OUTPUTS if o.expected and o.code in opened.outputs}
    assert set(expected) == set(opened.outputs)
    assert expected["events"] == {"n": opened[events.OUTPUT].n, "events": opened[events.OUTPUT].events}
    assert expected["hazard_ratios"]["adjusted n"] is None  # a run of version 1 did not store it
    assert expected["hazard_ratios"]["adjusted hr"] == opened[hazard_ratios.OUTPUT].adjusted.hr  # type: ignore[union-attr]


@dataclass(frozen=True)
class Weeks(Result):
    """A made-up output: the last week of follow-up."""

    last: float
    first: float = 0


WEEKS = Output(
    code="weeks",
    title=T("最后一周", "Last week"),
    by_arm=False,
    result=Weeks,
    compute=lambda data: Weeks(72.0),
    show=lambda result, view: Shown(tiles=(Tile(WEEKS.title, (f"{result.last:g}",)),)),
)


def test_a_new_output_is_a_module_and_a_line_in_the_list(
    older: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "OUTPUTS", (*OUTPUTS, WEEKS))
    assert results.read(older).show(View.POOLED).tiles[-1].label != WEEKS.title
    now = stored_now(older)
    now["outputs"]["weeks"] = WEEKS.compute(None).to_dict()  # type: ignore[arg-type]
    for view in View:
        assert results.read(now).show(view).tiles[-1] == Tile(WEEKS.title, ("72",))


def test_a_field_added_later_has_its_default_in_older_runs() -> None:
    assert from_json(Weeks, {"last": 72.0}, "weeks") == Weeks(72.0, 0)


@dataclass(frozen=True)
class Everything(Result):
    """One field of every kind that results have."""

    day: date
    name: str
    flag: bool
    count: int
    pair: tuple[float, float]
    more: tuple[Weeks, ...]
    named: dict[str, int]
    perhaps: Weeks | None


GOOD: dict[str, Any] = {
    "day": "2026-11-23", "name": "a", "flag": True, "count": 1, "pair": [0.5, 1], "more": [{"last": 1.5}],
    "named": {"A1": 2}, "perhaps": None,
}  # fmt: skip


def test_every_kind_of_field_is_read() -> None:
    opened = from_json(Everything, GOOD, "all")
    assert opened == Everything(date(2026, 11, 23), "a", True, 1, (0.5, 1), (Weeks(1.5),), {"A1": 2}, None)
    assert from_json(Everything, opened.to_dict(), "all") == opened


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("count", "1", "all.count: int is expected, not '1'"),
        ("count", True, "all.count: int is expected, not True"),
        ("flag", 1, "all.flag: bool is expected, not 1"),
        ("name", None, "all.name: str is expected, not None"),
        ("day", 20261123, "all.day: date is expected, not 20261123"),
        ("day", "23.11.2026", "all.day: date is expected, not '23.11.2026'"),
        ("pair", [1.0], "all.pair: 2 values are expected, not 1"),
        ("more", [{"last": 1}, {"last": "x"}], r"all.more\[1\].last: float is expected, not 'x'"),
        ("more", [{}], r"all.more\[0\]: the field last is missing"),
        ("more", [{"last": 1, "odd": 2}], r"all.more\[0\]: Weeks has no field odd"),
        ("more", 5, "all.more: .* is expected, not 5"),
        ("named", {"A1": "many"}, "all.named.A1: int is expected"),
        ("perhaps", 7, "all.perhaps: an object of Weeks is expected, not 7"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_place(name: str, value: object, message: str) -> None:
    with pytest.raises(BadResult, match=message):
        from_json(Everything, GOOD | {name: value}, "all")


def test_a_page_that_shows_results_loads_neither_numpy_nor_pandas() -> None:
    code = (
        "import django, json, sys; django.setup(); from analysis import results, views\n"
        "from analysis.outputs.output import View\n"
        f"opened = results.read(json.load(open({str(FIXTURE)!r})))\n"
        "print(len(opened.show(View.BY_ARM).tables), {'numpy', 'pandas'} & set(sys.modules))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "prtras.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        env=os.environ | settings,
        check=False,
    )
    assert done.stdout.split() == ["10", "set()"], done.stderr


def test_the_parts_of_a_result_are_typed(older: dict[str, Any]) -> None:
    opened = results.read(older)
    assert opened[recurrence_by_arm.OUTPUT].curves[0].steps.time[0] == 12
    assert opened[hazard_ratios.OUTPUT].weighted[0].scheme == "sw"
    assert opened[safety.OUTPUT].lines[0].arms == {"A1": 55, "A2": 113}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "not estimable (follow-up ends at week"), ("zh-hans", "无法估计（随访仅至第")]
)
def test_recurrence_at_3_years_is_no_number_while_nobody_is_followed_so_long(
    older: dict[str, Any], language: str, words: str
) -> None:
    opened = results.read(older)
    with override(language):
        for output in (recurrence_pooled.OUTPUT, recurrence_by_arm.OUTPUT):
            shown = output.show(opened[output], View.POOLED if output is recurrence_pooled.OUTPUT else View.BY_ARM)
            (figure,) = shown.panels
            assert all(words in drawing for drawing in figure.drawings)
            assert words in str(shown.tiles[0].note)
        report = recurrence_by_arm.OUTPUT.show(opened[recurrence_by_arm.OUTPUT], View.REPORT)
        assert report.tables[0].rows[0].cells[-3:] == ("NE", "NE", 0)
        assert words in report.panels[0].drawings[0]
        pooled = recurrence_pooled.OUTPUT.show(opened[recurrence_pooled.OUTPUT], View.REPORT)
        assert words in str(pooled.tiles[0].note)


def test_a_death_counts_among_the_gravest_whatever_grade_was_entered() -> None:
    died = Row({"ae_grade": "2", "ae_out": "FATAL"})
    assert [kind for kind, (_, counts) in safety.KINDS.items() if counts(died)] == ["any", "grade3", "fatal"]
