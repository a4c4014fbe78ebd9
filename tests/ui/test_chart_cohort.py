"""Points on two logarithmic axes, and a bar for each participant."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from prtras.ui.charts.scatter import Axis, Point, scatter
from prtras.ui.charts.waterfall import Bar, waterfall

SVG = "{http://www.w3.org/2000/svg}"
ALT, TBIL = Axis("ALT", (0.1, 1, 10), 3), Axis("TBIL", (0.1, 1, 10), 2)


def discs(*points: Point) -> list[ElementTree.Element]:
    drawn = str(scatter(points, ALT, TBIL, title="eDISH"))
    return list(ElementTree.fromstring(drawn).iter(f"{SVG}circle"))


def test_ten_times_as_much_is_as_far_everywhere_on_the_axis() -> None:
    places = [float(disc.get("cx", 0)) for disc in discs(Point(0.1, 1, ""), Point(1, 1, ""), Point(10, 1, ""))]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.2)


def test_what_is_over_both_limits_is_larger_than_what_is_over_one() -> None:
    neither, one, both = (float(disc.get("r", 0)) for disc in discs(Point(3, 2, ""), Point(4, 2, ""), Point(4, 3, "")))
    assert neither < one < both


def test_what_is_off_the_axis_stands_at_its_edge() -> None:
    outside, edge = discs(Point(99, 0.001, "a"), Point(10, 0.1, "b"))
    assert (outside.get("cx"), outside.get("cy")) == (edge.get("cx"), edge.get("cy"))


@pytest.mark.parametrize("ticks", [(), (1,), (0, 1), (-1, 1)])
def test_an_axis_that_cannot_be_logarithmic_is_refused(ticks: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="two positive values"):
        scatter([], Axis("x", ticks, 1), TBIL, title="t")


def bars(*changes: float) -> list[ElementTree.Element]:
    drawn = str(waterfall([Bar(each, f"{each}") for each in changes], limit=-1, name="log10", title="HBsAg"))
    root = ElementTree.fromstring(drawn)
    return [each for each in root.iter(f"{SVG}g") for each in each.iter(f"{SVG}rect")]


def test_bars_are_sorted_from_the_largest_decline() -> None:
    heights = [float(bar.get("height", 0)) for bar in bars(0.5, -2, -0.5)]
    assert heights[0] == max(heights)
    assert len(heights) == 3


def test_a_response_a_smaller_decline_and_a_rise_differ_in_colour() -> None:
    assert len({bar.get("fill") for bar in bars(-1, -0.99, 0.2)}) == 3
    assert len({bar.get("fill") for bar in bars(-1, -2)}) == 1


def test_nobody_is_an_empty_picture() -> None:
    assert bars() == []
