"""The tables and figures of the analysis: one module each, listed here in the order in which they are shown.

Dashboard, report and bundle loop over `OUTPUTS`, and a run stores `{"version", "outputs": {code: result}}`. Pure but
for the reader's language. To add a table or figure:

1. Write `analysis/outputs/<code>.py` with a frozen dataclass of the result (a `Result`, so that it can be stored),
   `compute` (from `AnalysisData`), the words with `T("中文", "English")`, and `show` (tiles, panels and tables of a
   view). Import what brings numpy or pandas within `compute`: pages show results and load neither.
2. Say in its `OUTPUT` whether it is `by_arm`; then only who may see results by arm ever gets it.
3. Give every number that is shown in `expected` (see `expectations`), the words of its place in `places`, and compute
   it again in the bundle's programs.
4. Add the module to the list below. Older runs do not have it and open without it.
5. Later, give every new field of a stored result a default. When that is not enough, raise `results.VERSION` and write
   a reader of the older shape beside `version_1`.
"""

from typing import Any

from analysis.outputs import (
    accrual,
    adjusted_models,
    balance,
    baseline,
    competing_risks,
    conditional_power,
    contrasts,
    cox_model,
    data_quality,
    design_monitor,
    dose_response,
    endpoint_review,
    events,
    follow_up,
    forest,
    functional_form,
    hazard_ratios,
    hbsag_loss,
    hbsag_loss_pooled,
    imaging,
    imaging_by_arm,
    imaging_matrix,
    imputation,
    incidence_pooled,
    interval_censored,
    listings,
    participant_flow,
    participants,
    proportional_hazards,
    recurrence_by_arm,
    recurrence_pattern,
    recurrence_pooled,
    recurrence_weighted,
    safety,
    safety_pooled,
    sensitivity,
    subgroups,
    treatment_timing,
    virological_response,
    virological_response_pooled,
)
from analysis.outputs.output import Output

OUTPUTS: tuple[Output[Any], ...] = (
    events.OUTPUT,
    participants.OUTPUT,
    follow_up.OUTPUT,
    recurrence_pooled.OUTPUT,
    incidence_pooled.OUTPUT,
    # By arm, the adjusted and the weighted estimates come before anything unadjusted.
    hazard_ratios.OUTPUT,
    recurrence_weighted.OUTPUT,
    recurrence_by_arm.OUTPUT,
    imaging.OUTPUT,
    imaging_matrix.OUTPUT,
    hbsag_loss_pooled.OUTPUT,
    virological_response_pooled.OUTPUT,
    safety_pooled.OUTPUT,
    data_quality.OUTPUT,
    accrual.OUTPUT,
    design_monitor.OUTPUT,
    cox_model.OUTPUT,
    proportional_hazards.OUTPUT,
    functional_form.OUTPUT,
    participant_flow.OUTPUT,
    baseline.OUTPUT,
    balance.OUTPUT,
    recurrence_pattern.OUTPUT,
    sensitivity.OUTPUT,
    adjusted_models.OUTPUT,
    treatment_timing.OUTPUT,
    imputation.OUTPUT,
    forest.OUTPUT,
    subgroups.OUTPUT,
    interval_censored.OUTPUT,
    competing_risks.OUTPUT,
    contrasts.OUTPUT,
    hbsag_loss.OUTPUT,
    virological_response.OUTPUT,
    dose_response.OUTPUT,
    conditional_power.OUTPUT,
    imaging_by_arm.OUTPUT,
    endpoint_review.OUTPUT,
    safety.OUTPUT,
    listings.OUTPUT,
)
