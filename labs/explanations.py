"""Why a result is flagged and graded as it is, in words. Pure."""

from collections.abc import Mapping
from typing import Any

from labs.panels import ANALYTES
from prtras.clinical.constants import CTCAE_LOW
from prtras.crf.numbers import between, plain
from prtras.crf.units import shown
from prtras.labels import T

#: By the basis of a grade (`prtras.clinical.ctcae.BASES`).
_REASONS = {
    "CUT_LOW": T("低于 {n} {unit}", "below {n} {unit}"),
    "CUT_HIGH": T("高于 {n} {unit}", "above {n} {unit}"),
    "LIMIT_LOW": T("低于正常下限 {n} {unit}", "below LLN {n} {unit}"),
    "LIMIT_HIGH": T("高于正常上限 {n} {unit}", "above ULN {n} {unit}"),
    "ULN": T("{n} × ULN，基线正常", "{n} × ULN, baseline normal"),
    "ULN_ONLY": T("{n} × ULN", "{n} × ULN"),
    "BASELINE": T("{n} × 基线值", "{n} × baseline"),
}
_GRADED = T("{reason}：{grade} 级", "{reason}: grade {grade}")
_LABORATORY = T("检验机构 {name}", "laboratory {name}")
_LLOQ = T("定量下限 {n} {unit}", "LLOQ {n} {unit}")
_SOURCES = {
    "REPORT": T("检验报告", "report"),
    "TABLE": T("{laboratory}，{day} 起", "{laboratory}, from {day}"),
    "DEFAULT": T("方案默认", "protocol default"),
}


def explain(row: Mapping[str, Any]) -> tuple[T, ...]:
    """What the page says beside a stored result: why it has its grade, by which laboratory it is, if by
    another than the page says, whose range it was compared with, and the LLOQ of the assay.
    """
    laboratory = _LABORATORY.format(name=row["nam"]) if row.get("nam") else None
    parts = [laboratory, _range_source(row), _lloq(row), grade_reason(row)]
    return tuple(part for part in parts if part is not None)


def grade_reason(row: Mapping[str, Any]) -> T | None:
    """`3.2 × ULN, baseline normal: grade 2`; None for a result without a grade from 1 on."""
    basis, number, analyte = row.get("toxref"), row.get("toxnum"), ANALYTES.get(row.get("analyte") or "")
    if not basis or number is None or analyte is None:
        return None
    key = f"{basis}_{_direction(row)}" if basis in ("CUT", "LIMIT") else basis
    reason = _REASONS[key].format(n=plain(number), unit=shown(analyte.unit) if analyte.unit != "1" else "")
    return _GRADED.format(reason=reason, grade=row.get("toxgr"))


def _lloq(row: Mapping[str, Any]) -> T | None:
    analyte, lloq = ANALYTES.get(row.get("analyte") or ""), row.get("lloq")
    if analyte is None or lloq is None:
        return None
    return _LLOQ.format(n=plain(lloq), unit="" if analyte.unit == "1" else shown(analyte.unit))


def _direction(row: Mapping[str, Any]) -> str:
    return "LOW" if row.get("tox") in CTCAE_LOW else "HIGH"


def _range_source(row: Mapping[str, Any]) -> T | None:
    """Where the range is from, with its limits in the standard unit."""
    source, low, high = row.get("nrsrc"), row.get("stnrlo"), row.get("stnrhi")
    analyte = ANALYTES.get(row.get("analyte") or "")
    if not source or analyte is None:
        return None
    laboratory = row.get("nrlab")
    whence = _SOURCES[source].format(laboratory=laboratory or T("实验室", "laboratory"), day=row.get("nrday"))
    converted = row.get("orresu") not in (None, "", analyte.unit)  # the limits are in the standard unit
    unit = T(" ", " ") + shown(analyte.unit) if converted else T("", "")
    return (
        T("参考范围 ", "range ")
        + T(between(low, high), between(low, high))
        + unit
        + T("（", " (")
        + whence
        + T("）", ")")
    )
