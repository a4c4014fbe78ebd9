"""The plotting area of the recurrence figure: axes, bands, steps, censor marks, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prtras.ui.charts.km_data import Curve, Plateau, plateaus, split
from prtras.ui.charts.km_frame import Frame, label_lines
from prtras.ui.charts.palette import CONTROL, INK_2, INK_3, LINE_2, SURFACE, Series
from prtras.ui.charts.svg import Child, Element, PathData, circle, element, group, line, number, text
from prtras.ui.charts.typesetting import spread, wrap

FIRM, FAINT = 1.0, 0.5


def axes(frame: Frame, x_label: str) -> list[Child]:
    """Draw the gridlines, both scales from zero, and the name of the time axis."""
    font, base = frame.measures.font, frame.base
    grid = [line(frame.left, frame.y(v), frame.right, frame.y(v)) for v in frame.y_ticks[1:]]
    levels = [text(frame.left - 8, frame.y(v) + font * 0.35, f"{v * 100:.0f}%") for v in frame.y_ticks]
    minor = [line(frame.x(t), base, frame.x(t), base + 3) for t in frame.ticks]
    shown = [frame.ticks[i] for i in frame.columns]
    major = [line(frame.x(t), base, frame.x(t), base + 6) for t in shown]
    names = [text(frame.x(t), base + 7 + font, f"{t:g}") for t in shown]
    middle = (frame.left + frame.right) / 2
    return [
        group(grid, stroke=LINE_2),
        group(levels, fill=INK_3, text_anchor="end"),
        group([line(frame.left, base, frame.right, base), *minor, *major], stroke=CONTROL),
        group(names, class_="km-ticks", fill=INK_3, text_anchor="middle"),
        text(middle, base + 11 + font * 2.2, x_label, fill=INK_3, text_anchor="middle"),
    ]


def bands(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw the confidence band; its edge carries the dash of the group, so it shows in grey too."""
    look = curve.look
    firm, faint = split(plateaus(curve, frame.end), thin_from)
    return [_band(frame, firm, look, FIRM), _band(frame, faint, look, FAINT * 0.7)]


def _band(frame: Frame, stretches: Sequence[Plateau], look: Series, strength: float) -> Child:
    """Draw the runs of a band that have limits."""
    runs = [_band_path(frame, run) for run in _with_limits(stretches)]
    if not any(runs):
        return None
    return element(
        "path",
        d="".join(runs),
        fill=look.colour,
        fill_opacity=round(look.band * strength, 3),
        stroke=look.colour,
        stroke_opacity=round(0.38 * strength, 2),
        stroke_width=0.7,
        stroke_dasharray="2 2" if look.dash else None,
    )


def _with_limits(stretches: Sequence[Plateau]) -> Iterable[list[Plateau]]:
    """Yield the consecutive stretches whose limits are known."""
    run: list[Plateau] = []
    for stretch in stretches:
        if stretch.lower is None:
            if run:
                yield run
            run = []
        elif stretch.end > stretch.start:
            run.append(stretch)
    if run:
        yield run


def _band_path(frame: Frame, run: Sequence[Plateau]) -> str:
    """Go along the upper limits and back along the lower ones."""
    path = PathData().move(frame.x(run[0].start), frame.y(run[0].upper or 0))
    for stretch in run:
        path.up_or_down(frame.y(stretch.upper or 0)).across(frame.x(stretch.end))
    for stretch in reversed(run):
        path.up_or_down(frame.y(stretch.lower or 0)).across(frame.x(stretch.start))
    return str(path.close())


def steps(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw the curve: firm, then thinner and paler where few are at risk; marks where censored."""
    look = curve.look
    stretches = plateaus(curve, frame.end)
    firm, faint = split(stretches, thin_from)
    if frame.x(stretches[-1].end) - frame.left < 1:
        return [circle(frame.left, frame.y(stretches[-1].level), 3.2, fill=look.colour)]
    return [
        _line(frame, firm, look, FIRM),
        _line(frame, faint, look, FAINT),
        *_censored(frame, curve, thin_from),
    ]


def _line(frame: Frame, stretches: Sequence[Plateau], look: Series, strength: float) -> Child:
    """Draw one part of a step line."""
    if not stretches:
        return None
    path = PathData().move(frame.x(stretches[0].start), frame.y(stretches[0].before))
    for stretch in stretches:
        if stretch.level != stretch.before:
            path.up_or_down(frame.y(stretch.level))
        path.across(frame.x(stretch.end))
    return element(
        "path",
        class_="km-line" if strength == FIRM else "km-line km-few",
        d=str(path),
        fill="none",
        stroke=look.colour,
        stroke_width=2.2 if strength == FIRM else 1.5,
        stroke_dasharray=look.dash,
        stroke_opacity=None if strength == FIRM else strength,
    )


def _censored(frame: Frame, curve: Curve, thin_from: float | None) -> list[Child]:
    """Draw one small upright mark per censoring time that can be told apart."""
    paths = {FIRM: PathData(), FAINT: PathData()}
    seen: set[str] = set()
    for time in sorted(curve.censor_times):
        place = number(frame.x(time), 1)
        if time > frame.end or place in seen:
            continue
        seen.add(place)
        strength = FIRM if thin_from is None or time < thin_from else FAINT
        y = frame.y(curve.at(time))
        paths[strength].move(frame.x(time), y - 4).up_or_down(y + 4)
    return [
        element(
            "path",
            class_="km-censored",
            d=str(path),
            stroke=curve.look.colour,
            stroke_width=1.2,
            stroke_opacity=None if strength == FIRM else strength,
        )
        for strength, path in paths.items()
        if path
    ]


def crossings(frame: Frame, curves: Sequence[Curve], read_at: float | None) -> list[Child]:
    """Mark where each curve that reaches the reading time stands there."""
    if read_at is None or read_at > frame.end:
        return []
    return [
        circle(
            frame.x(read_at),
            frame.y(curve.at(read_at)),
            3.4,
            fill=SURFACE,
            stroke=curve.look.colour,
            stroke_width=1.8,
        )
        for curve in curves
        if curve.last_time >= read_at
    ]


def end_labels(frame: Frame, curves: Sequence[Curve]) -> list[Child]:
    """Write each group's name and final value beside the end of its curve."""
    lead = frame.measures.font * 1.22
    blocks = [label_lines(curve, frame.measures) for curve in curves]
    wanted = [frame.y(curve.at(min(curve.last_time, frame.end))) for curve in curves]
    heights = [len(block) * lead + 4 for block in blocks]
    centres = spread(wanted, heights, frame.top - 12, frame.base + 8)
    drawn: list[Child] = []
    for curve, block, want, centre in zip(curves, blocks, wanted, centres, strict=True):
        drawn.append(_leader(frame, curve, want, centre))
        drawn.extend(_label(frame, curve, block, centre - len(block) * lead / 2, lead))
    return drawn


def _label(frame: Frame, curve: Curve, block: Sequence[str], top: float, lead: float) -> list[Child]:
    """Write the lines of one label: the name in the colour of the group, the value in ink."""
    names = len(wrap(curve.label, frame.measures.font, frame.measures.label_room, bold=True))
    return [
        text(
            frame.right + 14,
            top + lead * (i + 0.8),
            words,
            fill=curve.look.text if i < names else INK_2,
            font_weight=600 if i < names else None,
        )
        for i, words in enumerate(block)
    ]


def _leader(frame: Frame, curve: Curve, want: float, centre: float) -> Element | None:
    """Lead from the end of the curve to its label when the two are apart."""
    end = frame.x(min(curve.last_time, frame.end))
    if end - frame.left < 1 or (frame.right - end < 2 and abs(want - centre) < 8):
        return None
    path = PathData().move(end + 4, want).across(frame.right + 4).to(frame.right + 10, centre)
    return element("path", d=str(path), fill="none", stroke=curve.look.colour, stroke_width=1, stroke_dasharray="1 3")
