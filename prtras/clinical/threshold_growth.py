"""LI-RADS v2018 threshold growth: size increase of at least 50 % in at most 6 months.

Source: ACR CT/MRI LI-RADS v2018 CORE (read as stored copy:
https://ro.scribd.com/document/397143707/LI-RADS-CORE-2018); Elsayes 2019 doi:10.2147/JHC.S186239
(https://pmc.ncbi.nlm.nih.gov/articles/PMC6368120); >= 50 % in <= 6 months also in Bae 2025
(https://tomesphere.com/paper/PMC12217194).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prtras.clinical.decimals import exact, rounded
from prtras.clinical.inputs import BadInput, Day, MissingInput, Number, day, number

MONTHS = 6


@dataclass(frozen=True)
class Growth:
    """Threshold growth Y, N or NA (no comparison examination); increase in %, 1 decimal."""

    tg: str
    pct_increase: Decimal | None


@exact
def growth(
    *,
    size_mm: Number | None,
    prior_mm: Number | None,
    exam_date: Day | None,
    prior_date: Day | None,
) -> Growth:
    """Threshold growth between the comparison and the current examination; sizes in mm (1 to 300).

    No least increase in mm, and growth over more than 6 months never counts (v2018).
    Raises BadInput (also "prior_date" unless before the examination) and MissingInput.
    Source: ACR CT/MRI LI-RADS v2018 CORE.
    """
    size_mm = number("size_mm", size_mm, at_least=1, at_most=300)
    prior_mm = number("prior_mm", prior_mm, at_least=1, at_most=300)
    exam_date = day("exam_date", exam_date)
    prior_date = day("prior_date", prior_date)
    if exam_date is not None and prior_date is not None and prior_date >= exam_date:
        raise BadInput("prior_date")
    if prior_mm is None and prior_date is None:
        return Growth("NA", None)
    if size_mm is None or prior_mm is None or exam_date is None or prior_date is None:
        raise MissingInput.among(size_mm=size_mm, prior_mm=prior_mm, exam_date=exam_date, prior_date=prior_date)
    grown = 2 * (size_mm - prior_mm) >= prior_mm and _within_six_months(prior_date, exam_date)
    return Growth("Y" if grown else "N", rounded(100 * (size_mm - prior_mm) / prior_mm, 1))


def _within_six_months(start: date, end: date) -> bool:
    """Whether end is at most 6 calendar months after start, the day clipped to the month's end."""
    years, month = divmod(start.month - 1 + MONTHS, 12)
    year, month = start.year + years, month + 1
    last = (year, month, min(start.day, monthrange(year, month)[1]))
    return (end.year, end.month, end.day) <= last
