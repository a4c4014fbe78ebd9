# Median follow-up by the reverse Kaplan-Meier method, on actual days.
fit <- survfit(Surv(AVAL, 1 - EVENT) ~ 1, data = ttr)
print(quantile(fit, 0.5))

result <- c(n = fit$n, "median days" = unname(quantile(fit, 0.5, conf.int = FALSE)))
