"""Scales, thinning, and room for words."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from prtras.ui.charts.palette import series
from prtras.ui.charts.scales import (
    DateScale,
    Scale,
    count_steps,
    month_starts,
    percent_steps,
    require_ascending,
    thinned,
)
from prtras.ui.charts.typesetting import Extent, clamped, lanes, spread, text_width, wrap


@pytest.mark.parametrize("maximum", [0.0, 0.01, 0.2, 0.2001, 0.47, 0.6, 0.99, 1.0])
@pytest.mark.parametrize("most", [5, 7])
def test_the_percent_axis_starts_at_zero_and_holds_the_maximum(maximum: float, most: int) -> None:
    ticks = percent_steps(maximum, most)
    assert ticks[0] == 0
    assert ticks[-1] >= maximum
    assert ticks[-1] <= 1
    assert len(ticks) <= most + 1


@pytest.mark.parametrize(("count", "most"), [(1, 5), (2, 5), (5, 5), (14, 5), (14, 14), (27, 6), (14, 2), (14, 1)])
def test_thinning_keeps_the_first_and_the_last(count: int, most: int) -> None:
    chosen = thinned(count, most)
    assert chosen[0] == 0
    assert chosen[-1] == count - 1
    assert len(chosen) <= max(most, 2)
    assert chosen == sorted(set(chosen))


def test_counts_are_round_and_stay_below_the_maximum() -> None:
    assert count_steps(332, 4) == [0, 100, 200, 300]
    assert count_steps(7, 4) == [0, 2, 4, 6]
    assert count_steps(1, 4) == [0, 1]


def test_a_scale_without_extent_does_not_divide_by_zero() -> None:
    assert Scale(0, 0, 5, 10)(0) == 5
    assert DateScale(date(2026, 1, 1), date(2026, 1, 1), 5, 10)(date(2026, 1, 1)) == 5


def test_quarters_are_found_across_years() -> None:
    actual = month_starts(date(2025, 11, 15), date(2026, 7, 1))
    assert actual == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]


def test_months_that_do_not_divide_the_year_are_refused() -> None:
    with pytest.raises(ValueError, match="divide"):
        month_starts(date(2026, 1, 1), date(2026, 7, 1), every=5)


def test_times_that_run_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        require_ascending([0, 2, 1], "the ticks")
    with pytest.raises(ValueError, match="finite"):
        require_ascending([0, float("nan")], "the ticks")


def test_a_chinese_character_is_as_wide_as_it_is_tall() -> None:
    assert text_width("复发", 13) == 26
    assert text_width("ab", 13) < 26
    assert text_width("ab", 13, bold=True) > text_width("ab", 13)


def test_english_breaks_at_spaces_and_chinese_between_characters() -> None:
    assert wrap("Nucleoside analogue alone", 13, 90) == ["Nucleoside", "analogue", "alone"]
    assert wrap("核苷类似物联合干扰素", 10, 50) == ["核苷类似物", "联合干扰素"]
    assert wrap("", 13, 90) == []


def test_no_broken_line_is_wider_than_its_room_and_no_character_is_lost() -> None:
    label = "核苷类似物联合聚乙二醇干扰素 α-2b，每周一次 (180 µg)"
    lines = wrap(label, 13, 120)
    assert all(text_width(line, 13) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == label.replace(" ", "")


def test_overlapping_stretches_go_to_different_lines() -> None:
    assert lanes([Extent(0, 10), Extent(5, 15), Extent(20, 30), Extent(22, 30)]) == [0, 1, 0, 1]


def test_a_label_at_the_edge_is_shifted_inside() -> None:
    assert clamped(95, 20, 0, 100) == Extent(80, 100)
    assert clamped(-5, 20, 0, 100) == Extent(0, 20)


def test_labels_at_one_height_are_spread_without_overlap_and_inside() -> None:
    placed = spread([100, 100, 100], [20, 20, 20], 0, 110)
    assert placed == sorted(placed)
    assert all(b - a >= 20 for a, b in pairwise(placed))
    assert placed[-1] <= 100


def test_an_unknown_group_has_no_look() -> None:
    with pytest.raises(ValueError, match="no look"):
        series("placebo")
