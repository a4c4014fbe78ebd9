# The endpoints on actual dates, read at day 1095, each with the planned model.
result <- numeric()
for (parameter in c("TTR", "RFS", "OS", "TTRGAP")) {
  rows <- subset(adtte, PARAMCD == parameter & (FASFL == "Y" | PARAMCD %in% c("RFS", "OS")))
  read <- summary(survfit(Surv(AVAL, EVENT) ~ ARMCD, data = rows, conf.type = "log-log"), times = 1095)
  model <- coxph(Surv(AVAL, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = rows, ties = "efron")
  cat("\n", parameter, "\n")
  print(read)
  print(summary(model)$conf.int)
  result[paste(parameter, sub("ARMCD=", "", read$strata), "value")] <- 1 - read$surv
  result[paste(parameter, c("hr", "lower", "upper"))] <- c(exp(coef(model)[1]), exp(confint(model)[1, ]))
}
