"""What a reader says of a case, who is to say it, and whether two readers agree. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from endpoint_review.codelists import CATEGORY, CONFIDENCE, VERDICT
from prtras.labels import T

Part = Literal["first", "second", "final"]
INDEPENDENT: tuple[Part, Part] = ("first", "second")
LONGEST_COMMENT = 500
NO_VERDICT = T("请选择结论。", "Choose a verdict.")
NO_DAY = T("请选择最早显示复发的影像。", "Choose the scan that first shows it.")
NO_CATEGORY = T("请选择复发依据。", "Choose what shows it.")
ONLY_WITH_RECURRENCE = T("仅在结论为复发时填写。", "Only with the verdict of recurrence.")
NO_CONFIDENCE = T("请选择把握程度。", "Choose how confident you are.")
WHY_NOT = T("请说明为何无法评估。", "Say why it is not assessable.")
TOO_LONG = T("最多{n}个字符。", "At most {n} characters.").format(n=LONGEST_COMMENT)


@dataclass(frozen=True)
class Judgement:
    """What was chosen; `day` is that of the scan that first shows a recurrence, counted from Day 0."""

    verdict: str
    day: int | None
    category: str
    confidence: str
    comment: str


class Signed(Protocol):
    """A signed reading."""

    part: str
    verdict: str
    day: int | None
    user_id: int


def problems(judgement: Judgement, days: Collection[int]) -> dict[str, T]:
    """What is missing or contradicts itself, by field; `days` are those of the scans that may be chosen."""
    recurs = judgement.verdict == "Y"
    judged: dict[str, T | None] = {
        "verdict": None if judgement.verdict in VERDICT else NO_VERDICT,
        "day": _only_with_recurrence(judgement.day is not None, recurs, judgement.day in days, NO_DAY),
        "category": _only_with_recurrence(
            bool(judgement.category), recurs, judgement.category in CATEGORY, NO_CATEGORY
        ),
        "confidence": None if judgement.confidence in CONFIDENCE else NO_CONFIDENCE,
        "comment": TOO_LONG
        if len(judgement.comment) > LONGEST_COMMENT
        else WHY_NOT
        if judgement.verdict == "NE" and not judgement.comment
        else None,
    }
    return {field: text for field, text in judged.items() if text is not None}


def _only_with_recurrence(given: bool, recurs: bool, right: bool, missing: T) -> T | None:
    if recurs:
        return None if right else missing
    return ONLY_WITH_RECURRENCE if given else None


def agree(readings: Sequence[Signed]) -> bool:
    """Did both independent readers come to the same verdict, and with a recurrence to the same scan?"""
    both = [(each.verdict, each.day) for each in readings if each.part in INDEPENDENT]
    return len(both) == len(INDEPENDENT) and both[0] == both[1]


def final_of(readings: Sequence[Signed]) -> Signed | None:
    """The reading whose verdict counts: the adjudication, or the first of two that agree."""
    adjudicated = next((each for each in readings if each.part == "final"), None)
    return adjudicated or (next(each for each in readings if each.part == "first") if agree(readings) else None)


def part_for(user_id: int, readings: Sequence[Signed], *, may_read: bool, may_adjudicate: bool) -> Part | None:
    """Which part this person may sign now. Nobody reads a round twice, and nobody adjudicates their own reading."""
    if any(each.user_id == user_id for each in readings) or final_of(readings) is not None:
        return None
    signed = {each.part for each in readings}
    waiting = next((part for part in INDEPENDENT if part not in signed), None)
    if waiting is not None:
        return waiting if may_read else None
    return "final" if may_adjudicate else None
