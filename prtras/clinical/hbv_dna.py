"""HBV DNA result as printed by the laboratory.

Source: study document (LLOQ 10 IU/mL); cobas HBV range 10-1E9 IU/mL
(https://til.dlslab.com/physicians/test-directory-view-test/?test=55091, https://iclabs.ca/test/2059/);
5.82 copies/IU (https://www.legacyhealth.org hepatitis-b-virus-quantitation-by-pcr).
Imputation and mismatch rules are project rules.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.constants import (
    HBVDNA_COPIES_PER_IU,
    HBVDNA_IMPUTE_LLOQ,
    HBVDNA_IMPUTE_TND,
    HBVDNA_LLOQ,
    HBVDNA_ULOQ,
)
from prtras.clinical.decimals import exact, rounded, significant
from prtras.clinical.inputs import MissingInput, Number, code, number, text
from prtras.clinical.printed_result import (
    AssayResult,
    PrintedNumber,
    invalid,
    normalised,
    printed_number,
    without_mark,
    without_unit,
)

UNITS = ("IU/mL", "copies/mL", "log10 IU/mL")
NOT_DETECTED = (
    "HBV DNA NOT DETECTED",
    "NOT DETECTED",
    "TARGET NOT DETECTED",
    "TND",
    "未检出",
    "未检测到",
    "未检测到靶标",
    "靶标未检出",
)
BELOW_LIMIT = ("<LLOQ", "<定量下限", "低于定量下限", "<检测下限", "低于检测下限")
ABOVE_LIMIT = (">ULOQ", ">定量上限", "高于定量上限")
TOLERANCE = Decimal("1E-6")  # relative, for equality with a limit
LARGEST_LOG10 = Decimal(400)  # above any ULOQ; a larger printed logarithm reads the same

_DETECTED_BEFORE = re.compile(r"DETECTED ?,? ?(<.+)")
_DETECTED_AFTER = re.compile(r"(<.+?)(?: ?, ?| )DETECTED")


@dataclass(frozen=True)
class _Assay:
    """The unit of the report and the limits of quantification, IU/mL."""

    unit: str
    lloq: Decimal
    uloq: Decimal
    copies_per_iu: Decimal

    def iu_per_ml(self, printed: Decimal) -> Decimal:
        if self.unit == "copies/mL":
            return printed / self.copies_per_iu
        if self.unit == "log10 IU/mL":
            return Decimal(10) ** min(printed, LARGEST_LOG10)
        return printed


@exact
def parse(
    raw: str | None,
    unit: str | None = None,
    lloq: Number | None = None,
    uloq: Number | None = None,
    copies_per_iu: Number | None = None,
) -> AssayResult:
    """Read a printed HBV DNA result in IU/mL (the default), copies/mL or log10 IU/mL.

    Limits in IU/mL, by default 10 and 1E9; 5.82 copies/IU. q is QUANT, TND (log10 0.00), LLOQ_DET (log10
    of LLOQ/2), GT_ULOQ (log10 of ULOQ) or INVALID. Raises BadInput, and MissingInput for a blank text.
    Source: study document (LLOQ); cobas HBV; project rules (crf-spec D6).
    """
    raw = text("raw", raw)
    unit = code("unit", unit, UNITS)
    lloq = number("lloq", lloq, above=0)
    uloq = number("uloq", uloq, above=0)
    copies_per_iu = number("copies_per_iu", copies_per_iu, above=0)
    if raw is None:
        raise MissingInput("raw")
    assay = _Assay(
        unit or "IU/mL",
        lloq or HBVDNA_LLOQ.value,
        uloq or HBVDNA_ULOQ.value,
        copies_per_iu or HBVDNA_COPIES_PER_IU.value,
    )
    return _read(_core(raw, assay.unit), assay)


@exact
def printed_limit(raw: str, unit: str | None = None) -> tuple[str, Decimal] | None:
    """The sign and the limit, in IU/mL, of a result printed as `<20` or `>1.7E8` (also `<20 IU/mL, DETECTED`); None for
    any other text.
    """
    number = printed_number(_core(raw, unit or "IU/mL"))
    if number is None or not number.sign:
        return None
    assay = _Assay(unit or "IU/mL", HBVDNA_LLOQ.value, HBVDNA_ULOQ.value, HBVDNA_COPIES_PER_IU.value)
    return number.sign, assay.iu_per_ml(number.number)


def _core(raw: str, unit: str) -> str:
    """The normalised text without mark, unit and the word DETECTED."""
    return _without_detected(without_mark(without_unit(without_mark(normalised(raw)), unit)), unit)


def _without_detected(printed: str, unit: str) -> str:
    """ "DETECTED, <10" and "<10 IU/mL, DETECTED" mean "<10"; "<10 NOT DETECTED" means "NOT DETECTED"."""
    for absent in NOT_DETECTED:
        limit = printed.removesuffix(absent) if printed.endswith(absent) else ""
        below = printed_number(without_unit(limit.rstrip(" ,"), unit))
        if below is not None and below.sign == "<":
            return absent
    if match := _DETECTED_BEFORE.fullmatch(printed):
        return match[1]
    if match := _DETECTED_AFTER.fullmatch(printed):
        return without_unit(match[1], unit)
    return printed


def _read(printed: str, assay: _Assay) -> AssayResult:
    if printed in NOT_DETECTED:
        return AssayResult("TND", log10=rounded(HBVDNA_IMPUTE_TND.value.log10(), 2))
    if printed in BELOW_LIMIT:
        return _below_lloq(assay)
    if printed in ABOVE_LIMIT:
        return _above_uloq(assay)
    number = printed_number(printed)
    if number is None:
        return invalid("UNPARSABLE")
    readers = {"<": _less_than, ">": _greater_than, "": _quantified}
    return readers[number.sign](number, assay)


def _less_than(number: PrintedNumber, assay: _Assay) -> AssayResult:
    limit = assay.iu_per_ml(number.number)
    if _equal(limit, assay.lloq):
        return _below_lloq(assay)
    return invalid("LLOQ_MISMATCH") if limit > assay.lloq else _below_lloq(assay, "LLOQ_MISMATCH")


def _greater_than(number: PrintedNumber, assay: _Assay) -> AssayResult:
    limit = assay.iu_per_ml(number.number)
    if _equal(limit, assay.uloq):
        return _above_uloq(assay)
    return invalid("ULOQ_MISMATCH") if limit < assay.uloq else _above_uloq(assay, "ULOQ_MISMATCH")


def _quantified(number: PrintedNumber, assay: _Assay) -> AssayResult:
    in_log10 = assay.unit == "log10 IU/mL"
    if not number.number and not in_log10:
        return invalid("ZERO")
    value = assay.iu_per_ml(number.number)
    if value < assay.lloq and not _equal(value, assay.lloq):
        return invalid("BELOW_LLOQ_NUMERIC")
    if value > assay.uloq and not _equal(value, assay.uloq):
        return invalid("ABOVE_ULOQ_NUMERIC")
    log10 = number.number if in_log10 else value.log10()
    return AssayResult("QUANT", significant(value, 6), rounded(log10, 2))


def _below_lloq(assay: _Assay, *flags: str) -> AssayResult:
    imputed = assay.lloq * HBVDNA_IMPUTE_LLOQ.value
    return AssayResult("LLOQ_DET", log10=rounded(imputed.log10(), 2), flags=flags)


def _above_uloq(assay: _Assay, *flags: str) -> AssayResult:
    return AssayResult("GT_ULOQ", log10=rounded(assay.uloq.log10(), 2), flags=flags)


def _equal(value: Decimal, limit: Decimal) -> bool:
    return abs(value - limit) <= limit * TOLERANCE
