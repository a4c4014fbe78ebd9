"""One sign per page, rolled up in a fixed order. Decides from plain values.

locked > open query > overdue > draft > due > answered query > complete > not yet due. Source: interface rule 3.
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


QUERY = Status("query", "query", T("有未答复质疑", "open query"))
OVERDUE = Status("over", "over", T("逾期", "overdue"))
DRAFT = Status("half", "half", T("草稿", "draft"))
DUE = Status("due", "due", T("待填写", "due"))
ANSWERED = Status("answered", "answered", T("质疑已答复", "query answered"))
COMPLETE = Status("ok", "check", T("已提交", "submitted"))
PLANNED = Status("sched", "sched", T("未到期", "not yet due"))
VOID = Status("nd", "nd", T("录入有误", "entered in error"))
ALL = (QUERY, OVERDUE, DRAFT, DUE, ANSWERED, COMPLETE, PLANNED)


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
) -> Status:
    """The one sign of a page; one that is merely offered is never due."""
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
    return COMPLETE if submitted else PLANNED
