"""The schedule of assessments from Day 0 on. Source: crf-spec section A, schedule.yaml version 0.1.

Study: MRI every 12 weeks +/- 7 days for 3 years. Default: W0, safety visits of the combination arm, EOS, UNS.
"""

from enrollment.protocol import constant, values_of
from enrollment.schedule import OF_CHILDBEARING_POTENTIAL, SCREENING, screening
from prtras.amendments import under
from prtras.clinical.constants import (
    SAFETY_WEEKS,
    SAFETY_WIN_DAYS,
    TOTAL_WEEKS,
    VISIT_INTERVAL_WEEKS,
    VISIT_WIN_DAYS,
    W0_PRE_DAYS,
)
from prtras.crf.conditions import count, days, empty, largest, the
from prtras.crf.schedule import PlannedVisit, Schedule
from prtras.labels import T

EXAMINATION = ("vs", "pe")
LABORATORY = ("lbhem", "lbchem", "lbcoag", "liverfn", "lbviro")
IN_COMBINATION = the("alloc.arm") == "A2"
TESTED = OF_CHILDBEARING_POTENTIAL & IN_COMBINATION
#: Of those who leave early and can still be examined: no recurrence yet, and the last evaluable MRI is too old.
LAST_IMAGING = largest("mri", the("mri.mri_date"), the("mri.mri_quality") != "NONDIAG")
IMAGED_AT_THE_END = (
    the("eos.eos_status").none_of("COMPLETED", "SCREEN FAILURE", "DEATH", "LOST TO FOLLOW-UP")
    & (count("recur", the("recur.rec_adj") == "CONFIRMED") == 0)
    & (empty(LAST_IMAGING) | (days(LAST_IMAGING, the("eos.eos_date")) > constant("eos_img_gap_days")))
)
BASELINE = "W0"
PEG_IFN_WEEKS, AFTER_PEG_IFN = (12, 24, 36, 48), 60


def baseline() -> PlannedVisit:
    """The visit of Day 0."""
    return PlannedVisit(
        BASELINE, T("基线(第0周)", "Baseline (Week 0)"), 10, 0, -W0_PRE_DAYS.value, 0,
        required=("alloc", "visit", "logs", *EXAMINATION, *LABORATORY, "lbpbmc", "tissue"),
        optional=("mri", "lbthy", "lbtm"),
        conditional=(("pregtest", TESTED),),
    )  # fmt: skip


def follow_up() -> tuple[PlannedVisit, ...]:
    """The visits with an MRI."""
    window = VISIT_WIN_DAYS.value
    return tuple(
        PlannedVisit(
            f"W{week}", T(f"第{week}周", f"Week {week}"), 10 + week, 7 * week, 7 * week - window, 7 * week + window,
            required=("visit", "logs", "adh", *EXAMINATION, "mri", *LABORATORY, "lbtm",
                      *(("lbpbmc",) if week in values_of("pbmc_weeks") else ())),
            conditional=(("lbthy", IN_COMBINATION), ("pregtest", TESTED)) if week in PEG_IFN_WEEKS else (),
            optional=("lbthy",) if week == AFTER_PEG_IFN else (),
        )
        for week in range(VISIT_INTERVAL_WEEKS.value, TOTAL_WEEKS.value + 1, VISIT_INTERVAL_WEEKS.value)
    )  # fmt: skip


#: What the title of the last safety visit adds, and the others do not.
AFTER_LAST_DOSE, NOTHING = T(",计划末次给药后4周", ", 4 wk after planned last dose"), T("", "")


def _safety_title(week: int, more: T) -> T:
    return T(f"安全性访视第{week}周(联合组{more.zh})", f"Safety visit Week {week} (A2{more.en})")


def safety() -> tuple[PlannedVisit, ...]:
    """The visits of the combination arm between those with an MRI."""
    weeks, window = SAFETY_WEEKS.value, SAFETY_WIN_DAYS.value
    return tuple(
        PlannedVisit(
            f"S{week}", _safety_title(week, AFTER_LAST_DOSE if week == weeks[-1] else NOTHING), 10 + week,
            7 * week, 7 * week - window, 7 * week + window,
            required=("visit", "logs", *EXAMINATION, "lbhem", "lbchem"), optional=("adh", "lbthy", "pregtest"),
            arm="A2", short=_safety_title(week, NOTHING),
        )
        for week in weeks
    )  # fmt: skip


END_OF_STUDY = PlannedVisit(
    "EOS",
    T("研究结束/提前终止", "End of study / early termination"),
    900,
    required=("visit", "logs", "adh", *EXAMINATION, *LABORATORY, "lbtm", "eos"),
    optional=("mri", "lbpbmc"),
    conditional=(("mri", IMAGED_AT_THE_END),),
)
UNSCHEDULED = PlannedVisit(
    "UNS",
    T("计划外访视", "Unscheduled visit"),
    800,
    required=("visit", "logs"),
    optional=(*EXAMINATION, "mri", *LABORATORY, "lbtm", "lbthy", "pregtest"),
)

#: Where someone goes who leaves an arm.
OTHER_ARM = {"A1": "A2", "A2": "A1"}
#: What is not planned from Day 0 when the arm is chosen.
OUTSIDE = (SCREENING, BASELINE, UNSCHEDULED.code)


def planned_under(*versions: str) -> dict[str, PlannedVisit]:
    """Every visit by its code, with the windows and weeks that hold under these versions of the protocol."""
    with under(versions):
        visits = (screening(), baseline(), *follow_up(), *safety(), END_OF_STUDY, UNSCHEDULED)
    return {visit.code: visit for visit in visits}


VERSION_1 = Schedule("1", T("方案首版", "First version of the protocol"), planned_under("1"))
#: Every version, oldest first. An amendment is `VERSION_1.amended("2", T(...), changed visits, without=("S2",))`, and
#: one of a constant of the schedule `VERSION_1.amended("2", T(...), *planned_under("1", "2").values())`;
#: `manage.py amend_schedule 2` then moves the visits to come.
VERSIONS = (VERSION_1,)


def from_day_0(schedule: Schedule) -> list[PlannedVisit]:
    """The visits that are planned from Day 0."""
    return [visit for code, visit in schedule.visits.items() if code not in OUTSIDE]
