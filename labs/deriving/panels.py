"""What a row of a laboratory panel computes: flag, standard value, grade."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from labs.panels import ANALYTES, Analyte
from labs.ranges import TABLE, Limits, RangeTable
from prtras.clinical import ctcae
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.units import to_standard
from prtras.crf.conditions import Context
from prtras.crf.context import PageContext
from prtras.crf.dates import normal
from prtras.crf.models import CrfPage

_REPORTED = re.compile(r"(?P<qualifier>[<>]?)\s*(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")

PLACES = Decimal("0.0001")

LARGEST = Decimal("1E+9")  # no analyte in any unit comes near; beyond it a slip, and the column overflows


@dataclass(frozen=True)
class Reported:
    """A result as the laboratory wrote it: `<`, `>` or nothing, and the number."""

    qualifier: str
    number: Decimal


class Unreadable(ValueError):
    """The text is neither a number nor a number behind `<` or `>`."""


def read(text: str) -> Reported:
    """`12.5`, `<10`, `> 250`, `1.2E+03`, also full-width. Raises Unreadable."""
    match = _REPORTED.fullmatch(normal(text).replace("≤", "<").replace("≥", ">").replace(",", ""))
    if not match:
        raise Unreadable(text)
    number = Decimal(match["number"])
    if number > LARGEST:
        raise Unreadable(text)
    return Reported(match["qualifier"], number)


def derive(values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Standard value and range, flag and CTCAE v5.0 grade of one result row."""
    result: dict[str, Any] = dict.fromkeys(("stat", "qualifier", "stresn", "stnrlo", "stnrhi", "nrind", "toxgr"))
    analyte = ANALYTES.get(values.get("analyte") or "")
    if analyte is None:
        return result
    if not values.get("orres"):
        return result | {"stat": "ND" if values.get("reasnd") else None}
    try:
        reported = read(values["orres"])
        factor = analyte.factor(values.get("orresu") or analyte.unit)
    except (Unreadable, KeyError):
        return result | {"stat": "DONE"}
    standard = _rounded(to_standard(reported.number, factor))
    low, high = _limits(values, analyte, factor, context)
    result |= {"stat": "DONE", "qualifier": reported.qualifier, "stresn": standard, "stnrlo": low, "stnrhi": high}
    result["nrind"] = _flag(standard, low, high)
    result["toxgr"] = _grade(analyte, standard, low, high, context)
    return result


def renewed_by(form: str) -> Callable[[CrfPage], bool]:
    """Sex decides on the fallback range, the baseline (W0, else screening) on the grades of later visits."""
    return lambda page: (
        page.form == "dm" or (page.form == form and page.visit is not None and page.visit.code in ("SCR", "W0"))
    )


def laboratory_limits(analyte: Analyte, context: Context) -> Limits | None:
    """What the laboratory's own table says for this participant on the day of the sample."""
    if not isinstance(context, PageContext) or context.page.participant.site_id is None:
        return None
    table: RangeTable = context.table(TABLE)
    return table.limits(analyte.code, context.value("dm", "sex"), context.value("page", "day"))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def _limits(
    values: Mapping[str, Any], analyte: Analyte, factor: Decimal, context: Context
) -> tuple[Decimal | None, Decimal | None]:
    """The range on the report, else in the laboratory's table, else the fallback; in the standard unit."""
    reported = (values.get("ornrlo"), values.get("ornrhi"))
    if any(limit is not None for limit in reported):
        low, high = (None if limit is None else _rounded(to_standard(limit, factor)) for limit in reported)
        return low, high
    table = laboratory_limits(analyte, context)
    if table is not None:
        by = analyte.factor(table.unit)
        low, high = (None if limit is None else _rounded(to_standard(limit, by)) for limit in (table.low, table.high))
        return low, high
    fallback = analyte.range_for(context.value("dm", "sex"))
    return (fallback.low, fallback.high) if fallback else (None, None)


def _flag(value: Decimal, low: Decimal | None, high: Decimal | None) -> str | None:
    if low is None and high is None:
        return None
    if low is not None and value < low:
        return "LOW"
    return "HIGH" if high is not None and value > high else "NORMAL"


def _grade(analyte: Analyte, value: Decimal, low: Decimal | None, high: Decimal | None, context: Context) -> str | None:
    """CTCAE v5.0, 0 for none; the baseline is W0, else screening; that of W0 itself is screening."""
    if not analyte.ctcae:
        return None
    form = getattr(getattr(context, "form", None), "code", "")
    baseline = _baseline(form, f"{analyte.code}_stresn", context)
    try:
        grade = ctcae.grade(
            term=analyte.ctcae, value=value, unit=analyte.unit, lln=low, uln=high,
            baseline=baseline if baseline is not None else value,
            baseline_uln=_baseline(form, f"{analyte.code}_stnrhi", context) or high,
        )  # fmt: skip
    except (BadInput, MissingInput):
        return None
    return None if grade.grade is None else str(grade.grade)


def _baseline(form: str, item: str, context: Context) -> Any:
    visit = context.value(form, "visit") if form else None
    if visit in (None, "SCR"):
        return None
    at_w0 = None if visit == "W0" else context.value(form, item, at="W0")
    return at_w0 if at_w0 is not None else context.value(form, item, at="SCR")
