# The same curves with overlap weights (Li, Morgan & Zaslavsky, JASA 2018;113:390).
whole <- subset(ttr, !is.na(AGE) & !is.na(BCLC) & !is.na(HBSAGLOG))
whole$score <- fitted(glm(ARMCD == "A2" ~ AGE + BCLC + HBSAGLOG, family = binomial, data = whole))
whole$weight <- ifelse(whole$ARMCD == "A2", 1 - whole$score, whole$score)

fit <- survfit(Surv(NOMWEEK, EVENT) ~ ARMCD, data = whole, weights = weight)
plot(fit, fun = "event", lty = 1:2, xlab = "Weeks since Day 0 (nominal visit weeks)",
     ylab = "Cumulative recurrence, weighted")
legend("topleft", levels(whole$ARMCD), lty = 1:2)

read <- summary(fit, times = c(24, 48, 72, 96, 120, 144, 156))
table <- data.frame(arm = sub("ARMCD=", "", read$strata), week = read$time, recurrence = 1 - read$surv)
print(table)

result <- setNames(table$recurrence, paste(table$arm, "week", table$week, "value"))
