# Run it in the folder of the unzipped bundle; needs R and its recommended package survival. Apache-2.0.
# `result` holds the numbers by their place in expected.json.

library(survival)
adtte <- read.csv("adtte.csv", fileEncoding = "UTF-8-BOM", colClasses = c(SUBJID = "character"))
adtte$EVENT <- as.integer(adtte$CNSR == 0)
adtte$ARMCD <- relevel(factor(adtte$ARMCD), "A1")
adtte$BCLC <- factor(adtte$BCLC, exclude = "")

# The full analysis set of time to recurrence: everybody with an evaluable scan after Day 0.
ttr <- subset(adtte, PARAMCD == "TTR" & FASFL == "Y")

