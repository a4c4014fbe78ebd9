# Difference of the arms at week 156 (limits by Wald) and of the restricted means; unadjusted, never to be read alone.
fit <- survfit(Surv(NOMWEEK, EVENT) ~ ARMCD, data = ttr)
read <- summary(fit, times = 156)
difference <- read$surv[1] - read$surv[2]  # of recurrence: combination minus NA
half <- qnorm(0.975) * sqrt(sum(read$std.err^2))
means <- summary(fit, rmean = 156)$table[, "rmean"]
print(c(difference = difference, lower = difference - half, upper = difference + half))
print(means)

result <- c("recurrence difference" = difference, "recurrence lower" = difference - half,
            "recurrence upper" = difference + half, "restricted mean difference" = unname(means[2] - means[1]),
            "mean ratio" = unname(means[2] / means[1]))
