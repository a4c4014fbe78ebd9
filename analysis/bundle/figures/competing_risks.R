# Cumulative incidence of recurrence and of death without recurrence in everybody with an arm, and Fine and Gray's model.
first <- subset(adtte, PARAMCD == "RFS")
first$CAUSE <- factor(ifelse(first$CNSR > 0, "censored", ifelse(first$EVNTDESC == "DEATH", "death", "recurrence")),
                      c("censored", "recurrence", "death"))
fit <- survfit(Surv(NOMWEEK, CAUSE) ~ ARMCD, data = first)
plot(fit, lty = c(1, 1, 2, 2), xlab = "Weeks since Day 0 (nominal visit weeks)", ylab = "Cumulative incidence")

read <- summary(fit, times = 156)
print(read)
arms <- sub("ARMCD=", "", read$strata)
result <- numeric()
for (cause in c("recurrence", "death")) {
  result[paste(arms, cause, "value")] <- read$pstate[, match(cause, read$states)]
}

# The model as cmprsk fits it, by the bundle's own function (survival::finegray treats ties with censoring otherwise).
for (part in c("json", "comparison", "tables", "endpoints", "counts", "curves", "models", "weights", "risks")) {
  source(file.path("recomputation", paste0(part, ".R")), encoding = "UTF-8")
}
first$cause <- as.integer(first$CAUSE) - 1L
model <- unlist(lapply(fine_gray(transform(endpoint("RFS"), cause = first$cause)), unname))
print(model)
result <- c(result, model)
