"""The schedule of assessments from Day 0 on. Source: crf-spec section A, schedule.yaml version 0.1.

Study: MRI every 12 weeks +/- 7 days for 3 years. Default: W0, safety visits of the combination arm, EOS, UNS.
"""

from enrollment.schedule import OF_CHILDBEARING_POTENTIAL
from prtras.clinical.constants import SAFETY_WEEKS, SAFETY_WIN_DAYS, TOTAL_WEEKS, VISIT_WIN_DAYS, W0_PRE_DAYS
from prtras.clinical.protocol import values_of
from prtras.crf.conditions import the
from prtras.crf.schedule import PlannedVisit
from prtras.labels import T

EXAMINATION = ("vs", "pe")
LABORATORY = ("lbhem", "lbchem", "lbcoag", "liverfn", "lbviro")
IN_COMBINATION = the("alloc.arm") == "A2"
TESTED = OF_CHILDBEARING_POTENTIAL & IN_COMBINATION
PEG_IFN_WEEKS, AFTER_PEG_IFN = (12, 24, 36, 48), 60
WEEKS = tuple(range(12, TOTAL_WEEKS.value + 1, 12))

BASELINE = PlannedVisit(
    "W0", T("基线(第0周)", "Baseline (Week 0)"), 10, 0, -W0_PRE_DAYS.value, 0,
    required=("alloc", "visit", "logs", *EXAMINATION, *LABORATORY, "lbpbmc", "tissue"), optional=("mri", "lbthy", "lbtm"),
    conditional=(("pregtest", TESTED),),
)  # fmt: skip

FOLLOW_UP = tuple(
    PlannedVisit(
        f"W{week}", T(f"第{week}周", f"Week {week}"), 10 + week,
        7 * week, 7 * week - VISIT_WIN_DAYS.value, 7 * week + VISIT_WIN_DAYS.value,
        required=("visit", "logs", "adh", *EXAMINATION, "mri", *LABORATORY, "lbtm",
                  *(("lbpbmc",) if week in values_of("pbmc_weeks") else ())),
        conditional=(("lbthy", IN_COMBINATION), ("pregtest", TESTED)) if week in PEG_IFN_WEEKS else (),
        optional=("lbthy",) if week == AFTER_PEG_IFN else (),
    )
    for week in WEEKS
)  # fmt: skip


def _safety_title(week: int) -> T:
    if week == SAFETY_WEEKS.value[-1]:
        return T(
            f"安全性访视第{week}周(联合组,计划末次给药后4周)",
            f"Safety visit Week {week} (A2, 4 wk after planned last dose)",
        )
    return T(f"安全性访视第{week}周(联合组)", f"Safety visit Week {week} (A2)")


SAFETY = tuple(
    PlannedVisit(
        f"S{week}", _safety_title(week), 10 + week,
        7 * week, 7 * week - SAFETY_WIN_DAYS.value, 7 * week + SAFETY_WIN_DAYS.value,
        required=("visit", "logs", *EXAMINATION, "lbhem", "lbchem"), optional=("adh", "lbthy", "pregtest"), arm="A2",
    )
    for week in SAFETY_WEEKS.value
)  # fmt: skip

END_OF_STUDY = PlannedVisit(
    "EOS",
    T("研究结束/提前终止", "End of study / early termination"),
    900,
    required=("visit", "logs", "adh", *EXAMINATION, *LABORATORY, "lbtm", "eos"),
    optional=("mri", "lbpbmc"),
)
UNSCHEDULED = PlannedVisit(
    "UNS",
    T("计划外访视", "Unscheduled visit"),
    800,
    required=("visit", "logs"),
    optional=(*EXAMINATION, "mri", *LABORATORY, "lbtm", "lbthy", "pregtest"),
)

AFTER_ARM_CHOICE = (*FOLLOW_UP, *SAFETY, END_OF_STUDY)
