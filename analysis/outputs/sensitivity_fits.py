"""The sensitivity models of the arms: each a fit to the rows of a data cut, with who is not in it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import plan
from analysis.outputs import peginterferon
from analysis.outputs.estimates import Estimate
from analysis.survival.cox import cox
from analysis.survival.fits import attempt
from analysis.survival.results import Level, Refusal, Term
from analysis.survival.survival_data import label
from enrollment.codelists.arm import COMBINATION

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

ADJUSTED = ("AGE", "BCLC", "HBSAGLOG")
REFERENCE = {covariate.column: covariate.reference for covariate in plan.COVARIATES if covariate.reference}

#: The subgroups that divide a number: its column, and the least value of the upper level.
CUTS = {"AGE": ("AGE", float(plan.AGE_CUT)), "HBSAG": ("HBSAGLOG", math.log10(plan.HBSAG_CUT))}


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Who has every covariate of the plan; a blank stage is none."""
    staged = rows["BCLC"].map(lambda stage: isinstance(stage, str) and bool(stage.strip())).astype(bool)
    return rows[staged & rows[["AGE", "HBSAGLOG"]].notna().all(axis=1)]


def estimate(
    rows: pd.DataFrame,
    time: str,
    *,
    exposure: str = "ARMCD",
    adjusted: Sequence[str] = ADJUSTED,
    entry: str | None = None,
    strata: Sequence[str] = (),
    robust: bool = False,
    left_out: Mapping[str, int] | None = None,
) -> Estimate:
    """Cox with the exposure and the covariates in the rows that have all covariates of the plan."""
    known = complete(rows)
    names = [exposure, *adjusted]
    refused: list[Refusal] = []
    fitted = attempt(
        "Cox", refused,
        lambda: cox(
            known, time, "EVENT", names, entry=entry, strata=strata, robust=robust,
            reference={name: REFERENCE[name] for name in names if name in REFERENCE},
        ),
    )  # fmt: skip
    n = known["SUBJID"].nunique()
    return Estimate(
        n=n,
        events=int(known["EVENT"].sum()),
        groups=groups(known, exposure),
        term=fitted.terms[0] if fitted else None,
        refused=tuple(refused),
        left_out={**(left_out or {}), "covariate": rows["SUBJID"].nunique() - n},
    )


def groups(rows: pd.DataFrame, column: str) -> tuple[Level, ...]:
    """Rows and events at every level of a column."""
    return tuple(Level(label(value), len(own), int(own["EVENT"].sum())) for value, own in rows.groupby(column))


def of_the_arms(data: AnalysisData) -> dict[str, Estimate]:
    """The models in which the arm as it was chosen is compared, by the names of ANALYSES."""
    primary, origin = data.primary, data.endpoint("TTRRAD")
    return {
        "planned": estimate(primary, "NOMWEEK"),
        "robust": estimate(primary, "NOMWEEK", robust=True),
        "stratified": estimate(primary, "NOMWEEK", adjusted=("AGE", "HBSAGLOG"), strata=("BCLC",)),
        "truncated": estimate(origin, "AVAL", entry="ENTRY", left_out={"no_origin": len(primary) - len(origin)}),
        "actual": estimate(primary, "AVAL"),
        "rfs": estimate(data.endpoint("RFS"), "AVAL"),
        "ttrgap": estimate(data.endpoint("TTRGAP"), "AVAL"),
    }


def of_peginterferon(data: AnalysisData) -> dict[str, Estimate]:
    """The models in which peginterferon is compared by when it was started, by the names of ANALYSES."""
    rows = peginterferon.with_start(data.primary, data.tables, data.cutoff)
    known = rows[rows["START"].notna()]
    unknown = {"start_unknown": len(rows) - len(known)}
    models = {"ever": estimate(peginterferon.ever_started(known), "AVAL", exposure="PEG", left_out=unknown)}
    for week in plan.LANDMARKS:
        models[f"landmark_{week}"] = estimate(
            peginterferon.from_landmark(known, week), "SINCE", exposure="PEG",
            left_out=unknown | peginterferon.gone_before(known, week),
        )  # fmt: skip
    models["time_dependent"] = estimate(
        peginterferon.by_time(known), "UNTIL", exposure="PEG", entry="SINCE", left_out=unknown
    )
    return models


def weighted(data: AnalysisData) -> Estimate:
    """The arms under overlap weights."""
    rows = complete(data.primary)
    effects = () if isinstance(data.weighting, Refusal) else data.weighting.effects
    refused = data.score_refused
    return Estimate(
        n=len(rows),
        events=int(rows["EVENT"].sum()),
        groups=groups(rows, "ARMCD"),
        term=next((effect.hazard for effect in effects if effect.scheme == "ato"), None),
        refused=(refused,) if refused else (),
        left_out={"covariate": len(data.primary) - len(rows)},
    )


def of_subgroup(data: AnalysisData, name: str) -> tuple[dict[str, Estimate], Term | None]:
    """The arms at every level of a subgroup, and the product of arm and second level in one model of both."""
    rows = data.primary.assign(LEVEL=_levels(data.primary, name))
    adjusted = ADJUSTED if name != "BCLC" else ("AGE", "HBSAGLOG")  # within a stage it is constant
    levels = tuple(plan.SUBGROUPS[name].levels)
    estimates = {level: estimate(rows[rows["LEVEL"] == level], "NOMWEEK", adjusted=adjusted) for level in levels}
    both = complete(rows[rows["LEVEL"].isin(levels)])
    second = (both["LEVEL"] == levels[1]).astype(float)
    both = both.assign(LEVEL=second, PRODUCT=second * (both["ARMCD"] == COMBINATION))
    terms = ["ARMCD", *ADJUSTED, "LEVEL", "PRODUCT"]
    model = attempt("Cox", [], lambda: cox(both, "NOMWEEK", "EVENT", terms, reference=REFERENCE))
    return estimates, model.terms[-1] if model else None


def _levels(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Everybody's level; None where the variable is missing."""
    if name not in CUTS:
        return rows[name]
    column, cut = CUTS[name]
    level = pd.Series(np.where(rows[column] < cut, "under", "over"), index=rows.index, dtype=object)
    return level.where(rows[column].notna(), None)
