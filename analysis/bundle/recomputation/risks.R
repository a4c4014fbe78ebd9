# Competing risks (recurrence, death without it) and the differences of the arms.
# Incidence by the multi-state survfit with its infinitesimal jackknife; Gray (Ann Stat 1988;16:1141), rho = 0, with
# hypergeometric variances for ties; Fine & Gray (JASA 1999;94:496) with the variance of their section 3.3; differences at
# a fixed time, Klein et al. (Stat Med 2007;26:4505), of restricted means, Royston & Parmar (BMC Med Res Methodol 2013;13:152).

CAUSES <- c(recurrence = 1, death = 2)

competing_risks <- function() {
  rows <- with_causes()
  values <- list(incidences = 2 * length(arms_of(rows)))
  for (arm in arms_of(rows)) for (name in names(CAUSES)) {
    own <- rows[rows$ARMCD == arm, ]
    values <- c(values, at(paste(arm, name), incidence(own$NOMWEEK, own$cause, CAUSES[[name]], plan()$read_week)))
  }
  for (arm in arms_of(rows)) {
    own <- rows[rows$ARMCD == arm, ]
    values <- c(values, cause_curve(arm, own$NOMWEEK, own$cause))
  }
  primary <- endpoint("TTR")
  model <- fine_gray(rows)
  if (!is.null(model) && length(arms_of(rows)) == 2 && comparison_shown(primary)) {
    for (name in names(CAUSES)) {
      chi2 <- gray(rows$NOMWEEK, rows$cause, rows$ARMCD, CAUSES[[name]])
      p <- if (is.na(chi2)) NA else pchisq(chi2, 1, lower.tail = FALSE)
      values <- c(values, at(paste("Gray", name), chi2 = chi2, p = p))
    }
  }
  c(values, if (!is.null(model) && estimable(primary)) model)
}

# Incidences of everybody at the read week, and the curve of recurrence.
incidence_pooled <- function() {
  rows <- with_causes()
  if (!nrow(rows)) return(list(incidences = 0))
  read <- lapply(names(CAUSES), function(name) {
    at(paste("all", name), incidence(rows$NOMWEEK, rows$cause, CAUSES[[name]], plan()$read_week))
  })
  c(list(incidences = 2), do.call(c, read), cause_curve("all", rows$NOMWEEK, rows$cause))
}

with_causes <- function() {
  rows <- endpoint("RFS")
  rows$cause <- match(rows$EVNTDESC, c("RECURRENCE", "DEATH"), nomatch = 0)
  rows
}

# Cumulative incidence of one cause in one group at t.
incidence <- function(time, cause, code, t) {
  counts <- list(n = length(time), events = sum(cause == code), "at risk" = sum(time >= t))
  fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, id = seq_along(time))
  column <- match(as.character(code), fit$states)
  i <- findInterval(t, fit$time)
  value <- if (i) fit$pstate[i, column] else 0
  ended <- all(cause[time == max(time)] > 0)
  if (t > max(time) && !ended) return(c(counts, value = NA, lower = NA, upper = NA))
  if (value <= 0 || value >= 1) return(c(counts, value = value, lower = NA, upper = NA))
  theta <- exp(Z * fit$std.err[i, column] / (value * log(value)))
  c(counts, value = value, lower = value^(1 / theta), upper = value^theta)
}

# The incidence of the first cause at every tick and at every step; the other is counted with the censored.
cause_curve <- function(arm, week, cause) {
  own <- cause == 1
  drawn <- c("value", "lower", "upper")
  values <- at(arm, n = length(week), events = sum(own), "last week" = max(week))
  for (t in ticks()) {
    read <- incidence(week, cause, 1, t)
    if (t > max(week)) read[drawn] <- NA
    counts <- list("at risk" = read[["at risk"]], censored = sum(week <= t & !own), events = sum(week <= t & own))
    values <- c(values, at(paste(arm, "week", t), c(counts, read[drawn])))
  }
  for (t in sort(unique(week[own]))) {
    values <- c(values, at(paste(arm, "step", format(t)), incidence(week, cause, 1, t)[drawn]))
  }
  values
}

# Gray's test of one cause in two groups: the score of the first and its variance.
gray <- function(time, cause, arm, code) {
  times <- sort(unique(time[cause > 0]))
  groups <- sort(unique(arm))
  count <- function(chosen, by) vapply(times, function(t) sum(chosen & by(time, t)), 0)
  parts <- lapply(groups, function(group) {
    own <- arm == group
    n <- count(own, `>=`)
    one <- count(own & cause == code, `==`)
    any_event <- count(own & cause > 0, `==`)
    after <- cumprod(1 - ifelse(n > 0, any_event / n, 0))
    before <- c(1, after)[seq_along(times)]
    step <- before * ifelse(n > 0, one / n, 0)
    h <- ifelse(n > 0, n / before, 0)
    list(n = n, one = one, others = any_event - one, before = before, after = after, h = h,
         risk = h * (1 - (cumsum(step) - step)))
  })
  events <- parts[[1]]$one + parts[[2]]$one
  total <- parts[[1]]$h + parts[[2]]$h
  share <- ifelse(events > 0, events * parts[[1]]$risk / (parts[[1]]$risk + parts[[2]]$risk), 0)
  score <- sum(parts[[1]]$one) - sum(share)
  jump <- events / total
  reached <- cumsum(jump)
  variance <- sum(vapply(1:2, function(k) {
    part <- parts[[k]]
    pull <- part$h * ((k == 1) - parts[[1]]$h / total)
    drift <- pull * jump / (1 - (reached - jump))
    rest <- sum(drift) - cumsum(drift)
    ratio <- ifelse(part$after > 0, (1 - reached) / part$after, 0)
    spare <- total * part$before - 1
    tied <- ifelse(events > 1, ifelse(spare > 0, pmax(0, 1 - (events - 1) / spare), 0), 1)
    tied_others <- ifelse(part$others > 1, 1 - (part$others - 1) / (part$n - 1), 1)
    terms <- (pull + (1 - ratio) * rest)^2 * jump * tied / part$h + (ratio * rest)^2 * part$others * tied_others / part$h^2
    sum(terms[part$h > 0])
  }, 0))
  if (variance > 1e-12) score^2 / variance else NA
}

# The model of recurrence with its limits; NULL when it cannot be fitted.
fine_gray <- function(rows) {
  model <- design(rows)
  if (is.null(model) || !any(model$rows$cause == 1)) return(NULL)
  spread <- apply(model$x, 2, sd)
  used <- integer()
  for (j in which(spread > 1e-12)) {  # the later of dependent columns goes
    columns <- cbind(1, sweep(model$x[, c(used, j), drop = FALSE], 2, spread[c(used, j)], "/"))
    if (qr(columns)$rank > length(used) + 1) used <- c(used, j)
  }
  x <- scale(model$x[, used, drop = FALSE])
  fit <- subdistribution(x, model$rows$NOMWEEK, model$rows$cause)
  interest <- model$rows$cause == 1
  do.call(c, lapply(seq_len(ncol(model$x)), function(j) {
    k <- match(j, used)
    b <- if (is.na(k)) NA else fit$coef[k] / spread[j]
    s <- if (is.na(k)) NA else fit$se[k] / spread[j]
    levels <- unique(model$x[, j])
    few <- length(levels) == 2 && any(vapply(levels, function(l) sum(interest & model$x[, j] == l) < 5, NA))
    if (few) b <- NA
    at(paste("Fine-Gray", colnames(model$x)[j]), ratio = number(exp(b)), lower = number(exp(b - Z * s)),
       upper = number(exp(b + Z * s)), p = if (is.na(b)) NA else wald_p(b, s))
  }))
}

# Coefficients and standard errors; NA where they do not converge.
subdistribution <- function(x, time, cause) {
  times <- sort(unique(time[cause == 1]))
  d <- vapply(times, function(t) sum(time == t & cause == 1), 0)
  lost <- survfit(Surv(time, cause == 0) ~ 1)
  before <- function(t) c(1, lost$surv)[findInterval(t, lost$time, left.open = TRUE) + 1]
  after <- outer(time, times, "<") & cause == 2
  w <- outer(time, times, ">=") + ifelse(after, outer(1 / before(time), before(times)), 0)
  beta <- rep(0, ncol(x))
  undefined <- list(coef = rep(NA, ncol(x)), se = rep(NA, ncol(x)))
  for (round in 1:60) {
    load <- w * as.vector(exp(x %*% beta))
    mean <- crossprod(load, x) / colSums(load)
    information <- crossprod(x * as.vector(load %*% (d / colSums(load))), x) - crossprod(mean * d, mean)
    if (rcond(information) < 1e-12) return(undefined)
    move <- solve(information, colSums(x[cause == 1, , drop = FALSE]) - as.vector(d %*% mean))
    if (max(abs(move)) > 5) return(undefined)
    beta <- beta + move
    if (max(abs(move)) < 1e-11) break
  }
  load <- w * as.vector(exp(x %*% beta))
  mean <- crossprod(load, x) / colSums(load)
  compensator <- sweep(load, 2, d / colSums(load), "*")
  influence <- influence_of(x, time, cause, times, compensator, mean, after)
  list(coef = beta, se = sqrt(diag(solve(information) %*% crossprod(influence) %*% solve(information))))
}

# eta + psi of Fine & Gray: the residual of every row, and what estimating the censoring distribution adds.
influence_of <- function(x, time, cause, times, compensator, mean, after) {
  martingale <- outer(time, times, "==") * (cause == 1) - compensator
  result <- x * rowSums(martingale) - martingale %*% mean
  for (c in sort(unique(time[cause == 0]))) {
    n <- sum(time >= c)
    part <- compensator * (after & outer(time < c, times >= c))
    q <- (colSums(x * rowSums(part)) - as.vector(colSums(part) %*% mean)) / n
    lost <- time == c & cause == 0
    result <- result + outer(lost - (time >= c) * sum(lost) / n, q)
  }
  result
}

# Difference at the read week and of the restricted means, second arm minus first.
contrasts <- function() {
  rows <- endpoint("TTR")
  nothing <- list(difference = NA, lower = NA, upper = NA, p = NA)
  values <- list("mean ratio" = NA, recurrence = nothing, mean = nothing)
  if (comparison_shown(rows)) {
    week <- plan()$read_week
    fits <- lapply(arms_of(rows), function(arm) curve_of(rows$NOMWEEK[rows$ARMCD == arm], rows$event[rows$ARMCD == arm]))
    means <- lapply(fits, restricted_mean, tau = week)
    values <- list("mean ratio" = means[[2]][1] / means[[1]][1], recurrence = difference_at(fits, week, nothing),
                   mean = if (anyNA(unlist(means))) nothing else difference(means))
  }
  c(values["mean ratio"], at("recurrence", values$recurrence), at("restricted mean", values$mean))
}

difference <- function(means) {
  gap <- means[[2]][1] - means[[1]][1]
  se <- sqrt(means[[1]][2]^2 + means[[2]][2]^2)
  list(difference = gap, lower = gap - Z * se, upper = gap + Z * se, p = wald_p(gap, se))
}

# Wald's limits, and p by Klein's test of log(-log S).
difference_at <- function(fits, t, nothing) {
  read <- lapply(fits, function(fit) {
    i <- findInterval(t, fit$time)
    surv <- c(1, fit$surv)[i + 1]
    if ((t > max(fit$time) && surv > 0) || surv == 0) return(NULL)
    c(surv, if (surv == 1) 0 else surv * fit$std.err[i])
  })
  if (any(vapply(read, is.null, NA))) return(nothing)
  result <- difference(read)
  scaled <- lapply(read, function(each) c(log(-log(each[1])), each[2] / (each[1] * log(each[1]))))
  p <- difference(scaled)$p
  list(difference = -result$difference, lower = -result$upper, upper = -result$lower, p = p)
}
