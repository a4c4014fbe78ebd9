# Propensity score by glm, weights, balance, weighted hazard ratios by coxph, weighted curves; the comparison of the arms.
# Stabilised weights, Robins, Hernan & Brumback (Epidemiology 2000;11:550); overlap and ATT weights, Li, Morgan &
# Zaslavsky (JASA 2018;113:390); matching weights, Li & Greene (Int J Biostat 2013;9:215); balance, Austin & Stuart (Stat
# Med 2015;34:3661); E-value, VanderWeele & Ding (Ann Intern Med 2017;167:268). The standard error of a weighted curve is
# the infinitesimal jackknife of survfit.

SCHEMES <- c("ato", "sw", "sw_truncated", "att", "mw")
BARS <- 20
SCORE <- c("score minimum", "score maximum", "c statistic", "E-value", "E-value limit")
missing_values <- function(names) setNames(as.list(rep(NA, length(names))), names)

# The logistic model of the combination arm; NULL without complete rows of two arms; `fitted` is NULL when it separates.
score_of <- function(rows) {
  model <- design(rows, arm = FALSE)
  if (is.null(model) || length(arms_of(model$rows)) != 2 || !"A1" %in% model$rows$ARMCD) return(NULL)
  treated <- model$rows$ARMCD != "A1"
  centre <- colMeans(model$x)
  scale <- apply(model$x, 2, sd)
  scale[scale == 0] <- 1
  x <- sweep(sweep(model$x, 2, centre), 2, scale, "/")
  fit <- suppressWarnings(glm(treated ~ x, family = binomial, control = glm.control(epsilon = 1e-15, maxit = 60)))
  fitted <- unname(fitted(fit))
  separated <- !all(is.finite(fitted)) || min(fitted, 1 - fitted) < 1e-9
  if (separated) return(list(model = model, treated = treated, fitted = NULL))
  back <- diag(1, ncol(x) + 1)
  back[1, -1] <- -centre / scale
  diag(back)[-1] <- 1 / scale
  used <- !is.na(coef(fit))
  part <- back[used, used, drop = FALSE]
  design_matrix <- cbind(1, x)[, used, drop = FALSE]
  inverse <- solve(crossprod(design_matrix * sqrt(fitted * (1 - fitted))))
  coef <- se <- rep(NA_real_, ncol(x) + 1)
  coef[used] <- part %*% coef(fit)[used]
  se[used] <- sqrt(diag(part %*% inverse %*% t(part)))
  list(model = model, treated = treated, fitted = fitted, coef = coef, se = se)
}

weights_of <- function(score) {
  p <- score$fitted
  own <- ifelse(score$treated, p, 1 - p)
  share <- mean(score$treated)
  sw <- ifelse(score$treated, share, 1 - share) / own
  cut <- quantile(sw, c(0.01, 0.99), names = FALSE)
  list(ato = 1 - own, sw = sw, sw_truncated = pmin(pmax(sw, cut[1]), cut[2]), att = ifelse(score$treated, 1, p / (1 - p)),
       mw = pmin(p, 1 - p) / own)
}

weighted_fit <- function(score, weights) {
  cox_fit(cbind(treated = as.numeric(score$treated)), score$model$rows$NOMWEEK, score$model$rows$event, weights, TRUE)
}

few_in_an_arm <- function(rows) any(tapply(rows$event, rows$ARMCD, sum) < FEWEST_EVENTS)

# Of every line participants, events, coefficient, standard error, and whether it has too few events.
hazards <- function(rows) {
  line <- function(own, fit, few) list(n = nrow(own), events = sum(own$event), coef = fit$coef[1], se = fit$se[1], few = few)
  nothing <- list(n = NA, events = NA, coef = NA, se = NA, few = TRUE)
  names <- c("adjusted", SCHEMES, "unadjusted")
  lines <- setNames(rep(list(nothing), length(names)), names)
  if (!estimable(rows)) return(lines)
  model <- design(rows)
  if (!is.null(model)) {
    fit <- cox_fit(model$x, model$rows$NOMWEEK, model$rows$event)
    lines$adjusted <- line(model$rows, fit, model$few[1])
  }
  score <- score_of(rows)
  if (!is.null(score$fitted)) {
    every <- weights_of(score)
    own <- score$model$rows
    for (scheme in SCHEMES) lines[[scheme]] <- line(own, weighted_fit(score, every[[scheme]]), few_in_an_arm(own))
  }
  if ("A1" %in% rows$ARMCD) {
    fit <- cox_fit(cbind(treated = as.numeric(rows$ARMCD != "A1")), rows$NOMWEEK, rows$event)
    lines$unadjusted <- line(rows, fit, few_in_an_arm(rows))
  }
  lines
}

# An adjusted or weighted estimate may be shown.
comparison_shown <- function(rows, lines = hazards(rows)) {
  estimable(rows) && any(vapply(lines[c("adjusted", SCHEMES)], function(line) !is.na(line$coef) && !line$few, NA))
}

# Adjusted, weighted and unadjusted lines; nothing while no adjusted or weighted estimate may be shown.
hazard_ratios <- function() {
  rows <- endpoint("TTR")
  lines <- hazards(rows)
  comparable <- comparison_shown(rows, lines)
  values <- list()
  for (name in names(lines)) {
    line <- lines[[name]]
    sized <- comparable && !(name == "adjusted" && (line$few || is.na(line$coef)))
    values <- c(values, at(name, n = if (sized) line$n else NA, events = if (sized) line$events else NA),
                term(name, line$coef, line$se, comparable && !line$few))
  }
  test <- NULL  # with a variance of 0 there is none
  if (comparable) test <- tryCatch(survdiff(Surv(NOMWEEK, event) ~ ARMCD, data = rows), error = function(singular) NULL)
  if (is.null(test)) return(c(values, at("logrank", n = NA, events = NA, chi2 = NA, df = NA, p = NA)))
  c(values, at("logrank", n = nrow(rows), events = sum(rows$event), chi2 = test$chisq, df = length(test$n) - 1,
               p = pchisq(test$chisq, 1, lower.tail = FALSE)))
}

# The score, the weights and the balance under every scheme.
balance_numbers <- function() {
  rows <- endpoint("TTR")
  score <- score_of(rows)
  if (is.null(score)) return(missing_values(c("n", "dropped", SCORE)))
  n <- length(score$treated)
  values <- c(list(n = n, dropped = nrow(rows) - n), missing_values(SCORE))
  if (is.null(score$fitted)) return(values)
  values[SCORE[1:3]] <- list(min(score$fitted), max(score$fitted), c_statistic(round(score$fitted, 12), score$treated))
  bar <- pmin(floor(round(score$fitted * BARS, 12)), BARS - 1)
  for (k in seq_len(BARS) - 1) {
    values <- c(values, at(sprintf("score %.2f", k / BARS), control = sum(!score$treated & bar == k),
                           treated = sum(score$treated & bar == k)))
  }
  every <- weights_of(score)
  events <- score$model$rows$event
  if (min(sum(events[score$treated]), sum(events[!score$treated])) >= 5) {
    values[SCORE[4:5]] <- e_values(weighted_fit(score, every$sw))
  }
  x <- score$model$x
  values <- c(values, spread(paste("score", c("(Intercept)", colnames(x))), data.frame(coef = score$coef, se = score$se)))
  for (scheme in SCHEMES) {
    w <- every[[scheme]]
    size <- function(arm) sum(w[arm])^2 / sum(w[arm]^2)
    values <- c(values, at(scheme, "control size" = size(!score$treated), "treated size" = size(score$treated),
                           sum = sum(w), largest = max(w),
                           truncated = if (scheme == "sw_truncated") sum(w != every$sw) else 0))
    for (name in colnames(x)) {
      values <- c(values, at(paste(scheme, name), balance_of(x[, name], score$treated, w)))
    }
  }
  values
}

balance_of <- function(x, treated, w) {
  one <- rep(1, length(x))
  a <- moments(x[treated], one[treated])
  b <- moments(x[!treated], one[!treated])
  u <- moments(x[treated], w[treated])
  v <- moments(x[!treated], w[!treated])
  spread <- sqrt((a[2] + b[2]) / 2)
  list("SMD before" = number((a[1] - b[1]) / spread), "SMD after" = number((u[1] - v[1]) / spread),
       "variance ratio before" = number(a[2] / b[2]), "variance ratio after" = number(u[2] / v[2]))
}

# Weighted mean, and variance with the reliability weights' denominator.
moments <- function(x, w) {
  mean <- x[1] + sum(w * (x - x[1])) / sum(w)
  c(mean, sum(w * (x - mean)^2) / (sum(w) - sum(w^2) / sum(w)))
}

c_statistic <- function(p, treated) {
  difference <- outer(p[treated], p[!treated], "-")
  mean(difference > 0) + mean(difference == 0) / 2
}

e_values <- function(fit) {
  if (is.na(fit$coef)) return(list(NA, NA))
  hr <- exp(fit$coef)
  limits <- exp(fit$coef + c(-1, 1) * Z * fit$se)
  list(e_value(hr), e_value(if (limits[1] <= 1 && limits[2] >= 1) 1 else if (hr < 1) limits[2] else limits[1]))
}

# For a common outcome: the hazard ratio becomes a risk ratio first.
e_value <- function(hr) {
  ratio <- (1 - 0.5^sqrt(hr)) / (1 - 0.5^sqrt(1 / hr))
  ratio <- max(ratio, 1 / ratio)
  if (ratio - 1 < 1e-12) return(1)
  ratio + sqrt(ratio * (ratio - 1))
}

# The curves of the arms under overlap weights.
recurrence_weighted <- function() {
  rows <- endpoint("TTR")
  score <- if (estimable(rows)) score_of(rows) else NULL
  if (is.null(score$fitted)) return(list(curves = 0))
  own <- score$model$rows
  own$w <- weights_of(score)$ato
  c(list(curves = 2), do.call(c, lapply(arms_of(own), function(arm) weighted_curve(arm, own[own$ARMCD == arm, ]))))
}

weighted_curve <- function(arm, rows) {
  fit <- survfit(Surv(NOMWEEK, event) ~ 1, data = rows, weights = rows$w, robust = TRUE, conf.type = "none")
  se <- if (isTRUE(fit$logse)) fit$std.err else fit$std.err / fit$surv
  theta <- exp(Z * se / log(fit$surv))
  known <- fit$surv > 0 & fit$surv < 1
  all <- data.frame(value = 1 - fit$surv, lower = ifelse(known, 1 - fit$surv^theta, NA),
                    upper = ifelse(known, 1 - fit$surv^(1 / theta), NA))
  stepping <- fit$time %in% rows$NOMWEEK[rows$event == 1]
  i <- findInterval(ticks(), fit$time)
  read <- rbind(data.frame(value = 0, lower = NA, upper = NA), all)[i + 1, ]
  read[ticks() > max(rows$NOMWEEK), ] <- NA
  c(at(arm, n = nrow(rows), events = sum(rows$event), "last week" = max(rows$NOMWEEK)),
    spread(paste(arm, "step", fit$time[stepping], recycle0 = TRUE), all[stepping, ]),
    spread(paste(arm, "week", ticks()), cbind(counts_at(rows$NOMWEEK, rows$event, ticks()), read)))
}
