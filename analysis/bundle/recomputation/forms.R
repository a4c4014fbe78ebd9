# Splines of the covariates by splines::ns, residuals of the arm over time by residuals.coxph, and log(-log) curves.
# Grambsch & Therneau (Biometrika 1994;81:515); Therneau, Grambsch & Fleming (Biometrika 1990;77:147); least squares of the
# residuals on a natural spline with its knots at quantiles of the distinct times.

QUANTILES <- c(0.05, 0.35, 0.65, 0.95)
GRID <- 25
SMOOTH_KNOTS <- 5
SAME_VALUE <- 9

functional_form <- function() {
  rows <- endpoint("TTR")
  model <- if (estimable(rows)) design(rows) else NULL
  forms <- list()
  for (name in c("AGE", "HBSAGLOG")) if (!is.null(model) && any(model$rows$event == 1)) {
    values <- form_of(model, name)
    if (!is.null(values)) forms <- c(forms, list(at(name, values)))
  }
  c(list(forms = length(forms)), do.call(c, forms))
}

natural <- function(x, knots) {
  splines::ns(x, knots = knots[-c(1, length(knots))], Boundary.knots = knots[c(1, length(knots))])
}

# NULL where knots coincide or a coefficient is not estimable.
form_of <- function(model, name) {
  x <- model$x[, name]
  knots <- quantile(x, QUANTILES, names = FALSE)
  if (any(diff(knots) <= 1e-9 * max(1, abs(knots)))) return(NULL)
  basis <- natural(x, knots)
  others <- model$x[, setdiff(colnames(model$x), name), drop = FALSE]
  line <- cox_fit(model$x, model$rows$NOMWEEK, model$rows$event)
  curved <- cox_fit(cbind(basis, others), model$rows$NOMWEEK, model$rows$event)
  own <- seq_len(ncol(basis))
  if (anyNA(line$coef) || anyNA(curved$coef[own])) return(NULL)
  chi2 <- max(2 * (curved$fit$loglik[2] - line$fit$loglik[2]), 0)
  df <- ncol(basis) - 1
  grid <- seq(min(x), max(x), length.out = GRID)
  apart <- sweep(natural(grid, knots), 2, natural(median(x), knots)[1, ])
  effect <- drop(apart %*% curved$coef[own])
  width <- Z * sqrt(pmax(rowSums((apart %*% vcov(curved$fit, complete = TRUE)[own, own]) * apart), 0))
  c(list(n = length(x), median = median(x), chi2 = chi2, df = df, p = pchisq(chi2, df, lower.tail = FALSE)),
    setNames(as.list(knots), paste("knot", seq_along(knots))),
    spread(paste("point", seq_len(GRID)), data.frame(value = grid, effect = effect, lower = effect - width,
                                                     upper = effect + width)),
    fifths_of(x, model$rows$event, residuals(line$fit, type = "martingale")))
}

fifths_of <- function(x, event, martingale) {
  inner <- round(quantile(x, c(0.2, 0.4, 0.6, 0.8), names = FALSE), SAME_VALUE)
  group <- vapply(round(x, SAME_VALUE), function(value) sum(value > inner), 0)
  sums <- function(values, by) as.vector(tapply(values, group, by))
  spread(paste("group", seq_along(unique(group))), data.frame(
    lowest = sums(x, min), highest = sums(x, max), n = sums(x, length), events = sums(event, sum),
    expected = sums(event - martingale, sum), difference = sums(martingale, sum)))
}

# Residuals of the arm with their smooth, and the log(-log) curves of the arms.
over_time <- function(rows, model, used) {
  if (colnames(model$x)[1] != "ARMCDA2" || !used[1]) return(list())
  x <- model$x[, used, drop = FALSE]
  fit <- coxph(Surv(model$rows$NOMWEEK, model$rows$event) ~ x, ties = "efron", control = CONTROL)
  schoenfeld <- as.matrix(residuals(fit, type = "schoenfeld"))
  value <- drop(schoenfeld %*% vcov(fit)[, 1]) * nrow(schoenfeld) + coef(fit)[[1]]
  week <- sort(model$rows$NOMWEEK[model$rows$event == 1])
  value <- unname(value[order(week, value)])
  values <- spread(paste("residual", seq_along(week)), data.frame(week = week, value = value))
  values <- c(values, smooth_of(week, value))
  for (arm in arms_of(rows)) {
    own <- curve_of(rows$NOMWEEK[rows$ARMCD == arm], rows$event[rows$ARMCD == arm])
    shown <- own$n.event > 0 & own$time > 0 & own$surv > 0 & own$surv < 1
    values <- c(values, setNames(as.list(log(-log(own$surv[shown]))), paste("loglog", arm, own$time[shown], recycle0 = TRUE)))
  }
  values
}

smooth_of <- function(week, value) {
  distinct <- unique(week)
  if (length(distinct) < 3) return(list())
  knots <- quantile(distinct, seq(0, 1, length.out = min(SMOOTH_KNOTS, length(distinct))), names = FALSE)
  fit <- lm(value ~ natural(week, knots))
  grid <- seq(min(distinct), max(distinct), length.out = GRID)
  design <- cbind(1, natural(grid, knots))
  smooth <- drop(design %*% coef(fit))
  free <- length(value) - ncol(design)
  root <- backsolve(qr.R(fit$qr), t(design), transpose = TRUE)
  width <- if (free > 0) Z * sqrt(sum(residuals(fit)^2) / free * colSums(root^2)) else rep(NA, GRID)
  spread(paste("smooth", seq_len(GRID)), data.frame(week = grid, value = smooth, lower = smooth - width,
                                                    upper = smooth + width))
}
