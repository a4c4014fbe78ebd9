# The planned model beside robust errors, strata, and time from radical treatment with delayed entry at Day 0.
known <- function(rows) subset(rows, !is.na(AGE) & BCLC %in% c("0", "A") & !is.na(HBSAGLOG))
whole <- known(ttr)
origin <- known(subset(adtte, PARAMCD == "TTRRAD" & FASFL == "Y"))

fits <- list(
  planned = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = whole),
  robust = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = whole, cluster = SUBJID),
  stratified = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + HBSAGLOG + strata(BCLC), data = whole),
  truncated = coxph(Surv(ENTRY, AVAL, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = origin)
)
test <- survdiff(Surv(NOMWEEK, EVENT) ~ ARMCD + strata(BCLC), data = whole)
print(lapply(fits, summary))
print(test)

result <- c("stratified logrank chi2" = test$chisq)
for (name in names(fits)) {
  limits <- exp(confint(fits[[name]])["ARMCDA2", ])
  result[paste(name, c("hr", "lower", "upper"))] <- c(exp(coef(fits[[name]])["ARMCDA2"]), limits)
}
