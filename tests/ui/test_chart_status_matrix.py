"""The matrix of statuses: a column per participant, a line per visit."""

from __future__ import annotations

import pytest

from prtras.ui.charts.frame import Size
from prtras.ui.charts.status_matrix import DONE, MISSING, PARTLY, Kind, status_matrix
from prtras.ui.charts.svg import Markup
from tests.ui.chart_samples import SVG, font_sizes, parsed, words

KINDS = {"I": Kind("in window", DONE), "O": Kind("outside", PARTLY), "M": Kind("missing", MISSING)}


def drawn(*columns: str, size: Size = "wide") -> Markup:
    return status_matrix(
        columns, ("W12", "W24"), KINDS, size=size, title="Imaging", desc="4 participants", ident="im"
    )  # fmt: skip


def marks(markup: Markup) -> list[tuple[float, float, float, str]]:
    """Left, width, height and colour of each mark, without ground and legend."""
    rects = [r for r in parsed(markup).iter(f"{SVG}rect") if float(r.get("y", "0")) > 20]
    return [(float(r.get("x", "")), float(r.get("width", "")), float(r.get("height", "")), r.get("fill", ""))
            for r in rects]  # fmt: skip


def test_neighbours_with_the_same_status_are_one_mark_and_what_was_not_due_is_none() -> None:
    shown = marks(drawn("II", "IM", "O ", "O "))
    assert [colour for *_, colour in shown] == [DONE.colour, PARTLY.colour, DONE.colour, MISSING.colour]
    step = (860 - 52) / 4
    places = [(52, 2 * step), (52 + 2 * step, 2 * step), (52, step), (52 + step, step)]
    assert [(x, width) for x, width, *_ in shown] == places


def test_a_kind_is_known_by_its_height_too() -> None:
    heights = {colour: height for *_, height, colour in marks(drawn("IM", "O "))}
    assert heights[PARTLY.colour] < heights[DONE.colour] / 2
    assert heights[MISSING.colour] == heights[DONE.colour]


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_visits_and_kinds_are_named_in_readable_type(size: Size) -> None:
    markup = drawn("IM", size=size)
    assert {"W12", "W24", "in window", "outside", "missing"} <= set(words(markup))
    assert min(font_sizes(markup)) >= 13


def test_nobody_is_an_empty_picture() -> None:
    assert marks(drawn()) == []
