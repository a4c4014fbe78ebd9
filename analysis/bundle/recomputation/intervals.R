# Recurrence between the last negative and the first positive scan: glm and survreg, and the missed scans.
# Grouped proportional hazards, Prentice & Gloeckler (Biometrics 1978;34:57); log hazard ratio of the Weibull model by the
# delta method, Kalbfleisch & Prentice (2002), 2.2; Turnbull (JRSS B 1976;38:290), its masses by Newton's method, because
# the iterations of survfit end too early to compare so many digits.

WIDTH <- 84
GRACE <- 0.25

interval_censored <- function() {
  rows <- with_left(endpoint("TTR"))
  gap <- endpoint("TTRGAP")
  rows$middle <- (rows$left + rows$AVAL) / 2
  values <- c(cox_line("planned", rows, rows$NOMWEEK, plan()$read_week), cox_line("gap", gap, gap$AVAL, plan()$read_day),
              cox_line("midpoint", rows, rows$middle, plan()$read_day))
  model <- if (is.na(cox_estimate(rows, rows$NOMWEEK)$coef)) NULL else design(rows)
  for (name in c("grouped", "weibull")) {
    fit <- list(coef = NA, se = NA)
    if (!is.null(model)) fit <- if (name == "grouped") grouped(model) else weibull(model)
    values <- c(values, at(name, n = nrow(rows), events = sum(rows$event)), model_size(name, rows),
                term(name, fit$coef, fit$se, !is.null(model)))
  }
  values <- c(values, at("turnbull", n = nrow(rows), events = sum(rows$event)))
  for (arm in ARMS) {
    own <- rows[rows$ARMCD == arm, ]
    seen <- own[own$event == 1, ]
    read <- turnbull(own$left, ifelse(own$event == 1, own$AVAL, Inf), plan()$read_day)
    scanned <- scans(arm)
    due <- scanned[[paste(arm, "due")]]
    values <- c(values, at(paste("turnbull", arm), lowest = read[1], highest = read[2]),
                at(paste("scans", arm), due = due, missed = due - scanned[[paste(arm, "done")]], events = nrow(seen),
                   after_gap = nrow(seen) - sum(gap$event[gap$ARMCD == arm]),
                   median_width = if (nrow(seen)) median(seen$AVAL - seen$left) else NA))
  }
  values
}

# The day of the last negative scan before an event (0: none), or of censoring.
with_left <- function(rows) {
  negative <- as.numeric(as.Date(ifelse(rows$LASTNEG == "", NA, rows$LASTNEG)) - as.Date(rows$STARTDT)) + 1
  rows$left <- ifelse(rows$event == 1, ifelse(is.na(negative), 0, negative), rows$AVAL)
  rows
}

# Coefficient and standard error of the arm; NA where they may not be shown.
cox_estimate <- function(rows, time) {
  model <- if (estimable(rows)) design(rows) else NULL
  if (is.null(model) || model$few[1]) return(list(coef = NA, se = NA))
  whole <- rownames(rows) %in% rownames(model$rows)
  fit <- cox_fit(model$x, time[whole], model$rows$event)
  list(coef = fit$coef[1], se = fit$se[1])
}

cox_line <- function(name, rows, time, read) {
  values <- c(at(name, n = nrow(rows), events = sum(rows$event)), model_size(name, rows))
  for (arm in ARMS) {
    own <- rows$ARMCD == arm
    rate <- if (any(own)) readings(curve_of(time[own], rows$event[own]), read)$value else NA
    values <- c(values, at(paste(name, arm), lowest = rate, highest = rate))
  }
  fit <- cox_estimate(rows, time)
  c(values, term(name, fit$coef, fit$se, !is.na(fit$coef)))
}

# The columns with mean 0 and standard deviation 1; a column that the others determine is left out.
independent <- function(x) {
  scale <- apply(x, 2, sd)
  x <- x[, scale > 1e-12 * apply(abs(x), 2, max), drop = FALSE]
  x <- scale(x)
  decomposed <- qr(cbind(1, x), tol = 1e-7)
  x[, setdiff(decomposed$pivot[seq_len(decomposed$rank)], 1) - 1, drop = FALSE]
}

# Log hazard ratio of the arm from a complementary log-log regression of every visit.
grouped <- function(model) {
  nothing <- list(coef = NA, se = NA)
  rows <- with_left(model$rows)
  x <- independent(model$x)
  last <- ifelse(rows$event == 1, pmax(7 * rows$NOMWEEK / WIDTH, 1), floor((rows$left + GRACE * WIDTH) / WIDTH))
  person <- rep(seq_along(last), last)
  visit <- sequence(last)
  outcome <- as.numeric(rows$event[person] == 1 & visit == last[person])
  share <- tapply(outcome, visit, mean)
  chosen <- visit %in% names(share)[share > 0 & share < 1]
  if (!any(chosen) || !colnames(model$x)[1] %in% colnames(x)) return(nothing)
  at_visit <- factor(visit[chosen])
  columns <- if (nlevels(at_visit) > 1) model.matrix(~ at_visit - 1) else cbind(rep(1, sum(chosen)))
  columns <- cbind(x[person[chosen], , drop = FALSE], columns)
  fit <- glm(outcome[chosen] ~ columns - 1, family = binomial("cloglog"),
             control = glm.control(epsilon = 1e-15, maxit = 100))
  if (anyNA(coef(fit)) || min(fitted(fit), 1 - fitted(fit)) < 1e-9) return(nothing)
  scale <- sd(model$x[, 1])
  list(coef = unname(coef(fit)[1]) / scale, se = summary(fit)$coefficients[1, 2] / scale)
}

# Log hazard ratio of the arm: - coefficient / scale of survreg, with the standard error of the delta method.
weibull <- function(model) {
  nothing <- list(coef = NA, se = NA)
  rows <- with_left(model$rows)
  x <- independent(model$x)
  # Without a negative scan there is no maximum, and survreg ends R.
  if (!colnames(model$x)[1] %in% colnames(x) || all(rows$left == 0)) return(nothing)
  ends <- Surv(ifelse(rows$left > 0, rows$left, NA_real_), ifelse(rows$event == 1, rows$AVAL, NA_real_),
               type = "interval2")
  fit <- tryCatch(survreg(ends ~ x, control = survreg.control(maxiter = 200, rel.tolerance = 1e-14)),
                  error = function(failed) NULL)
  if (is.null(fit) || anyNA(coef(fit))) return(nothing)
  slope <- c(-1, coef(fit)[[2]]) / fit$scale
  which <- c(2, nrow(fit$var))
  se <- sqrt(drop(slope %*% fit$var[which, which] %*% slope))
  if (!is.finite(se) || se > 100) return(nothing)
  scale <- sd(model$x[, 1])
  list(coef = -coef(fit)[[2]] / fit$scale / scale, se = se / scale)
}

# Between which values cumulative recurrence lies at a day; NA where nobody is followed so long.
turnbull <- function(left, right, day) {
  if (!length(left) || max(left, right[is.finite(right)]) < day) return(c(NA, NA))
  ends <- sort(unique(c(left, right)))
  a <- ends[-length(ends)]
  b <- ends[-1]
  inner <- a %in% left & b %in% right
  a <- a[inner]
  b <- b[inner]
  mass <- masses(outer(left, a, "<=") & outer(right, b, ">="))
  c(sum(mass[b <= day]), sum(mass[a < day | b <= day]))
}

# The masses of the cells with the greatest likelihood; rows say which cells each person may be in.
masses <- function(inside) {
  mass <- rep(1 / ncol(inside), ncol(inside))
  for (iteration in 1:1000) {
    ratio <- inside / drop(inside %*% mass)
    gain <- colSums(ratio)
    on <- which(mass > 0)
    curvature <- crossprod(ratio[, on, drop = FALSE])
    system <- rbind(cbind(curvature, 1), c(rep(1, length(on)), 0))
    move <- qr.coef(qr(system, tol = 1e-12), c(gain[on], 0))[seq_along(on)]
    move[is.na(move)] <- 0
    if (max(abs(move)) < 1e-12) {
      better <- which(mass == 0 & gain > nrow(inside) * (1 + 1e-9))
      if (!length(better)) break
      mass[better] <- 1e-6
      mass <- mass / sum(mass)
    } else {
      mass <- stepped(inside, mass, on, move)
    }
  }
  mass
}

stepped <- function(inside, mass, on, move) {
  falling <- move < 0
  reach <- min(1, -mass[on][falling] / move[falling])
  before <- sum(log(inside %*% mass))
  for (halving in 1:60) {
    trial <- mass
    trial[on] <- ifelse(mass[on] + reach * move < 1e-15, 0, mass[on] + reach * move)
    likely <- drop(inside %*% trial)
    if (min(likely) > 0 && sum(log(likely)) >= before - 1e-12 * abs(before)) return(trial / sum(trial))
    reach <- reach / 2
  }
  mass
}
