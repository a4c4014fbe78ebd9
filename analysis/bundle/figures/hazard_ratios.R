# The arms compared: adjusted, with overlap weights (robust variance), unadjusted, and the log-rank test.
whole <- subset(ttr, !is.na(AGE) & !is.na(BCLC) & !is.na(HBSAGLOG))
whole$score <- fitted(glm(ARMCD == "A2" ~ AGE + BCLC + HBSAGLOG, family = binomial, data = whole))
whole$weight <- ifelse(whole$ARMCD == "A2", 1 - whole$score, whole$score)

fits <- list(
  adjusted = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = whole, ties = "efron"),
  ato = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD, data = whole, weights = weight, robust = TRUE),
  unadjusted = coxph(Surv(NOMWEEK, EVENT) ~ ARMCD, data = ttr)
)
test <- survdiff(Surv(NOMWEEK, EVENT) ~ ARMCD, data = ttr)
print(lapply(fits, summary))
print(test)

result <- c("logrank chi2" = test$chisq, "logrank p" = pchisq(test$chisq, 1, lower.tail = FALSE))
for (name in names(fits)) {
  limits <- exp(confint(fits[[name]])["ARMCDA2", ])
  result[paste(name, c("hr", "lower", "upper"))] <- c(exp(coef(fits[[name]])["ARMCDA2"]), limits)
}
