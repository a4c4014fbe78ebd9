"""Cumulative dose of peginterferon and decline of HBsAg: exploratory. Pure but for the reader's language.

Dose and response depend on each other: whoever responds or suffers changes the dose. So each week takes the dose up to
its sample, no estimate compares the arms, and no p-value is given. Spearman's correlation with the limits of Bonett &
Wright (Psychometrika 2000;65:23, doi:10.1007/BF02294183).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.outputs.balance_figures import sizes
from analysis.outputs.characteristics import spread
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import limits, number
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.survival.results import Result
from enrollment.deriving.doses import GIVEN
from prtras.labels import T
from prtras.ui.charts import line_chart
from prtras.ui.charts.frame import Size

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

#: In the middle and at the end of the planned treatment.
WEEKS = (24, 48)
#: Fewer give no correlation.
FEWEST = 10
Z = 1.959963984540054
#: Micrograms between two marks of the axis.
STEP = 2000


@dataclass(frozen=True)
class Third(Result):
    """Participants with a cumulative dose (µg) in one third: its range and median, quartiles of the change of HBsAg."""

    n: int
    least: float | None
    dose: float | None
    most: float | None
    lower: float | None
    median: float | None
    upper: float | None


@dataclass(frozen=True)
class AtWeek(Result):
    """Dose up to the sample of a week against log10 HBsAg less its baseline, of who has both.

    `unknown`: left out because the day or the amount of a dose given by then is not known. `rho` is None with too few,
    or where all have the same dose.
    """

    week: int
    n: int
    unknown: int
    rho: float | None
    lower: float | None
    upper: float | None
    thirds: tuple[Third, ...]


@dataclass(frozen=True)
class DoseResponse(Result):
    """The weeks in which the correlation is read."""

    weeks: tuple[AtWeek, ...]


def compute(data: AnalysisData) -> DoseResponse:
    """Everybody with a Day 0 who was given a dose, whatever arm was chosen."""
    from analysis.endpoints import baseline_hbsag, by_participant

    doses, samples = by_participant(_given(data.tables)), by_participant(data.tables.get("lbviro", ()))
    pairs: dict[int, list[tuple[float, float]]] = {week: [] for week in WEEKS}
    unknown = dict.fromkeys(WEEKS, 0)
    for who, given in sorted(doses.items()):
        own = samples.get(who, [])
        baseline = baseline_hbsag(own)
        for week in WEEKS:
            sample = next((row for row in reversed(own) if row["VISIT"] == f"W{week}"), None)
            if baseline is None or sample is None or sample["hbsag_log"] is None or not sample["viro_date"]:
                continue
            total = cumulative(given, sample["viro_date"])
            if total is None:
                unknown[week] += 1
            elif total > 0:
                pairs[week].append((total, float(sample["hbsag_log"]) - baseline))
    return DoseResponse(tuple(_at_week(week, pairs[week], unknown[week]) for week in WEEKS))


def _given(tables: Tables) -> Iterator[Mapping[str, Any]]:
    with_day_0 = {person["SUBJID"] for person in tables["participants"] if person["DAY0"]}
    for dose in tables.get("pegifn", ()):
        if dose["SUBJID"] in with_day_0 and dose["pg_status"] in GIVEN:
            yield dose


def cumulative(given: Iterable[Mapping[str, Any]], until: str) -> float | None:
    """Micrograms given up to a day; None where the day of a dose, or the amount of one by then, is not known."""
    total = 0.0
    for dose in given:
        day = dose["pg_date"]
        if not day or len(day) != len(until):
            return None
        if day <= until:
            if dose["pg_dose"] is None:
                return None
            total += float(dose["pg_dose"])
    return total


def _at_week(week: int, pairs: Sequence[tuple[float, float]], unknown: int) -> AtWeek:
    rho = correlation(pairs)
    return AtWeek(week, len(pairs), unknown, rho, *_between(rho, len(pairs)), tuple(_thirds(pairs)))


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rho, ties by their mean rank; None with fewer than `FEWEST` or where one side does not vary."""
    if len(pairs) < FEWEST:
        return None
    ranks = [_ranks(side) for side in zip(*pairs, strict=True)]
    middle = (len(pairs) + 1) / 2
    x, y = ([rank - middle for rank in side] for side in ranks)
    scale = math.sqrt(sum(a * a for a in x) * sum(b * b for b in y))
    return sum(a * b for a, b in zip(x, y, strict=True)) / scale if scale else None


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values), start=1):
        places[value].append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def _between(rho: float | None, n: int) -> tuple[float | None, float | None]:
    if rho is None or abs(rho) >= 1:
        return None, None
    z, se = math.atanh(rho), math.sqrt((1 + rho * rho / 2) / (n - 3))
    return math.tanh(z - Z * se), math.tanh(z + Z * se)


def _thirds(pairs: Sequence[tuple[float, float]]) -> Iterable[Third]:
    """By the dose, the cuts as R's quantile type 7; a third stays empty where many have the same dose."""
    import numpy as np

    cuts = [float(cut) for cut in np.quantile([dose for dose, _ in pairs], (1 / 3, 2 / 3))] if pairs else [0.0, 0.0]
    for low, high in pairwise((-math.inf, *cuts, math.inf)):
        own = [(dose, change) for dose, change in pairs if low < dose <= high]
        doses, changes = [dose for dose, _ in own], spread([change for _, change in own])
        yield Third(
            len(own), min(doses, default=None), spread(doses).median, max(doses, default=None),
            changes.q1, changes.median, changes.q3,
        )  # fmt: skip


def show(result: DoseResponse, view: View) -> Shown:
    """A figure of the thirds, and the correlation by week."""
    heads: tuple[Text, ...] = (T("周", "Week"), *OF_A_WEEK.values())
    rows = tuple(
        Row(str(each.week), (each.n, each.unknown, number(each.rho, 2), limits(each.lower, each.upper, 2)))
        for each in result.weeks
    )
    note = T(
        "探索性：剂量与应答互相影响（应答或不耐受会改变剂量），不能作因果解读；不给p值。少于{n}人不计算。",
        "Exploratory: dose and response depend on each other (who responds or suffers changes the dose), so nothing"
        " here is causal, and no p-value is given. Not computed with fewer than {n}.",
    ).format(n=FEWEST)
    return Shown(panels=(_panel(result.weeks, view),), tables=(Table(OUTPUT.title, heads, rows, note=note),))


OF_A_WEEK = {
    "n": T("人数", "n"), "unknown": T("剂量不明", "Dose not known"), "rho": T("Spearman相关", "Spearman's rho"),
    "limits": T("95% CI", "95% CI"),
}  # fmt: skip
OF_A_THIRD = {
    "n": T("人数", "n"), "least": T("最小剂量", "Least dose"), "dose": T("中位剂量", "Median dose"),
    "most": T("最大剂量", "Largest dose"), "lower": T("变化的下四分位数", "Lower quartile of the change"),
    "median": T("变化的中位数", "Median change"), "upper": T("变化的上四分位数", "Upper quartile of the change"),
}  # fmt: skip
TITLE = T("按累积剂量三分位的HBsAg变化", "Change of HBsAg by third of the cumulative dose")


def _panel(weeks: Sequence[AtWeek], view: View) -> Panel:
    heads: tuple[Text, ...] = (T("周 · 三分位", "Week · third"), *OF_A_THIRD.values())
    rows = tuple(
        Row(f"{each.week} · {place}", (third.n, *_doses(third), *_changes(third)))
        for each in weeks
        for place, third in enumerate(each.thirds, start=1)
    )
    caption = T(
        "各三分位的中位累积剂量（μg）处：HBsAg变化的中位数与四分位距（log10 IU/mL）。探索性。",
        "At the median cumulative dose (µg) of each third: median and quartiles of the change (log10 IU/mL)."
        " Exploratory.",
    )
    drawings = tuple(_draw(weeks, size) for size in sizes(view))
    return Panel("dose", TITLE, drawings, caption=caption, table=Table(TITLE, heads, rows), main=True)


def _doses(third: Third) -> tuple[str, ...]:
    return tuple(number(value, 0) for value in (third.least, third.dose, third.most))


def _changes(third: Third) -> tuple[str, ...]:
    return tuple(number(value, 2) for value in (third.lower, third.median, third.upper))


def _draw(weeks: Sequence[AtWeek], size: Size) -> str:
    lines = [_line(each, key) for each, key in zip(weeks, ("A1", "A2"), strict=True)]
    most = max((third.most or 0 for each in weeks for third in each.thirds), default=0)
    marks = max(1, math.ceil(most / STEP))
    words = line_chart.Words(
        str(TITLE), "; ".join(f"{_week(each)}: rho {number(each.rho, 2)}" for each in weeks),
        str(T("累积剂量（μg）", "Cumulative dose (µg)")), str(T("变化（log10 IU/mL）", "Change (log10 IU/mL)")),
        str(T("尚无可分析的数据", "No data to analyse yet")),
    )  # fmt: skip
    ticks = [STEP * mark for mark in range(marks + 1)]
    return line_chart.plane("plane", lines, ticks=ticks, words=words, level=0, size=size, ident="dose")


def _week(each: AtWeek) -> T:
    return T("第{w}周", "Week {w}").format(w=each.week)


def _line(each: AtWeek, key: str) -> line_chart.Line:
    places = tuple(
        line_chart.Place(third.dose, third.median, third.lower, third.upper)
        for third in each.thirds
        if third.dose is not None and third.median is not None
    )
    return line_chart.Line(str(_week(each)), key, places, dotted=True)


def expected(result: DoseResponse) -> Numbers:
    """Every cell of both tables."""
    numbers: Numbers = {}
    for each in result.weeks:
        place = f"week {each.week}"
        values = {"n": each.n, "unknown": each.unknown, "rho": each.rho, "lower": each.lower, "upper": each.upper}
        numbers |= at(place, values)
        for count, third in enumerate(each.thirds, start=1):
            numbers |= at(f"{place} third {count}", {name: getattr(third, name) for name in OF_A_THIRD})
    return numbers


OUTPUT = Output(
    code="dose_response",
    title=T("聚乙二醇干扰素累积剂量与HBsAg下降（探索性）", "Cumulative peginterferon and HBsAg decline (exploratory)"),
    by_arm=True,
    result=DoseResponse,
    compute=compute,
    show=show,
    expected=expected,
    places={name: OF_A_THIRD[name] for name in ("least", "dose", "most")}
    | {
        "unknown": OF_A_WEEK["unknown"],
        "rho": OF_A_WEEK["rho"],
        "third": T("第{n}三分位", "third {n}"),
    },
)
