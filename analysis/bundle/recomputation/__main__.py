"""Reads the bundle, computes, compares, and says how it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import (
    adverse_events,
    blind,
    characteristics,
    counts,
    curves,
    endpoints,
    estimates,
    forms,
    intervals,
    listings,
    models,
    risks,
    side_by_side,
    virology,
    weights,
)
from .comparison import Comparison, Values
from .tables import Bundle

#: Which function computes the numbers of which output again.
OUTPUTS: dict[str, Callable[[Bundle], Values]] = {
    "accrual": counts.accrual,
    "adjusted_models": estimates.adjusted_models,
    "balance": weights.balance_numbers,
    "baseline": characteristics.baseline,
    "competing_risks": risks.competing_risks,
    "contrasts": risks.contrasts,
    "cox_model": models.cox_model,
    "data_quality": counts.data_quality,
    "dose_response": virology.dose_response,
    "endpoint_review": blind.endpoint_review,
    "events": counts.events,
    "follow_up": curves.follow_up,
    "forest": side_by_side.forest,
    "functional_form": forms.functional_form,
    "hazard_ratios": weights.hazard_ratios,
    "hbsag_loss": virology.hbsag_loss,
    "hbsag_loss_pooled": virology.hbsag_loss_pooled,
    "imaging": counts.imaging,
    "imaging_by_arm": counts.imaging_by_arm,
    "imaging_matrix": counts.imaging_matrix,
    "imputation": side_by_side.imputation,
    "incidence_pooled": risks.incidence_pooled,
    "interval_censored": intervals.interval_censored,
    "listings": listings.listings,
    "participant_flow": listings.participant_flow,
    "participants": counts.participants,
    "proportional_hazards": lambda bundle: models.proportional_hazards(bundle, forms.over_time),
    "recurrence_by_arm": curves.recurrence_by_arm,
    "recurrence_pattern": characteristics.recurrence_pattern,
    "recurrence_pooled": curves.recurrence_pooled,
    "recurrence_weighted": weights.recurrence_weighted,
    "safety": adverse_events.safety,
    "safety_pooled": adverse_events.safety_pooled,
    "sensitivity": models.sensitivity,
    "subgroups": side_by_side.subgroups,
    "treatment_timing": estimates.treatment_timing,
    "virological_response": virology.virological_response,
    "virological_response_pooled": virology.virological_response_pooled,
}


def main(folder: Path, chosen: Sequence[str] = ()) -> int:
    """The exit status; only what is chosen is compared, where something is."""
    bundle = Bundle(folder)
    comparison = Comparison()
    expected = comparison.attempt("expected.json", lambda: bundle.expected["numbers"]) or {}
    every = sorted(set(expected) | set(OUTPUTS))
    if unknown := [name for name in chosen if name not in ("files", "adtte", *every)]:
        print("There is no", ", ".join(unknown))
        return 2
    chosen = chosen or ("files", "adtte", *every)
    if "files" in chosen:
        _compare(comparison, "files", bundle.files_listed, bundle.files_there)
    if "adtte" in chosen:
        _compare(comparison, "adtte", bundle.endpoints_in_file, lambda: endpoints.derived(bundle))
    for name in [name for name in every if name in chosen]:
        _compare(comparison, name, lambda name=name: expected.get(name, {}), _computation(bundle, name))  # type: ignore[misc]
    return comparison.end()


def _computation(bundle: Bundle, name: str) -> Callable[[], Values]:
    compute = OUTPUTS.get(name)
    return dict if compute is None else lambda: compute(bundle)


def _compare(comparison: Comparison, name: str, theirs: Callable[[], Any], ours: Callable[[], Any]) -> None:
    there = comparison.attempt(name, theirs)
    computed = comparison.attempt(name, ours)
    comparison.compare(name, there or {}, computed or {})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).resolve().parent.parent, sys.argv[1:]))
