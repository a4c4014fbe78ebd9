# Confirmed HBsAg loss with death competing, the response of HBV DNA, and the decline of HBsAg (E1, E5, E6).

# log10 of half the limit of 10 IU/mL; the limit of a less sensitive assay counts as more and proves nothing.
PROVEN <- log10(5) + 0.005

hbsag_loss <- function() {
  rows <- endpoint_of_all("TTHBSL")
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
  values
}

endpoint_of_all <- function(parameter) {
  rows <- read_table("adtte.csv")
  rows <- rows[rows$PARAMCD == parameter, ]
  rows$event <- as.integer(rows$CNSR == "0")
  rows$NOMWEEK <- as.numeric(rows$NOMWEEK)
  rows
}

virological_response <- function() {
  people <- form("participants")
  people <- people[people$ARMCD %in% ARMS & people$DAY0 != "", ]
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
  for (arm in ARMS) {
    for (week in c(24, 48, 96, 144)) {
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
