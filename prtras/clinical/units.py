"""Exact conversion of laboratory values between the reported and the standard unit.

standard value = reported value x factor. The factor belongs to the analyte's definition; none is kept here.
"""

from decimal import Decimal

from prtras.clinical.decimals import exact
from prtras.clinical.inputs import MissingInput, Number, number


@exact
def to_standard(reported: Number | None, factor: Number | None) -> Decimal:
    """The value in the standard unit: reported x factor (e.g. mg/dL x 17.1 = umol/L), unrounded.

    Raises BadInput ("reported"; "factor" unless > 0) and MissingInput.
    """
    value, by = number("reported", reported), number("factor", factor, above=0)
    if value is None or by is None:
        raise MissingInput.among(reported=value, factor=by)
    return value * by


@exact
def to_reported(standard: Number | None, factor: Number | None) -> Decimal:
    """The value in the unit of the report: standard / factor, unrounded (100 digits if it does not end).

    Raises BadInput ("standard"; "factor" unless > 0) and MissingInput.
    """
    value, by = number("standard", standard), number("factor", factor, above=0)
    if value is None or by is None:
        raise MissingInput.among(standard=value, factor=by)
    return value / by
