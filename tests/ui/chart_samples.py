"""Small inputs and readers for the chart tests."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta

from prtras.ui.charts.kaplan_meier import Curve, RiskCounts, Size, StepPoint, Texts, cumulative_recurrence
from prtras.ui.charts.svg import Markup

SVG = "{http://www.w3.org/2000/svg}"
TICKS = tuple(range(0, 157, 12))
TODAY = date(2026, 11, 23)

ENGLISH = Texts(
    title="Cumulative recurrence by treatment chosen",
    desc="Week 156: 40 % with the first treatment, 20 % with the second.",
    at_risk="At risk",
    censored="Censored",
    events="Events",
    few_at_risk="fewer than 10 at risk",
    empty="No participant has follow-up yet",
)
CHINESE = Texts(
    title="累积复发率（按所选治疗）",
    desc="第 156 周：甲组 40 %，乙组 20 %。",
    at_risk="在险",
    censored="删失",
    events="事件",
    few_at_risk="在险不足 10 人",
    empty="尚无随访数据",
)


def curve(
    key: str = "A1",
    label: str = "First treatment",
    *,
    start: int = 40,
    lost: int = 1,
    rise: float = 0.03,
    few_from: float | None = None,
) -> Curve:
    """Return a curve with one step per tick and a falling number at risk."""
    points = tuple(
        StepPoint(t, i * rise, max(i * rise - 0.05, 0), min(i * rise + 0.05, 1)) for i, t in enumerate(TICKS) if t
    )
    rows = tuple(RiskCounts(start - 2 * lost * i, lost * i, lost * i) for i in range(len(TICKS)))
    return Curve(label, key, points, tuple(float(t) for t in TICKS[1:]), rows, few_from)


def recurrence(
    *curves: Curve,
    size: Size = "wide",
    texts: Texts = ENGLISH,
    ident: str = "km",
    ticks: tuple[int, ...] = TICKS,
    read_at: float | None = 156,
) -> Markup:
    """Draw the figure with plain words."""
    return cumulative_recurrence(
        curves,
        ticks=ticks,
        x_label="Weeks",
        y_label="Cumulative recurrence (%)",
        read_at=read_at,
        read_label="Week 156",
        texts=texts,
        size=size,
        ident=ident,
    )


def day(offset: int) -> date:
    """Return the day so many days after the tests' today."""
    return TODAY + timedelta(offset)


def parsed(markup: str) -> ET.Element:
    """Parse a chart; a malformed one raises."""
    return ET.fromstring(markup)


def words(markup: str) -> list[str]:
    """Return every visible text of a chart."""
    return ["".join(node.itertext()) for node in parsed(markup).iter(f"{SVG}text")]


def of_class(markup: str, name: str) -> list[ET.Element]:
    """Return the elements that carry a class."""
    return [node for node in parsed(markup).iter() if name in node.get("class", "").split()]


def font_sizes(markup: str) -> list[float]:
    """Return every font size a chart names."""
    return [float(node.get("font-size", "")) for node in parsed(markup).iter() if node.get("font-size")]


def duplicate_ids(*markups: str) -> set[str]:
    """Return the ids that occur more than once on a page with these charts."""
    ids = [node.get("id", "") for markup in markups for node in parsed(markup).iter() if node.get("id")]
    return {one for one in ids if ids.count(one) > 1}
