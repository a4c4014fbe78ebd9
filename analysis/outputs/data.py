"""What the outputs are computed from: the tables of a data cut, and the fits that more than one of them shows. Pure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from analysis import plan
from analysis.blind_review import Review, reviews
from analysis.cautions import ParticipantCaution
from analysis.endpoints import COLUMNS, PARAMETERS, Tables, adtte
from analysis.outputs import imputed, sensitivity_fits
from analysis.outputs.courses import courses
from analysis.outputs.estimates import Estimate
from analysis.outputs.number_texts import SCHEMES, may_compare
from analysis.survival.fits import Options, comparison, result_of, weighting
from analysis.survival.imputation import Pooled
from analysis.survival.projection import Course, Projection, project
from analysis.survival.results import Comparison, Refusal, Weighting
from analysis.survival.weighting import WeightedComparison, weighted_comparison

TERMS = tuple(covariate.column for covariate in plan.COVARIATES)
REFERENCE = sensitivity_fits.REFERENCE
CONTROL = "A1"


@dataclass(frozen=True)
class AnalysisData:
    """A data cut ready for analysis: `frame` has a row per participant and endpoint (see `endpoints.adtte`).

    `cautions` say of which participants a date is uncertain, or the endpoint could not be derived, and why.
    """

    tables: Tables
    cutoff: date
    frame: pd.DataFrame
    cautions: tuple[ParticipantCaution, ...]

    @classmethod
    def of(cls, tables: Tables, cutoff: date) -> "AnalysisData":
        """Derive the endpoints of all participants."""
        rows, cautions = adtte(tables, cutoff)
        return cls(tables, cutoff, pd.DataFrame(rows, columns=list(COLUMNS)), tuple(cautions))

    def count(self, name: str) -> int:
        """How many rows a table has; a data cut knows it without reading them."""
        known = getattr(self.tables, "count", None)
        return int(known(name)) if known else len(self.tables.get(name, ()))

    def endpoint(self, parameter: str) -> pd.DataFrame:
        """The rows of an endpoint in its population, with EVENT = 1 for an event."""
        chosen = self.frame[self.frame["PARAMCD"] == parameter]
        if PARAMETERS[parameter].population == "FAS":
            chosen = chosen[chosen["FASFL"] == "Y"]
        chosen = chosen.sort_values("SUBJID", kind="stable").reset_index(drop=True)
        for column in ("ENTRY", "AVAL", "NOMWEEK", "AGE", "HBSAGLOG"):
            chosen[column] = pd.to_numeric(chosen[column])
        return chosen.assign(EVENT=(chosen["CNSR"] == 0).astype(int))

    @cached_property
    def primary(self) -> pd.DataFrame:
        """The rows of the primary endpoint, time to recurrence."""
        return self.endpoint("TTR")

    @cached_property
    def reviews(self) -> dict[str, Review]:
        """The newest round of the blind endpoint review, by participant."""
        return reviews(self.tables)

    @cached_property
    def estimable(self) -> bool:
        """A hazard ratio of the primary endpoint may be shown."""
        return estimable(self.primary)

    @cached_property
    def arm_events(self) -> dict[str, int]:
        """The events of the primary endpoint in each arm."""
        return arm_events(self.primary)

    @cached_property
    def comparable(self) -> bool:
        """An adjusted or a weighted hazard ratio may be shown, and beside it an unadjusted comparison (rule 4)."""
        model, weights = self.adjusted.cox, self.weighting
        terms = list(model.terms[:1]) if model else []
        terms += [] if isinstance(weights, Refusal) else [effect.hazard for effect in weights.effects]
        return may_compare(self.estimable, terms)

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
    def weighted(self) -> WeightedComparison | Refusal:
        """The arms compared with propensity score weights, with the weighted curves, or why that was refused."""
        confounders = [term for term in TERMS if term != "ARMCD"]
        reference = {column: level for column, level in REFERENCE.items() if column != "ARMCD"}
        return result_of(
            "weights",
            lambda: weighted_comparison(
                self.primary, "NOMWEEK", "EVENT", "ARMCD", confounders,
                times=plan.TICKS, control=CONTROL, reference=reference, schemes=tuple(SCHEMES),
            ),
        )  # fmt: skip

    @cached_property
    def score_refused(self) -> Refusal | None:
        """Why there are no weights: the comparison was refused, or its propensity score is not estimable."""
        if isinstance(self.weighted, Refusal):
            return self.weighted
        code = self.weighted.propensity.not_estimable
        return Refusal("weights", code, f"the propensity score is not estimable ({code})") if code else None

    @cached_property
    def weighting(self) -> Weighting | Refusal:
        """The same without scores and curves: what is stored."""
        return self.weighted if isinstance(self.weighted, Refusal) else weighting(self.weighted)

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Every sensitivity model of the arms, by the names of `estimates.ANALYSES`."""
        pooled = {"imputed": self.imputed_estimate[0]} if self.imputes else {}
        return (
            sensitivity_fits.of_the_arms(self)
            | {"weighted": sensitivity_fits.weighted(self)}
            | pooled
            | sensitivity_fits.of_peginterferon(self)
        )

    @cached_property
    def imputed(self) -> imputed.Imputed | Refusal:
        """The primary analysis with its missing covariates imputed, or why that was refused."""
        return imputed.imputed(self.primary)

    @property
    def imputes(self) -> bool:
        """A covariate of somebody is missing."""
        return isinstance(self.imputed, Refusal) or bool(self.imputed.frames)

    @cached_property
    def imputed_estimate(self) -> tuple[Estimate, Pooled | None]:
        """The planned model pooled over the imputations."""
        return imputed.estimate(self.primary, self.imputed)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """Everybody with a chosen arm, for the design monitor."""
        return courses(self)

    @cached_property
    def projection(self) -> Projection:
        """When the planned number and the events of the design are reached, of everybody together."""
        return project(self.courses, self.cutoff, plan.PLANNED, plan.EVENTS_NEEDED)


def compared(rows: pd.DataFrame, time: str) -> Comparison:
    """The arms compared as the plan says: log-rank, and Cox with all covariates."""
    return comparison(rows, time, "EVENT", "ARMCD", TERMS, Options(reference=REFERENCE))


def arm_events(rows: pd.DataFrame) -> dict[str, int]:
    """The events of each arm."""
    return {str(arm): int(events) for arm, events in rows.groupby("ARMCD")["EVENT"].sum().items()}


def estimable(rows: pd.DataFrame) -> bool:
    """Both arms of the plan, and no other, have the fewest events for which a hazard ratio is shown (rule 6)."""
    events = arm_events(rows)
    return events.keys() == plan.ARMS.keys() and min(events.values()) >= plan.FEWEST_EVENTS
