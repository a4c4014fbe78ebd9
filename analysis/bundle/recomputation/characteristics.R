# What participants are like by arm: baseline characteristics, and the pattern of recurrence.
# Absolute standardised differences: Austin, Stat Med 2009;28:3083 (quantities); Yang & Dalton, SAS Global Forum 2012,
# 335 (categories); quartiles of type 7. What is missing is counted and is no level.

QUANTITIES <- list(
  age = c("dm", "age_consent"), size = c("hcc", "largest_mm"), wait = c("radtx", "days_to_w0"),
  afp = c("hcc", "pre_afp"), hbsag = c("lbviro", "hbsag_log"), hbvdna = c("lbviro", "hbvdna_log")
)
CATEGORIES <- list(
  sex = c("dm", "sex"), bclc = c("hcc", "bclc_ent"), tumours = c("hcc", "n_tumours"), mvi = c("path", "mvi"),
  treatment = c("radtx", "tx_type"), cirrhosis = c("hbvhx", "cirrhosis"), child = c("hcc", "cp_pre"),
  afp_level = c("hcc", "pre_afp"), hbeag = c("lbviro", "hbeag_res")
)

# Everybody with an arm and a Day 0.
baseline <- function() {
  people <- with_an_arm()
  values <- sizes(people$ARMCD)
  for (code in names(QUANTITIES)) {
    x <- as_number(first_of(QUANTITIES[[code]], people$SUBJID))
    smd <- if (code == "afp") NA else difference_of_means(x, people$ARMCD)
    values <- c(values, quantity(code, x, people$ARMCD, smd))
  }
  for (code in names(CATEGORIES)) {
    level <- first_of(CATEGORIES[[code]], people$SUBJID)
    known <- level != ""
    if (code == "tumours") level[known & as_number(level) > 2] <- "3+"
    if (code == "afp_level") {
      afp <- as_number(level[known])
      level[known] <- as.character(cut(afp, c(-Inf, 20, 400, Inf), c("<20", "20-", "400-"), right = FALSE))
    }
    values <- c(values, category(code, as.list(level), people$ARMCD, difference_of_shares(level, people$ARMCD)))
  }
  values
}

# The recurrence of everybody with an event of the primary endpoint.
recurrence_pattern <- function() {
  events <- endpoint("TTR")
  events <- events[events$event == 1, ]
  recur <- form("recur")
  recur <- recur[recur$rec_adj == "CONFIRMED", ]
  record <- recur[match(paste(events$SUBJID, events$ADT), paste(recur$SUBJID, recur$rec_date)), ]
  arm <- events$ARMCD
  n <- as_number(record$rec_n)
  levels <- list(
    when = ifelse(events$AVAL <= plan()$early_days, "early", "late"),
    extent = ifelse(record$rec_site == "", "", ifelse(grepl("EH", record$rec_site), "extrahepatic", "intrahepatic")),
    number = ifelse(is.na(n), "", ifelse(n == 1, "1", ifelse(n >= 4, "4+", "2-3"))),
    site = record$rec_site, vessels = record$rec_vasc, bclc = record$rec_bclc
  )
  values <- c(sizes(arm), quantity("day", events$AVAL, arm), quantity("size", as_number(record$rec_mm), arm))
  for (code in names(levels)) values <- c(values, category(code, as.list(levels[[code]]), arm))
  basis <- as.character(ifelse(record$rec_basis == "", ";", record$rec_basis))
  c(values, category("basis", strsplit(basis, ";"), arm))
}

with_an_arm <- function() {
  people <- form("participants")
  people[people$ARMCD != "" & people$DAY0 != "", ]
}
sizes <- function(arm) setNames(lapply(ARMS, function(a) sum(arm == a)), paste(ARMS, "n"))
as_number <- function(text) suppressWarnings(as.numeric(text))

# The text of each participant on the first page of a form; of virology at W0, else at screening.
first_of <- function(source, who) {
  rows <- form(source[1])
  item <- source[2]
  if (source[1] == "lbviro") {
    rows <- rows[rows[[item]] != "" & rows$VISIT %in% c("W0", "SCR"), ]
    rows <- rows[!duplicated(rows[c("SUBJID", "VISIT")], fromLast = TRUE), ]
    rows <- rows[order(rows$VISIT != "W0"), ]
  }
  text <- rows[[item]][match(who, rows$SUBJID)]
  ifelse(is.na(text), "", text)
}

quantity <- function(code, x, arm, smd = NULL) {
  values <- list()
  for (a in ARMS) {
    own <- x[arm == a]
    known <- own[!is.na(own)]
    quartiles <- if (length(known)) quantile(known, c(0.25, 0.5, 0.75), names = FALSE) else rep(NA_real_, 3)
    values <- c(values, at(paste(code, a), list(
      known = length(known), missing = length(own) - length(known),
      mean = if (length(known)) mean(known) else NA_real_, sd = if (length(known) > 1) sd(known) else NA_real_,
      q1 = quartiles[1], median = quartiles[2], q3 = quartiles[3]
    )))
  }
  if (is.null(smd)) values else c(values, setNames(list(as.numeric(smd)), paste(code, "SMD")))
}

# `levels` holds the codes of each participant, "" for none.
category <- function(code, levels, arm, smd = NULL) {
  counted <- arm %in% ARMS
  known <- vapply(levels, function(own) any(own != ""), TRUE)
  there <- setdiff(unique(unlist(levels[counted])), "")
  values <- list()
  for (a in ARMS) {
    values <- c(values, at(paste(code, a), list(known = sum(known[arm == a]), missing = sum(!known[arm == a]))))
    for (level in there) {
      holds <- vapply(levels[arm == a], function(own) level %in% own, TRUE)
      values[[paste(code, level, a)]] <- sum(holds)
    }
  }
  if (is.null(smd)) values else c(values, setNames(list(as.numeric(smd)), paste(code, "SMD")))
}

difference_of_means <- function(x, arm) {
  own <- lapply(ARMS, function(a) x[arm == a & !is.na(x)])
  if (min(lengths(own)) < 2 || all(vapply(own, function(each) min(each) == max(each), TRUE))) return(NA_real_)
  abs(mean(own[[2]]) - mean(own[[1]])) / sqrt((var(own[[1]]) + var(own[[2]])) / 2)
}

difference_of_shares <- function(level, arm) {
  known <- level != "" & arm %in% ARMS
  counts <- table(factor(level[known]), factor(arm[known], levels = ARMS))
  if (!any(counts[, 1] > 0 & counts[, 2] > 0)) return(NA_real_)
  if (nrow(counts) == 1) return(0)
  p <- prop.table(counts, 2)[-nrow(counts), , drop = FALSE]
  covariance <- function(own) diag(own, length(own)) - own %o% own
  s <- (covariance(p[, 1]) + covariance(p[, 2])) / 2
  d <- p[, 2] - p[, 1]
  sqrt(max(sum(d * solve(s, d)), 0))
}
