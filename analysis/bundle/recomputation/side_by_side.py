"""Subgroups, multiple imputation by the values of imputed.csv, and every estimate side by side.

Rubin (1987), section 3.1; degrees of freedom, Barnard & Rubin (Biometrika 1999;86:948); Student's t by the continued
fraction of the incomplete beta function, Abramowitz & Stegun (1964), 26.5.8 and 26.7.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from .comparison import Values
from .cox import cox
from .estimates import ADJUSTED, Fitted, Model, covariates, estimate, fit, line, of_peginterferon, of_the_arms
from .models import TERM, complete, term
from .tables import Bundle, Endpoint, Flags
from .weights import hazards

MISSING = {"AGE": "age", "BCLC": "stage", "HBSAGLOG": "hbsag"}


def forest(bundle: Bundle) -> Values:
    """Every estimate but the biased one; imputed where something was missing."""
    models = of_the_arms(bundle) | of_peginterferon(bundle)
    values: Values = {}
    for name, model in models.items():
        values |= estimate(name, model) if name != "ever" else {}
    values |= _weighted(models["planned"])
    if any(_missing(bundle).values()):
        values |= _pooled("imputed", bundle)[0]
    return values


def _weighted(planned: Model) -> Values:
    _, _, coef, se, few = hazards(planned.rows)["ato"]
    own = fit(planned)
    shown = not few and own.enough
    return line("weighted", replace(own, coef=coef if shown else math.nan, se=se if shown else math.nan), planned)


def subgroups(bundle: Bundle) -> Values:
    """The levels of every subgroup, and the test of arm by level."""
    rows, plan = bundle.endpoint("TTR"), bundle.plan
    values = estimate("planned", of_the_arms(bundle)["planned"])
    limit = math.log10(plan["hbsag_cut"])
    levels: dict[str, dict[str, Flags]] = {
        "AGE": {"under": rows.age < plan["age_cut"], "over": rows.age >= plan["age_cut"]},
        "SEX": {"M": rows.sex == "M", "F": rows.sex == "F"},
        "BCLC": {"0": rows.stage == "0", "A": rows.stage == "A"},
        "HBSAG": {"under": rows.hbsag < limit, "over": rows.hbsag >= limit},
    }
    for name, flags in levels.items():
        adjusted = ("AGE", "HBSAGLOG") if name == "BCLC" else ADJUSTED
        for level, chosen in flags.items():
            own = rows.of(chosen)
            values |= estimate(f"{name} {level}", Model(own, own.week, own.arm, adjusted))
        shown = all(values[f"{name} {level} coef"] is not None for level in flags)
        first, second = flags.values()
        place = f"{name} interaction"
        nothing: Values = {f"{place} {word}": None for word in TERM}
        values |= _interaction(place, rows, first | second, second) if shown else nothing
    return values


def _interaction(place: str, rows: Endpoint, both: Flags, second: Flags) -> Values:
    own, level = rows.of(both), second[both].astype(np.float64)
    level = level[np.isin(own.who, complete(own).who)]
    own = complete(own)
    treated = (own.arm == "A2").astype(np.float64)
    others = covariates(own, ADJUSTED) or []
    fitted = cox(np.column_stack([treated, *others, level, treated * level]), own.week, own.event)
    return term(place, fitted.coef[-1], fitted.se[-1], shown=True)


def imputation(bundle: Bundle) -> Values:
    """Who lacks what, the complete cases, and everybody pooled over the imputations."""
    missing = _missing(bundle)
    values: Values = {f"missing {name}": n for name, n in missing.items()}
    values |= estimate("complete", of_the_arms(bundle)["planned"])
    pooled, rubin = _pooled("pooled", bundle)
    facts = (len(_filled(bundle)), rubin.df, rubin.fraction) if rubin else (0, None, None)
    return values | dict(zip(("imputations", "df", "fraction"), facts, strict=True)) | pooled


def _missing(bundle: Bundle) -> dict[str, int]:
    rows = bundle.endpoint("TTR")
    return {
        "AGE": int(np.isnan(rows.age).sum()), "BCLC": int((np.char.strip(rows.stage) == "").sum()),
        "HBSAGLOG": int(np.isnan(rows.hbsag).sum()),
    }  # fmt: skip


def _filled(bundle: Bundle) -> list[Endpoint]:
    """The primary analysis once per imputation, with the values of imputed.csv."""
    rows = bundle.endpoint("TTR")
    place = {who: i for i, who in enumerate(rows.who.tolist())}
    filled: dict[str, Endpoint] = {}
    for cell in bundle.table("imputed.csv"):
        if cell["IMPUTATION"] not in filled:
            filled[cell["IMPUTATION"]] = replace(
                rows, age=rows.age.copy(), stage=rows.stage.astype("U8"), hbsag=rows.hbsag.copy()
            )
        column = getattr(filled[cell["IMPUTATION"]], MISSING[cell["VARIABLE"]])
        column[place[cell["SUBJID"]]] = cell["VALUE"]
    return list(filled.values())


@dataclass(frozen=True)
class Rubin:
    """One estimate from several."""

    coef: float
    se: float
    df: float
    fraction: float


def _pooled(place: str, bundle: Bundle) -> tuple[Values, Rubin | None]:
    rows = bundle.endpoint("TTR")
    models = [Model(own, own.week, own.arm) for own in _filled(bundle)]
    fits = [fit(model) for model in models]
    levels = sorted(set(rows.arm.tolist()))
    groups = {arm: (int(np.sum(rows.arm == arm)), int(rows.event[rows.arm == arm].sum())) for arm in levels}
    values: Values = {f"{place} n": len(rows.arm), f"{place} events": int(rows.event.sum())}
    for arm, (n, events) in groups.items():
        values |= {f"{place} {arm} n": n, f"{place} {arm} events": events}
    if not fits or not all(math.isfinite(each.coef) for each in fits):
        return values | {f"{place} {word}": None for word in TERM}, None
    stages = len(set(np.char.strip(rows.stage).tolist()) - {""})
    rubin = _by_rubin(fits, int(rows.event.sum()) - 2 - stages)
    width = _t_quantile(rubin.df)
    numbers = (
        rubin.coef, rubin.se, math.exp(rubin.coef), math.exp(rubin.coef - width * rubin.se),
        math.exp(rubin.coef + width * rubin.se), _t_tails(rubin.coef / rubin.se, rubin.df),
    )  # fmt: skip
    return values | {f"{place} {word}": value for word, value in zip(TERM, numbers, strict=True)}, rubin


def _by_rubin(fits: list[Fitted], complete_df: int) -> Rubin:
    coef = np.array([each.coef for each in fits])
    m, within, between = len(fits), float(np.mean([each.se**2 for each in fits])), float(coef.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    df = 1 / (share**2 / (m - 1) + 1 / observed)
    ratio = (1 + 1 / m) * between / within
    return Rubin(float(coef.mean()), math.sqrt(total), df, (ratio + 2 / (df + 3)) / (1 + ratio))


def _t_tails(t: float, df: float) -> float:
    """P(|T| > t) = I_x(df/2, 1/2) at x = df / (df + t^2)."""
    x = df / (df + t * t)
    a, b = df / 2, 0.5
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(b, a, 1 - x) / b
    return front * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, from its end."""
    value = 1.0
    for k in range(400, 0, -1):
        even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
        odd = -(a + k - 1) * (a + b + k - 1) * x / ((a + 2 * k - 2) * (a + 2 * k - 1))
        value = 1 + odd / (1 + even / value)
    return 1 / value


def _t_quantile(df: float) -> float:
    """The value beyond which 2.5 % lie on either side."""
    low, high = 1.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_tails(middle, df) > 0.05 else (low, middle)
    return (low + high) / 2
