"""Peginterferon dose-modification advice; information only, the investigator decides.

Source: peginterferon 180 ug label values for ANC and platelets: VA table 5 from package inserts
(https://www.hepatitis.va.gov/provider/guidelines/2012HCV-table5.asp); ALT bands: Pegasys label as
summarised at https://pediatriconcall.com/drugs/peginterferon-alfa-2a/101 (paediatric CHB, 5 to <10 reduce,
>=10 stop) and https://www.drugs.com/dosage/pegasys.html. The Pegberon label section itself could not be
read. All [default], crf-spec D11.
"""

from dataclasses import dataclass
from decimal import Decimal

from prtras.clinical.constants import (
    PG_ALT_HOLD_XULN,
    PG_ALT_REDUCE_XULN,
    PG_ANC_HOLD,
    PG_ANC_REDUCE,
    PG_PLT_REDUCE,
    PG_PLT_STOP,
    PG_TBIL_HOLD_XULN,
)
from prtras.clinical.inputs import YES_NO, Number, code, number

ACTIONS = ("NONE", "REDUCE_135", "REDUCE_90", "HOLD", "STOP")  # weakest first
DEPRESSION = {"NONE": "NONE", "MILD": "NONE", "MODERATE": "REDUCE_135", "SEVERE": "STOP"}
STOPPING = {"Y": "STOP", "N": "NONE"}


@dataclass(frozen=True)
class Advice:
    """The strongest action, the fields that triggered one, and whether ANC, platelets or ALT are missing."""

    advice: str
    triggers: tuple[str, ...]
    incomplete: bool


def advice(
    *,
    anc: Number | None,
    plt: Number | None,
    depress: str | None,
    suicidal: str | None,
    retina_new: str | None,
    decomp: str | None,
    pregnant: str | None,
    alt_x_uln: Number | None,
    tbil_x_uln: Number | None,
) -> Advice:
    """Advise NONE, REDUCE_135, REDUCE_90, HOLD or STOP; a missing input triggers nothing.

    ANC and platelets in 10^9/L, ALT and bilirubin in multiples of the ULN; every limit is strict.
    Raises BadInput, never MissingInput. Source: package inserts of peginterferon 180 ug (VA table 5).
    """
    anc = number("anc", anc, at_least=0, at_most=100)
    plt = number("plt", plt, at_least=0, at_most=3000)
    code("depress", depress, DEPRESSION)
    stopping = {"suicidal": suicidal, "retina_new": retina_new, "decomp": decomp, "pregnant": pregnant}
    for field, answer in stopping.items():
        code(field, answer, YES_NO)
    alt_x_uln = number("alt_x_uln", alt_x_uln, at_least=0)
    tbil_x_uln = number("tbil_x_uln", tbil_x_uln, at_least=0)
    actions = {
        "anc": _by_neutrophils(anc),
        "plt": _by_platelets(plt),
        "alt_x_uln": _by_alt(alt_x_uln, tbil_x_uln),
        "depress": DEPRESSION[depress or "NONE"],
        **{field: STOPPING[answer or "N"] for field, answer in stopping.items()},
    }
    return Advice(
        max(actions.values(), key=ACTIONS.index),
        tuple(field for field, action in actions.items() if action != "NONE"),
        incomplete=None in (anc, plt, alt_x_uln),
    )


def _by_neutrophils(anc: Decimal | None) -> str:
    if anc is None or anc >= PG_ANC_REDUCE.value:
        return "NONE"
    return "HOLD" if anc < PG_ANC_HOLD.value else "REDUCE_135"


def _by_platelets(plt: Decimal | None) -> str:
    if plt is None or plt >= PG_PLT_REDUCE.value:
        return "NONE"
    return "STOP" if plt < PG_PLT_STOP.value else "REDUCE_90"


def _by_alt(alt: Decimal | None, bilirubin: Decimal | None) -> str:
    if alt is None or alt <= PG_ALT_REDUCE_XULN.value:
        return "NONE"
    jaundiced = bilirubin is not None and bilirubin > PG_TBIL_HOLD_XULN.value
    return "HOLD" if alt > PG_ALT_HOLD_XULN.value or jaundiced else "REDUCE_135"
