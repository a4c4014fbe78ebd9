# Every sensitivity estimate, computed by the functions of the bundle, in one figure on a logarithmic axis.
for (part in c("json", "comparison", "tables", "curves", "models", "estimates", "weights", "side_by_side")) {
  source(file.path("recomputation", paste0(part, ".R")), encoding = "UTF-8")
}
result <- unlist(lapply(forest(), unname))
lines <- rev(sub(" hr$", "", grep(" hr$", names(result), value = TRUE)))
ratio <- result[paste(lines, "hr")]
lower <- result[paste(lines, "lower")]
upper <- result[paste(lines, "upper")]

par(mar = c(5, 10, 2, 2))
plot(ratio, seq_along(lines), log = "x", xlim = range(0.5, 2, lower, upper, na.rm = TRUE), yaxt = "n", ylab = "",
     pch = 15, xlab = "Hazard ratio (95% CI)")
segments(lower, seq_along(lines), upper)
axis(2, seq_along(lines), lines, las = 1)
abline(v = 1, lty = 3)
