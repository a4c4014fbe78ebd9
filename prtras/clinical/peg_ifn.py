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


@dataclass(frozen=True)
class Findings:
    """What the advice looks at. ANC and platelets in 10^9/L, ALT and bilirubin in multiples of the ULN."""

    anc: Number | None
    plt: Number | None
    depress: str | None
    suicidal: str | None
    retina_new: str | None
    decomp: str | None
    pregnant: str | None
    alt_x_uln: Number | None
    tbil_x_uln: Number | None

    def actions(self) -> dict[str, tuple[str, str]]:
        """Of every field its action, and the limit that it passed. Raises BadInput, never MissingInput."""
        code("depress", self.depress, DEPRESSION)
        stopping = {each: getattr(self, each) for each in ("suicidal", "retina_new", "decomp", "pregnant")}
        for each, answer in stopping.items():
            code(each, answer, YES_NO)
        bilirubin = number("tbil_x_uln", self.tbil_x_uln, at_least=0)
        return {
            "anc": _by_neutrophils(number("anc", self.anc, at_least=0, at_most=100)),
            "plt": _by_platelets(number("plt", self.plt, at_least=0, at_most=3000)),
            "alt_x_uln": _by_alt(number("alt_x_uln", self.alt_x_uln, at_least=0), bilirubin),
            "depress": (DEPRESSION[self.depress or "NONE"], ""),
            **{each: (STOPPING[answer or "N"], "") for each, answer in stopping.items()},
        }


def advice(known: Findings) -> Advice:
    """Advise NONE, REDUCE_135, REDUCE_90, HOLD or STOP; a missing finding triggers nothing.

    Every limit is strict. Raises BadInput. Source: package inserts of peginterferon 180 ug (VA table 5).
    """
    actions = {each: action for each, (action, _) in known.actions().items()}
    return Advice(
        max(actions.values(), key=ACTIONS.index),
        tuple(each for each, action in actions.items() if action != "NONE"),
        incomplete=None in (known.anc, known.plt, known.alt_x_uln),
    )


def rules(known: Findings) -> dict[str, str]:
    """Of every trigger the limit that it passed and its own action, such as ` <0.5: HOLD`. Raises BadInput."""
    actions = known.actions()
    return {each: f"{limit}: {action}" for each, (action, limit) in actions.items() if action != "NONE"}


def _by_neutrophils(anc: Decimal | None) -> tuple[str, str]:
    if anc is None or anc >= PG_ANC_REDUCE.value:
        return "NONE", ""
    return _below(anc, (PG_ANC_HOLD.value, "HOLD"), (PG_ANC_REDUCE.value, "REDUCE_135"))


def _by_platelets(plt: Decimal | None) -> tuple[str, str]:
    if plt is None or plt >= PG_PLT_REDUCE.value:
        return "NONE", ""
    return _below(plt, (PG_PLT_STOP.value, "STOP"), (PG_PLT_REDUCE.value, "REDUCE_90"))


def _below(value: Decimal, *steps: tuple[Decimal, str]) -> tuple[str, str]:
    """The action of the first limit that a value is below, and that limit."""
    limit, action = next(step for step in steps if value < step[0])
    return action, f" <{limit}"


def _by_alt(alt: Decimal | None, bilirubin: Decimal | None) -> tuple[str, str]:
    if alt is None or alt <= PG_ALT_REDUCE_XULN.value:
        return "NONE", ""
    if alt > PG_ALT_HOLD_XULN.value:
        return "HOLD", f" >{PG_ALT_HOLD_XULN.value}"
    if bilirubin is not None and bilirubin > PG_TBIL_HOLD_XULN.value:
        return "HOLD", f" >{PG_ALT_REDUCE_XULN.value} & BILI >{PG_TBIL_HOLD_XULN.value} x ULN"
    return "REDUCE_135", f" >{PG_ALT_REDUCE_XULN.value}"
