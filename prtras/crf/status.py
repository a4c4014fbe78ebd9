"""One sign per page, rolled up in a fixed order. Decides from plain values.

locked > open query > overdue > draft > due > answered query > verified > complete > not yet due. Source: interface
rule 3. A frozen page looks like a locked one: nothing on it changes.
"""

from dataclasses import dataclass
from datetime import date

from prtras.labels import T


@dataclass(frozen=True)
class Status:
    """A state of a page: its style, icon and words."""

    code: str
    icon: str
    text: T


LOCKED = Status("lock", "lock", T("已冻结或锁定", "frozen or locked"))
QUERY = Status("query", "query", T("有未答复质疑", "open query"))
OVERDUE = Status("over", "over", T("逾期", "overdue"))
DRAFT = Status("half", "half", T("草稿", "draft"))
DUE = Status("due", "due", T("待填写", "due"))
ANSWERED = Status("answered", "answered", T("质疑已答复", "query answered"))
VERIFIED = Status("sdv", "sdv", T("已核查源数据", "verified"))
COMPLETE = Status("ok", "check", T("已提交", "submitted"))
PLANNED = Status("sched", "sched", T("未到期", "not yet due"))
VOID = Status("nd", "nd", T("录入有误", "entered in error"))
SIGNED = T("已签名", "signed")
ALL = (LOCKED, QUERY, OVERDUE, DRAFT, DUE, ANSWERED, VERIFIED, COMPLETE, PLANNED)


def page_status(
    *,
    submitted: bool,
    open_queries: int,
    answered: int,
    draft: bool,
    opens: date | None,
    closes: date | None,
    today: date,
    missed: bool = False,
    required: bool = True,
    held: bool = False,
    verified: bool = False,
) -> Status:
    """The one sign of a page; one that is merely offered is never due."""
    if held:
        return LOCKED
    if open_queries:
        return QUERY
    waiting = required and not submitted and not missed
    if waiting and closes is not None and closes < today:
        return OVERDUE
    if draft:
        return DRAFT
    if waiting and (opens is None or opens <= today):
        return DUE
    if answered:
        return ANSWERED
    if submitted:
        return VERIFIED if verified else COMPLETE
    return PLANNED
