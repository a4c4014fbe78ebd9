"""One participant's timeline."""

from __future__ import annotations

import pytest

from prtras.ui.charts import palette
from prtras.ui.charts.scales import DateTick, month_starts
from prtras.ui.charts.svg import Markup
from prtras.ui.charts.timeline import (
    AdverseEvent,
    FreeUntil,
    Milestone,
    Texts,
    Visit,
    VisitState,
    participant_timeline,
)
from tests.ui.chart_samples import SVG, TODAY, day, font_sizes, of_class, parsed, words

STATES: tuple[VisitState, ...] = ("done", "due", "overdue", "missed", "planned")
WORDS = Texts("Timeline of 0112", "W36 is open", "Today")


def visit(label: str, at: int, state: VisitState = "planned", actual: int | None = None, hint: str = "") -> Visit:
    """Return a visit around a day."""
    return Visit(label, day(at - 7), day(at), day(at + 7), state, None if actual is None else day(actual), hint)


def timeline(
    *visits: Visit,
    milestones: tuple[Milestone, ...] = (),
    free: FreeUntil | None = None,
    events: tuple[AdverseEvent, ...] = (),
    texts: Texts = WORDS,
    width: float = 1300,
    today: int = 0,
) -> Markup:
    """Draw three years around today."""
    months = month_starts(day(-300), day(850))
    return participant_timeline(
        first=day(-300),
        last=day(850),
        today=day(today),
        axis=[DateTick(m, f"{m:%b %Y}" if m.month == 1 else f"{m:%b}", m.month == 1) for m in months],
        visits=visits,
        milestones=milestones,
        free_until=free,
        adverse_events=events,
        texts=texts,
        width=width,
    )


def height(markup: str) -> float:
    """Return the height of a chart."""
    return float(parsed(markup).get("viewBox", "").split()[3])


def test_an_empty_timeline_is_well_formed_and_shows_today() -> None:
    markup = timeline()
    assert "Today" in words(markup)
    assert "style" not in markup
    assert min(font_sizes(markup)) >= 11


def test_every_state_of_a_visit_has_its_own_shape() -> None:
    shapes = set()
    for state in STATES:
        (node,) = of_class(timeline(visit("W0", 0, state)), f"timeline-{state}")
        marks = [(child.tag, child.get("d", "")[-8:], child.get("fill") == "#FFFFFF") for child in node]
        shapes.add(tuple(marks[1:]))
    assert len(shapes) == len(STATES)


def test_a_visit_outside_its_window_is_tied_to_it_by_a_dashed_line() -> None:
    (inside,) = of_class(timeline(visit("W12", 0, "done", 5)), "timeline-done")
    (outside,) = of_class(timeline(visit("W12", 0, "done", 16)), "timeline-done")
    assert inside.find(f"{SVG}line") is None
    tie = outside.find(f"{SVG}line")
    assert tie is not None
    assert tie.get("stroke-dasharray")


def test_visits_close_together_get_a_second_line_of_names() -> None:
    apart, close = timeline(visit("W0", 0), visit("W12", 84)), timeline(visit("W0", 0), visit("W1", 7))
    assert height(close) > height(apart)
    assert {"W0", "W1"} <= set(words(close))


def test_a_crowd_of_visits_keeps_two_lines_of_names_and_all_marks() -> None:
    markup = timeline(*[visit(f"W{i}", i * 3) for i in range(12)])
    assert len(of_class(markup, "timeline-visit")) == 12
    assert height(markup) < 120


def test_the_hint_is_a_tooltip() -> None:
    (node,) = of_class(timeline(visit("W12", 0, hint="16 Nov - 30 Nov <b>")), "timeline-visit")
    assert node.findtext(f"{SVG}title") == "16 Nov - 30 Nov <b>"


def test_treatment_choice_and_recurrence_are_marked_and_named() -> None:
    story = (
        Milestone("treatment", day(-280), "Resection"),
        Milestone("choice", day(-260), "Chose A"),
        Milestone("event", day(100), "Recurrence"),
        Milestone("end", day(200), "End of study"),
    )
    markup = timeline(milestones=story, free=FreeUntil(day(-280), day(16), "recurrence-free to 9 Dec"))
    assert {"Resection", "Chose A", "Recurrence", "End of study", "recurrence-free to 9 Dec"} <= set(words(markup))
    assert len(of_class(markup, "timeline-free")) == 1


def test_the_words_of_a_late_milestone_stay_inside_the_picture() -> None:
    markup = timeline(milestones=(Milestone("event", day(845), "Recurrence with a rather long name"),))
    actual = next(t for t in parsed(markup).iter(f"{SVG}text") if (t.text or "").startswith("Recurrence"))
    assert float(actual.get("x", "0")) < 1100


def test_a_higher_grade_is_thicker() -> None:
    thickness = []
    for grade in range(1, 6):
        markup = timeline(events=(AdverseEvent(f"ALT G{grade}", day(0), grade, day(50)),))
        (node,) = of_class(markup, f"timeline-grade-{grade}")
        bar = node.find(f"{SVG}rect")
        assert bar is not None
        thickness.append(float(bar.get("height", "0")))
    assert thickness == sorted(set(thickness))


def test_a_grade_that_changes_is_drawn_stretch_by_stretch() -> None:
    changes = ((day(30), 3), (day(0), 1), (day(40), 2))
    markup = timeline(events=(AdverseEvent("ALT", day(0), 3, day(50), changes),))
    (node,) = of_class(markup, "timeline-ae")
    bars = node.findall(f"{SVG}rect")
    assert [bar.get("fill") for bar in bars] == [palette.INK_4, palette.OVERDUE, palette.MUTE]
    widths = [float(bar.get("width", "0")) for bar in bars]
    assert widths == pytest.approx([3 * widths[1], widths[1], widths[1]], abs=0.3)
    assert float(bars[1].get("height", "0")) > float(bars[2].get("height", "0")) > float(bars[0].get("height", "0"))


def test_before_the_first_known_grade_it_is_unknown() -> None:
    markup = timeline(events=(AdverseEvent("ALT", day(0), 2, day(50), ((day(25), 2),)),))
    bars = of_class(markup, "timeline-ae")[0].findall(f"{SVG}rect")
    assert [bar.get("fill") for bar in bars] == [palette.CONTROL, palette.MUTE]


def test_a_death_is_coloured_like_the_gravest_and_an_unknown_grade_like_none() -> None:
    def colours(grade: int | None) -> tuple[str | None, str | None]:
        markup = timeline(events=(AdverseEvent("ALT", day(0), grade, day(50)),))
        (node,) = of_class(markup, f"timeline-grade-{grade or 'unknown'}")
        words = next(t for t in node.iter(f"{SVG}text"))
        return node.get("fill"), words.get("fill")

    assert colours(5) == colours(4) == (palette.ERROR, palette.ERROR)
    assert colours(3) == (palette.OVERDUE, palette.OVERDUE)
    assert palette.ERROR not in (*colours(1), *colours(2), *colours(None))


def test_an_event_that_goes_on_ends_in_an_arrow_at_today() -> None:
    open_event, closed = AdverseEvent("Fatigue", day(-50), 1), AdverseEvent("Fatigue", day(-50), 1, day(-10))
    assert of_class(timeline(events=(open_event,)), "timeline-ae")[0].find(f"{SVG}path") is not None
    assert of_class(timeline(events=(closed,)), "timeline-ae")[0].find(f"{SVG}path") is None


def test_events_at_the_same_time_are_stacked() -> None:
    one = timeline(events=(AdverseEvent("Fatigue", day(0), 1, day(9)),))
    two = timeline(events=tuple(AdverseEvent("Fatigue", day(0), 1, day(9)) for _ in range(2)))
    assert height(two) > height(one)


def test_today_off_the_axis_is_not_drawn() -> None:
    markup = timeline(today=3000)
    assert "Today" not in words(markup)
    assert not of_class(markup, "timeline-today")


@pytest.mark.parametrize("today", range(-290, 840, 7))
def test_a_new_year_never_loses_its_label_to_today(today: int) -> None:
    shown = words(timeline(today=today, width=900))
    assert {"Jan 2027", "Jan 2028"} <= set(shown)


def test_chinese_words_are_kept() -> None:
    markup = timeline(
        visit("第 12 周", 84),
        milestones=(Milestone("event", day(100), "复发 LR-5"),),
        events=(AdverseEvent("乏力 1 级", day(-50), 1),),
        texts=Texts("访视时间轴", "", "今天"),
    )
    assert {"第 12 周", "复发 LR-5", "乏力 1 级", "今天"} <= set(words(markup))


def test_a_grade_outside_one_to_five_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        AdverseEvent("x", TODAY, 6)
