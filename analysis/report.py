"""The nightly report: what stands on each line, as PDF. The same numbers as on the dashboard."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from analysis import figures, plan
from prtras.datacut.models import DataCut
from prtras.files import pdf
from prtras.labels import T

Plain = dict[str, Any]


def render(computed: Plain, cut: DataCut, results_sha256: str, language: str) -> bytes:
    """The report of a run as PDF bytes in `zh-hans` or `en`."""
    with override(language):
        context = view(computed, by_arm=True) | {"cut": cut, "results_sha256": results_sha256}
        context["printed"] = timezone.localtime(cut.created_at).strftime("%Y-%m-%d %H:%M %Z")
        return pdf.render("analysis/report.html", context, language)


def view(computed: Plain, *, by_arm: bool) -> Plain:
    """What dashboard and report show of the results, by arm only when asked."""
    shown: Plain = {
        "computed": computed,
        "population": computed["population"],
        "arms": plan.ARMS,
        "events": computed["pooled"]["events"],
        "events_needed": plan.EVENTS_NEEDED,
        "planned": plan.PLANNED,
        "pooled_at": figures.recurrence(_read(computed["pooled"]["curve"], plan.READ_WEEK)),
        "pooled_interim": figures.recurrence(_read(computed["pooled"]["curve"], plan.INTERIM_WEEK)),
        "interim_week": plan.INTERIM_WEEK,
        "follow_up": _follow_up(computed["pooled"]["follow_up"]),
        "imaging": _imaging(computed["imaging"].get("all")),
        "by_arm": by_arm,
        "read_week": plan.READ_WEEK,
        "read_day": plan.READ_DAY,
        "warnings": warnings(computed) if by_arm else computed["warnings"],
    }
    curves = computed["by_arm"]["curves"] if by_arm else computed["pooled"]["curve"]
    shown["figure_wide"] = figures.kaplan_meier(curves, "wide", "km")
    shown["figure_narrow"] = figures.kaplan_meier(curves, "narrow", "km")
    shown["risk_table"] = [_risk_rows(curve) for curve in curves]
    shown["ticks"] = plan.TICKS
    cutoff = date.fromisoformat(computed["cutoff"])
    shown["accrual"] = figures.accrual(computed["accrual"], cutoff, "narrow")
    shown["accrual_wide"] = figures.accrual(computed["accrual"], cutoff, "wide")
    if by_arm:
        shown |= _compared(computed)
    return shown


def _read(curves: list[Plain], week: int) -> Plain | None:
    return figures.at_week(curves[0], week) if curves else None


def _follow_up(curves: list[Plain]) -> str:
    days = curves[0]["median_followup_reverse_km"] if curves else None
    return "NE" if days is None else f"{days / 30.4375:.1f}"


def _imaging(counts: Plain | None) -> Plain | None:
    if not counts or not counts["due"]:
        return None
    return counts | {
        "percent_done": f"{100 * counts['done'] / counts['due']:.0f}",
        "percent_in_window": f"{100 * counts['in_window'] / counts['due']:.0f}",
        "missing": counts["due"] - counts["done"],
    }


def _risk_rows(curve: Plain) -> Plain:
    return {
        "arm": figures.arm_text(curve["group"]),
        "at_risk": [row["n_risk"] for row in curve["at"]],
        "censored": [row["cum_censored"] for row in curve["at"]],
        "events": [row["cum_events"] for row in curve["at"]],
    }


def _compared(computed: Plain) -> Plain:
    by_arm = computed["by_arm"]
    estimable = by_arm["estimable"]
    return {
        "arm_rates": [
            {"arm": figures.arm_text(c["group"]), "n": c["n"], "events": c["n_events"]}
            | {"interim": figures.recurrence(figures.at_week(c, plan.INTERIM_WEEK))}
            | figures.recurrence(figures.at_week(c, plan.READ_WEEK))
            for c in by_arm["curves"]
        ],
        "logrank": _logrank(by_arm["primary"]["logrank"]) if estimable else None,
        "cox": cox_lines(by_arm["primary"]["cox"]) if estimable else [],
        "cox_n": by_arm["primary"]["cox"],
        "unadjusted": cox_lines(by_arm["unadjusted"]["cox"]) if estimable else [],
        "weighted": _weighted(by_arm["weighted"]) if estimable else [],
        "balance": _balance(by_arm["weighted"]),
        "ph": _proportional(by_arm["primary"]["ph"]) if estimable else [],
        "sensitivity": [_sensitivity(line) for line in computed["sensitivity"]],
        "safety": [_safety(line, computed["population"]) for line in computed["safety"]],
        "imaging_arms": [
            {"arm": text} | (_imaging(computed["imaging"].get(arm)) or {}) for arm, text in plan.ARMS.items()
        ],
    }


def _logrank(test: Plain | None) -> Plain | None:
    if test is None or test["chi2"] is None:
        return None
    return {"chi2": _number(test["chi2"], 3), "df": test["df"], "p": p_value(test["p"])}


TEXTS = {covariate.column: covariate.text for covariate in plan.COVARIATES}
SCHEMES = {
    "ato": T("重叠权重", "Overlap weights"),
    "sw": T("稳定化IPTW", "Stabilised IPTW"),
}


def cox_lines(fitted: Plain | None) -> list[Plain]:
    """One line per term: hazard ratio, limits, p; NE where it is not estimable."""
    if fitted is None:
        return []
    return [
        {
            "text": TEXTS.get(term["covariate"], term["covariate"]),
            "hr": _number(term["hr"], 2),
            "limits": _interval(term["lower"], term["upper"]),
            "p": p_value(term["p"]),
        }
        for term in map(_shown, fitted["terms"])
    ]


def _shown(term: Plain) -> Plain:
    """A term with too few events in a level is not shown as a number."""
    return term | dict.fromkeys(("hr", "lower", "upper", "p")) if term["few_events"] else term


def _number(value: float | None, digits: int) -> str:
    return "NE" if value is None else f"{round(value, digits) + 0.0:.{digits}f}"


def _interval(lower: float | None, upper: float | None) -> str:
    return "NE" if lower is None or upper is None else f"{_number(lower, 2)}–{_number(upper, 2)}"


def p_value(value: float | None) -> str:
    """A p-value as journals print it."""
    return "NE" if value is None else "<0.001" if value < 0.001 else f"{value:.3f}"


def _weighted(weighted: Plain | None) -> list[Plain]:
    if weighted is None:
        return []
    return [
        {
            "text": SCHEMES[effect["scheme"]],
            "hr": _number(effect["hazard"]["hr"], 2),
            "limits": _interval(effect["hazard"]["lower"], effect["hazard"]["upper"]),
            "p": p_value(effect["hazard"]["p"]),
            "ess": f"{effect['ess'][0]:.0f} + {effect['ess'][1]:.0f}",
        }
        for effect in weighted["effects"]
        if effect["scheme"] in SCHEMES
    ]


def _balance(weighted: Plain | None) -> list[Plain]:
    if weighted is None:
        return []
    chosen = next((e for e in weighted["effects"] if e["scheme"] == "ato"), None)
    names = {"BCLCA": TEXTS["BCLC"]}
    return [
        {
            "text": names.get(line["column"], TEXTS.get(line["column"], line["column"])),
            "before": _number(line["smd_before"], 3),
            "after": _number(line["smd_after"], 3),
        }
        for line in (chosen["balance"] if chosen else [])
    ]


def _proportional(tests: list[Plain]) -> list[Plain]:
    chosen = next((test for test in tests if test["transform"] == "km"), None)
    names = {"ARMCDA2": TEXTS["ARMCD"], "BCLCA": TEXTS["BCLC"], "GLOBAL": T("整体", "Global")}
    return [
        {
            "text": names.get(line["term"], TEXTS.get(line["term"], line["term"])),
            "chi2": _number(line["chi2"], 2),
            "p": p_value(line["p"]),
        }
        for line in (chosen["tests"] if chosen else [])
    ]


PARAMETERS = {
    "TTR": T("复发时间，实际日期", "Time to recurrence, actual dates"),
    "RFS": T("无复发生存", "Recurrence-free survival"),
    "TTRGAP": T("连续缺失两次影像前删失", "Censored before two missed scans"),
}


def _sensitivity(line: Plain) -> Plain:
    rates = [
        {"arm": figures.arm_text(curve["group"])} | figures.recurrence(curve["at"][0] if curve["at"] else None)
        for curve in line["curves"]
    ]
    arm = cox_lines(line["cox"])[:1] if line["estimable"] else []
    return {"text": PARAMETERS[line["parameter"]], "events": line["events"], "rates": rates, "arm": arm}


KINDS = {
    "any": T("任何不良事件", "Any adverse event"),
    "grade3": T("≥3级", "Grade ≥ 3"),
    "serious": T("严重不良事件", "Serious"),
    "related": T("与治疗相关", "Treatment-related"),
    "fatal": T("致死", "Fatal"),
}


def _safety(line: Plain, population: Plain) -> Plain:
    shares = {arm: line[arm] / (population["arms"][arm] or 1) for arm in plan.ARMS}
    cells = [{"n": line[arm], "percent": f"{100 * shares[arm]:.0f}"} for arm in plan.ARMS]
    return {"text": KINDS[line["kind"]], "cells": cells, "bars": figures.pair(shares["A1"], shares["A2"])}


CAUTIONS = {
    "few_events": T(
        "{what}：某一水平事件少于5例，不显示其风险比。",
        "{what}: fewer than 5 events at one level; hazard ratio not shown.",
    ),
    "no_events": T(
        "{what}：无事件，生存函数为1，分位数无法估计。", "{what}: no events; S(t) = 1, quantiles not estimable."
    ),
    "dropped": T(
        "部分受试者因协变量缺失未纳入模型。", "Participants with a missing covariate are not included in the model."
    ),
    "not_estimable": T("{what}：无法估计。", "{what}: not estimable."),
    "hazard_ratio": T("加权风险比无法估计。", "The weighted hazard ratio is not estimable."),
    "separation": T("倾向评分完全分离，无法加权。", "The propensity score separates the arms completely: no weights."),
    "test_undefined": T("检验统计量无定义。", "The test statistic is not defined."),
}


def _caution(caution: Plain, what: T | str) -> str:
    """A warning of a fit in the reader's language; one without a text of ours keeps the fit's own words."""
    text = CAUTIONS.get(caution["code"])
    return caution["message"] if text is None else str(text.format(what=what))


def warnings(computed: Plain) -> list[str]:
    """Everything the reader must know beside the numbers."""
    by_arm = computed["by_arm"]
    found = list(computed["warnings"]) + list(by_arm["primary"]["refused"])
    if not by_arm["estimable"]:
        found.append(
            str(T("某治疗组复发少于5例：不显示风险比。", "Fewer than 5 events in one arm: hazard ratio not shown."))
        )
    for fitted in (by_arm["primary"]["cox"], by_arm["weighted"]):
        for caution in (fitted or {}).get("cautions", []):
            found.append(_caution(caution, TEXTS.get(caution["column"] or "", caution["column"] or "Cox")))
    for curve in by_arm["curves"]:
        found += [_caution(caution, figures.arm_text(curve["group"])) for caution in curve["cautions"]]
    return list(dict.fromkeys(found))
