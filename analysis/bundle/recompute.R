# Computes every number of the report again from the CSV files of this folder, and compares with expected.json.
# Needs R (>= 4.0) and its recommended package survival; nothing else. Run:  Rscript recompute.R
# or only what is named, such as:  Rscript recompute.R adtte cox_model
# Exit status 0: every number agrees. 1: one differs, is missing on either side, or nothing was compared. 2: a name that
# is none. Apache-2.0.

suppressPackageStartupMessages(library(survival))

script <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
if (length(script)) setwd(dirname(normalizePath(script)))
invisible(Sys.setlocale("LC_COLLATE", "C"))
for (part in c("json", "comparison", "tables", "endpoints", "characteristics", "counts", "curves", "models", "listings",
               "estimates", "weights", "side_by_side", "risks", "intervals", "forms", "virology", "blind")) {
  source(file.path("recomputation", paste0(part, ".R")), encoding = "UTF-8")
}

# Which function computes the numbers of which output again.
outputs <- list(
  accrual = accrual, adjusted_models = adjusted_models, balance = balance_numbers, baseline = baseline,
  competing_risks = competing_risks, contrasts = contrasts, cox_model = cox_model, data_quality = data_quality,
  dose_response = dose_response, endpoint_review = endpoint_review,
  events = events, follow_up = follow_up, forest = forest, functional_form = functional_form,
  hazard_ratios = hazard_ratios, hbsag_loss = hbsag_loss, hbsag_loss_pooled = hbsag_loss_pooled,
  imaging = imaging, imaging_by_arm = imaging_by_arm,
  imaging_matrix = imaging_matrix, imputation = imputation, incidence_pooled = incidence_pooled, interval_censored = interval_censored,
  listings = listings, participant_flow = participant_flow, participants = participants,
  proportional_hazards = proportional_hazards, recurrence_by_arm = recurrence_by_arm,
  recurrence_pattern = recurrence_pattern, recurrence_pooled = recurrence_pooled,
  recurrence_weighted = recurrence_weighted, safety = safety,
  safety_pooled = safety_pooled, sensitivity = sensitivity, subgroups = subgroups,
  treatment_timing = treatment_timing, virological_response = virological_response,
  virological_response_pooled = virological_response_pooled
)

chosen <- commandArgs(TRUE)
numbers <- attempt("expected.json", expected()$numbers)
every <- sort(union(names(numbers), names(outputs)))
if (length(unknown <- setdiff(chosen, c("files", "adtte", every)))) {
  cat(paste0("There is no ", paste(unknown, collapse = ", "), "\n"))
  quit(status = 2)
}
if (!length(chosen)) chosen <- c("files", "adtte", every)
if ("files" %in% chosen) compare("files", attempt("files", files_listed()), attempt("files", files_there()))
if ("adtte" %in% chosen) compare("adtte", attempt("adtte", endpoints_in_file()), attempt("adtte", derived_endpoints()))
for (name in intersect(every, chosen)) {
  computed <- if (is.null(outputs[[name]])) list() else attempt(name, outputs[[name]]())
  compare(name, numbers[[name]], computed)
}
quit(status = end_of_comparison())
