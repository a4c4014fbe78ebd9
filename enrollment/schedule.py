"""The screening visit. Source: crf-spec section A, schedule.yaml (window Day -28 to Day 0, default)."""

from prtras.clinical.constants import SCR_MAX_DAYS
from prtras.crf.conditions import the
from prtras.crf.schedule import PlannedVisit
from prtras.labels import T

OF_CHILDBEARING_POTENTIAL = the("dm.childbear") == "WOCBP"

SCREENING = "SCR"


def screening() -> PlannedVisit:
    """The visit at which a participant is screened."""
    return PlannedVisit(
        SCREENING, T("筛选期", "Screening"), 0, first=-SCR_MAX_DAYS.value, last=0,
        required=("consent", "visit", "dm", "hbvhx", "hcc", "radtx", "path", "na", "vs", "pe", "mri", "lbhem", "lbchem",
                  "lbcoag", "liverfn", "lbviro", "lbtm", "lbthy", "scrlab", "logs", "ie"),
        conditional=(("pregtest", OF_CHILDBEARING_POTENTIAL),),
    )  # fmt: skip
