"""Balance as a love plot, overlap as a mirrored histogram, and lines on plain axes."""

from __future__ import annotations

import pytest

from prtras.ui.charts import line_chart, love_plot, mirrored_histogram
from prtras.ui.charts.frame import Size
from prtras.ui.charts.scales import round_steps
from tests.ui.chart_samples import SVG, duplicate_ids, font_sizes, of_class, parsed, words

SIZES = pytest.mark.parametrize("size", ["wide", "narrow"])
ROWS = (love_plot.Balanced("Age (per year)", (0.4, 0.0)), love_plot.Balanced("BCLC stage: A vs 0", (0.05, None)))
LOVE = love_plot.Words("Balance", "Age 0.40, 0.00", "Absolute standardised difference", "0.1")
MIRROR = mirrored_histogram.Words("Overlap", "c 0.6", "Propensity score", "Participants", "Combination", "NA alone")
PLANE = line_chart.Words("Decline", "at week 24: 0.5", "Weeks", "log10", "Nobody yet", "n")


def balance(size: Size) -> str:
    return love_plot.love_plot(ROWS, ("Before", "Overlap weights"), 0.1, LOVE, size=size, ident="love")


def overlap(size: Size) -> str:
    bars = (mirrored_histogram.Bar(0.2, 0.4, 3, 0), mirrored_histogram.Bar(0.4, 0.6, 6, 5))
    return mirrored_histogram.mirrored(
        bars, ("A2", "A1"), (0, 0.2, 0.4, 0.6, 0.8, 1), MIRROR, size=size, ident="overlap"
    )


def decline(size: Size) -> str:
    places = (line_chart.Place(0, 0, 0, 0), line_chart.Place(12, -0.5, -40, 0.2), line_chart.Place(24, -1))
    lines = [line_chart.Line("NA", "A1", places, dotted=True, counts=(9, 8, 7)), line_chart.Line("Both", "A2", ())]
    return line_chart.plane("plane", lines, ticks=(0, 12, 24), words=PLANE, level=0, size=size, ident="decline")


@SIZES
@pytest.mark.parametrize("draw", [balance, overlap, decline])
def test_they_are_well_formed_readable_and_named(draw: object, size: Size) -> None:
    markup = draw(size)  # type: ignore[operator]
    root = parsed(markup)
    assert root.get("role") == "img"
    assert "style" not in markup
    assert min(font_sizes(markup)) >= 11
    assert not duplicate_ids(markup)


@SIZES
def test_a_love_plot_has_a_mark_for_every_distance_that_is_known(size: Size) -> None:
    rings = list(parsed(balance(size)).iter(f"{SVG}circle"))
    assert len(rings) == 2 + 3  # of the key, and of the rows
    assert "".join(words(balance(size))).count("Age (per year)") == 1


def test_a_love_plot_refuses_more_weightings_than_there_are_looks() -> None:
    with pytest.raises(ValueError, match="6 weightings"):
        love_plot.love_plot(ROWS, ["w"] * 7, 0.1, LOVE, size="wide", ident="love")


def test_a_mirrored_histogram_counts_in_both_directions_from_the_middle() -> None:
    shown = words(overlap("wide"))
    assert shown.count("4") == 2
    assert len([bar for bar in parsed(overlap("wide")).iter(f"{SVG}rect") if bar.get("fill-opacity")]) == 3


def test_a_band_is_cut_where_it_would_flatten_the_line_and_numbers_stand_below_the_ticks() -> None:
    assert "−40" not in words(decline("wide"))
    assert {"9", "8", "7", "n"} <= set(words(decline("wide")))
    assert len(of_class(decline("wide"), "plane-line")) == 1


def test_without_values_there_is_a_sentence() -> None:
    assert "Nobody yet" in words(line_chart.plane("plane", [], ticks=(0, 1), words=PLANE, ident="none"))
    with pytest.raises(ValueError, match="two ticks"):
        line_chart.plane("plane", [], ticks=(0,), words=PLANE, ident="none")


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-0.03, 0.04), (-3.2, 5.1), (17, 18), (0, 1234), (-1e-9, 1e-9)])
def test_an_axis_of_round_steps_holds_both_ends_in_few_steps(low: float, high: float) -> None:
    steps = round_steps(low, high, 5)
    assert steps[0] <= low + 1e-15
    assert steps[-1] >= high - 1e-15
    assert 2 <= len(steps) <= 6
