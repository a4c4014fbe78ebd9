# Recomputes the report's Kaplan-Meier, log-rank and Cox results from adtte.csv and compares them with expected.json.
# Needs R (>= 4.0) and its recommended package survival; nothing else. Run:  Rscript recompute.R
# Exit status 0: every number agrees. Ours, Apache-2.0.

suppressPackageStartupMessages(library(survival))

here <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
if (length(here)) setwd(dirname(normalizePath(here)))

# expected.json is small and regular: read it without a package.
read_json <- function(path) {
  text <- paste(readLines(path, warn = FALSE, encoding = "UTF-8"), collapse = " ")
  text <- gsub("\\bnull\\b", "NA", text)
  text <- gsub("\\btrue\\b", "TRUE", gsub("\\bfalse\\b", "FALSE", text))
  text <- gsub("\"([^\"]*)\"\\s*:", "`\\1` =", text)
  text <- gsub("\\{", "list(", gsub("\\[", "c(", text))
  text <- gsub("[]}]", ")", text)
  eval(parse(text = text))
}

adtte <- read.csv("adtte.csv", fileEncoding = "UTF-8-BOM", stringsAsFactors = FALSE,
                  colClasses = c(SITEID = "character", BCLC = "character"))
primary <- subset(adtte, PARAMCD == "TTR" & FASFL == "Y")
primary$event <- as.integer(primary$CNSR == 0)
primary$ARMCD <- factor(primary$ARMCD, levels = c("A1", "A2"))
primary$BCLC <- factor(primary$BCLC, levels = sort(unique(primary$BCLC[primary$BCLC != ""])))
expected <- read_json("expected.json")
worst <- 0
compare <- function(what, ours, theirs, tolerance) {
  known <- !is.na(theirs) & !is.na(ours)
  difference <- if (any(known)) max(abs(ours[known] - theirs[known])) else 0
  worst <<- max(worst, difference / tolerance)
  cat(sprintf("%-34s largest difference %.2e %s\n", what, difference, if (difference <= tolerance) "agrees" else "DIFFERS"))
}

for (arm in names(expected$km)) {
  want <- expected$km[[arm]]
  fit <- survfit(Surv(NOMWEEK, event) ~ 1, data = primary[primary$ARMCD == arm, ], conf.type = "log-log")
  got <- summary(fit, times = want$time, extend = TRUE)
  beyond <- want$time > max(fit$time) & got$surv > 0
  got$surv[beyond] <- NA
  compare(paste("Kaplan-Meier", arm, "S(t)"), got$surv, want$surv, 1e-10)
  compare(paste("Kaplan-Meier", arm, "lower limit"), got$lower, want$lower, 1e-10)
  compare(paste("Kaplan-Meier", arm, "upper limit"), got$upper, want$upper, 1e-10)
  compare(paste("Kaplan-Meier", arm, "at risk"), got$n.risk, want$n_risk, 0.5)
  cat(sprintf("  cumulative recurrence at week %d: %.4f\n", expected$read_week,
              1 - got$surv[want$time == expected$read_week]))
}
if (is.list(expected$logrank)) {
  test <- survdiff(Surv(NOMWEEK, event) ~ ARMCD, data = primary)
  compare("log-rank chi-square", test$chisq, expected$logrank$chi2, 1e-8)
}
if (is.list(expected$cox)) {
  fit <- coxph(Surv(NOMWEEK, event) ~ ARMCD + AGE + BCLC + HBSAGLOG, data = primary, ties = "efron",
               control = coxph.control(eps = 1e-13, iter.max = 200))
  for (name in names(expected$cox$coef)) {
    compare(paste("Cox coefficient", name), coef(fit)[[name]], expected$cox$coef[[name]], 1e-8)
    compare(paste("Cox standard error", name), sqrt(diag(vcov(fit)))[[name]], expected$cox$se[[name]], 1e-8)
  }
  cat(sprintf("  hazard ratio NA + Peg-IFN vs NA: %.4f\n", exp(coef(fit)[["ARMCDA2"]])))
}
if (worst > 1) { cat("NOT ALL NUMBERS AGREE\n"); quit(status = 1) }
cat("All numbers agree.\n")
