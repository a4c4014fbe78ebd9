"""CTCAE v5.0 grade (0 to 4) of one laboratory value.

Source: NCI CTCAE v5.0 (2017), criteria text and coding as in pharmaverse/admiral
data-raw/adlb_grading/ncictcaev5.json; WJH 2026 table
(https://bpgweb.azurewebsites.net/1948-5182/tables/v18/i1/113465.htm). The study document names no grading
system [default]. Cuts: constants CTCAE_*.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.constants import (
    CTCAE_CREAT_BASELINE,
    CTCAE_CREAT_ULN,
    CTCAE_GLUC_LOW_MG_DL,
    CTCAE_INR,
    CTCAE_INR_ANTICOAGULATED,
    CTCAE_K_HIGH,
    CTCAE_LOW,
    CTCAE_ULN_MULTIPLES,
    Bands,
)
from prtras.clinical.decimals import exact
from prtras.clinical.inputs import YES_NO, BadInput, MissingInput, Number, code, number

# term -> reported unit -> factor to the unit of the term's cuts
_CELLS = {"10^9/L": Decimal(1), "/mm3": Decimal("0.001")}
_PROTEIN = {"g/L": Decimal(1), "g/dL": Decimal(10)}
_MMOL = {"mmol/L": Decimal(1)}
_ENZYME = {"U/L": Decimal(1)}
_UMOL_OR_MG = {"umol/L": Decimal(1), "mg/dL": Decimal(1)}  # graded by multiples: the unit cancels out
UNITS: dict[str, dict[str, Decimal]] = {
    **dict.fromkeys(("NEUT", "WBC", "LYM", "PLT"), _CELLS),
    **dict.fromkeys(("HGB", "ALB"), _PROTEIN),
    "GLUC_LOW": {"mmol/L": Decimal(1), "mg/dL": Decimal(1)},  # mg/dL has its own cuts
    **dict.fromkeys(("K_LOW", "K_HIGH", "NA_LOW"), _MMOL),
    **dict.fromkeys(("ALT", "AST", "ALP", "GGT"), _ENZYME),
    **dict.fromkeys(("TBIL", "CREAT"), _UMOL_OR_MG),
    "INR": {"ratio": Decimal(1), "1": Decimal(1)},
}
QUALIFIERS = ("<", ">", "")
NOT_GRADABLE = ("GLUC_HIGH", "TSH")  # v5.0 grades hyperglycaemia by intervention and has no TSH term
TERMS = (*UNITS, *NOT_GRADABLE)


#: What decided on a grade from 1 on, and the number that goes with it: a cut of the CTCAE or the laboratory's limit, in
#: the unit of the value; how many times the ULN (with a normal baseline, or whatever that was); how many times the
#: baseline.
BASES = ("CUT", "LIMIT", "ULN", "ULN_ONLY", "BASELINE")


@dataclass(frozen=True)
class Grade:
    """The grade 0 to 4; None with a note when no grade follows from a value. From grade 1 on why, as BASES say."""

    grade: int | None
    note: str | None = None
    basis: str = ""
    number: Decimal | None = None


@dataclass(frozen=True)
class _Measurement:
    """One value with the limits and baseline it is judged by, all in the reported unit."""

    term: str
    value: Decimal | None
    unit: str | None
    lln: Decimal | None
    uln: Decimal | None
    baseline: Decimal | None
    baseline_uln: Decimal | None
    anticoagulated: bool
    qualifier: str

    def below(self, cut: Decimal, factor: Decimal = Decimal(1)) -> bool:
        """Whether the value (times a factor) is under a cut; what is printed as `<x` is under x itself too."""
        value = _given(self.value) * factor
        return value < cut or (self.qualifier == "<" and value == cut)

    def above(self, cut: Decimal) -> bool:
        """Whether the value is over a cut; what is printed as `>x` is over x itself too."""
        value = _given(self.value)
        return value > cut or (self.qualifier == ">" and value == cut)


def grade(
    *,
    term: str | None,
    value: Number | None,
    unit: str | None,
    lln: Number | None = None,
    uln: Number | None = None,
    baseline: Number | None = None,
    baseline_uln: Number | None = None,
    on_anticoag: str | None = None,
) -> Grade:
    """Grade a laboratory value; limits and baseline are in the unit of the value.

    A value on a cut belongs to the milder grade. Limits are needed only where they decide; baseline_uln
    defaults to uln, on_anticoag to N. Raises BadInput and MissingInput. Source: NCI CTCAE v5.0 (2017).
    """
    return qualified_grade(
        "", term=term, value=value, unit=unit, lln=lln, uln=uln,
        baseline=baseline, baseline_uln=baseline_uln, on_anticoag=on_anticoag,
    )  # fmt: skip


@exact
def qualified_grade(
    qualifier: str,
    *,
    term: str | None,
    value: Number | None,
    unit: str | None,
    lln: Number | None = None,
    uln: Number | None = None,
    baseline: Number | None = None,
    baseline_uln: Number | None = None,
    on_anticoag: str | None = None,
) -> Grade:
    """Grade a result printed as `<x` or `>x` ("" for x itself) by x, where that decides.

    No grade where it does not: `<100` may be anything below. Else as `grade`. Source: crf-spec D5.
    """
    code("qualifier", qualifier, QUALIFIERS)
    code("term", term, TERMS)
    value = number("value", value, at_least=0)
    _check_unit(term, unit)
    lln = number("lln", lln, at_least=0)
    uln = number("uln", uln, above=0)
    baseline = number("baseline", baseline, above=0)
    baseline_uln = number("baseline_uln", baseline_uln, above=0)
    code("on_anticoag", on_anticoag, YES_NO)
    if term is None:
        raise MissingInput("term")
    if term in NOT_GRADABLE:
        return Grade(None, "NOT_GRADABLE_FROM_VALUE")
    anticoagulated = on_anticoag == "Y"
    measurement = _Measurement(term, value, unit, lln, uln, baseline, baseline_uln, anticoagulated, qualifier)
    return _decided(measurement, _FAMILIES[term](measurement))


def _decided(m: _Measurement, graded: Grade) -> Grade:
    """No grade where a value somewhere below (above) x may have another one than x."""
    if m.qualifier and bool(graded.grade) != ((m.qualifier == "<") == (m.term in CTCAE_LOW)):
        return Grade(None, "NOT_GRADABLE_FROM_QUALIFIER")
    return graded if graded.grade else Grade(0)


def _given(value: Decimal | None) -> Decimal:
    assert value is not None  # every family has asked for it
    return value


def _check_unit(term: str | None, unit: str | None) -> None:
    """A unit of the term; any text when the term is missing or not graded from its value."""
    if term in UNITS:
        code("unit", unit, UNITS[term])
    elif unit is not None and not isinstance(unit, str):
        raise BadInput("unit")


def _low(m: _Measurement) -> Grade:
    if m.value is None or m.unit is None:
        raise MissingInput.among(value=m.value, unit=m.unit)
    cuts = CTCAE_GLUC_LOW_MG_DL if (m.term, m.unit) == ("GLUC_LOW", "mg/dL") else CTCAE_LOW[m.term]
    factor = UNITS[m.term][m.unit]
    for grade, cut in cuts:
        if m.below(cut, factor):
            return Grade(grade, basis="CUT", number=cut / factor)
    if m.lln is None:
        raise MissingInput("lln")
    return Grade(int(m.below(m.lln)), basis="LIMIT", number=m.lln)


def _potassium_high(m: _Measurement) -> Grade:
    if m.value is None or m.unit is None:
        raise MissingInput.among(value=m.value, unit=m.unit)
    cut = _exceeded(m, CTCAE_K_HIGH)
    if cut:
        return Grade(cut[0], basis="CUT", number=cut[1])
    if m.uln is None:
        raise MissingInput("uln")
    return Grade(int(m.above(m.uln)), basis="LIMIT", number=m.uln)


def _uln_multiples(m: _Measurement) -> Grade:
    """Multiples of the ULN; of the baseline when the baseline was above its ULN."""
    if m.value is None or m.unit is None or m.uln is None:
        raise MissingInput.among(value=m.value, unit=m.unit, uln=m.uln)
    multiples = CTCAE_ULN_MULTIPLES[m.term]
    baseline_limit = m.uln if m.baseline_uln is None else m.baseline_uln
    if m.baseline is None or m.baseline <= baseline_limit:
        return _times_uln(m, _worst(m, multiples.bands, m.uln) or int(m.above(m.uln)), m.uln)
    start = multiples.g1_baseline * m.baseline
    mild = m.value >= start if multiples.g1_inclusive else m.above(start)
    grade = _worst(m, multiples.bands, m.baseline) or int(mild)
    return Grade(grade, basis="BASELINE", number=m.value / m.baseline)


def _creatinine(m: _Measurement) -> Grade:
    if m.value is None or m.unit is None or m.uln is None:
        raise MissingInput.among(value=m.value, unit=m.unit, uln=m.uln)
    by_uln = _worst(m, CTCAE_CREAT_ULN, m.uln)
    by_baseline = 0 if m.baseline is None else _worst(m, CTCAE_CREAT_BASELINE, m.baseline)
    if m.baseline is not None and by_baseline > by_uln:
        return Grade(by_baseline, basis="BASELINE", number=m.value / m.baseline)
    limit = m.uln if m.baseline_uln is None else m.baseline_uln
    normal = m.baseline is not None and m.baseline <= limit
    return Grade(by_uln, basis="ULN" if normal else "ULN_ONLY", number=m.value / m.uln)


def _inr(m: _Measurement) -> Grade:
    if not m.anticoagulated:
        if m.value is None or m.unit is None:
            raise MissingInput.among(value=m.value, unit=m.unit)
        grade, cut = _exceeded(m, CTCAE_INR) or (0, None)
        return Grade(grade, basis="CUT", number=cut)
    if m.value is None or m.unit is None or m.baseline is None:
        raise MissingInput.among(value=m.value, unit=m.unit, baseline=m.baseline)
    grade = _worst(m, CTCAE_INR_ANTICOAGULATED, m.baseline)
    return Grade(grade, basis="BASELINE", number=m.value / m.baseline)


def _times_uln(m: _Measurement, grade: int, uln: Decimal) -> Grade:
    """A grade by multiples of the ULN, which also says whether the baseline is known."""
    return Grade(grade, basis="ULN_ONLY" if m.baseline is None else "ULN", number=_given(m.value) / uln)


def _exceeded(m: _Measurement, bands: Bands, times: Decimal = Decimal(1)) -> tuple[int, Decimal] | None:
    """The worst grade whose cut x times the value exceeds, and the cut."""
    return next(((grade, cut) for grade, cut in bands if m.above(cut * times)), None)


def _worst(m: _Measurement, bands: Bands, times: Decimal) -> int:
    """The worst grade whose cut x times the value exceeds, else 0."""
    exceeded = _exceeded(m, bands, times)
    return exceeded[0] if exceeded else 0


_FAMILIES = {
    **dict.fromkeys(CTCAE_LOW, _low),
    "K_HIGH": _potassium_high,
    **dict.fromkeys(CTCAE_ULN_MULTIPLES, _uln_multiples),
    "CREAT": _creatinine,
    "INR": _inr,
}
