"""Quantitative HBsAg (ARCHITECT) result as printed by the laboratory.

Source: Architect HBsAg QT: positive >= 0.05 IU/mL, measuring range 0.05-250 IU/mL, manual/auto dilution
(https://pmc.ncbi.nlm.nih.gov/articles/PMC6817178/table/jcla22334-tbl-0001); a diluted result below the
limit says nothing about the undiluted level (https://cvi.asm.org/highwire/markup/29275/expansion);
samples above 250 need dilution (https://www.jstage.jst.go.jp/article/jamt/67/5/67_18-47/_article/-char/en).
Mismatch rules are project rules.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.constants import HBSAG_IMPUTE_LLOQ, HBSAG_LLOQ, HBSAG_UPPER
from prtras.clinical.decimals import exact, rounded, significant
from prtras.clinical.inputs import MissingInput, Number, number, text, whole
from prtras.clinical.printed_result import AssayResult, invalid, normalised, printed_number, without_mark, without_unit


@dataclass(frozen=True)
class _Assay:
    """Limit of quantification and undiluted upper limit, IU/mL; dilution in fold, None if not recorded."""

    lloq: Decimal
    upper: Decimal
    dilution: int | None

    @property
    def diluted(self) -> bool:
        return self.dilution is not None and self.dilution > 1

    @property
    def limit(self) -> Decimal:
        return self.upper * (self.dilution or 1)


@exact
def parse(
    raw: str | None,
    dilution: Number | None = None,
    lloq: Number | None = None,
    upper: Number | None = None,
) -> AssayResult:
    """Read a printed HBsAg result in IU/mL, with the dilution (fold, 1 to 100000) of the sample.

    Limits in IU/mL, by default 0.05 and 250 (x dilution). q is QUANT, LT_LLOQ (log10 of LLOQ/2), GT_RANGE
    (undiluted, no log10), GT_ULOQ (diluted, log10 of the limit) or INVALID. Raises BadInput, and
    MissingInput for a blank text. Source: Architect HBsAg QT; project rules (crf-spec D7).
    """
    raw = text("raw", raw)
    dilution = whole("dilution", dilution, at_least=1, at_most=100_000)
    lloq = number("lloq", lloq, above=0)
    upper = number("upper", upper, above=0)
    if raw is None:
        raise MissingInput("raw")
    assay = _Assay(lloq or HBSAG_LLOQ.value, upper or HBSAG_UPPER.value, dilution)
    printed = printed_number(without_mark(without_unit(without_mark(normalised(raw)), "IU/mL")))
    if printed is None:
        return invalid("UNPARSABLE")
    readers = {"<": _less_than, ">": _greater_than, "": _quantified}
    return readers[printed.sign](printed.number, assay)


def _less_than(limit: Decimal, assay: _Assay) -> AssayResult:
    if limit > assay.lloq:
        return invalid("LLOQ_MISMATCH")
    if assay.diluted:  # a diluted sample below the limit does not prove loss
        return invalid("BELOW_DILUTION_RANGE")
    return _negative(assay) if limit == assay.lloq else _negative(assay, "LLOQ_MISMATCH")


def _greater_than(limit: Decimal, assay: _Assay) -> AssayResult:
    if limit != assay.limit:
        return invalid("ULOQ_MISMATCH")
    if assay.diluted:
        return AssayResult("GT_ULOQ", log10=rounded(assay.limit.log10(), 2))
    return AssayResult("GT_RANGE")


def _quantified(value: Decimal, assay: _Assay) -> AssayResult:
    if value < assay.lloq:
        return invalid("BELOW_DILUTION_RANGE") if assay.diluted else _negative(assay, "BELOW_LLOQ_NUMERIC")
    flags: tuple[str, ...] = ()
    if value > assay.limit:
        if assay.dilution is not None:
            return invalid("EXCEEDS_DILUTION_RANGE")
        flags = ("DILUTION_MISSING",)
    elif assay.diluted and value < assay.lloq * (assay.dilution or 1):
        flags = ("BELOW_DILUTION_RANGE",)
    return AssayResult("QUANT", significant(value, 6), rounded(value.log10(), 2), flags)


def _negative(assay: _Assay, *flags: str) -> AssayResult:
    imputed = assay.lloq * HBSAG_IMPUTE_LLOQ.value
    return AssayResult("LT_LLOQ", log10=rounded(imputed.log10(), 2), flags=flags)
