"""A new curve needs few lines: axes, frame, legend and table are shared by every figure of step curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from prtras.ui.charts import kaplan_meier
from prtras.ui.charts.frame import Size
from prtras.ui.charts.step_figure import Words
from tests.ui import incidence_chart
from tests.ui.chart_samples import SVG, font_sizes, of_class, parsed, words
from tests.ui.incidence_chart import Incidence, cumulative_incidence

SIZES: tuple[Size, ...] = ("wide", "narrow")
WORDS = Words(
    title="Cumulative incidence of recurrence and death",
    desc="Week 48: recurrence 30 %, death 5 %.",
    x_axis="Weeks",
    y_axis="Cumulative incidence (%)",
    rows=("At risk", "Events"),
    few_at_risk="fewer than 10 at risk",
    empty="Nobody yet",
)
RECURRENCE = [
    Incidence(t, 40 - t // 2, t // 4, t / 160, max(t / 160 - 0.05, 0), t / 160 + 0.05) for t in range(0, 49, 12)
]
DEATH = [Incidence(row.time, row.at_risk, int(row.time) // 24, row.time / 960) for row in RECURRENCE]
CAUSES = (("Recurrence", RECURRENCE), ("Death without recurrence", DEATH))


def drawn(size: Size = "wide") -> str:
    return cumulative_incidence(CAUSES, last_time=52, words=WORDS, size=size)


def test_it_takes_fewer_than_eighty_lines() -> None:
    assert len(Path(incidence_chart.__file__).read_text().splitlines()) < 80


def test_so_does_the_recurrence_figure() -> None:
    assert len(Path(kaplan_meier.__file__).read_text().splitlines()) < 80


@pytest.mark.parametrize("size", SIZES)
def test_every_cause_has_its_line_its_look_and_its_label(size: Size) -> None:
    first, second = (of_class(drawn(size), "cif-line")[i] for i in (0, -1))
    assert first.get("stroke-dasharray") is None
    assert second.get("stroke-dasharray") == "7 3"
    shown = "".join(words(drawn(size)))
    assert "30.0%" in shown
    assert "5.0%" in shown
    assert "Death without recurrence" in shown


@pytest.mark.parametrize("size", SIZES)
def test_every_number_stands_under_its_tick(size: Size) -> None:
    (ticks,) = of_class(drawn(size), "cif-ticks")
    axis = [node.get("x") for node in ticks.iter(f"{SVG}text")]
    rows = of_class(drawn(size), "cif-row")
    assert [next(row.iter(f"{SVG}text")).text for row in rows] == ["At risk", "Events"] * 2
    for row in rows:
        assert [node.get("x") for node in row.iter(f"{SVG}text")][1:] == axis


def test_a_curve_without_limits_has_no_band_and_one_with_them_has() -> None:
    assert len([path for path in parsed(drawn()).iter(f"{SVG}path") if path.get("fill-opacity")]) == 1


def test_it_has_no_reading_time_unless_it_is_given_one() -> None:
    assert not list(parsed(drawn()).iter(f"{SVG}circle"))


@pytest.mark.parametrize("size", SIZES)
def test_nobody_gives_an_axis_and_a_sentence(size: Size) -> None:
    empty = cumulative_incidence([], last_time=0, words=WORDS, size=size)
    assert "Nobody yet" in words(empty)
    assert min(font_sizes(empty)) >= 11
