"""What the outputs are computed from: the tables of a data cut, and the fits that more than one of them shows. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from analysis import plan
from analysis.endpoints import Tables, adtte
from analysis.survival.fits import Options, comparison, weighting
from analysis.survival.results import Comparison, Weighting
from analysis.survival.survival_data import BadTable

TERMS = tuple(covariate.column for covariate in plan.COVARIATES)
REFERENCE = {covariate.column: covariate.reference for covariate in plan.COVARIATES if covariate.reference}
CONTROL = "A1"


@dataclass(frozen=True)
class AnalysisData:
    """A data cut ready for analysis: `frame` has a row per participant and endpoint (see `endpoints.adtte`).

    `not_derived` names participants whose endpoint could not be derived, and why.
    """

    tables: Tables
    cutoff: date
    frame: pd.DataFrame
    not_derived: tuple[str, ...]

    @classmethod
    def of(cls, tables: Tables, cutoff: date) -> "AnalysisData":
        """Derive the endpoints of all participants."""
        frame, warnings = adtte(tables, cutoff)
        return cls(tables, cutoff, frame, tuple(warnings))

    def endpoint(self, parameter: str) -> pd.DataFrame:
        """The rows of an endpoint in the full analysis set, with EVENT = 1 for an event."""
        chosen = self.frame[(self.frame["PARAMCD"] == parameter) & (self.frame["FASFL"] == "Y")]
        chosen = chosen.sort_values("SUBJID", kind="stable").reset_index(drop=True)
        for column in ("AVAL", "NOMWEEK", "AGE", "HBSAGLOG"):
            chosen[column] = pd.to_numeric(chosen[column])
        return chosen.assign(EVENT=(chosen["CNSR"] == 0).astype(int))

    @cached_property
    def primary(self) -> pd.DataFrame:
        """The rows of the primary endpoint, time to recurrence."""
        return self.endpoint("TTR")

    @cached_property
    def estimable(self) -> bool:
        """A hazard ratio of the primary endpoint may be shown."""
        return estimable(self.primary)

    @cached_property
    def unadjusted(self) -> Comparison:
        """Log-rank, and Cox with the arm alone."""
        chosen = Options(reference={"ARMCD": CONTROL})
        return comparison(self.primary, "NOMWEEK", "EVENT", "ARMCD", ["ARMCD"], chosen)

    @cached_property
    def adjusted(self) -> Comparison:
        """Log-rank, and Cox with all covariates of the plan."""
        return compared(self.primary, "NOMWEEK")

    @cached_property
    def weighting(self) -> Weighting | str:
        """The arms compared with propensity score weights, or why that was refused."""
        confounders = [term for term in TERMS if term != "ARMCD"]
        reference = {column: level for column, level in REFERENCE.items() if column != "ARMCD"}
        try:
            return weighting(self.primary, "NOMWEEK", "EVENT", "ARMCD", confounders, CONTROL, reference)
        except BadTable as refused:
            return str(refused)


def compared(rows: pd.DataFrame, time: str) -> Comparison:
    """The arms compared as the plan says: log-rank, and Cox with all covariates."""
    return comparison(rows, time, "EVENT", "ARMCD", TERMS, Options(reference=REFERENCE))


def estimable(rows: pd.DataFrame) -> bool:
    """Both arms have the fewest events for which a hazard ratio is shown (statistics rule 6)."""
    events = rows.groupby("ARMCD")["EVENT"].sum()
    return len(events) == 2 and bool((events >= plan.FEWEST_EVENTS).all())
