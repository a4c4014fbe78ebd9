# The planned model (arm, age, BCLC stage, baseline HBsAg) by coxph, its tests by cox.zph, and the sensitivity analyses.

# Fewer events in an arm, or at a level of a two-valued covariate, and no hazard ratio is shown.
FEWEST_EVENTS <- 5
TRANSFORMS <- c("km", "rank", "identity", "log")
CONTROL <- coxph.control(eps = 1e-12, iter.max = 200, toler.chol = 1e-13)

complete_rows <- function(rows) {
  rows[!is.na(rows$AGE) & !is.na(rows$HBSAGLOG) & trimws(rows$BCLC) != "" & rows$ARMCD != "", ]
}

# Complete rows and the columns of a model; NULL without a complete row or a reference level.
design <- function(rows, arm = TRUE) {
  rows <- complete_rows(rows)
  if (!nrow(rows)) return(NULL)
  columns <- list()
  few <- logical()
  add <- function(name, values, reference) {
    columns[[name]] <<- values
    low <- if (is.null(reference)) values == min(values) else reference
    two <- !is.null(reference) || length(unique(values)) == 2
    level <- if (all(values == 0) && !is.null(reference)) low else values == max(values)
    few <<- c(few, two && min(sum(rows$event[level]), sum(rows$event[low])) < FEWEST_EVENTS)
  }
  dummies <- function(name, values, reference) {
    levels <- setdiff(sort(unique(values)), reference)
    if (!length(levels)) add(name, rep(0, length(values)), values == reference)
    for (level in levels) add(paste0(name, level), as.numeric(values == level), values == reference)
  }
  if ((arm && !"A1" %in% rows$ARMCD) || !"0" %in% rows$BCLC) return(NULL)
  if (arm) dummies("ARMCD", rows$ARMCD, "A1")
  add("AGE", rows$AGE, NULL)
  dummies("BCLC", rows$BCLC, "0")
  add("HBSAGLOG", rows$HBSAGLOG, NULL)
  list(rows = rows, x = do.call(cbind, columns), few = few)
}

# Two arms with 5 events each.
estimable <- function(rows) {
  identical(arms_of(rows), ARMS) && all(tapply(rows$event, rows$ARMCD, sum) >= FEWEST_EVENTS)
}

# A fitted model; a column without information, or whose coefficient grows without end, is NA.
cox_fit <- function(x, time, event, weights = rep(1, length(time)), robust = FALSE) {
  rows <- list(x = x, time = time, event = event, weights = weights, id = seq_along(time))
  if (robust) {
    fit <- tryCatch(
      coxph(Surv(time, event) ~ x, data = rows, weights = weights, cluster = id, ties = "efron", control = CONTROL),
      error = function(singular) NULL)
    if (is.null(fit)) {  # a robust variance of 0: there is an estimate, and no test of it
      fit <- coxph(Surv(time, event) ~ x, data = rows, weights = weights, robust = FALSE, ties = "efron",
                   control = CONTROL)
      return(list(fit = fit, coef = unname(coef(fit)), se = rep(0, ncol(x)), endless = FALSE))
    }
  } else {
    fit <- coxph(Surv(time, event) ~ x, data = rows, ties = "efron", control = CONTROL)
  }
  naive <- if (robust && !is.null(fit$naive.var)) fit$naive.var else vcov(fit, complete = TRUE)
  endless <- !is.na(coef(fit)) & sqrt(diag(naive)) * apply(x, 2, sd) > 100
  list(fit = fit, coef = unname(ifelse(endless, NA, coef(fit))),
       se = unname(ifelse(endless, NA, sqrt(diag(vcov(fit, complete = TRUE))))), endless = any(endless))
}

# A hazard ratio with its limits.
term <- function(place, coef, se, shown) {
  if (!shown || is.na(coef)) return(at(place, coef = NA, se = NA, hr = NA, lower = NA, upper = NA, p = NA))
  at(place, coef = coef, se = se, hr = exp(coef), lower = exp(coef - Z * se), upper = exp(coef + Z * se),
     p = wald_p(coef, se))
}

# Of how many every covariate is known.
model_size <- function(place, rows) {
  known <- if (!is.null(rows)) complete_rows(rows)
  at(paste(place, "model"), n = if (is.null(known)) NA else nrow(known), events = if (is.null(known)) NA else sum(known$event))
}

cox_model <- function() {
  rows <- endpoint("TTR")
  model <- design(rows)
  if (is.null(model)) return(list(n = NA, events = NA, dropped = NA, concordance = NA))
  n <- nrow(model$rows)
  values <- list(n = n, events = sum(model$rows$event), dropped = nrow(rows) - n, concordance = NA)
  if (estimable(rows)) {
    fit <- cox_fit(model$x, model$rows$NOMWEEK, model$rows$event)
    values$concordance <- unname(fit$fit$concordance["concordance"])
    for (j in seq_len(ncol(model$x))) {
      values <- c(values, term(colnames(model$x)[j], fit$coef[j], fit$se[j], !model$few[j]))
    }
  }
  values
}

proportional_hazards <- function() {
  rows <- endpoint("TTR")
  model <- if (estimable(rows)) design(rows) else NULL
  if (is.null(model) || !any(model$rows$event == 1)) return(list(transforms = 0))
  fit <- cox_fit(model$x, model$rows$NOMWEEK, model$rows$event)
  used <- !is.na(coef(fit$fit))
  values <- list(transforms = length(TRANSFORMS))
  for (name in TRANSFORMS) {
    early <- name == "log" && any(model$rows$NOMWEEK[model$rows$event == 1] == 0)
    tested <- if (fit$endless || early) NULL else zph(model, used, name)
    labels <- if (fit$endless) "GLOBAL" else c(colnames(model$x)[used], "GLOBAL")
    for (label in labels) {
      chi2 <- if (is.null(tested)) NA else number(tested[label, "chisq"])
      p <- if (is.null(tested)) NA else number(tested[label, "p"])
      values <- c(values, at(paste(name, label), chi2 = chi2, p = p))
    }
  }
  c(values, if (!fit$endless) over_time(rows, model, used))
}

zph <- function(model, used, transform) {
  columns <- data.frame(model$x[, used, drop = FALSE], time = model$rows$NOMWEEK, event = model$rows$event)
  formula <- reformulate(colnames(model$x)[used], quote(Surv(time, event)))
  fit <- coxph(formula, data = columns, ties = "efron", control = CONTROL)
  tryCatch(cox.zph(fit, transform = transform)$table, error = function(failed) NULL)
}

# The rows of an endpoint; TTRPP without whose exclusion is proposed, TTRAT by the treatment received.
population <- function(parameter) {
  rows <- endpoint(if (parameter %in% c("TTRPP", "TTRAT")) "TTR" else parameter)
  deviations <- form("dv")
  if (parameter == "TTRPP") rows <- rows[!rows$SUBJID %in% deviations$SUBJID[deviations$dv_excl == "Y"], ]
  if (parameter == "TTRAT") {
    actual <- received()
    rows$ARMCD <- unname(actual[rows$SUBJID])
  }
  rows
}

sensitivity <- function() {
  day <- plan()$read_day
  few <- plan()$fewest_reviewed * nrow(endpoint("TTR"))
  parameters <- c("TTR", "RFS", "OS", "TTRGAP", if (nrow(form("blind_rounds"))) "TTRBICR", "TTRPP", "TTRAT")
  do.call(c, lapply(parameters, function(parameter) {
    rows <- population(parameter)
    not_yet <- parameter == "TTRBICR" && nrow(rows) < few
    values <- c(at(parameter, n = nrow(rows), events = sum(rows$event)), model_size(parameter, if (!not_yet) rows))
    for (arm in ARMS) {
      own <- rows[rows$ARMCD == arm, ]
      place <- paste(parameter, arm)
      drawn <- nrow(own) && !not_yet
      read <- if (drawn) readings(curve_of(own$AVAL, own$event), day) else data.frame(value = NA, lower = NA, upper = NA)
      at_risk <- if (drawn) sum(own$AVAL >= day) else NA
      values <- c(values, spread(place, read), at(place, "at risk" = at_risk))
    }
    model <- if (estimable(rows) && !not_yet) design(rows) else NULL
    fit <- if (is.null(model)) list(coef = NA, se = NA) else cox_fit(model$x, model$rows$AVAL, model$rows$event)
    c(values, term(parameter, fit$coef[1], fit$se[1], !is.null(model) && !model$few[1]))
  }))
}
