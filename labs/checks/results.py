"""What the check language cannot say about a row of a laboratory panel."""

from decimal import Decimal
from typing import Literal

from labs.deriving.panels import laboratory_limits, read
from labs.panels import ANALYTES, PANELS, Analyte
from prtras.clinical.printed_number import folded, is_ambiguous
from prtras.crf import general_rules
from prtras.crf.checks import Finding
from prtras.crf.context import PageContext
from prtras.crf.dates import normal
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.registry import Values
from prtras.crf.typed_values import Unreadable
from prtras.labels import T

NOT_A_RESULT = T(
    "“{typed}”不是有效结果：请填数值，可带 < 或 >（如 <10），或填“低于检测下限”。",
    "“{typed}” is not a result: type a number, with < or > if reported so (<10), or “below detection limit”.",
)

FOREIGN_UNIT = T("单位“{unit}”不适用于{label}。", "{label} is not reported in “{unit}”.")

REQUIRED = T(
    "请填写“{label}”的结果，或注明未检测原因。", "“{label}”: enter the result, or the reason why it was not done."
)

BEYOND = T(
    "“{label}”为 {value} {unit}，允许范围 {range}。", "“{label}” is {value} {unit}; the allowed range is {range}."
)

CONTRADICTION = T(
    "“{label}”既有结果又有未检测原因，请只保留其一。",
    "“{label}” has both a result and a reason why it was not done; keep one of them.",
)

UNLIKELY = T(
    "“{label}”为 {value} {unit}，通常在 {range} 之间，请核实。",
    "“{label}” is {value} {unit}; the usual range is {range}. Please check.",
)

BELOW_LLOQ = T(
    "“{label}”为 {value} {unit}，低于该检验机构的定量下限 {lloq}，请核实是否应报告为“<{lloq}”。",
    "“{label}” is {value} {unit}, below the laboratory's LLOQ of {lloq}. Please check: should it be “<{lloq}”?",
)


def examine_panel(context: PageContext) -> list[Finding]:
    """Every analyte of the panel: readable, in a known unit, present, within its ranges."""
    findings = []
    for analyte in PANELS[context.form.code]:
        row = context.rows.get(analyte.code, {})
        finding = _examine(analyte.code, row)
        if finding:
            findings.append(finding)
        low, high = row.get("ornrlo"), row.get("ornrhi")
        if low is not None and high is not None and low >= high:
            findings.append(general_rules.finding("GEN-008", Place.at("ornrlo", analyte.code)))
        elif row.get("orres") and (item := _differs(analyte, row, context)):
            findings.append(general_rules.finding("GEN-009", Place.at(item, analyte.code)))
    return findings


def _differs(analyte: Analyte, row: Values, context: PageContext) -> str:
    """The item that is not as in the laboratory's table valid on the day of the sample; empty if all is."""
    table = laboratory_limits(analyte, row, context)
    if table is None:
        return ""
    if (row.get("orresu") or analyte.unit) != table.unit:
        return "orresu"
    limits = {"ornrlo": table.low, "ornrhi": table.high}
    return next((name for name, limit in limits.items() if row.get(name) not in (None, limit)), "")


def _shown(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _examine(code: str, row: Values) -> Finding | None:
    analyte = ANALYTES[code]
    facts = {"label": analyte.title, "unit": analyte.unit, "value": _shown(row.get("stresn"))}
    typed = row.get("orres")
    if not typed:
        if row.get("reasnd") or analyte.need == "optional":
            return None
        severity: Literal["hard", "soft"] = "hard" if analyte.need == "required" else "soft"
        return Finding(f"REQ-{code}", "orres", code, severity, REQUIRED.format(**facts))
    if row.get("reasnd"):
        return Finding("STAT", "reasnd", code, "hard", CONTRADICTION.format(**facts))
    try:
        read(typed)
    except Unreadable as unreadable:
        ambiguous = is_ambiguous(folded(typed))
        text = unreadable.text if ambiguous else NOT_A_RESULT.format(typed=normal(typed))
        return Finding("RES", "orres", code, "hard", text)
    if (row.get("orresu") or analyte.unit) not in analyte.units:
        return Finding("UNIT", "orresu", code, "hard", FOREIGN_UNIT.format(**facts | {"unit": row["orresu"]}))
    if row["stresn"] is None:  # below detection, with a limit that is not known
        return None
    if row["stresn"] not in analyte.hard:
        return Finding(f"RNGH-{code}", "orres", code, "hard", BEYOND.format(range=analyte.hard, **facts))
    if row["stresn"] not in analyte.soft:
        return Finding(f"RNGS-{code}", "orres", code, "soft", UNLIKELY.format(range=analyte.soft, **facts))
    if row["lloq"] is not None and not row["qualifier"] and row["stresn"] < row["lloq"]:
        return Finding("LLOQ", "orres", code, "soft", BELOW_LLOQ.format(lloq=_shown(row["lloq"]), **facts))
    return None
