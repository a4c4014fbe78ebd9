"""A participant's course as a picture: rows over one axis, every mark with its words."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from prtras.ui.charts.course import Course, Mark, Reading, Row, Span, Track, course
from prtras.ui.charts.scales import DateTick
from prtras.ui.charts.timeline_rows import AdverseEvent

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(*rows: Track | Row, events: tuple[AdverseEvent, ...] = ()) -> ElementTree.Element:
    picture = Course(FIRST, LAST, date(2025, 7, 1), [DateTick(date(2025, 4, 1), "2025-04")], rows, events, "AE")
    return ElementTree.fromstring(str(course(picture, title="Course of 01-001")))


def track(*readings: Reading) -> Track:
    return Track("ALT", "x ULN", 0, 5, readings, [(1.0, "1")], (0, 1))


def discs(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{SVG}circle"))


def test_later_is_further_right_and_more_is_higher() -> None:
    first, second = discs(drawn(track(Reading(date(2025, 2, 1), 1, "a"), Reading(date(2025, 8, 1), 4, "b"))))
    assert float(first.get("cx", 0)) < float(second.get("cx", 0))
    assert float(first.get("cy", 0)) > float(second.get("cy", 0))


def test_a_value_with_an_open_end_is_hollow_and_every_value_says_what_it_is() -> None:
    root = drawn(track(Reading(date(2025, 2, 1), 1, "<10 IU/mL", True), Reading(date(2025, 3, 1), 1, "20 IU/mL")))
    hollow, full = discs(root)
    assert hollow.get("fill") != full.get("fill")
    assert {"<10 IU/mL", "20 IU/mL"} <= {each.text for each in root.iter(f"{SVG}title")}


def test_what_lies_off_the_axis_is_left_out_and_what_is_beyond_the_scale_stands_at_its_edge() -> None:
    (inside,) = discs(drawn(track(Reading(date(2024, 2, 1), 1, "a"), Reading(date(2025, 2, 1), 99, "b"))))
    (edge,) = discs(drawn(track(Reading(date(2025, 2, 1), 5, "c"))))
    assert inside.get("cy") == edge.get("cy")


def test_the_order_of_readings_does_not_matter() -> None:
    one, two = Reading(date(2025, 2, 1), 1, "a"), Reading(date(2025, 8, 1), 4, "b")
    assert ElementTree.tostring(drawn(track(one, two))) == ElementTree.tostring(drawn(track(two, one)))


def test_a_smaller_dose_is_a_shorter_stroke() -> None:
    marks = [Mark(date(2025, 2, 1), "good", "180", weight=1.0), Mark(date(2025, 3, 1), "warn", "90", weight=0.5)]
    strokes = [each for each in drawn(Row("doses", marks=marks)).iter(f"{SVG}line") if each.get("stroke-width") == "2"]
    full, half = (float(each.get("y1", 0)) - float(each.get("y2", 0)) for each in strokes)
    assert full > half > 0


def test_a_stretch_without_an_end_goes_on_to_today_with_an_arrow() -> None:
    def arrows(end: date | None) -> int:
        return len(list(drawn(Row("NA", [Span(date(2025, 2, 1), end, "ETV")])).iter(f"{SVG}path")))

    assert (arrows(None), arrows(date(2025, 3, 1))) == (1, 0)


def test_a_stretch_that_is_over_before_the_axis_begins_is_left_out() -> None:
    assert "ETV" not in ElementTree.tostring(
        drawn(Row("NA", [Span(date(2020, 1, 1), date(2021, 1, 1), "ETV")])), "unicode"
    )


@pytest.mark.parametrize("tone", ["good", "note", "warn", "bad"])
def test_each_tone_has_a_shape(tone: str) -> None:
    root = drawn(Row("MRI", marks=[Mark(date(2025, 2, 1), tone, "hint", "+")]))
    assert "hint" in {each.text for each in root.iter(f"{SVG}title")}
    assert "+" in {each.text for each in root.iter(f"{SVG}text")}


def test_adverse_events_stand_below_the_rows() -> None:
    event = AdverseEvent("Fever G3", date(2025, 2, 1), 3, date(2025, 2, 5))
    plain, with_event = (drawn(track(), events=events) for events in ((), (event,)))
    assert with_event.get("viewBox") != plain.get("viewBox")
    assert {"AE", "Fever G3"} <= {each.text for each in with_event.iter(f"{SVG}text")}
