"""What the enrollment forms compute. Pure: values in, values out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.clinical import bclc, protocol
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.conditions import Context
from prtras.crf.registry import Derive

Values = Mapping[str, Any]
GIVEN = ("GIVEN", "REDUCED", "DELAYED")


def completed_years(born: date, on: date) -> int:
    """Completed years of age on a day; someone born on 29 February has the birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def demographics(values: Values, context: Context) -> dict[str, Any]:
    """The numbers given at registration, and age at consent in completed years. Source: crf-spec dm."""
    born, consented = values.get("brthdat"), context.value("consent", "icf_date")
    return {
        "subjid": context.value("participant", "number"),
        "scrno": context.value("participant", "screening_number"),
        "age_consent": completed_years(born, consented) if born and consented else None,
    }


def eligibility(values: Values, context: Context) -> dict[str, Any]:
    """Eligible if and only if every inclusion is Y and every exclusion N or NA. Source: crf-spec ie."""
    answers = [values.get(name) for name in (*INCLUSION, *EXCLUSION)]
    if None in answers:
        return {"ie_calc": None}
    met = all(values[name] == "Y" for name in INCLUSION)
    free = all(values[name] in ("N", "NA") for name in EXCLUSION)
    return {"ie_calc": "Y" if met and free else "N"}


def index_tumour(values: Values, context: Context) -> dict[str, Any]:
    """BCLC stage (BCLC 2022) and Milan criteria (single <= 50 mm, or 2-3 all <= 30 mm, no invasion or spread)."""
    return {"bclc_calc": _bclc(values), "milan": _milan(values)}


def _bclc(values: Values) -> str | None:
    ecog = values.get("ecog_pre")
    try:
        return bclc.stage(
            n_tumours=values.get("n_tumours"),
            largest_mm=values.get("largest_mm"),
            vasc_inv=values.get("vasc_inv"),
            extrahep=values.get("extrahep"),
            ecog=None if ecog is None else int(ecog),
            child_pugh_class=values.get("cp_pre"),
        ).stage
    except (BadInput, MissingInput):
        return None


def _milan(values: Values) -> str | None:
    number, largest = values.get("n_tumours"), values.get("largest_mm")
    invasion, spread = values.get("vasc_inv"), values.get("extrahep")
    if None in (number, largest, invasion, spread):
        return None
    small = largest <= 50 if number == 1 else number <= 3 and largest <= 30
    return "Y" if small and invasion == "NONE" and spread == "N" else "N"


def radical_treatment(values: Values, context: Context) -> dict[str, Any]:
    """The treatment date is the later of resection and ablation; the gap runs to the anchor of the schedule."""
    dates = [d for d in (values.get("res_date"), values.get("abl_date")) if d]
    treated, anchor = max(dates, default=None), context.value("alloc", "anchor_date")
    return {"tx_date": treated, "days_to_w0": (anchor - treated).days if treated and anchor else None}


def arm_choice(values: Values, context: Context) -> dict[str, Any]:
    """Day 0 by the anchor rule of the protocol; the arm in fact. Source: schedule.yaml, anchor_rule."""
    first = min((dose.value("pegifn", "pg_date") for dose in doses_given(context)), default=None)
    actual = ("A2" if first else "A1") if values.get("arm") else None
    return {"anchor_date": _anchor(values, first, context), "a2_first_dose": first, "arm_actual": actual}


def _anchor(values: Values, first_dose: date | None, context: Context) -> date | None:
    """ALLOC: the day of the choice. FIRST_DOSE: the first injection in A2. RADICAL_TX: the day of the treatment."""
    rule, chosen = protocol.ANCHOR_RULE.value, values.get("alloc_date")
    if rule == "RADICAL_TX":
        return context.value("radtx", "tx_date") if chosen else None
    return first_dose if rule == "FIRST_DOSE" and values.get("arm") == "A2" and first_dose else chosen


def doses_given(context: Context, but: Any = None) -> list[Context]:
    """The participant's peginterferon injections that were given, without the row `but`."""
    return [
        dose
        for dose in context.records("pegifn")
        if dose.value("pegifn", "pg_status") in GIVEN
        and dose.value("pegifn", "pg_date") is not None
        and dose.value("pegifn", "row") != but
    ]


def numbered(form: str, item: str) -> Derive:
    """The number of a row within the participant: nobody types it."""
    return lambda values, context: {item: context.value(form, "row")}
