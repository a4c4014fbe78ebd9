# Peginterferon by the actual day of the first dose (Day 0 is day 1): ever treated (biased), landmarks, time-dependent.
doses <- read.csv("data/pegifn.csv", fileEncoding = "UTF-8-BOM", colClasses = "character")
doses <- subset(doses, pg_status %in% c("GIVEN", "REDUCED", "DELAYED") & pg_date != "")
first <- tapply(doses$pg_date, doses$SUBJID, min)[ttr$SUBJID]
ttr$start <- ifelse(is.na(first), Inf, as.numeric(as.Date(first) - as.Date(ttr$STARTDT)) + 1)

fit <- function(rows, response) coxph(update(response, . ~ treated + AGE + BCLC + HBSAGLOG), data = rows)
after <- function(week) {
  rows <- subset(ttr, AVAL > 7 * week + 1)
  fit(transform(rows, treated = start <= 7 * week + 1, since = AVAL - 7 * week - 1), Surv(since, EVENT) ~ .)
}
before <- transform(subset(ttr, start > 0), from = 0, to = pmin(start, AVAL), EVENT = EVENT * (start >= AVAL), treated = FALSE)
later <- transform(subset(ttr, start < AVAL), from = pmax(start, 0), to = AVAL, treated = TRUE)

fits <- list(
  ever = fit(transform(ttr, treated = start < AVAL), Surv(AVAL, EVENT) ~ .),
  landmark_12 = after(12), landmark_24 = after(24),
  time_dependent = fit(rbind(before, later), Surv(from, to, EVENT) ~ .)
)
print(lapply(fits, summary))

result <- numeric()
for (name in names(fits)) {
  limits <- exp(confint(fits[[name]])["treatedTRUE", ])
  result[paste(name, c("hr", "lower", "upper"))] <- c(exp(coef(fits[[name]])["treatedTRUE"]), limits)
}
