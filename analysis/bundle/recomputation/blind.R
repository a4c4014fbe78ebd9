# The blind endpoint review from its rounds and readings: counts, verdicts, agreement of the readers.
# Kappa and its large-sample variance: Fleiss, Cohen & Everitt, Psychol Bull 1969;72:323-327.

PAIRS <- c("YY", "YN", "NY", "NN")
VERDICTS <- c("Y", "N", "NE")
SIDES <- c("11", "10", "01", "00")

# The newest round of each participant with its readings: a row each, empty texts where there is no reading.
blind_cases <- function() once("blind cases", {
  rounds <- form("blind_rounds")
  rounds <- rounds[order(rounds$SUBJID, as.numeric(rounds$ROUND)), ]
  cases <- rounds[!duplicated(rounds$SUBJID, fromLast = TRUE), c("SUBJID", "ROUND", "THROUGH")]
  readings <- form("blind_readings")
  for (part in c("first", "second", "final")) {
    own <- readings[readings$PART == part, ]
    row <- match(paste(cases$SUBJID, cases$ROUND), paste(own$SUBJID, own$ROUND))
    for (column in c("VERDICT", "EVIDENCE")) {
      cells <- own[[column]][row]
      cases[[paste(part, column)]] <- ifelse(is.na(cells), "", cells)
    }
  }
  cases$agreed <- cases$"first VERDICT" != "" & cases$"first VERDICT" == cases$"second VERDICT" &
    cases$"first EVIDENCE" == cases$"second EVIDENCE"
  judged <- cases$"final VERDICT" != ""
  cases$VERDICT <- ifelse(judged, cases$"final VERDICT", ifelse(cases$agreed, cases$"first VERDICT", ""))
  cases$EVIDENCE <- ifelse(judged, cases$"final EVIDENCE", ifelse(cases$agreed, cases$"first EVIDENCE", ""))
  cases
})

endpoint_review <- function() {
  cases <- blind_cases()
  twice <- cases$"first VERDICT" != "" & cases$"second VERDICT" != ""
  pairs <- paste0(cases$"first VERDICT", cases$"second VERDICT")[twice]
  adjudicated <- sum(cases$"final VERDICT" != "")
  agreed <- sum(cases$agreed & cases$"final VERDICT" == "")
  site <- endpoint("TTR")
  review <- endpoint("TTRBICR")
  sides <- paste0(site$event[match(review$SUBJID, site$SUBJID)], review$event, recycle0 = TRUE)
  c(
    list(analysed = nrow(site), counted = nrow(review), cases = nrow(cases), read_twice = sum(twice), agreed = agreed,
         adjudicated = adjudicated, waiting = sum(twice) - agreed - adjudicated,
         unassessable = sum(!(pairs %in% PAIRS)), final = sum(cases$VERDICT != "")),
    counted("final", VERDICTS, cases$VERDICT), counted("pairs", PAIRS, pairs), counted("sides", SIDES, sides),
    kappa_of(sapply(PAIRS, function(pair) sum(pairs == pair)))
  )
}

counted <- function(place, names, seen) {
  setNames(lapply(names, function(name) sum(seen == name)), paste(place, names))
}

kappa_of <- function(counts) {
  n <- sum(counts)
  if (n == 0 || max(counts[c("YY", "NN")]) == n) {
    return(at("kappa", observed = NA, value = NA, se = NA, lower = NA, upper = NA))
  }
  p <- matrix(counts, 2, byrow = TRUE) / n
  rows <- rowSums(p)
  columns <- colSums(p)
  observed <- sum(diag(p))
  chance <- sum(rows * columns)
  kappa <- (observed - chance) / (1 - chance)
  on <- sum(diag(p) * ((1 - chance) - (rows + columns) * (1 - observed))^2)
  off <- p[1, 2] * (columns[1] + rows[2])^2 + p[2, 1] * (columns[2] + rows[1])^2
  variance <- (on + (1 - observed)^2 * off - (observed * chance - 2 * chance + observed)^2) / n
  se <- sqrt(max(variance, 0)) / (1 - chance)^2
  at("kappa", observed = observed, value = kappa, se = se, lower = max(-1, kappa - Z * se),
     upper = min(1, kappa + Z * se))
}
