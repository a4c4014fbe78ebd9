# Subgroups, multiple imputation by the values of imputed.csv, and every estimate side by side.
# Rubin (1987), section 3.1; degrees of freedom, Barnard & Rubin (Biometrika 1999;86:948).

# Every estimate but the biased one; imputed where something was missing.
forest <- function() {
  started <- of_peginterferon()
  lines <- c(of_the_arms(), started[setdiff(names(started), "ever")])
  c(do.call(c, unname(lines)),
    estimate("actual", arm_rows("TTR", "AVAL")), estimate("rfs", arm_rows("RFS", "AVAL")),
    estimate("ttrgap", arm_rows("TTRGAP", "AVAL")), weighted_line(lines$planned),
    if (any(unlist(missing_covariates()) > 0)) pooled("imputed")$values)
}

# Overlap weights in the participants of the planned model.
weighted_line <- function(planned) {
  rows <- endpoint("TTR")
  weighted <- hazards(rows)$ato
  enough <- tapply(complete_rows(rows)$event, complete_rows(rows)$ARMCD, sum)
  shown <- !weighted$few && length(enough) == 2 && all(enough >= FEWEST_EVENTS)
  names(planned) <- sub("^planned", "weighted", names(planned))
  sizes <- planned[!names(planned) %in% paste("weighted", c("coef", "se", "hr", "lower", "upper", "p"))]
  c(sizes, term("weighted", weighted$coef, weighted$se, shown))
}

# The levels of every subgroup, and the test of arm by level.
subgroups <- function() {
  rows <- arm_rows("TTR", "NOMWEEK")
  cut <- function(values, limit) ifelse(is.na(values), NA, ifelse(values < limit, "under", "over"))
  variables <- list(AGE = cut(rows$AGE, plan()$age_cut), SEX = rows$SEX, BCLC = rows$BCLC,
                    HBSAG = cut(rows$HBSAGLOG, log10(plan()$hbsag_cut)))
  levels <- list(AGE = c("under", "over"), SEX = c("M", "F"), BCLC = c("0", "A"), HBSAG = c("under", "over"))
  values <- estimate("planned", rows)
  for (name in names(variables)) {
    own <- lapply(levels[[name]], function(level) {
      estimate(paste(name, level), rows[variables[[name]] %in% level, ], if (name == "BCLC") c("AGE", "HBSAGLOG") else ADJUSTED)
    })
    shown <- !anyNA(mapply(function(line, level) line[[paste(name, level, "coef")]], own, levels[[name]]))
    both <- rows
    both$level <- variables[[name]]
    both <- both[both$level %in% levels[[name]], ]
    test <- if (shown) interaction_of(complete_rows(both), levels[[name]][2]) else c(NA, NA)
    values <- c(values, do.call(c, own), term(paste(name, "interaction"), test[1], test[2], shown))
  }
  values
}

# Coefficient and standard error of arm times level.
interaction_of <- function(rows, second) {
  treated <- as.numeric(rows$group == "A2")
  level <- as.numeric(rows$level == second)
  x <- do.call(cbind, c(list(treated = treated), covariate_columns(rows, ADJUSTED),
                        list(level = level, product = treated * level)))
  fit <- counting_fit(x, rows)
  c(fit$coef[ncol(x)], fit$se[ncol(x)])
}

# Who lacks what, the complete cases, and everybody pooled over the imputations.
imputation <- function() {
  result <- pooled("pooled")
  c(at("missing", missing_covariates()), estimate("complete", arm_rows("TTR", "NOMWEEK")),
    list(imputations = result$m, df = result$df, fraction = result$fraction), result$values)
}

missing_covariates <- function() {
  rows <- endpoint("TTR")
  list(AGE = sum(is.na(rows$AGE)), BCLC = sum(trimws(rows$BCLC) == ""), HBSAGLOG = sum(is.na(rows$HBSAGLOG)))
}

# Coefficient and variance of the planned model in every imputation, by Rubin's rules.
pooled <- function(place) {
  rows <- arm_rows("TTR", "NOMWEEK")
  values <- at(place, n = nrow(rows), events = sum(rows$event))
  for (arm in arms_of(rows)) {
    own <- rows$event[rows$ARMCD == arm]
    values <- c(values, at(paste(place, arm), n = length(own), events = sum(own)))
  }
  cells <- read_table("imputed.csv")
  fits <- lapply(split(cells, as.integer(cells$IMPUTATION)), function(own) {
    filled <- rows
    for (name in unique(own$VARIABLE)) {
      column <- own[own$VARIABLE == name, ]
      value <- if (name == "BCLC") column$VALUE else as.numeric(column$VALUE)
      filled[match(column$SUBJID, rows$SUBJID), name] <- value
    }
    line <- estimate("own", filled)
    c(line[["own coef"]], line[["own se"]])
  })
  m <- length(fits)
  if (!m || anyNA(unlist(fits))) return(list(values = c(values, term(place, NA, NA, FALSE)), m = 0, df = NA, fraction = NA))
  coefs <- vapply(fits, `[`, 0, 1)
  within <- mean(vapply(fits, `[`, 0, 2)^2)
  between <- var(coefs)
  total <- within + (1 + 1 / m) * between
  share <- (1 + 1 / m) * between / total
  complete_df <- sum(rows$event) - 2 - length(setdiff(unique(trimws(rows$BCLC)), ""))
  observed <- (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
  df <- 1 / (share^2 / (m - 1) + 1 / observed)
  ratio <- (1 + 1 / m) * between / within
  coef <- mean(coefs)
  se <- sqrt(total)
  width <- qt(0.975, df)
  line <- at(place, coef = coef, se = se, hr = exp(coef), lower = exp(coef - width * se), upper = exp(coef + width * se),
             p = 2 * pt(-abs(coef / se), df))
  list(values = c(values, line), m = m, df = df, fraction = (ratio + 2 / (df + 3)) / (1 + ratio))
}
