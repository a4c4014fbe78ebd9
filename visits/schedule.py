"""The schedule of assessments from Day 0 on. Source: crf-spec section A, schedule.yaml version 0.1.

Study: MRI every 12 weeks +/- 7 days for 3 years. Default: W0, safety visits of the combination arm, EOS, UNS.
"""

from prtras.clinical.constants import SAFETY_WEEKS, SAFETY_WIN_DAYS, TOTAL_WEEKS, VISIT_WIN_DAYS, W0_PRE_DAYS
from prtras.crf.schedule import PlannedVisit
from prtras.labels import T

LABORATORY = ("lbhem", "lbchem", "lbviro")
BY_EVENT = ("recur", "subtx", "ae", "death")
WEEKS = tuple(range(12, TOTAL_WEEKS.value + 1, 12))

BASELINE = PlannedVisit(
    "W0", T("基线(第0周)", "Baseline (week 0)"), 10, 0, -W0_PRE_DAYS.value, 0,
    required=("alloc", "visit", *LABORATORY), optional=("mri",),
)  # fmt: skip

FOLLOW_UP = tuple(
    PlannedVisit(
        f"W{week}", T(f"第{week}周", f"Week {week}"), 10 + week,
        7 * week, 7 * week - VISIT_WIN_DAYS.value, 7 * week + VISIT_WIN_DAYS.value,
        required=("visit", "mri", *LABORATORY),
    )
    for week in WEEKS
)  # fmt: skip

SAFETY = tuple(
    PlannedVisit(
        f"S{week}", T(f"安全性访视第{week}周", f"Safety visit week {week}"), 10 + week,
        7 * week, 7 * week - SAFETY_WIN_DAYS.value, 7 * week + SAFETY_WIN_DAYS.value,
        required=("visit", "lbhem", "lbchem"), arm="A2",
    )
    for week in SAFETY_WEEKS.value
)  # fmt: skip

END_OF_STUDY = PlannedVisit(
    "EOS", T("研究结束", "End of study"), 900, required=("visit", "eos"), optional=("mri", *LABORATORY)
)
UNSCHEDULED = PlannedVisit(
    "UNS", T("计划外访视", "Unscheduled visit"), 800, required=("visit",), optional=("mri", *LABORATORY)
)

AFTER_ARM_CHOICE = (*FOLLOW_UP, *SAFETY, END_OF_STUDY)
