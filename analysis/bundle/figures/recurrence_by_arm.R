# 1 - Kaplan-Meier per arm on nominal visit weeks. The arm is chosen, not randomized: read it beside hazard_ratios.
fit <- survfit(Surv(NOMWEEK, EVENT) ~ ARMCD, data = ttr, conf.type = "log-log")
plot(fit, fun = "event", mark.time = TRUE, lty = 1:2, xlab = "Weeks since Day 0 (nominal visit weeks)",
     ylab = "Cumulative recurrence")
legend("topleft", levels(ttr$ARMCD), lty = 1:2)

read <- summary(fit, times = c(24, 48, 72, 96, 120, 144, 156))  # none beyond the last follow-up of an arm
table <- data.frame(arm = sub("ARMCD=", "", read$strata), week = read$time, at_risk = read$n.risk,
                    recurrence = 1 - read$surv, lower = 1 - read$upper, upper = 1 - read$lower)
print(table)
print(quantile(fit, 0.5))  # median weeks

place <- paste(table$arm, "week", table$week)
result <- c(setNames(table$at_risk, paste(place, "at risk")), setNames(table$recurrence, paste(place, "value")),
            setNames(table$lower, paste(place, "lower")), setNames(table$upper, paste(place, "upper")))
