"""What a row of a laboratory panel computes: flag, standard value, grade. Source: crf-spec D5."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from enrollment.deriving.consent import completed_years
from labs.panels import ANALYTES, Analyte
from labs.ranges import TABLE, Limits, RangeTable
from prtras.clinical import ctcae
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.clinical.printed_number import LONGEST_NUMBER
from prtras.clinical.printed_result import BELOW_DETECTION, without_marks
from prtras.clinical.units import to_standard
from prtras.crf.conditions import Context
from prtras.crf.context import PageContext
from prtras.crf.limits import Limit
from prtras.crf.models import CrfPage
from prtras.crf.typed_values import NOT_A_NUMBER, Unreadable, number_of

PLACES = Decimal("0.0001")
#: What `derive` computes.
DERIVED = (
    "stat", "qualifier", "stresn", "lloq", "stnrlo", "stnrhi", "nrsrc", "nrday", "nrlab", "nrind", "tox", "toxgr",
    "toxref", "toxnum",
)  # fmt: skip

LARGEST = Decimal("1E+9")  # no analyte in any unit comes near; beyond it a slip, and the column overflows


#: Where the baseline is looked for, first the first.
BASELINE = ("W0", "SCR")


@dataclass(frozen=True)
class Reported:
    """A result as the laboratory wrote it: `<`, `>` or nothing, and the number; none where it only says that the result
    is below what its assay can tell.
    """

    qualifier: str
    number: Decimal | None


@lru_cache(maxsize=1024)  # derived, checked and compared: a result is read several times on its way
def read(text: str) -> Reported:
    """`12.5`, `<10`, `> 250`, `1.2E+03`, `12.5 ↑`, `H 12.5`, `30*`, `30(复查)`, also full-width; `低于检测下限`. Raises
    Unreadable.
    """
    core = without_marks(text) if len(text) <= LONGEST_NUMBER else text
    if core in BELOW_DETECTION:
        return Reported("<", None)
    qualifier = core[:1] if core[:1] in ("<", ">") else ""
    digits = core.removeprefix(qualifier)
    number = number_of(digits)
    if digits[:1] in ("+", "-") or number > LARGEST:
        raise Unreadable(NOT_A_NUMBER.format(typed=text))
    return Reported(qualifier, number)


def same_result(analyte: str, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two results (text, unit) are the same value.

    In one unit they are equal; in two, one of them converted and rounded as the other is printed equals the other.
    """
    if one == other:
        return True
    try:
        first, second = read(one[0]), read(other[0])
    except Unreadable:
        return False
    if first.qualifier != second.qualifier or first.number is None or second.number is None:
        return first == second
    a, b = (ANALYTES[analyte].factor(unit) for unit in (one[1], other[1]))
    if a == b:
        return first.number == second.number
    return _as_printed(first.number * a / b, second.number) or _as_printed(second.number * b / a, first.number)


def _as_printed(converted: Decimal, printed: Decimal) -> bool:
    return converted.quantize(Decimal((0, (1,), min(int(printed.as_tuple().exponent), 0))), ROUND_HALF_UP) == printed


def derive(values: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Standard value and range, flag and CTCAE v5.0 grade of one result row.

    What is only below detection is below the LLOQ of the laboratory; where that is not known, no number is.
    """
    result: dict[str, Any] = dict.fromkeys(DERIVED)
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
    table = laboratory_limits(analyte, values, context)
    lloq = _lloq(analyte, table)
    standard = lloq if reported.number is None else _rounded(to_standard(reported.number, factor))
    limits = _limits(values, analyte, factor, table, context)
    low, high = limits["stnrlo"], limits["stnrhi"]
    result |= {"stat": "DONE", "qualifier": reported.qualifier, "stresn": standard, "lloq": lloq, **limits}
    if standard is None:
        return result
    in_standard = Reported(reported.qualifier, standard)
    return result | {"nrind": _flag(in_standard, low, high)} | _grade(analyte, in_standard, low, high, context)


def renewed_by(form: str) -> Callable[[CrfPage], bool]:
    """Sex decides on the fallback range, the baseline (W0, else screening) on the grades of later visits."""
    return lambda page: (
        page.form == "dm" or (page.form == form and page.visit is not None and page.visit.code in BASELINE)
    )


def laboratory_limits(analyte: Analyte, row: Mapping[str, Any], context: Context) -> Limits | None:
    """What the table of the result's laboratory, else of the page's, says for this participant on the sample's day."""
    if not isinstance(context, PageContext) or context.page.participant.site_id is None:
        return None
    table: RangeTable = context.table(TABLE)
    if not table:
        return None
    on, born = context.value("page", "day"), context.value("dm", "brthdat")
    return table.limits(
        analyte.code,
        context.value("dm", "sex"),
        on,
        age=completed_years(born, on) if born and on and born <= on else None,
        laboratory=row.get("nam") or context.value(context.form.code, "lab_name") or "",
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def _lloq(analyte: Analyte, table: Limits | None) -> Decimal | None:
    """The lower limit of quantitation of the laboratory's assay, in the standard unit."""
    if table is None or table.lloq is None:
        return None
    return _rounded(to_standard(table.lloq, analyte.factor(table.unit)))


def _limits(
    values: Mapping[str, Any], analyte: Analyte, factor: Decimal, table: Limits | None, context: Context
) -> dict[str, Any]:
    """The range on the report, else in the laboratory's table, else the fallback; in the standard unit, and whence."""
    reported = (values.get("ornrlo"), values.get("ornrhi"))
    if any(limit is not None for limit in reported):
        low, high = (None if limit is None else _rounded(to_standard(limit, factor)) for limit in reported)
        return {"stnrlo": low, "stnrhi": high, "nrsrc": "REPORT"}
    if table is not None:
        by = analyte.factor(table.unit)
        low, high = (None if limit is None else _rounded(to_standard(limit, by)) for limit in (table.low, table.high))
        source = {"nrsrc": "TABLE", "nrday": table.valid_from, "nrlab": table.laboratory or None}
        return {"stnrlo": low, "stnrhi": high, **source}
    fallback = analyte.range_for(context.value("dm", "sex"))
    if fallback is None:
        return {"stnrlo": None, "stnrhi": None}
    return {"stnrlo": fallback.low, "stnrhi": fallback.high, "nrsrc": "DEFAULT"}


def _flag(result: Reported, low: Decimal | None, high: Decimal | None) -> str | None:
    """LOW, NORMAL or HIGH; `<x` is LOW from the lower limit down, `>x` HIGH from the upper one up.

    None without limits, and where `<x` or `>x` may lie on either side of one.
    """
    value = result.number
    if value is None or (low is None and high is None):
        return None
    if low is not None and (value < low or (result.qualifier == "<" and 0 < value == low)):
        return None if result.qualifier == ">" else "LOW"
    if high is not None and (value > high or (result.qualifier == ">" and value == high)):
        return None if result.qualifier == "<" else "HIGH"
    open_end = {"<": not low, ">": high is None, "": True}[result.qualifier]
    return "NORMAL" if open_end else None


def _grade(
    analyte: Analyte, result: Reported, low: Decimal | None, high: Decimal | None, context: Context
) -> dict[str, Any]:
    """CTCAE v5.0: the worst grade over the terms of the analyte, 0 for none; from grade 1 on the term, and why.

    A multiple is rounded up to two places: what lies above a cut reads as above it.
    """
    baseline, baseline_limit = _baseline(analyte, context)
    grades: dict[str, tuple[int, ctcae.Grade]] = {}
    for term in analyte.terms:
        try:
            graded = ctcae.qualified_grade(
                result.qualifier, term=term, value=result.number, unit=analyte.unit, lln=low, uln=high,
                baseline=baseline, baseline_uln=baseline_limit,
            )  # fmt: skip
        except (BadInput, MissingInput):
            continue
        if graded.grade is not None:
            grades[term] = graded.grade, graded
    term, (worst, why) = max(grades.items(), key=lambda each: each[1][0], default=("", (0, ctcae.Grade(0))))
    if worst:
        return {"tox": term, "toxgr": str(worst), "toxref": why.basis, "toxnum": _number_of(why)}
    return {"tox": None, "toxgr": "0" if grades and len(grades) == len(analyte.terms) else None}


def _number_of(grade: ctcae.Grade) -> Decimal | None:
    if grade.number is None or grade.basis in ("CUT", "LIMIT"):
        return grade.number
    return grade.number.quantize(Decimal("0.01"), ROUND_CEILING)


def _baseline(analyte: Analyte, context: Context) -> tuple[Decimal | None, Decimal | None]:
    """The result of W0, else of screening, and its upper limit; none unless the result in hand is later than it."""
    form = getattr(context, "form", None)
    if form is None or context.value(form.code, "visit") in (None, *BASELINE):
        return None, None
    for visit in BASELINE:
        value = context.value(form.code, f"{analyte.code}_stresn", at=visit)
        if value is not None:
            before, day = context.value(form.code, form.first_date, at=visit), context.value("page", "day")
            later = day is not None and before is not None and day > before
            limit = context.value(form.code, f"{analyte.code}_stnrhi", at=visit)
            return (_as_baseline(value, limit), limit) if later else (None, None)
    return None, None


def _as_baseline(value: Any, limit: Decimal | None) -> Decimal | None:
    """A baseline as a number; of one that is only a limit nothing is known unless all that it may be is normal."""
    if not isinstance(value, Limit):
        return value or None
    return value.number if value.sign == "<" and limit is not None and value.number <= limit else None
