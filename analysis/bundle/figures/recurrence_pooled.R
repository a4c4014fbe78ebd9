# 1 - Kaplan-Meier on nominal visit weeks, 95 % limits by log(-log).
fit <- survfit(Surv(NOMWEEK, EVENT) ~ 1, data = ttr, conf.type = "log-log")
plot(fit, fun = "event", mark.time = TRUE, xlab = "Weeks since Day 0 (nominal visit weeks)",
     ylab = "Cumulative recurrence")

read <- summary(fit, times = c(24, 48, 72, 96, 120, 144, 156))  # none beyond the last follow-up
table <- data.frame(week = read$time, at_risk = read$n.risk, recurrence = 1 - read$surv,
                    lower = 1 - read$upper, upper = 1 - read$lower)
print(table)

place <- paste("all week", table$week)
result <- c(setNames(table$at_risk, paste(place, "at risk")), setNames(table$recurrence, paste(place, "value")),
            setNames(table$lower, paste(place, "lower")), setNames(table$upper, paste(place, "upper")))
