"""Protocol constants that the calculators use, with unit and source.

source "study" is the study document; "default" is a configurable project default that the investigator
must confirm (crf/config.yaml, crf-spec section F; the rules of crf/vectors/*.json where config is silent).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from prtras.amendments import Amended, Versions, in_force, value_under

T = TypeVar("T")


@dataclass(frozen=True)
class Constant(Generic[T]):
    """One configuration value: name (as in crf/config.yaml if listed there), value, unit and source.

    `amended`: what later versions of the protocol make of it, oldest first.
    """

    name: str
    original: T
    unit: str
    source: Literal["study", "default"]
    amended: Amended[T] = ()

    @property
    def value(self) -> T:
        """The value under the versions in force (`prtras.amendments.under`); otherwise the newest."""
        return self.value_under(in_force()) if self.amended else self.original

    def value_under(self, versions: Versions) -> T:
        """The value under these versions of the protocol."""
        return value_under(versions, self.original, self.amended)

    @property
    def value_text(self) -> str:
        """The value as people read it."""
        return _as_read(self.value)

    @property
    def amendments(self) -> tuple[tuple[str, str], ...]:
        """What each version of the protocol made of it, as people read it."""
        return tuple((version, _as_read(value)) for version, value in self.amended)


def _as_read(value: object) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return ", ".join(str(part) for part in parts)


# Schedule
VISIT_INTERVAL_WEEKS = Constant("visit_interval_weeks", 12, "weeks", "study")
VISIT_WIN_DAYS = Constant("visit_win_days", 7, "days", "study")
TOTAL_WEEKS = Constant("total_weeks", 156, "weeks", "default")
SCR_MAX_DAYS = Constant("scr_max_days", 28, "days", "default")
W0_PRE_DAYS = Constant("w0_pre_days", 7, "days", "default")
SAFETY_WIN_DAYS = Constant("safety_win_days", 3, "days", "default")
SAFETY_WEEKS = Constant("safety_weeks", (2, 4, 8, 16, 20, 28, 32, 40, 44, 52), "weeks", "default")
VISIT_ASSIGN_MAX_DAYS = Constant("visit_assign_max_days", 42, "days", "default")  # crf-spec D8

# HBV DNA and HBsAg assays
HBVDNA_LLOQ = Constant("hbvdna_lloq", Decimal(10), "IU/mL", "study")
HBVDNA_OTHER_LLOQ = Constant("hbvdna_other_lloq", Decimal(500), "IU/mL", "default")  # of the least sensitive assay read
HBVDNA_ULOQ = Constant("hbvdna_uloq", Decimal(1_000_000_000), "IU/mL", "default")
HBVDNA_OTHER_ULOQ = Constant("hbvdna_other_uloq", Decimal(10_000_000), "IU/mL", "default")  # lowest of an assay read
HBVDNA_COPIES_PER_IU = Constant("hbvdna_copies_per_iu", Decimal("5.82"), "copies/IU", "default")
HBVDNA_IMPUTE_LLOQ = Constant("hbvdna_impute_lloq", Decimal("0.5"), "x LLOQ", "default")
HBVDNA_IMPUTE_TND = Constant("hbvdna_impute_tnd", Decimal(1), "IU/mL", "default")
HBSAG_LLOQ = Constant("hbsag_lloq", Decimal("0.05"), "IU/mL", "default")
HBSAG_UPPER = Constant("hbsag_upper", Decimal(250), "IU/mL", "default")
HBSAG_IMPUTE_LLOQ = Constant("hbsag_impute_lloq", Decimal("0.5"), "x LLOQ", "default")  # crf-spec D7
HBSAG_CONFIRM_DAYS = Constant("hbsag_confirm_days", 77, "days", "default")
FUNCURE_OFFTX_DAYS = Constant("funcure_offtx_days", 161, "days", "default")
FUNCURE_RULE = Constant("funcure_rule", "OFF_ALL", "", "default")

# Child-Pugh cut points; a value on a cut scores 2
CP_BIL_CUT_UMOL = Constant("cp_bil_cut_umol", (Decimal(34), Decimal(51)), "umol/L", "default")
CP_BIL_CUT_MG = Constant("cp_bil_cut_mg", (Decimal(2), Decimal(3)), "mg/dL", "default")
CP_ALB_CUT = Constant("cp_alb_cut", (Decimal(28), Decimal(35)), "g/L", "default")
CP_INR_CUT = Constant("cp_inr_cut", (Decimal("1.7"), Decimal("2.3")), "", "default")
CP_PT_CUT = Constant("cp_pt_cut", (Decimal(4), Decimal(6)), "s", "default")

# Peginterferon dose advice; all limits strict
PG_ANC_REDUCE = Constant("pg_anc_reduce", Decimal("0.75"), "10^9/L", "default")
PG_ANC_HOLD = Constant("pg_anc_hold", Decimal("0.5"), "10^9/L", "default")
PG_PLT_REDUCE = Constant("pg_plt_reduce", Decimal(50), "10^9/L", "default")
PG_PLT_STOP = Constant("pg_plt_stop", Decimal(25), "10^9/L", "default")
PG_ALT_REDUCE_XULN = Constant("pg_alt_reduce_xuln", Decimal(5), "x ULN", "default")  # crf-spec D11
PG_ALT_HOLD_XULN = Constant("pg_alt_hold_xuln", Decimal(10), "x ULN", "default")
PG_LABS_MAX_DAYS = Constant("pg_labs_max_days", 35, "days", "default")  # four weeks between safety visits, and one
PG_TBIL_HOLD_XULN = Constant("pg_tbil_hold_xuln", Decimal(2), "x ULN", "default")  # crf-spec D11

# Time to recurrence
MISSED_IMG_GAP_DAYS = Constant("missed_img_gap_days", 182, "days", "default")

# CTCAE v5.0 (NCI 2017; the study document names no grading system, so every entry is a default)
Bands = tuple[tuple[int, Decimal], ...]
"""Grades with their cuts, worst first."""

# grade n when the value is below the cut; units 10^9/L, g/L, mmol/L
CTCAE_LOW: dict[str, Bands] = {
    "NEUT": ((4, Decimal("0.5")), (3, Decimal("1.0")), (2, Decimal("1.5"))),
    "WBC": ((4, Decimal("1.0")), (3, Decimal("2.0")), (2, Decimal("3.0"))),
    "LYM": ((4, Decimal("0.2")), (3, Decimal("0.5")), (2, Decimal("0.8"))),
    "PLT": ((4, Decimal(25)), (3, Decimal(50)), (2, Decimal(75))),
    "HGB": ((3, Decimal(80)), (2, Decimal(100))),  # grade 4 is clinical
    "ALB": ((3, Decimal(20)), (2, Decimal(30))),  # grade 4 is clinical
    "GLUC_LOW": ((4, Decimal("1.7")), (3, Decimal("2.2")), (2, Decimal("3.0"))),
    "K_LOW": ((4, Decimal("2.5")), (3, Decimal("3.0"))),  # grade 2 is symptomatic
    "NA_LOW": ((4, Decimal(120)), (3, Decimal(125)), (2, Decimal(130))),
}
CTCAE_GLUC_LOW_MG_DL: Bands = ((4, Decimal(30)), (3, Decimal(40)), (2, Decimal(55)))

# grade n when the value is above the cut, mmol/L
CTCAE_K_HIGH: Bands = ((4, Decimal("7.0")), (3, Decimal("6.0")), (2, Decimal("5.5")))


@dataclass(frozen=True)
class UlnMultiples:
    """Bands in multiples of the ULN (normal baseline) or of the baseline (abnormal baseline)."""

    bands: Bands
    g1_baseline: Decimal  # abnormal baseline: grade 1 from this multiple of the baseline
    g1_inclusive: bool  # whether that multiple itself is grade 1


_AMINOTRANSFERASE = UlnMultiples(((4, Decimal(20)), (3, Decimal(5)), (2, Decimal(3))), Decimal("1.5"), True)
_CHOLESTASIS = UlnMultiples(((4, Decimal(20)), (3, Decimal(5)), (2, Decimal("2.5"))), Decimal("2.0"), True)
CTCAE_ULN_MULTIPLES: dict[str, UlnMultiples] = {
    "ALT": _AMINOTRANSFERASE,
    "AST": _AMINOTRANSFERASE,
    "ALP": _CHOLESTASIS,
    "GGT": _CHOLESTASIS,
    "TBIL": UlnMultiples(((4, Decimal(10)), (3, Decimal(3)), (2, Decimal("1.5"))), Decimal("1.0"), False),
}
CTCAE_CREAT_ULN: Bands = ((4, Decimal(6)), (3, Decimal(3)), (2, Decimal("1.5")), (1, Decimal(1)))  # x ULN
CTCAE_CREAT_BASELINE: Bands = ((3, Decimal(3)), (2, Decimal("1.5")))  # x baseline
CTCAE_INR: Bands = ((3, Decimal("2.5")), (2, Decimal("1.5")), (1, Decimal("1.2")))
CTCAE_INR_ANTICOAGULATED: Bands = (
    (3, Decimal("2.5")),
    (2, Decimal("1.5")),
    (1, Decimal("1.0")),
)  # x baseline
