"""The forest of ratios: where squares, limits and words stand."""

from __future__ import annotations

import math

import pytest

from prtras.ui.charts.forest import Line, Words, forest
from prtras.ui.charts.frame import Size
from prtras.ui.charts.svg import Markup
from tests.ui.chart_samples import SVG, duplicate_ids, font_sizes, of_class, parsed, words

WORDS = Words("Forest", "two ratios", "Hazard ratio", "Events/n", "HR (95% CI)", "favours A", "favours B")
LINES = (
    Line("All", 0.5, 0.25, 1.0, 100, "100/300", "0.50 (0.25–1.00)"),
    Line("Sex (interaction p 0.12)"),
    Line("Male", 2.0, 1.0, 4.0, 25, "25/90", "2.00 (1.00–4.00)"),
    Line("Female", before="3/20", behind="NE"),
)


def drawn(*lines: Line, size: Size = "wide") -> Markup:
    return forest(lines or LINES, words=WORDS, size=size, ident="forest")


def squares(markup: str) -> list[tuple[float, float]]:
    """The middle and the side of every square."""
    boxes = [box for each in of_class(markup, "forest-estimate") for box in each.iter(f"{SVG}rect")]
    return [(float(box.get("x", "")) + float(box.get("width", "")) / 2, float(box.get("width", ""))) for box in boxes]


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("lines", [LINES, LINES[3:], LINES[:1]])
def test_a_forest_is_well_formed_and_named_without_style(lines: tuple[Line, ...], size: Size) -> None:
    markup = drawn(*lines, size=size)
    assert parsed(markup).get("role") == "img"
    assert "style" not in markup
    assert duplicate_ids(markup) == set()
    assert min(font_sizes(markup)) >= 11
    assert {"← favours A", "favours B →", "Hazard ratio"} <= set(words(markup))


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_axis_is_logarithmic_around_one_and_the_area_of_a_square_goes_by_events(size: Size) -> None:
    markup = drawn(size=size)
    (half, large), (double, small) = squares(markup)
    one = {line.get("x1") for line in parsed(markup).iter(f"{SVG}line") if line.get("stroke-dasharray")}
    assert len(one) == 1
    assert (half + double) / 2 == pytest.approx(float(str(one.pop())), abs=0.2)
    assert large / small == pytest.approx(math.sqrt(100 / 25), abs=0.1)


def test_a_limit_beyond_the_axis_ends_in_an_arrow_and_one_within_does_not() -> None:
    assert of_class(drawn(), "forest-arrow") == []
    clipped = drawn(Line("wide", 1.0, 0.01, 90.0, 9, "9/9", "1.00 (0.01–90.00)"))
    assert len(of_class(clipped, "forest-arrow")) == 2
    one_side = drawn(Line("wide", 1.0, 0.5, 90.0, 9, "9/9", "1.00 (0.50–90.00)"))
    assert len(of_class(one_side, "forest-arrow")) == 1


def test_what_is_not_estimable_is_words_alone() -> None:
    assert len(squares(drawn())) == 2
    assert {"Female", "3/20", "NE"} <= set(words(drawn()))


@pytest.mark.parametrize("limits", [(0.0, 1.0, 2.0), (1.5, 1.0, 2.0), (0.5, 3.0, 2.0)])
def test_a_ratio_outside_of_its_limits_is_refused(limits: tuple[float, float, float]) -> None:
    lower, value, upper = limits
    with pytest.raises(ValueError, match="greater than 0 and lies within its limits"):
        drawn(Line("odd", value, lower, upper, 5, "5/9", "odd"))
