"""The recurrence figure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from prtras.ui.charts.kaplan_meier import Curve, RiskCounts, Size, StepPoint
from prtras.ui.charts.steps import plateaus, split
from prtras.ui.charts.typesetting import text_width
from tests.ui.chart_samples import (
    CHINESE,
    ENGLISH,
    SVG,
    TICKS,
    curve,
    duplicate_ids,
    font_sizes,
    of_class,
    parsed,
    recurrence,
    words,
)

SIZES: tuple[Size, ...] = ("wide", "narrow")
BOTH = (curve("A1", start=60), curve("A2", "Second treatment", start=60, rise=0.015))


def texts_of(node: ET.Element) -> list[tuple[str, str]]:
    """Return the x and the words of every text inside an element."""
    return [(t.get("x", ""), t.text or "") for t in node.iter(f"{SVG}text")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("curves", [(), (curve("all"),), BOTH])
def test_the_figure_is_well_formed_and_carries_no_style(curves: tuple[Curve, ...], size: Size) -> None:
    markup = recurrence(*curves, size=size)
    assert parsed(markup).tag == f"{SVG}svg"
    assert not any(node.get("style") for node in parsed(markup).iter())
    assert "<style" not in markup
    assert "<script" not in markup
    assert "nan" not in markup.lower().replace("nant", "")


@pytest.mark.parametrize("size", SIZES)
def test_every_risk_number_stands_under_its_tick(size: Size) -> None:
    markup = recurrence(*BOTH, size=size)
    (ticks,) = of_class(markup, "km-ticks")
    axis = [x for x, _ in texts_of(ticks)]
    rows = of_class(markup, "km-row")
    assert len(rows) == 6
    for row in rows:
        columns = [x for x, _ in texts_of(row)[1:]]
        assert len(columns) >= 5
        assert columns == axis


def test_a_wide_page_shows_every_tick_and_a_phone_fewer_but_the_last() -> None:
    wide, narrow = (of_class(recurrence(*BOTH, size=size), "km-row")[0] for size in SIZES)
    assert [n for _, n in texts_of(wide)] == ["At risk", *(str(r.at_risk) for r in BOTH[0].rows)]
    shown = [n for _, n in texts_of(narrow)]
    assert len(shown) == 6
    assert shown[1] == str(BOTH[0].rows[0].at_risk)
    assert shown[-1] == str(BOTH[0].rows[-1].at_risk)


def test_the_rows_are_at_risk_censored_and_events() -> None:
    rows = of_class(recurrence(*BOTH), "km-row")
    assert [texts_of(row)[0][1] for row in rows] == ["At risk", "Censored", "Events"] * 2


def test_the_second_group_is_dashed_and_the_first_is_solid() -> None:
    first, second = of_class(recurrence(*BOTH), "km-line")
    assert first.get("stroke-dasharray") is None
    assert second.get("stroke-dasharray") == "7 3"
    assert first.get("stroke") != second.get("stroke")


def test_the_second_group_stays_dashed_when_it_stands_alone() -> None:
    (only,) = of_class(recurrence(BOTH[1]), "km-line")
    assert only.get("stroke-dasharray") == "7 3"


def test_a_curve_fades_from_the_first_tick_with_fewer_than_ten_at_risk() -> None:
    thinning = curve(start=30, lost=1)  # 30, 28 ... 10 at week 120, 8 at week 132
    markup = recurrence(thinning)
    firm, faint = of_class(markup, "km-line")
    assert "km-few" in faint.get("class", "")
    assert float(faint.get("stroke-opacity", "1")) < 1
    assert float(faint.get("stroke-width", "9")) < float(firm.get("stroke-width", "0"))
    (ticks,) = of_class(markup, "km-ticks")
    at_132 = {label: x for x, label in texts_of(ticks)}["132"]
    assert faint.get("d", "").startswith(f"M{at_132} ")
    assert "fewer than 10 at risk" in words(markup)


def test_a_curve_with_ten_at_risk_to_the_end_does_not_fade() -> None:
    markup = recurrence(curve(start=36, lost=1))  # 10 at week 156
    assert len(of_class(markup, "km-line")) == 1
    assert "fewer than 10 at risk" not in words(markup)


def test_the_exact_time_of_fading_may_be_given() -> None:
    markup = recurrence(curve(start=60, few_from=150))
    assert len(of_class(markup, "km-few")) == 1
    assert len(of_class(markup, "km-few-bracket")) == 1


def test_every_thinning_group_gets_its_own_bracket_but_one_note() -> None:
    markup = recurrence(curve("A1", start=30), curve("A2", start=32))
    assert len(of_class(markup, "km-few-bracket")) == 2
    assert words(markup).count("fewer than 10 at risk") == 1


def test_the_axis_starts_at_zero_and_is_never_cut() -> None:
    levels = [w for w in words(recurrence(curve(rise=0.05))) if re.fullmatch(r"\d+%", w)]
    assert levels[0] == "0%"
    assert int(levels[-1].rstrip("%")) >= 65
    gaps = {int(b.rstrip("%")) - int(a.rstrip("%")) for a, b in pairwise(levels)}
    assert len(gaps) == 1


def test_a_curve_goes_up_only() -> None:
    (path,) = of_class(recurrence(curve("all", start=60)), "km-line")
    heights = [float(y) for y in re.findall(r"V([\d.]+)", path.get("d", ""))]
    assert heights == sorted(heights, reverse=True)
    assert len(heights) == len(TICKS) - 1


def test_a_curve_ends_at_its_last_follow_up() -> None:
    short = Curve("Short", "all", (StepPoint(12, 0.1, 0.05, 0.2),), (24.0, 30.0))
    assert plateaus(short, 156)[-1].end == 30
    beyond = Curve("Long", "all", (StepPoint(12, 0.1), StepPoint(200, 0.9)), (300.0,))
    assert plateaus(beyond, 156)[-1].end == 156
    assert plateaus(beyond, 156)[-1].level == 0.1


def test_splitting_a_curve_loses_nothing() -> None:
    stretches = plateaus(curve(), 156)
    for at in (None, 0, 30, 36, 156):
        firm, faint = split(stretches, at)
        assert sum(s.end - s.start for s in (*firm, *faint)) == 156
        assert all(s.end <= at for s in firm if at is not None)
        assert all(s.start >= at for s in faint if at is not None)


def test_the_final_percentage_stands_beside_the_curve() -> None:
    shown = words(recurrence(*BOTH))
    assert "39.0%" in shown
    assert "19.5%" in shown


def test_the_caller_may_replace_the_final_value() -> None:
    own = Curve("First", "A1", (StepPoint(12, 0.1),), value_text="10.0% (6.1–16.2)")
    assert "10.0% (6.1–16.2)" in "".join(words(recurrence(own)))
    assert "10.0% (6.1–16.2)" in "".join(words(recurrence(own, size="narrow")))


@pytest.mark.parametrize("size", SIZES)
def test_labels_of_curves_that_end_together_do_not_overlap(size: Size) -> None:
    same = (curve("A1", "First", start=60), curve("A2", "Second", start=60))
    root = parsed(recurrence(*same, size=size))
    actual = [t for t in root.iter(f"{SVG}text") if "".join(t.itertext()).startswith(("First", "Second"))]
    first, second = (float(t.get("y", "0")) for t in actual[:2])
    assert second - first >= 18


def test_the_reading_time_is_a_dotted_line_with_its_name() -> None:
    assert "Week 156" in words(recurrence(*BOTH))
    assert "Week 156" not in words(recurrence(*BOTH, read_at=None))
    early = Curve("Early", "all", (StepPoint(12, 0.1),), (24.0,))
    assert "Week 156" not in words(recurrence(early, ticks=(0, 12, 24)))


@pytest.mark.parametrize("size", SIZES)
def test_without_curves_there_is_an_axis_and_a_sentence(size: Size) -> None:
    markup = recurrence(size=size)
    assert "No participant has follow-up yet" in words(markup)
    assert "0%" in words(markup)
    assert "20%" in words(markup)
    assert not of_class(markup, "km-line")


@pytest.mark.parametrize("size", SIZES)
def test_a_group_without_follow_up_gets_a_dash_and_no_line(size: Size) -> None:
    markup = recurrence(Curve("Nobody yet", "A1", ()), size=size)
    assert "–" in "".join(words(markup))
    assert not of_class(markup, "km-line")


def test_without_events_the_curve_runs_along_zero_to_the_last_follow_up() -> None:
    markup = recurrence(Curve("Quiet", "all", (), (12.0, 36.0)))
    (path,) = of_class(markup, "km-line")
    assert "V" not in path.get("d", "")
    assert "0%" in words(markup)
    assert len(of_class(markup, "km-censored")) == 1


def test_a_single_point_at_the_start_is_a_dot() -> None:
    markup = recurrence(Curve("One", "all", (StepPoint(0, 0.0),)), read_at=None)
    assert not of_class(markup, "km-line")
    assert list(parsed(markup).iter(f"{SVG}circle"))


def test_a_curve_without_limits_has_no_band() -> None:
    bare = Curve("Bare", "all", (StepPoint(12, 0.1), StepPoint(24, 0.2)), (48.0,))
    assert not [p for p in parsed(recurrence(bare)).iter(f"{SVG}path") if p.get("fill-opacity")]
    half = Curve("Half", "all", (StepPoint(12, 0.1, 0.05, 0.2), StepPoint(24, 0.2)), (48.0,))
    assert len([p for p in parsed(recurrence(half)).iter(f"{SVG}path") if p.get("fill-opacity")]) == 1


def test_censor_marks_that_cannot_be_told_apart_are_drawn_once() -> None:
    many = Curve("Many", "all", (StepPoint(12, 0.1),), tuple([24.0] * 50 + [36.0]))
    (marks,) = of_class(recurrence(many), "km-censored")
    assert marks.get("d", "").count("M") == 2


def test_words_are_escaped() -> None:
    rude = curve("A1", '<b>&"x"</b>', start=60)
    for size in SIZES:
        markup = recurrence(rude, size=size)
        assert "<b>" not in markup
        assert '<b>&"x"</b>' in "".join(words(markup))


@pytest.mark.parametrize("size", SIZES)
def test_chinese_words_fit_inside_the_picture(size: Size) -> None:
    long = curve("A2", "核苷类似物联合聚乙二醇干扰素 α-2b 治疗", start=30)
    markup = recurrence(curve("A1", "核苷类似物单药", start=60), long, texts=CHINESE, size=size)
    shown = words(markup)
    assert "在险不足 10 人" in shown
    assert [texts_of(row)[0][1] for row in of_class(markup, "km-row")] == ["在险", "删失", "事件"] * 2
    width = float(parsed(markup).get("viewBox", "").split()[2])
    for node in parsed(markup).findall(f"{SVG}text"):
        if node.get("text-anchor") is None:
            wide = text_width("".join(node.itertext()), 13, bold=node.get("font-weight") == "600")
            assert float(node.get("x", "0")) + wide <= width


@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_smaller_than_eleven(size: Size) -> None:
    sizes = font_sizes(recurrence(*BOTH, size=size))
    assert sizes
    assert min(sizes) >= 11


def test_the_narrow_figure_stays_above_eleven_pixels_on_the_smallest_phone() -> None:
    assert min(font_sizes(recurrence(*BOTH, size="narrow"))) * 296 / 360 >= 11


def test_two_sizes_and_two_figures_share_a_page_without_sharing_ids() -> None:
    page = [recurrence(*BOTH, size=size, ident=ident) for size in SIZES for ident in ("pooled", "arms")]
    assert not duplicate_ids(*page)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert recurrence(*BOTH) == recurrence(*BOTH)


def test_title_and_description_are_the_callers() -> None:
    root = parsed(recurrence(*BOTH))
    assert root.findtext(f"{SVG}title") == ENGLISH.title
    assert root.findtext(f"{SVG}desc") == ENGLISH.desc
    assert root.get("aria-labelledby") == "km-wide-title km-wide-desc"


@pytest.mark.parametrize("proportion", [-0.1, 1.1, float("nan")])
def test_a_recurrence_outside_zero_to_one_is_refused(proportion: float) -> None:
    with pytest.raises(ValueError, match="proportions"):
        StepPoint(1, proportion)


def test_one_limit_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="both limits"):
        StepPoint(1, 0.1, lower=0.05)


def test_a_falling_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Curve("Falling", "all", (StepPoint(1, 0.2), StepPoint(2, 0.1)))


def test_counts_that_do_not_fit_the_ticks_are_refused() -> None:
    with pytest.raises(ValueError, match="1 risk counts for 14 ticks"):
        recurrence(Curve("Odd", "all", (), (12.0,), (RiskCounts(1, 0, 0),)))


def test_an_axis_without_ticks_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one tick"):
        recurrence(ticks=())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["A1", "all"])
def test_nothing_is_drawn_and_no_percentage_stands_beyond_the_last_follow_up(size: Size, key: str) -> None:
    early = Curve("Early", key, (StepPoint(12, 0.1, 0.05, 0.2), StepPoint(48, 0.4137, 0.2, 0.6)), (24.0, 60.0))
    markup = recurrence(early, curve("A2", "Second"), size=size)
    (ticks,) = of_class(markup, "km-ticks")
    (_, zero), (time, x) = [(float(tick.text or ""), float(tick.get("x", "0"))) for tick in ticks][:2]
    end = zero + (x - zero) * 60 / time
    drawn = [e for e in parsed(markup).iter() if early.look.colour in (e.get("stroke"), e.get("fill")) and e.get("d")]
    assert drawn
    for path in drawn:
        across = re.findall(r"[MLH]\s*(-?[\d.]+)", path.get("d", ""))
        assert max(map(float, across)) <= end + 1, path.get("d")
    assert not any("41.4" in word for word in words(markup))
