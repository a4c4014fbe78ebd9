"""Where a participant stood on the day of a data cut, by the pages that are dated up to it."""

from dataclasses import dataclass
from typing import Any

from enrollment.schedule import SCREENING
from prtras.datacut.restriction import Course, Value
from visits.participant_state import participant_state
from visits.schedule import BASELINE

#: The forms that are not dated by their first date: it is that of a version of the consent, or of birth.
DATED_BY = {"consent": "icf_date", "reconsent": "rc_date", "dm": ""}


@dataclass(frozen=True)
class _Pages:
    read: Value

    def value(self, form: str, item: str) -> Any:
        return self.read(form, item)


def course(value: Value) -> Course:
    """State, arm and Day 0; the visits from Day 0 on are planned when it is known, the baseline for who is eligible."""
    state = participant_state(_Pages(value))
    arm, anchor = value("alloc", "arm"), value("alloc", "anchor_date")
    before = {SCREENING, BASELINE} if value("ie", "ie_eligible") == "Y" else {SCREENING}
    return Course(
        present=state.consented is not None,
        columns={"STATE": state.state, "ARMCD": arm or "", "DAY0": anchor.isoformat() if anchor else None},
        ends=state.ended is not None or value("alloc", "arm_switch_date") is not None,
        visits=None if arm and anchor else frozenset(before),
    )
