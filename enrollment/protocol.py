"""Protocol values that the edit checks and the schedule use, by name. One declared place, with a version.

Source: config of the CRF specification 0.1; "study" is the study document, "default" a configurable default.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from prtras.clinical import constants
from prtras.clinical.constants import Constant
from prtras.crf import expressions
from prtras.crf.study import StudyProtocol
from prtras.labels import T

VERSION = "0.1"

_CHECKS: tuple[Constant[int] | Constant[Decimal], ...] = (
    Constant("age_min", 18, "years", "study"),
    Constant("age_max", 70, "years", "study"),
    Constant("survival_min_months", 3, "months", "study"),
    Constant("creat_max_xuln", Decimal("1.5"), "x ULN", "study"),
    Constant("radtx_to_w0_min", 14, "days", "default"),
    Constant("radtx_to_w0_max", 84, "days", "default"),
    Constant("baseline_mri_max_days", 28, "days", "default"),
    Constant("pg_start_max_days", 7, "days", "default"),
    Constant("pg_std_dose", 180, "ug", "default"),
    Constant("pg_weeks", 48, "weeks", "default"),
    Constant("pg_interval_days", 7, "days", "default"),
    Constant("pg_interval_tol", 2, "days", "default"),
    Constant("weight_change_pct", 10, "%", "default"),
    Constant("alcohol_limit_m", 40, "g/day", "default"),
    Constant("alcohol_limit_f", 20, "g/day", "default"),
    Constant("sae_report_days", 1, "days", "default"),
    Constant("hbv_rebound_log10", Decimal("1.0"), "log10", "default"),
    Constant("alt_flare_xuln", 5, "x ULN", "default"),
    Constant("teae_window_days", 30, "days", "default"),
    Constant("overdue_grace_days", 14, "days", "default"),
    Constant("eos_img_gap_days", 28, "days", "default"),
    Constant("n_planned", 332, "participants", "study"),
    Constant("hr_expected", Decimal("0.6"), "", "study"),
    Constant("power", Decimal("0.8"), "", "study"),
    Constant("alpha", Decimal("0.05"), "", "study"),
    Constant("km_read_week", 156, "weeks", "default"),
    Constant("km_read_days_sensitivity", 1095, "days", "default"),
)

PROTOCOL: dict[str, Constant[int] | Constant[Decimal]] = {c.name: c for c in _CHECKS} | {
    c.name: c for c in vars(constants).values() if isinstance(c, Constant) and isinstance(c.value, int | Decimal)
}


#: Day 0: ALLOC (day of the choice of arm), FIRST_DOSE (first peginterferon in A2, else ALLOC), RADICAL_TX.
ANCHOR_RULE: Constant[str] = Constant("anchor_rule", "ALLOC", "", "default")
#: Constants that are lists.
_DOSES: Constant[tuple[int, ...]] = Constant("pg_allowed_doses", (180, 135, 90), "ug", "default")
_IMMUNE: Constant[tuple[int, ...]] = Constant("pbmc_weeks", (0, 12, 24, 48, 96, 156), "weeks", "default")
LISTS: dict[str, Constant[tuple[int, ...]]] = {c.name: c for c in (_DOSES, _IMMUNE)}
#: Every constant of the protocol.
CONSTANTS: dict[str, Constant[Any]] = {
    c.name: c for c in (*_CHECKS, ANCHOR_RULE, *LISTS.values(), *vars(constants).values()) if isinstance(c, Constant)
}


#: What the platform has to know of the study.
PRTRAS_001 = StudyProtocol(
    code="PRTRAS-001",
    registration="NCT07120750",
    title=T(
        "聚乙二醇干扰素α-2b联合核苷(酸)类似物降低HBV相关肝癌根治性治疗后复发",
        "Peginterferon alfa-2b added to nucleos(t)ide analogues against recurrence of HBV-related liver cancer",
    ),
    specification=VERSION,
    overdue_after=timedelta(days=int(PROTOCOL["overdue_grace_days"].value)),
    institution_number="IIT-2024-077",
    arms=True,
)


def values_of(name: str) -> tuple[int, ...]:
    """The values of a named protocol constant that is a list. Raises KeyError."""
    return LISTS[name].value


def value_of(name: str) -> int | Decimal:
    """The value of a named protocol constant. Raises KeyError."""
    return PROTOCOL[name].value


def constant(name: str) -> expressions.Constant:
    """A named protocol constant as a value in conditions. Raises KeyError."""
    named = PROTOCOL[name]
    return expressions.Constant(named.original, name, named.amended)
