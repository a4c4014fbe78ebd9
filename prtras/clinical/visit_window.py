"""Target date, window and status of a visit, and the scheduled visit an actual date belongs to.

Source: study document (every 12 weeks +/- 7 days); W0, SCR and safety windows from the project
configuration [default]; the nearest-visit rule is a project rule (crf-spec section A, D8).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from prtras.clinical.constants import (
    SAFETY_WEEKS,
    SAFETY_WIN_DAYS,
    SCR_MAX_DAYS,
    TOTAL_WEEKS,
    VISIT_ASSIGN_MAX_DAYS,
    VISIT_INTERVAL_WEEKS,
    VISIT_WIN_DAYS,
    W0_PRE_DAYS,
)
from prtras.clinical.inputs import BadInput, Day, MissingInput, code, day


@dataclass(frozen=True)
class PlannedVisit:
    """Days after the anchor (day 0): target, first and last day of the window."""

    target: int | None
    first: int
    last: int

    def status(self, actual: int) -> str:
        """IN, EARLY or LATE on this day after the anchor."""
        return "EARLY" if actual < self.first else "LATE" if actual > self.last else "IN"


def _around(week: int, days: int) -> PlannedVisit:
    return PlannedVisit(7 * week, 7 * week - days, 7 * week + days)


def baseline_and_follow_up() -> dict[str, PlannedVisit]:
    """W0 and the visits every 12 weeks, with their windows."""
    weeks = range(VISIT_INTERVAL_WEEKS.value, TOTAL_WEEKS.value + 1, VISIT_INTERVAL_WEEKS.value)
    follow_up = {f"W{week}": _around(week, VISIT_WIN_DAYS.value) for week in weeks}
    return {"W0": PlannedVisit(0, -W0_PRE_DAYS.value, 0), **follow_up}


def schedule() -> dict[str, PlannedVisit | None]:
    """Every visit with its window; None for one that has none."""
    return {
        "SCR": PlannedVisit(None, -SCR_MAX_DAYS.value, 0),
        **baseline_and_follow_up(),
        **{f"S{week}": _around(week, SAFETY_WIN_DAYS.value) for week in SAFETY_WEEKS.value},
        "EOS": None,
        "UNS": None,
    }


@dataclass(frozen=True)
class VisitWindow:
    """Target date, first and last day; status IN, EARLY, LATE or NA; deviation from target in days."""

    target: date | None
    lo: date | None
    hi: date | None
    status: str
    dev: int | None


@dataclass(frozen=True)
class VisitAssignment:
    """The visit, the deviation from its target in days, and status IN, EARLY, LATE or NA."""

    visit: str
    dev: int | None
    status: str


def window(anchor_date: Day | None, visit: str | None, actual_date: Day | None = None) -> VisitWindow:
    """The window of a visit (W0 ... W156, S2 ... S52, SCR, EOS, UNS), all limits inclusive.

    Raises MissingInput, and BadInput (also "anchor_date" when the window leaves the calendar).
    Source: study document (12 weeks +/- 7 days); W0, SCR, safety windows [default].
    """
    anchor = day("anchor_date", anchor_date)
    windows = schedule()
    code("visit", visit, windows)
    actual = day("actual_date", actual_date)
    if anchor is None or visit is None:
        raise MissingInput.among(anchor_date=anchor, visit=visit)
    planned = windows[visit]
    if planned is None:
        return VisitWindow(None, None, None, "NA", None)
    try:
        target = None if planned.target is None else anchor + timedelta(planned.target)
        lo, hi = anchor + timedelta(planned.first), anchor + timedelta(planned.last)
    except OverflowError:
        raise BadInput("anchor_date") from None
    return within(target, lo, hi, actual)


def within(target: date | None, lo: date, hi: date, actual: date | None) -> VisitWindow:
    """Where a day lies in a window whose limits are known, both inclusive."""
    if actual is None:
        return VisitWindow(target, lo, hi, "NA", None)
    dev = None if target is None else (actual - target).days
    return VisitWindow(target, lo, hi, "EARLY" if actual < lo else "LATE" if actual > hi else "IN", dev)


def assign(anchor_date: Day | None, actual_date: Day | None) -> VisitAssignment:
    """The scheduled 12-weekly visit nearest to a date, ties to the earlier one; SCR from day -28 to -8.

    UNS before screening and more than 42 days after W156. Raises BadInput and MissingInput.
    Source: study document; nearest-visit rule is a project rule (crf-spec D8).
    """
    anchor, actual = day("anchor_date", anchor_date), day("actual_date", actual_date)
    if anchor is None or actual is None:
        raise MissingInput.among(anchor_date=anchor, actual_date=actual)
    days = (actual - anchor).days
    if -SCR_MAX_DAYS.value <= days < -W0_PRE_DAYS.value:
        return VisitAssignment("SCR", None, "IN")
    planned = baseline_and_follow_up()
    deviations = {visit: days - window.target for visit, window in planned.items() if window.target is not None}
    nearest = min(deviations, key=lambda visit: abs(deviations[visit]))
    dev = deviations[nearest]
    if days < -SCR_MAX_DAYS.value or abs(dev) > VISIT_ASSIGN_MAX_DAYS.value:
        return VisitAssignment("UNS", None, "NA")
    return VisitAssignment(nearest, dev, planned[nearest].status(days))
