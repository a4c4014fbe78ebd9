"""Enrolment, window gauge and micro bars."""

from __future__ import annotations

import pytest

from prtras.ui.charts.accrual import CountOnDay, Size, Texts, cumulative_accrual
from prtras.ui.charts.micro_bars import MicroBar, paired_bars, progress_bar
from prtras.ui.charts.scales import DateTick
from prtras.ui.charts.svg import Markup
from prtras.ui.charts.window_gauge import VisitWindow, window_gauge
from tests.ui.chart_samples import SVG, TODAY, day, duplicate_ids, font_sizes, of_class, parsed, words

ACTUAL = tuple(CountOnDay(day(-i * 3), 214 - i) for i in range(213, -1, -1))
PLAN = (CountOnDay(day(-650), 0), CountOnDay(day(350), 332))
AXIS = tuple(DateTick(day(d), f"2026-{d}") for d in range(-600, 350, 90))
WORDS = Texts("Enrolment", "214 of 332", "Today", "target", "plan", "12 behind plan")
WINDOW = VisitWindow(day(-7), TODAY, day(7))


def enrolment(
    actual: tuple[CountOnDay, ...] = ACTUAL, *, size: Size = "wide", texts: Texts = WORDS, today: int = 0
) -> Markup:
    """Draw the enrolment."""
    return cumulative_accrual(
        actual, PLAN, target=332, today=day(today), axis=AXIS, texts=texts, size=size, ident="accrual"
    )


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("actual", [(), ACTUAL[:1], ACTUAL])
def test_the_enrolment_is_well_formed_without_style(actual: tuple[CountOnDay, ...], size: Size) -> None:
    markup = enrolment(actual, size=size)
    assert parsed(markup).get("role") == "img"
    assert "style" not in markup
    assert min(font_sizes(markup)) >= 11


def test_the_enrolment_names_number_target_plan_and_today() -> None:
    shown = words(enrolment())
    assert {"332", "target", "plan", "Today"} <= set(shown)
    assert "21412 behind plan" in shown  # one text: the number in bold, the words behind it


def test_the_plan_is_dashed_and_the_enrolment_is_solid_steps() -> None:
    markup = enrolment()
    (plan,), (reached,) = of_class(markup, "accrual-plan"), of_class(markup, "accrual-line")
    assert plan.get("stroke-dasharray")
    assert reached.get("stroke-dasharray") is None
    assert "L" not in reached.get("d", "")


def test_the_enrolment_does_not_reach_beyond_today() -> None:
    assert "100" in "".join(words(enrolment(today=-342)))
    assert "214" not in "".join(words(enrolment(today=-342)))


def test_nobody_enrolled_reads_zero() -> None:
    assert any(w.startswith("0") and "behind" in w for w in words(enrolment(())))


def test_the_number_moves_to_the_left_where_the_picture_ends() -> None:
    late = next(t for t in parsed(enrolment(today=349)).iter(f"{SVG}text") if "".join(t.itertext()).startswith("214"))
    assert float(late.get("x", "0")) < 300


def test_chinese_enrolment_keeps_its_words() -> None:
    chinese = Texts("入组", "说明 <&>", "今天", "目标", "计划", "落后计划 12")
    assert {"今天", "目标", "计划"} <= set(words(enrolment(texts=chinese)))


def test_an_open_window_shows_its_elapsed_part_target_and_today() -> None:
    markup = window_gauge(WINDOW, today=day(3))
    window, elapsed = parsed(markup).findall(f"{SVG}rect")
    assert float(elapsed.get("width", "0")) / float(window.get("width", "1")) == pytest.approx(10 / 14, abs=0.01)
    assert len(of_class(markup, "gauge-today")) == 1


def test_an_overdue_window_runs_out_dashed() -> None:
    assert "stroke-dasharray" in window_gauge(WINDOW, today=day(8))
    assert "stroke-dasharray" not in window_gauge(WINDOW, today=day(7))


def test_a_very_late_visit_keeps_a_readable_window() -> None:
    (window, *_) = parsed(window_gauge(WINDOW, today=day(400))).findall(f"{SVG}rect")
    assert float(window.get("width", "0")) > 30


@pytest.mark.parametrize("offset", [-400, -14, -7, 0, 7, 8, 20, 22, 400])
def test_the_gauge_stays_inside_its_picture(offset: int) -> None:
    root = parsed(window_gauge(WINDOW, today=day(offset)))
    for node in root.iter(f"{SVG}rect"):
        assert float(node.get("x", "0")) >= 0
        assert float(node.get("x", "0")) + float(node.get("width", "0")) <= 132


def test_a_gauge_with_a_title_speaks_and_one_without_is_hidden() -> None:
    silent = parsed(window_gauge(WINDOW, today=TODAY))
    assert silent.get("aria-hidden") == "true"
    spoken = parsed(window_gauge(WINDOW, today=TODAY, ident="w1", title="7 days left"))
    assert spoken.get("aria-hidden") is None
    assert spoken.get("aria-labelledby") == "w1-title"


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="opens before"):
        VisitWindow(day(1), day(0), day(2))


def test_progress_is_a_share_of_its_container() -> None:
    bars = parsed(progress_bar(47, 121)).findall(f"{SVG}rect")
    assert [b.get("width") for b in bars] == ["100%", "38.84%"]


@pytest.mark.parametrize(("value", "maximum"), [(0, 0), (0, 10), (-1, 10)])
def test_no_progress_draws_only_the_track(value: float, maximum: float) -> None:
    assert len(parsed(progress_bar(value, maximum)).findall(f"{SVG}rect")) == 1


def test_progress_beyond_the_maximum_is_full() -> None:
    assert parsed(progress_bar(20, 10)).findall(f"{SVG}rect")[1].get("width") == "100%"


def test_the_plan_by_now_is_marked_on_the_progress() -> None:
    (mark,) = of_class(progress_bar(214, 332, planned=226), "progress-plan")
    assert {line.get("x1") for line in mark} == {"68.07%"}


def test_the_second_bar_is_an_outline_so_that_it_differs_in_grey() -> None:
    _, first, second = parsed(paired_bars([MicroBar("A1", 0.6), MicroBar("A2", 0.5)])).findall(f"{SVG}rect")
    assert first.get("stroke") is None
    assert second.get("stroke")
    assert second.get("fill") == "#FFFFFF"


def test_a_very_small_proportion_is_still_visible() -> None:
    _, bar = parsed(paired_bars([MicroBar("all", 0.0001)])).findall(f"{SVG}rect")
    assert float(bar.get("width", "0")) >= 2


def test_a_proportion_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        MicroBar("all", 1.2)


def test_small_charts_share_a_page_without_sharing_ids() -> None:
    page = [progress_bar(1, 2, ident=f"p{i}", title="1 of 2") for i in range(3)]
    assert not duplicate_ids(*page)
