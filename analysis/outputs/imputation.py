"""Missing baseline covariates by multiple imputation, beside the analysis of who has all of them.

Source: statistics rules, section 6 (missing HBsAg); methods in `analysis.survival.imputation`. Pure but for the
reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.estimates import ANALYSES, PLACES, Estimate, estimate_numbers, heads, row
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import COVARIATES, number, percent
from analysis.outputs.output import Output, Shown, Table, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

COMPLETE = T("协变量齐全者（计划模型）", "Complete cases (planned model)")
NOTHING = T("基线协变量均无缺失，未作插补。", "No baseline covariate is missing: nothing is imputed.")


@dataclass(frozen=True)
class Imputation(Result):
    """The planned model in the complete cases and in everybody, pooled over `imputations` (0: nothing is missing).

    `missing` counts the participants without each covariate; `df` are the pooled degrees of freedom and `fraction` the
    missing information, None where nothing was pooled.
    """

    missing: dict[str, int]
    imputations: int
    complete: Estimate
    pooled: Estimate
    df: float | None
    fraction: float | None


def compute(data: AnalysisData) -> Imputation:
    """Take the imputations of the data cut."""
    from analysis.outputs.imputed import missing_by_covariate

    pooled, rubin = data.imputed_estimate
    return Imputation(
        missing=missing_by_covariate(data.primary),
        imputations=plan.IMPUTATIONS if rubin else 0,
        complete=data.estimates["planned"],
        pooled=pooled,
        df=rubin.df if rubin else None,
        fraction=rubin.fraction if rubin else None,
    )


def show(result: Imputation, _view: View) -> Shown:
    """A table of both estimates; without a missing covariate a sentence."""
    caption = T("缺失的基线协变量", "Missing baseline covariates")
    top = heads(T("分析", "Analysis"), tuple(plan.ARMS.values()))
    if not any(result.missing.values()):
        return Shown(tables=(Table(caption, top, (), empty=NOTHING),))
    arms = tuple(plan.ARMS)
    rows = (row(COMPLETE, result.complete, arms), row(ANALYSES["imputed"], result.pooled, arms))
    return Shown(tables=(Table(caption, top, rows, note=_note(result)),))


def _note(result: Imputation) -> T:
    """How many lack what, and how it was imputed."""
    counts = [(covariate.text, result.missing.get(covariate.column)) for covariate in plan.COVARIATES]
    lost = [T("{name} {n}", "{name} {n}").format(name=name, n=n) for name, n in counts if n]
    missing = T("缺失：{lost}。", "Missing: {lost}.").format(
        lost=T("；".join(each.zh for each in lost), "; ".join(each.en for each in lost))
    )
    if not result.imputations:
        return missing
    how = T(
        "链式方程{m}次，预测均值匹配；插补模型含治疗组、事件、累积风险及其余协变量；按Rubin规则合并"
        "（自由度{df}，缺失信息{share}%）。插补值见数据包的imputed.csv。",
        "{m} imputations by chained equations, predictive mean matching; the imputation model has arm, event,"
        " cumulative hazard and the other covariates; pooled by Rubin's rules ({df} degrees of freedom, {share} % of"
        " the information missing). The bundle has the values in imputed.csv.",
    ).format(m=result.imputations, df=number(result.df, 1), share=percent(result.fraction or 0.0, 0))
    return T(f"{missing.zh}{how.zh}", f"{missing.en} {how.en}")


def expected(result: Imputation) -> Numbers:
    """Who lacks what, and both estimates."""
    numbers = at("missing", dict(result.missing)) | estimate_numbers("complete", result.complete)
    numbers |= {"imputations": result.imputations, "df": result.df, "fraction": result.fraction}
    return numbers | estimate_numbers("pooled", result.pooled)


OUTPUT = Output(
    code="imputation",
    title=T("多重插补", "Multiple imputation"),
    by_arm=True,
    result=Imputation,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES
    | COVARIATES
    | {
        "missing": T("缺失", "missing"),
        "complete": COMPLETE,
        "pooled": ANALYSES["imputed"],
        "imputations": T("插补次数", "imputations"),
        "fraction": T("缺失信息比例", "fraction of missing information"),
    },
)
