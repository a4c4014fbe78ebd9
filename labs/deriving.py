"""What the virology form computes, and what the check language cannot say about results."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from enrollment.deriving import doses_given
from labs.panels import ANALYTES, PANELS, Analyte
from labs.results import Unreadable, laboratory_limits, read
from prtras.clinical import hbsag, hbsag_status, hbv_dna
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf import general
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
    found = _hbv_dna(values) | _hbsag(values)
    sample = (values.get("viro_date"), _reaction(found["hbsag_q"], values.get("hbsag_res")), found["hbvdna_q"])
    return found | {"hbsag_status": _hbsag_status(sample, context)}


def _hbsag_status(sample: tuple[Any, Any, Any], context: Context) -> str | None:
    """Loss, confirmed loss, functional cure or reversion at this sample, from all samples. Source: crf-spec E5."""
    others = [
        (
            record.value("lbviro", "viro_date"),
            _reaction(record.value("lbviro", "hbsag_q"), record.value("lbviro", "hbsag_res")),
            record.value("lbviro", "hbvdna_q"),
        )
        for record in context.records("lbviro")
    ]
    samples = {found[0]: found for found in others if found[0] is not None} | {sample[0]: sample}
    if sample[0] is None:
        return None
    ordered = [samples[day] for day in sorted(samples)]
    ongoing, stopped = _antivirals(context)
    doses = [dose.value("pegifn", "pg_date") for dose in doses_given(context)]
    try:
        statuses = hbsag_status.statuses(
            records=[{"date": on, "hbsag_q": q, "hbvdna_q": dna} for on, q, dna in ordered],
            last_pg_date=max(doses, default=None), na_end_date=stopped, na_ongoing=ongoing,
        )  # fmt: skip
    except (BadInput, MissingInput):
        return None
    return statuses[ordered.index(sample)]


def _reaction(quantified: str | None, reported: str | None) -> str | None:
    """Without a valid quantity (such as <0.05 on a diluted sample) the laboratory's own negative counts as negative."""
    return "LT_LLOQ" if quantified in (None, "INVALID") and reported == "NEG" else quantified


def _antivirals(context: Context) -> tuple[str, date | None]:
    """Is a nucleos(t)ide analogue ongoing, and if not, the last day on which one may have been taken."""
    regimens = context.records("na")
    ends = [regimen.value("na", "na_end") for regimen in regimens if regimen.value("na", "na_ongoing") == "N"]
    if len(ends) < len(regimens) or not regimens:
        return "Y", None
    return "N", max((end.latest for end in ends if end is not None), default=None)


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
        low, high = row.get("ornrlo"), row.get("ornrhi")
        if low is not None and high is not None and low >= high:
            found.append(general.found("GEN-008", "ornrlo", analyte.code))
        elif row.get("orres") and (place := _differs(analyte, row, context)):
            found.append(general.found("GEN-009", place, analyte.code))
    return found


def _differs(analyte: Analyte, row: Values, context: PageContext) -> str:
    """The item that is not as in the laboratory's table valid on the day of the sample; empty if all is."""
    table = laboratory_limits(analyte, context)
    if table is None:
        return ""
    if (row.get("orresu") or analyte.unit) != table.unit:
        return "orresu"
    told = {"ornrlo": table.low, "ornrhi": table.high}
    return next((name for name, limit in told.items() if row.get(name) not in (None, limit)), "")


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
