# Kaplan-Meier curves, medians, restricted means by R's package survival.

Z <- qnorm(0.975)
DAYS_PER_MONTH <- 30.4375

# Two-sided p-value of an estimate; NA where its standard error is nothing but rounding.
wald_p <- function(estimate, se) if (is.na(se) || se < 1e-12) NA else 2 * pnorm(-abs(estimate / se))

curve_of <- function(time, event) survfit(Surv(time, event) ~ 1, conf.type = "log-log")

# The numbers of a curve at times: 1 - S with its limits; NA beyond the last follow-up unless S is 0.
readings <- function(fit, times) {
  i <- findInterval(times, fit$time)
  surv <- c(1, fit$surv)[i + 1]
  beyond <- times > max(fit$time) & surv > 0
  surv[beyond] <- NA
  known <- !is.na(surv) & surv > 0 & surv < 1
  data.frame(value = 1 - surv, lower = ifelse(known, 1 - c(NA, fit$upper)[i + 1], NA),
             upper = ifelse(known, 1 - c(NA, fit$lower)[i + 1], NA))
}

# The columns of a table as values, a place per row.
spread <- function(places, table) {
  values <- lapply(names(table), function(column) {
    setNames(as.list(table[[column]]), paste(places, column, recycle0 = TRUE))
  })
  do.call(c, values)
}

counts_at <- function(time, event, times) {
  data.frame("at risk" = vapply(times, function(t) sum(time >= t), 0),
             censored = vapply(times, function(t) sum(event == 0 & time <= t), 0),
             events = vapply(times, function(t) sum(event == 1 & time <= t), 0), check.names = FALSE)
}

# A curve at every tick and at every step.
nominal <- function(group, time, event) {
  fit <- curve_of(time, event)
  c(at(group, n = length(time), events = sum(event), "last week" = max(time)),
    spread(paste(group, "week", ticks()), cbind(counts_at(time, event, ticks()), readings(fit, ticks()))),
    spread(paste(group, "step", fit$time), cbind(readings(fit, fit$time), censored = fit$n.censor)))
}

median_of <- function(fit) {
  found <- quantile(fit, probs = 0.5)
  list(value = number(found$quantile), lower = number(found$lower), upper = number(found$upper))
}

# Area under S up to tau with its standard error; NA when follow-up ends before.
restricted_mean <- function(fit, tau) {
  if (tau > max(fit$time) && min(fit$surv) > 0) return(c(NA, NA))
  table <- summary(fit, rmean = tau)$table
  c(table[["rmean"]], table[["se(rmean)"]])
}

recurrence_pooled <- function() {
  rows <- endpoint("TTR")
  if (!nrow(rows)) return(list("all n" = 0))
  nominal("all", rows$NOMWEEK, rows$event)
}

recurrence_by_arm <- function() {
  rows <- endpoint("TTR")
  values <- list(curves = length(arms_of(rows)))
  for (arm in arms_of(rows)) {
    own <- rows[rows$ARMCD == arm, ]
    fit <- curve_of(own$NOMWEEK, own$event)
    mean <- restricted_mean(fit, plan()$read_week)
    values <- c(values, nominal(arm, own$NOMWEEK, own$event), at(paste(arm, "median"), median_of(fit)),
                at(paste(arm, "restricted mean"), value = mean[1], lower = mean[1] - Z * mean[2],
                   upper = mean[1] + Z * mean[2]),
                at(paste(arm, "left by"), as.list(table(own$EVNTDESC))))
  }
  values
}

follow_up <- function() {
  rows <- endpoint("TTR")
  if (!nrow(rows)) return(list(n = 0, "median days" = NA, "median months" = NA))
  days <- median_of(curve_of(rows$AVAL, 1 - rows$event))$value
  list(n = nrow(rows), "median days" = days, "median months" = days / DAYS_PER_MONTH)
}
