# Score tests of proportional hazards (Grambsch & Therneau), four scales of time, and the residuals as a figure.
fit <- coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = ttr, ties = "efron")
plot(cox.zph(fit, terms = FALSE)[1])

result <- numeric()
for (scale in c("km", "rank", "identity", "log")) {
  tested <- cox.zph(fit, transform = scale, terms = FALSE)$table
  print(tested)
  for (name in rownames(tested)) {
    result[paste(scale, name, c("chi2", "p"))] <- tested[name, c("chisq", "p")]
  }
}
