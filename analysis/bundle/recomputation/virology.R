# Confirmed HBsAg loss with death competing, the response of HBV DNA, and the decline of HBsAg (E1, E5, E6).

# log10 of half the limit of 10 IU/mL; the limit of a less sensitive assay counts as more and proves nothing.
PROVEN <- log10(5) + 0.005

hbsag_loss <- function() loss_by_group(endpoint_of_all("TTHBSL"), ARMS)

hbsag_loss_pooled <- function() {
  rows <- endpoint_of_all("TTHBSL")
  rows$ARMCD <- rep("all", nrow(rows))
  loss_by_group(rows, "all")
}

# By the groups that ARMCD names.
loss_by_group <- function(rows, groups) {
  overall <- endpoint_of_all("OS")
  died <- overall[match(rows$SUBJID, overall$SUBJID), ]
  cause <- ifelse(rows$event == 1, 1, ifelse(died$event == 1, 2, 0))
  week <- ifelse(cause == 2, died$NOMWEEK, rows$NOMWEEK)
  values <- list("not at risk" = nrow(overall) - nrow(rows))
  for (arm in arms_of(rows)) for (code in 1:2) {
    own <- rows$ARMCD == arm
    read <- incidence(week[own], cause[own], code, plan()$read_week)
    values <- c(values, at(paste(arm, c("loss", "death")[code]), read))
  }
  for (arm in arms_of(rows)) values <- c(values, cause_curve(arm, week[rows$ARMCD == arm], cause[rows$ARMCD == arm]))
  c(values, loss_outcomes(rows, groups))
}

# What became of a loss, by the status of the samples and anti-HBs.
loss_outcomes <- function(rows, groups) {
  lost <- rows[rows$event == 1, ]
  samples <- form("lbviro")
  samples <- samples[samples$SUBJID %in% lost$SUBJID & samples$viro_date != "", ]
  samples <- samples[samples$viro_date >= lost$ADT[match(samples$SUBJID, lost$SUBJID)], ]
  titre <- as.numeric(ifelse(samples$hbsab_val == "", NA, samples$hbsab_val))
  ever <- list(loss = lost$SUBJID, cure = samples$SUBJID[samples$hbsag_status == "FUNCURE"],
               antibody = samples$SUBJID[samples$hbsab_q != "<" & !is.na(titre) & titre >= 10],
               again = samples$SUBJID[samples$hbsag_status == "REVERTED"])
  do.call(c, lapply(groups, function(arm) {
    own <- rows$SUBJID[rows$ARMCD == arm]
    at(paste(arm, "ever"), c(n = length(own), lapply(ever, function(who) sum(own %in% who))))
  }))
}

endpoint_of_all <- function(parameter) {
  rows <- read_table("adtte.csv")
  rows <- rows[rows$PARAMCD == parameter, ]
  rows$event <- as.integer(rows$CNSR == "0")
  rows$NOMWEEK <- as.numeric(rows$NOMWEEK)
  rows
}

virological_response <- function() response_by_group(with_planned_arm(), ARMS)

virological_response_pooled <- function() {
  people <- with_planned_arm()
  people$ARMCD <- rep("all", nrow(people))
  response_by_group(people, "all")
}

with_planned_arm <- function() {
  people <- form("participants")
  people[people$ARMCD %in% ARMS & people$DAY0 != "", ]
}

# By the groups that ARMCD names.
response_by_group <- function(people, groups) {
  samples <- form("lbviro")
  samples$log <- as.numeric(ifelse(samples$hbsag_log == "", NA, samples$hbsag_log))
  baseline <- vapply(people$SUBJID, function(number) hbsag_of(samples[samples$SUBJID == number, ]) + 0, 0)
  samples <- samples[samples$SUBJID %in% people$SUBJID & grepl("^W[0-9]+$", samples$VISIT), ]
  samples <- samples[!duplicated(samples[c("SUBJID", "VISIT")], fromLast = TRUE), ]
  who <- match(samples$SUBJID, people$SUBJID)
  samples$arm <- people$ARMCD[who]
  samples$week <- as.numeric(substring(samples$VISIT, 2))
  samples$change <- samples$log - baseline[who]
  load <- as.numeric(ifelse(samples$hbvdna_log == "", NA, samples$hbvdna_log))
  below <- c(TND = TRUE, LLOQ_DET = TRUE, QUANT = FALSE, GT_ULOQ = FALSE)[samples$hbvdna_q]
  below[samples$hbvdna_q == "LLOQ_DET" & !is.na(load) & load > PROVEN] <- NA
  values <- list()
  for (arm in groups) {
    for (week in seq(12, plan()$read_week, 12)) {
      own <- below[samples$arm == arm & samples$week == week]
      values <- c(values, at(paste(arm, "week", week, "HBV DNA"), assessed = sum(!is.na(own)), below = sum(own, na.rm = TRUE)))
    }
    for (week in seq(12, plan()$read_week, 12)) {
      own <- samples$change[samples$arm == arm & samples$week == week & !is.na(samples$change)]
      quartiles <- if (length(own)) quantile(own, c(0.25, 0.5, 0.75), names = FALSE) else rep(NA, 3)
      values <- c(values, at(paste(arm, "week", week, "HBsAg"), n = length(own), lower = quartiles[1],
                             median = quartiles[2], upper = quartiles[3]))
    }
  }
  values
}

# Cumulative dose of peginterferon up to the sample of a week against the change of HBsAg.
dose_response <- function() {
  people <- form("participants")
  doses <- form("pegifn")
  doses <- doses[doses$pg_status %in% c("GIVEN", "REDUCED", "DELAYED") & doses$SUBJID %in% people$SUBJID[people$DAY0 != ""], ]
  samples <- form("lbviro")
  do.call(c, lapply(c(24, 48), function(week) {
    at_week <- samples[samples$VISIT == paste0("W", week), ]
    at_week <- at_week[!duplicated(at_week$SUBJID, fromLast = TRUE), ]
    at_week <- at_week[at_week$hbsag_log != "" & at_week$viro_date != "" & at_week$SUBJID %in% doses$SUBJID, ]
    first <- vapply(at_week$SUBJID, function(who) hbsag_of(samples[samples$SUBJID == who, ]) + 0, 0)
    at_week <- at_week[!is.na(first), ]
    change <- as.numeric(at_week$hbsag_log) - first[!is.na(first)]
    total <- vapply(seq_len(nrow(at_week)), function(i) {
      given <- doses[doses$SUBJID == at_week$SUBJID[i], ]
      by_then <- given[given$pg_date <= at_week$viro_date[i], ]
      if (any(nchar(given$pg_date) != 10) || any(by_then$pg_dose == "")) NA else sum(as.numeric(by_then$pg_dose))
    }, 0)
    own <- !is.na(total) & total > 0
    c(at(paste("week", week), c(n = sum(own), unknown = sum(is.na(total)), spearman(total[own], change[own]))),
      thirds(paste("week", week), total[own], change[own]))
  }))
}

# Limits of Bonett and Wright (Psychometrika 2000;65:23).
spearman <- function(x, y) {
  if (length(x) < 10 || length(unique(x)) == 1 || length(unique(y)) == 1) return(list(rho = NA, lower = NA, upper = NA))
  rho <- cor(x, y, method = "spearman")
  if (abs(rho) >= 1) return(list(rho = rho, lower = NA, upper = NA))
  half <- Z * sqrt((1 + rho^2 / 2) / (length(x) - 3))
  list(rho = rho, lower = tanh(atanh(rho) - half), upper = tanh(atanh(rho) + half))
}

thirds <- function(place, dose, change) {
  cuts <- if (length(dose)) quantile(dose, c(1, 2) / 3, names = FALSE) else c(0, 0)
  third <- findInterval(dose, cuts, left.open = TRUE) + 1
  do.call(c, lapply(1:3, function(k) {
    d <- dose[third == k]
    q <- if (length(d)) quantile(change[third == k], c(0.25, 0.5, 0.75), names = FALSE) else rep(NA, 3)
    r <- if (length(d)) c(min(d), median(d), max(d)) else rep(NA, 3)
    at(paste(place, "third", k), n = length(d), least = r[1], dose = r[2], most = r[3], lower = q[1], median = q[2],
       upper = q[3])
  }))
}
