# The planned model: arm, age, BCLC stage and baseline HBsAg; Efron ties; complete rows.
fit <- coxph(Surv(NOMWEEK, EVENT) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = ttr, ties = "efron")
print(summary(fit))

terms <- data.frame(coef = coef(fit), se = sqrt(diag(vcov(fit))), hr = exp(coef(fit)), exp(confint(fit)))
names(terms)[4:5] <- c("lower", "upper")
result <- c(n = fit$n, events = fit$nevent, concordance = unname(fit$concordance["concordance"]))
for (name in rownames(terms)) result[paste(name, names(terms))] <- unlist(terms[name, ])
