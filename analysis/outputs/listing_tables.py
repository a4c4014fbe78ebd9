"""The listings as tables. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analysis.outputs.characteristics import typeset
from analysis.outputs.output import Row, Table, Text
from analysis.outputs.participants import EXCLUDED
from prtras.codelists import CodeList
from prtras.labels import T
from visits.codelists.disposition import DTHCAUSE
from visits.codelists.recurrence import ADJUD, RECBASIS, RECSITE, VISIT
from visits.codelists.safety import AEOUT, AEREL

if TYPE_CHECKING:
    from analysis.outputs.listings import DeathLine, ExclusionLine, RecurrenceLine, SeriousLine

PARTICIPANT, ARM, DAY = T("受试者", "Participant"), T("治疗组", "Arm"), T("研究日", "Study day")
#: The arms where every column is narrow.
ARMS = {"A1": T("单药", "NA"), "A2": T("联合", "NA + Peg-IFN")}
NUMBER, GRADE, RECURRED = T("编号", "No."), T("级", "Grade"), T("复发研究日", "Day of recurrence")
COUNTS = T("计入主要终点", "In the primary endpoint")
UNKNOWN = T("不详", "not known")
NOBODY = T("无。", "None.")
NONE = T("–", "–")

#: The listings, by the word that begins the place of a line.
CAPTIONS = {
    "recurrence": T("复发", "Recurrences"), "death": T("死亡", "Deaths"),
    "serious": T("严重不良事件", "Serious adverse events"),
    "exclusion": T("未纳入主要分析者", "Not in the primary analysis"),
}  # fmt: skip
#: The words of the places of `listings`: the listing, and the codes and items of a line.
PLACES = CAPTIONS | EXCLUDED | {
    "recurrences": CAPTIONS["recurrence"], "deaths": CAPTIONS["death"], "exclusions": CAPTIONS["exclusion"],
    "day": DAY, "number": NUMBER, "grade": GRADE, "recurred": RECURRED, "counts": COUNTS,
    **{code: typeset(text) for codes in (VISIT, RECSITE, ADJUD, DTHCAUSE, AEOUT) for code, text in codes.codes.items()},
}  # fmt: skip


def recurrences(lines: Iterable[RecurrenceLine]) -> Table:
    """Every recurrence as it was judged."""
    rows = tuple(
        Row(line.participant, (
            _arm(line.arm), _day(line.day), _unbroken(_code(VISIT, line.visit)), _code(RECSITE, line.site),
            _list(_code(RECBASIS, each) for each in line.basis), _code(ADJUD, line.judged),
            T("是", "Yes") if line.counts else T("否", "No"),
        ))
        for line in lines
    )  # fmt: skip
    heads = (
        PARTICIPANT, ARM, DAY, T("访视", "Visit"), T("类型", "Pattern"), T("依据", "Evidence"), T("判定", "Judged"),
        COUNTS,
    )  # fmt: skip
    note = T(
        "研究日：第0天为第1天。按所选治疗组（单药：核苷(酸)类似物；联合：加聚乙二醇干扰素）。"
        "未计入者：非确认、非首次、或其前已删失。",
        "Study day: Day 0 is day 1. Arm as chosen. Not in the endpoint: not confirmed, not the first, or censored"
        " before.",
    )
    return _listing(CAPTIONS["recurrence"], heads, rows, note)


def deaths(lines: Iterable[DeathLine]) -> Table:
    """Every death, whenever it happened."""
    rows = tuple(
        Row(line.participant, (
            _arm(line.arm), _day(line.day), _code(DTHCAUSE, line.cause), _code(AEREL, line.related),
            "–" if line.recurred is None else line.recurred,
        ))
        for line in lines
    )  # fmt: skip
    heads = (
        PARTICIPANT, ARM, DAY, T("主要死因", "Cause"), T("与研究治疗的关系", "Relation to treatment"),
        RECURRED,
    )  # fmt: skip
    note = T("按所选治疗组。“–”：此前无确认复发。", "Arm as chosen. –: no confirmed recurrence before.")
    return _listing(CAPTIONS["death"], heads, rows, note)


def serious(lines: Iterable[SeriousLine]) -> Table:
    """Every serious adverse event."""
    rows = tuple(
        Row(line.participant, (
            _arm(line.arm), line.number, _term(line), _day(line.day), "–" if line.grade is None else line.grade,
            _code(AEREL, line.peginterferon), _code(AEREL, line.analogue), _code(AEOUT, line.outcome),
        ))
        for line in lines
    )  # fmt: skip
    heads = (
        PARTICIPANT, ARM, NUMBER, T("事件", "Event"), DAY, GRADE,
        T("与干扰素的关系", "Relation to peginterferon"), T("与核苷类似物的关系", "Relation to NA"),
        T("转归", "Outcome"),
    )  # fmt: skip
    note = T(
        "按实际治疗；事件为MedDRA首选语，未编码者为录入原文。含治疗期以外的事件。",
        "Arm as treated; the event by its MedDRA preferred term, as entered where it is not coded. Events outside the"
        " treatment period are included.",
    )
    return _listing(CAPTIONS["serious"], heads, rows, note)


def exclusions(lines: Iterable[ExclusionLine]) -> Table:
    """Everybody with an arm who is not in the primary analysis."""
    rows = tuple(Row(line.participant, (_arm(line.arm), EXCLUDED[line.reason])) for line in lines)
    heads = (PARTICIPANT, ARM, T("原因", "Reason"))
    return _listing(CAPTIONS["exclusion"], heads, rows)


def _listing(caption: T, heads: tuple[Text, ...], rows: tuple[Row, ...], note: Text = "") -> Table:
    return Table(caption, heads, rows, empty=NOBODY, note=note if rows else "", listing=True)


def _arm(arm: str) -> T:
    return _unbroken(ARMS.get(arm, T(arm, arm)))


def _unbroken(text: T) -> T:
    """A short text on one line."""
    return T(text.zh, text.en.replace(" ", "\N{NO-BREAK SPACE}"))


def _day(day: int | None) -> Text | int:
    return UNKNOWN if day is None else day


def _code(codes: CodeList, code: str) -> T:
    return typeset(codes.text(code)) if code else NONE


def _list(texts: Iterable[T]) -> T:
    every = list(texts)
    return T("；".join(each.zh for each in every), "; ".join(each.en for each in every)) if every else NONE


def _term(line: SeriousLine) -> T:
    """The preferred term in the reader's language; as it was entered where there is none."""
    zh, en = line.coded or ("", "")
    return T(zh or line.term, en or line.term)
