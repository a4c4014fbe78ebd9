"""Whether anything of a sample may be recorded, and on a page: in words where it may not. Decides; writes nothing."""

from collections.abc import Callable
from datetime import date

from labs.blood_draws import Draw
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.labels import T

HELD = T("数据已冻结或锁定，不能导入。", "The data are frozen or locked and cannot be imported.")
IN_ERROR = T("该访视的表单已标注为录入有误。", "The form at this visit was marked as entered in error.")
MISSED = T("访视 {visit} 已记录为未完成。", "Visit {visit} is recorded as missed.")
UNKNOWN = T("受试者 {n} 不存在。", "Participant {n} does not exist.")
NO_DAY_0 = T(
    "受试者 {n} 尚无第0天，或天数超出范围；请改用采样日期。",
    "Participant {n} has no Day 0 yet, or the day is beyond all time; give the date of the sample.",
)
NO_CONSENT = T("受试者 {n} 尚无知情同意记录。", "No informed consent of participant {n} is on record.")
BEFORE_CONSENT = T("采样日期早于知情同意日期 {day}。", "The sample was taken before the informed consent of {day}.")
AFTER_WITHDRAWAL = T(
    "采样日期晚于撤回知情同意日期 {day}。", "The sample was taken after consent was withdrawn on {day}."
)
AFTER_DEATH = T("采样日期晚于死亡日期 {day}。", "The sample was taken after death on {day}.")


def refused(
    participant: Participant | None, day: date | None, draw: Draw, died_on: Callable[[Participant], date | None]
) -> T | None:
    """Why nothing of a draw can be recorded, if so."""
    if participant is None:
        return UNKNOWN.format(n=draw.number)
    if participant.hold:
        return HELD
    if day is None:
        return NO_DAY_0.format(n=draw.number)
    if participant.consented is None:
        return NO_CONSENT.format(n=draw.number)
    if day < participant.consented:
        return BEFORE_CONSENT.format(day=participant.consented)
    if participant.withdrawn and day > participant.withdrawn:
        return AFTER_WITHDRAWAL.format(day=participant.withdrawn)
    died = died_on(participant) if participant.state == "died" else None
    return AFTER_DEATH.format(day=died) if died and day > died else None


def closed(page: CrfPage, visit: Visit) -> T | None:
    """Why nothing may be written on a page, if so."""
    if visit.state == "missed":
        return MISSED.format(visit=visit.code)
    if page.hold:
        return HELD
    return IN_ERROR if page.state == "void" else None
