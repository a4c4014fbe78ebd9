"""The screening visit. Source: crf-spec section A, schedule.yaml (window Day -28 to Day 0, default)."""

from prtras.crf.schedule import PlannedVisit
from prtras.labels import T

SCREENING = PlannedVisit(
    "SCR", T("筛选期", "Screening"), 0, first=-28, last=0,
    required=("consent", "visit", "dm", "ie", "hcc", "radtx", "mri", "lbhem", "lbchem", "lbviro"),
)  # fmt: skip
