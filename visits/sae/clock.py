"""How long a serious adverse event may still wait for its report. Reads; writes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from enrollment.protocol import value_of
from prtras.accounts.access import may
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.labels import T
from prtras.ui.frame import Notice
from visits.deriving.safety import moment
from visits.models import AdverseEvent
from visits.worklist import saes_to_report

LEFT = T("剩余 {n} 小时", "{n} h left")
LESS = T("不足 1 小时", "less than 1 h left")
OVER = T("已超时 {n} 小时", "{n} h overdue")
UNKNOWN = T("获知时间未填，按当日 00:00 起算", "time of awareness not entered: counted from 00:00")


@dataclass(frozen=True)
class Clock:
    """Until when an event is to be reported, in local time. `exact`: the time of awareness is known."""

    event: AdverseEvent
    aware: datetime
    due: datetime
    exact: bool
    now: datetime

    @property
    def overdue(self) -> bool:
        return self.now > self.due

    @property
    def until(self) -> str:
        """When the report is due, by the hospital's clock."""
        return f"{self.due:%Y-%m-%d %H:%M}"

    @property
    def left(self) -> T:
        """`5 h left`, `3 h overdue`: whole hours, rounded to the side of caution."""
        seconds = int((self.due - self.now).total_seconds())
        if seconds < 0:
            return OVER.format(n=-(seconds // 3600))
        return LEFT.format(n=seconds // 3600) if seconds >= 3600 else LESS

    @property
    def remark(self) -> T | None:
        """What is uncertain about it."""
        return None if self.exact else UNKNOWN


def within() -> timedelta:
    """How long after awareness an event is to be reported (protocol constant `sae_report_days`)."""
    return timedelta(days=int(value_of("sae_report_days")))


def clock_of(event: AdverseEvent, now: datetime | None = None) -> Clock | None:
    """The clock of an event that waits for its report; None for one that is not serious, reported, or not dated."""
    if event.ae_ser != "Y" or event.ae_report is not None or event.ae_aware is None:
        return None
    aware = moment(event.ae_aware, event.ae_aware_time)
    local = now or timezone.localtime().replace(tzinfo=None)
    return Clock(event, aware, aware + within(), bool(event.ae_aware_time), local)


def clocks_of(user: User) -> list[Clock]:
    """The clocks of all events that a person may see and that wait, the most urgent first."""
    waiting = saes_to_report(user).only("ae_ser", "ae_aware", "ae_aware_time", "ae_report")
    clocks = [clock for event in waiting if (clock := clock_of(event)) is not None]
    return sorted(clocks, key=lambda clock: (clock.due, clock.event.page_id))


def notice(user: User) -> Notice | None:
    """What stands in the bar of every page for those who must act, while an event waits for its report."""
    if not (may(user, Action.EDIT_PAGE) or may(user, Action.SIGN)):
        return None
    clocks = clocks_of(user)
    if not clocks:
        return None
    first = clocks[0]
    more = T(f"（共 {len(clocks)} 例）", f" ({len(clocks)})") if len(clocks) > 1 else T("", "")
    return Notice("visits:saes", T("SAE ", "SAE ") + first.left + more, urgent=first.overdue)
