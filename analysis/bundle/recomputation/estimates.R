# The sensitivity models: one adjusted hazard ratio each by coxph, of the arm or of peginterferon by when it was started.
# Days are actual ones with Day 0 as day 1. Peginterferon is started by the first dose that was given. Landmark, Anderson,
# Cain & Gelber (J Clin Oncol 1983;1:710); time-dependent treatment as a counting process, (0, start] and (start, end].

GIVEN <- c("GIVEN", "REDUCED", "DELAYED")
ADJUSTED <- c("AGE", "BCLC", "HBSAGLOG")

# The columns of the covariates; NULL without the reference stage.
covariate_columns <- function(rows, names) {
  columns <- list()
  for (name in names) {
    if (name == "BCLC") {
      levels <- sort(unique(rows$BCLC))
      if (!"0" %in% levels) return(NULL)
      for (level in setdiff(levels, "0")) columns[[paste0("BCLC", level)]] <- as.numeric(rows$BCLC == level)
    } else {
      columns[[name]] <- rows[[name]]
    }
  }
  columns
}

# A line: rows with columns `time`, `group`, and `entry` or `stratum` where the model has them.
estimate <- function(place, rows, adjusted = ADJUSTED, robust = FALSE, left_out = list()) {
  own <- complete_rows(rows)
  n <- length(unique(own$SUBJID))
  values <- at(place, n = n, events = sum(own$event))
  sizes <- table(own$group)
  events <- tapply(own$event, factor(own$group), sum)
  for (level in names(sizes)) {
    values <- c(values, at(paste(place, level), n = sizes[[level]], events = events[[level]]))
  }
  lost <- c(left_out, list(covariate = length(unique(rows$SUBJID)) - n))
  values <- c(values, at(place, lost))
  reference <- if (any(own$group == "A1")) "A1" else "0"
  others <- if (length(sizes) == 2 && all(events >= FEWEST_EVENTS) && reference %in% names(sizes)) covariate_columns(own, adjusted)
  if (is.null(others)) return(c(values, term(place, NA, NA, FALSE)))
  x <- do.call(cbind, c(list(group = as.numeric(own$group != reference)), others))
  fit <- if (robust) cox_fit(x, own$time, own$event, robust = TRUE) else counting_fit(x, own)
  c(values, term(place, fit$coef[1], fit$se[1], TRUE))
}

# coxph with delayed entry or strata where the rows have them.
counting_fit <- function(x, rows) {
  if (is.null(rows$entry)) rows$entry <- -1
  if (is.null(rows$stratum)) rows$stratum <- 0
  fit <- coxph(Surv(entry, time, event) ~ x + strata(stratum), data = rows, ties = "efron", control = CONTROL)
  se <- sqrt(diag(vcov(fit, complete = TRUE)))
  endless <- !is.na(coef(fit)) & se * apply(x, 2, sd) > 100
  list(coef = unname(ifelse(endless, NA, coef(fit))), se = unname(ifelse(endless, NA, se)))
}

# The day of the first dose of everybody: infinite without a dose up to the cut-off, NA where it is not known.
first_doses <- function(rows) {
  doses <- form("pegifn")
  doses <- doses[doses$pg_status %in% GIVEN, ]
  day <- as.Date(ifelse(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", doses$pg_date), doses$pg_date, NA), format = "%Y-%m-%d")
  counted <- is.na(day) | day <= as.Date(cutoff())
  doses <- doses[counted, ]
  day <- day[counted]
  vapply(seq_len(nrow(rows)), function(i) {
    own <- day[doses$SUBJID == rows$SUBJID[i]]
    if (!length(own)) return(Inf)
    if (all(is.na(own))) return(NA_real_)
    as.numeric(min(own, na.rm = TRUE) - as.Date(rows$STARTDT[i])) + 1
  }, 0)
}

treatment_timing <- function() do.call(c, unname(of_peginterferon()))

# The lines in which peginterferon is compared by when it was started, by their names.
of_peginterferon <- function() {
  rows <- endpoint("TTR")
  rows$start <- first_doses(rows)
  unknown <- list(start_unknown = sum(is.na(rows$start)))
  rows <- rows[!is.na(rows$start), ]
  rows$time <- rows$AVAL
  rows$group <- as.character(as.integer(rows$start < rows$AVAL))
  lines <- list(ever = estimate("ever", rows, left_out = unknown))
  for (week in unlist(plan()$landmarks)) {
    day <- 7 * week + 1
    after <- rows$AVAL > day
    own <- rows[after, ]
    own$time <- own$AVAL - day
    own$group <- as.character(as.integer(own$start <= day))
    lost <- list(event_before = sum(rows$event[!after]), censored_before = sum(1 - rows$event[!after]))
    name <- paste0("landmark_", week)
    lines[[name]] <- estimate(name, own, left_out = c(unknown, lost))
  }
  c(lines, list(time_dependent = estimate("time_dependent", by_time(rows), left_out = unknown)))
}

# A row per participant before the first dose, and one after it.
by_time <- function(rows) {
  before <- rows[rows$start > 0, ]
  after <- rows[rows$start < rows$AVAL, ]
  before$event <- ifelse(before$start < before$AVAL, 0L, before$event)
  before$time <- pmin(before$start, before$AVAL)
  before$entry <- rep(0, nrow(before))
  before$group <- rep("0", nrow(before))
  after$time <- after$AVAL
  after$entry <- pmax(after$start, 0)
  after$group <- rep("1", nrow(after))
  rbind(before, after)
}

# The rows of an endpoint with the arms as groups.
arm_rows <- function(parameter, time) {
  rows <- endpoint(parameter)
  rows$time <- rows[[time]]
  rows$group <- rows$ARMCD
  rows
}

# The primary analysis with its strata, and the endpoint from radical treatment with its delayed entry.
staged_rows <- function() {
  rows <- arm_rows("TTR", "NOMWEEK")
  rows$stratum <- rows$BCLC
  rows
}
origin_rows <- function() {
  rows <- arm_rows("TTRRAD", "AVAL")
  rows$entry <- rows$ENTRY
  rows
}

# The lines in which the arm as it was chosen is compared.
of_the_arms <- function() {
  rows <- arm_rows("TTR", "NOMWEEK")
  origin <- origin_rows()
  list(planned = estimate("planned", rows), robust = estimate("robust", rows, robust = TRUE),
       stratified = estimate("stratified", staged_rows(), c("AGE", "HBSAGLOG")),
       truncated = estimate("truncated", origin, left_out = list(no_origin = nrow(rows) - nrow(origin))))
}

adjusted_models <- function() {
  lines <- of_the_arms()
  c(do.call(c, unname(lines)),
    tested("stratified", lines$stratified, function() {
      survdiff(Surv(time, event) ~ group + strata(stratum), data = complete_rows(staged_rows()))$chisq
    }),
    tested("truncated", lines$truncated, function() truncated_chi2(complete_rows(origin_rows()))))
}

# The test of the same participants below an estimate that is shown; with a variance of 0 there is none.
tested <- function(name, line, chi2) {
  value <- if (is.na(line[[paste(name, "coef")]])) NA else tryCatch(chi2(), error = function(singular) NA)
  at(paste(name, "logrank"), chi2 = value, p = pchisq(value, 1, lower.tail = FALSE))
}

# survdiff knows no delayed entry: the sums over the event times.
truncated_chi2 <- function(rows) {
  second <- rows$group != "A1"
  gap <- variance <- 0
  for (t in unique(rows$time[rows$event == 1])) {
    at_risk <- rows$entry < t & rows$time >= t
    died <- rows$event == 1 & rows$time == t
    n <- sum(at_risk)
    share <- sum(at_risk & second) / n
    gap <- gap + sum(died & second) - sum(died) * share
    if (n > 1) variance <- variance + sum(died) * share * (1 - share) * (n - sum(died)) / (n - 1)
  }
  if (variance > 0) gap^2 / variance else NA
}
