"""When and where the liver cancer recurred, by arm, described only. Pure but for the reader's language.

The recurrence that counts is the one that decides the primary endpoint (crf-spec E2). Early means within two years:
Imamura et al., J Hepatol 2003;38:200 (intrahepatic metastasis before, a new cancer of the diseased liver after).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.outputs.characteristics import (
    Category,
    Characteristic,
    Quantity,
    Variable,
    described,
    heads,
    numbers_of,
    places_of,
    rows,
)
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Shown, Table, View
from analysis.survival.results import Result
from enrollment.codelists.common import BCLC, VASCINV
from prtras.codelists import CodeList
from prtras.labels import T
from visits.codelists.recurrence import RECBASIS, RECSITE

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

WHEN = CodeList(
    "WHEN",
    T("复发时间", "Time of recurrence"),
    {
        "early": T("早期（第{d}天及以前）", "Early (to day {d})").format(d=plan.EARLY_DAYS),
        "late": T("晚期（第{d}天以后）", "Late (after day {d})").format(d=plan.EARLY_DAYS),
    },
)
EXTENT = CodeList(
    "EXTENT",
    T("复发范围", "Extent"),
    {"intrahepatic": T("仅肝内", "Intrahepatic only"), "extrahepatic": T("有肝外转移", "With extrahepatic spread")},
)
EXTRAHEPATIC = ("EHM", "IH_EH")
NUMBER = CodeList(
    "NUMBER",
    T("复发肿瘤数目", "Number of recurrent tumours"),
    {"1": T("1", "1"), "2-3": T("2–3", "2 to 3"), "4+": T("≥4", "≥ 4")},
)
Record = Mapping[str, Any]
#: What is described, each with how it is read from the record that counts; `AVAL` is its day with Day 0 as day 1.
SOURCES: tuple[tuple[Variable, Callable[[Record], Any]], ...] = (
    (Category("when", WHEN.title, WHEN), lambda row: "early" if row["AVAL"] <= plan.EARLY_DAYS else "late"),
    (Quantity("day", T("复发日（第0天为第1天）", "Day of recurrence (Day 0 = day 1)"), 0), lambda row: row["AVAL"]),
    (Category("extent", EXTENT.title, EXTENT), lambda row: _extent(row["rec_site"])),
    (Category("site", T("复发部位", "Site"), RECSITE), lambda row: row["rec_site"]),
    (
        Category(
            "basis", T("判定依据（LI-RADS，可多项）", "Evidence (LI-RADS; several may hold)"), RECBASIS, several=True
        ),
        lambda row: row["rec_basis"],
    ),
    (Category("number", NUMBER.title, NUMBER), lambda row: _number(row["rec_n"])),
    (Quantity("size", T("最大复发肿瘤（mm）", "Largest recurrent tumour, mm")), lambda row: row["rec_mm"]),
    (Category("vessels", T("大血管侵犯", "Macrovascular invasion"), VASCINV), lambda row: row["rec_vasc"]),
    (Category("bclc", T("复发时BCLC分期", "BCLC stage at recurrence"), BCLC), lambda row: row["rec_bclc"]),
)
VARIABLES = tuple(variable for variable, _ in SOURCES)


def _extent(site: str | None) -> str | None:
    return None if not site else "extrahepatic" if site in EXTRAHEPATIC else "intrahepatic"


def _number(n: int | None) -> str | None:
    return None if n is None else "1" if n == 1 else "2-3" if n <= 3 else "4+"


@dataclass(frozen=True)
class RecurrencePattern(Result):
    """The participants with a recurrence in each arm, and what it was like."""

    events: dict[str, int]
    lines: tuple[Characteristic, ...]


def compute(data: AnalysisData) -> RecurrencePattern:
    """Describe the recurrence of everybody with an event of the primary endpoint."""
    events = data.primary[data.primary["EVENT"] == 1]
    arms = dict(zip(events["SUBJID"], events["ARMCD"], strict=True))
    records: dict[str, Record] = {}
    for number, day, aval in zip(events["SUBJID"], events["ADT"], events["AVAL"], strict=True):
        records[number] = next(
            {**row, "AVAL": int(aval)} | dict.fromkeys(ITEMS - set(row))
            for row in data.tables["recur"]
            if (row["SUBJID"], row["rec_date"], row["rec_adj"]) == (number, day, "CONFIRMED")
        )
    lines = [described(variable, {each: read(row) for each, row in records.items()}, arms)
             for variable, read in SOURCES]  # fmt: skip
    return RecurrencePattern({arm: list(arms.values()).count(arm) for arm in plan.ARMS}, tuple(lines))


ITEMS = {"rec_site", "rec_basis", "rec_n", "rec_mm", "rec_vasc", "rec_bclc"}


def show(result: RecurrencePattern, _view: View) -> Shown:
    """A table; the standardised difference has no sense after the arms parted."""
    columns = (T("首次确认复发", "First confirmed recurrence"), *heads(result.events))
    note = T(
        "仅为描述：只有复发者，且治疗组为选择，故不作比较。n（%，以已知者为分母）。",
        "Description only: of those who recurred, in arms that are chosen; no comparison. n (% of those known).",
    )
    shown = tuple(rows(VARIABLES, result.lines, smd=False)) if any(result.events.values()) else ()
    empty = T("尚无复发。", "No recurrence yet.")
    return Shown(tables=(Table(OUTPUT.title, columns, shown, empty=empty, note=note),))


def expected(result: RecurrencePattern) -> Numbers:
    """The participants with a recurrence, and every line."""
    numbers: Numbers = {f"{arm} n": n for arm, n in result.events.items()}
    for line in result.lines:
        numbers |= {place: number for place, number in numbers_of(line).items() if not place.endswith(" SMD")}
    return numbers


OUTPUT = Output(
    code="recurrence_pattern",
    title=T("复发模式（按所选治疗组）", "Pattern of recurrence by arm"),
    by_arm=True,
    result=RecurrencePattern,
    compute=compute,
    show=show,
    expected=expected,
    places=places_of(VARIABLES),
)
