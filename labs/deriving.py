"""What the virology form computes, and what the check language cannot say about results."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from labs.panels import ANALYTES, PANELS
from labs.results import Unreadable, read
from prtras.clinical import hbsag, hbv_dna
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.checks import Finding
from prtras.crf.conditions import Context
from prtras.crf.context import PageContext
from prtras.crf.numbers import plain
from prtras.labels import T

Values = Mapping[str, Any]
NOT_A_RESULT = T(
    "“{typed}”不是有效结果:请填数值,可带 < 或 >(如 <10)。",
    "“{typed}” is not a result: type a number, with < or > if reported so (<10).",
)
FOREIGN_UNIT = T("单位“{unit}”不适用于{label}。", "{label} is not reported in “{unit}”.")
REQUIRED = T("请填写“{label}”的结果,或注明未检测原因。", "“{label}”: fill in the result, or say why it was not done.")
BEYOND = T("“{label}”为 {value} {unit},允许范围 {range}。", "“{label}” is {value} {unit}; allowed is {range}.")
UNLIKELY = T(
    "“{label}”为 {value} {unit},通常在 {range} 之间,请核实。",
    "“{label}” is {value} {unit}, usually {range}; please check.",
)


def virology(values: Values, context: Context) -> dict[str, Any]:
    """HBV DNA and HBsAg from their reported texts. Source: crf-spec D6, D7."""
    return _hbv_dna(values) | _hbsag(values) | {"hbsag_status": None}


def _hbv_dna(values: Values) -> dict[str, Any]:
    try:
        found = hbv_dna.parse(values.get("hbvdna_raw"), values.get("hbvdna_u"))
    except (BadInput, MissingInput):
        q = "INVALID" if values.get("hbvdna_raw") else None
        return {"hbvdna_q": q, "hbvdna_val": None, "hbvdna_log": None}
    return {"hbvdna_q": found.q, "hbvdna_val": _rounded(found.value, 4), "hbvdna_log": _rounded(found.log10, 2)}


def _hbsag(values: Values) -> dict[str, Any]:
    try:
        found = hbsag.parse(values.get("hbsag_raw"), values.get("hbsag_dil"))
    except (BadInput, MissingInput):
        q = "INVALID" if values.get("hbsag_raw") else None
        return {"hbsag_q": q, "hbsag_val": None, "hbsag_log": None}
    return {"hbsag_q": found.q, "hbsag_val": _rounded(found.value, 4), "hbsag_log": _rounded(found.log10, 2)}


def _rounded(value: Any, places: int) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def examine_panel(context: PageContext) -> list[Finding]:
    """Every analyte of the panel: readable, in a known unit, present, within its ranges."""
    found = []
    for analyte in PANELS[context.form.code]:
        row = context.rows.get(analyte.code, {})
        finding = _examine(analyte.code, row)
        if finding:
            found.append(finding)
    return found


def _shown(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _examine(code: str, row: Values) -> Finding | None:
    analyte = ANALYTES[code]
    facts = {"label": analyte.title, "unit": analyte.unit, "value": _shown(row.get("stresn"))}
    typed = row.get("orres")
    if not typed:
        if row.get("reasnd") or analyte.need == "optional":
            return None
        severity = "hard" if analyte.need == "required" else "soft"
        return Finding(f"REQ-{code}", "orres", code, severity, REQUIRED.format(**facts))
    try:
        read(typed)
    except Unreadable:
        return Finding("RES", "orres", code, "hard", NOT_A_RESULT.format(typed=typed))
    if (row.get("orresu") or analyte.unit) not in analyte.units:
        return Finding("UNIT", "orresu", code, "hard", FOREIGN_UNIT.format(**facts | {"unit": row["orresu"]}))
    if row["stresn"] not in analyte.hard:
        return Finding(f"RNGH-{code}", "orres", code, "hard", BEYOND.format(range=analyte.hard, **facts))
    if row["stresn"] not in analyte.soft:
        return Finding(f"RNGS-{code}", "orres", code, "soft", UNLIKELY.format(range=analyte.soft, **facts))
    return None
