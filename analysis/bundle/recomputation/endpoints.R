# Derives the endpoints again from the raw forms.
# Rules: CRF specification, section E (E1 baseline, E2 recurrence, E3 censoring, E6 parameters, E9 sets). AVAL is the days
# from Day 0 with Day 0 as day 1 (TTRRAD: from radical treatment, at risk after ENTRY days); the nominal week is that of
# the planned visit whose scan was on the day, else of the nearest visit every 12 weeks (a tie goes to the earlier).

ADJUDICATIONS <- c("CONFIRMED", "NOTREC", "PENDING")
ANTI_TUMOUR <- c("RERESECT", "ABLATION", "TACE", "HAIC", "RT", "TARE", "LT", "TKI", "ICI", "CHEMO", "OTHER")
SUPPORTIVE <- c("TCM", "BSC")
CENSORED <- c(LASTIMG = 1, DEATH = 2, NEWTX = 3, NOIMG = 4, CUTOFF = 5, MISSED2 = 6, ALIVE = 7)
GAP <- 182
CONFIRMED_AFTER <- 77
FORMS <- c("mri", "recur", "death", "subtx", "dm", "hcc", "radtx", "lbviro", "visits", "eos")
FAR <- as.Date("9999-12-31")

# Whoever has a date that is none, or dates that contradict each other, has no row.
not_derivable <- function(what) {
  stop(structure(class = c("not_derivable", "error", "condition"), list(message = what, call = NULL)))
}

derived_endpoints <- function() {
  forms <- lapply(setNames(FORMS, FORMS), function(name) split(form(name), form(name)$SUBJID))
  people <- form("participants")
  people <- people[people$DAY0 != "" & people$ARMCD != "", ]
  values <- lapply(seq_len(nrow(people)), function(i) {
    records <- lapply(setNames(FORMS, FORMS), function(name) {
      own <- forms[[name]][[people$SUBJID[i]]]
      if (is.null(own)) form(name)[0, ] else own
    })
    tryCatch(rows_of(people[i, ], records), not_derivable = function(wrong) list())
  })
  values <- do.call(c, values)
  c(list(rows = sum(endsWith(as.character(names(values)), " CNSR"))), values)
}

rows_of <- function(person, records) {
  start <- day_of(person$DAY0)
  if (start > day_of(cutoff())) return(list())
  by_site <- course_of(start, records)
  by_review <- as_reviewed(by_site, blind_cases()[blind_cases()$SUBJID == person$SUBJID, ])
  scanned <- by_site$evaluable[by_site$evaluable > start]
  common <- list(
    ARMCD = person$ARMCD, FASFL = if (length(scanned)) "Y" else "N",
    AGE = if (nrow(records$dm)) number_of(records$dm$age_consent[1]) else NA,
    SEX = if (nrow(records$dm) && records$dm$sex[1] != "") records$dm$sex[1] else NA,
    BCLC = if (nrow(records$hcc) && records$hcc$bclc_ent[1] != "") records$hcc$bclc_ent[1] else NA,
    HBSAGLOG = hbsag_of(records$lbviro)
  )
  treated <- treated_of(records$radtx, start)
  loss <- hbsag_loss_of(start, records$lbviro)
  loss <- if (length(loss)) at(paste(person$SUBJID, "TTHBSL"), c(common, loss)) else list()
  parameters <- c("TTR", "RFS", "OS", "TTRGAP", if (!is.na(treated)) "TTRRAD", "TTRBICR")
  c(loss, do.call(c, lapply(parameters, function(parameter) {
    course <- if (parameter == "TTRBICR") by_review else by_site
    if (is.null(course)) return(list())
    origin <- if (parameter == "TTRRAD") treated else start
    outcome <- if (parameter == "OS") overall(course) else recurrence(parameter, course)
    before <- course$evaluable[course$evaluable > start & course$evaluable < outcome$day]
    at(paste(person$SUBJID, parameter), c(common, list(
      ADT = format(outcome$day), STARTDT = format(origin), ENTRY = as.numeric(start - origin),
      AVAL = as.numeric(outcome$day - origin) + 1,
      CNSR = if (outcome$event) 0 else CENSORED[[outcome$reason]], EVNTDESC = outcome$reason,
      NOMWEEK = nominal_week(outcome$day, course),
      LASTNEG = if (outcome$event && length(before)) format(max(before)) else NA
    )))
  })))
}

# Confirmed HBsAg loss, or the last sample; nothing for who was negative up to Day 0 (E5, E6).
hbsag_loss_of <- function(start, rows) {
  rows <- dated(rows, "viro_date")
  rows <- rows[order(rows$day), ]
  rows <- rows[!duplicated(rows$day, fromLast = TRUE), ]
  unclear <- rows$hbsag_q %in% c("", "INVALID")
  rows$negative <- rows$hbsag_q == "LT_LLOQ" | (unclear & rows$hbsag_res == "NEG")
  planned <- rows[grepl("^W[0-9]+$", rows$VISIT), ]
  weeks <- setNames(as.numeric(substring(planned$VISIT, 2)), format(planned$day))
  rows <- rows[rows$negative | !unclear, ]
  before <- rows$negative[rows$day <= start]
  if (length(before) && before[length(before)]) return(list())
  rows <- rows[rows$day > start, ]
  run <- cumsum(!rows$negative)
  first <- ave(as.numeric(rows$day), run, rows$negative, FUN = min)
  confirmed <- which(rows$negative & as.numeric(rows$day) - first >= CONFIRMED_AFTER)
  lost <- length(confirmed) > 0
  day <- if (lost) as.Date(first[confirmed[1]], origin = "1970-01-01") else max(start, rows$day)
  list(STARTDT = format(start), ENTRY = 0, ADT = format(day), AVAL = as.numeric(day - start) + 1, CNSR = if (lost) 0 else 8,
       EVNTDESC = if (lost) "HBSAGLOSS" else "LASTHBS", NOMWEEK = nominal_week(day, list(start = start, weeks = weeks)),
       LASTNEG = NA)
}

course_of <- function(start, records) {
  scans <- dated(records$mri, "mri_date")
  scans <- scans[scans$mri_quality != "", ]
  recurrences <- dated(records$recur, "rec_date")
  recurrences <- recurrences[recurrences$rec_adj != "", ]
  therapies <- records$subtx[records$subtx$st_start != "" & records$subtx$st_type != "", ]
  found <- recurrences$day[recurrences$rec_adj == "CONFIRMED" & recurrences$day > start]
  begun <- begun_on(therapies$st_start, start, found)
  seen <- c(start, dated(records$visits, "SVSTDTC")$day, scans_days(records), dated(records$recur, "rec_date")$day,
            dated(records$eos, "last_alive")$day)
  death <- death_of(records$death, max(seen))
  confirmed <- recurrences$day[recurrences$rec_adj == "CONFIRMED"]
  if (!all(recurrences$rec_adj %in% ADJUDICATIONS)) not_derivable("rec_adj")
  if (!all(therapies$st_type %in% c(ANTI_TUMOUR, SUPPORTIVE))) not_derivable("st_type")
  if (!is.na(death) && (death < start || any(confirmed > death))) not_derivable("dth_date")
  treated <- begun[therapies$st_type %in% ANTI_TUMOUR & begun >= start]
  planned <- scans[grepl("^W[0-9]+$", scans$VISIT), ]
  list(start = start, evaluable = scans$day[scans$mri_quality != "NONDIAG"],
       weeks = setNames(as.numeric(substring(planned$VISIT, 2)), format(planned$day)),
       confirmed = confirmed, death = death, therapy = if (length(treated)) min(treated) else as.Date(NA),
       alive = max(seen))
}
# Known to month or year only, a therapy begins as early as it may, not before Day 0 or a recurrence in that time.
begun_on <- function(texts, start, found) {
  days <- first_days(texts)
  for (i in which(nchar(texts) < 10)) {
    latest <- last_days(texts[i])
    first <- if (length(found) && min(found) <= latest) min(found) else start
    days[i] <- min(latest, max(days[i], start, first))
  }
  days
}
scans_days <- function(records) dated(records$mri, "mri_date")$day

# Event or not, the day and the reason: E2, E3 and, for TTRGAP, the rule of two missed scans.
recurrence <- function(parameter, course) {
  days <- course$confirmed[course$confirmed > course$start]
  day <- if (length(days)) min(days) else FAR
  reason <- "RECURRENCE"
  if (parameter == "RFS" && !is.na(course$death) && course$death < day) { day <- course$death; reason <- "DEATH" }
  end <- day_of(cutoff())
  if (day < FAR && !(!is.na(course$therapy) && course$therapy < day) && end >= day) {
    before <- course$evaluable[course$evaluable >= course$start & course$evaluable < day]
    scan <- if (length(before)) max(before) else course$start
    if (parameter == "TTRGAP" && as.numeric(day - scan) > GAP) return(list(event = FALSE, day = scan, reason = "MISSED2"))
    return(list(event = TRUE, day = day, reason = reason))
  }
  limits <- c(NEWTX = course$therapy, DEATH = course$death, CUTOFF = end)
  limits <- limits[!is.na(limits)]
  first <- which.min(limits)
  until <- course$evaluable[course$evaluable >= course$start & course$evaluable <= limits[first]]
  if (!length(until)) return(list(event = FALSE, day = course$start, reason = "NOIMG"))
  list(event = FALSE, day = max(until), reason = names(limits)[first])
}

# The course with the recurrence and the scans of the blind review; none without a verdict that the scans bear.
as_reviewed <- function(course, case) {
  if (!nrow(case) || !(case$VERDICT %in% c("Y", "N"))) return(NULL)
  days <- day_of(c(case$EVIDENCE, case$THROUGH)[c(case$EVIDENCE, case$THROUGH) != ""])
  if (!all(days %in% course$evaluable[course$evaluable > course$start])) return(NULL)
  course$confirmed <- if (case$EVIDENCE != "") day_of(case$EVIDENCE) else as.Date(character())
  if (!is.na(course$death) && any(course$confirmed > course$death)) not_derivable("dth_date")
  if (case$THROUGH != "") course$evaluable <- course$evaluable[course$evaluable <= day_of(case$THROUGH)]
  course
}

overall <- function(course) {
  if (is.na(course$death)) return(list(event = FALSE, day = course$alive, reason = "ALIVE"))
  list(event = TRUE, day = course$death, reason = "DEATH")
}

# Known to month or year only, a death is on the earliest day that it may be, not before the last day alive.
death_of <- function(rows, alive) {
  rows <- rows[rows$dth_date != "", ]
  if (!nrow(rows)) return(as.Date(NA))
  day <- max(first_days(rows$dth_date[1]), min(alive, last_days(rows$dth_date[1])))
  if (day <= day_of(cutoff())) day else as.Date(NA)
}

# The day of radical treatment; NA without a whole date up to Day 0.
treated_of <- function(rows, start) {
  text <- rows$tx_date[rows$tx_date != ""]
  if (!length(text)) return(as.Date(NA))
  day <- tryCatch(day_of(text[1]), not_derivable = function(wrong) FAR)
  if (day <= start) day else as.Date(NA)
}

nominal_week <- function(day, course) {
  known <- course$weeks[names(course$weeks) == format(day)]
  if (length(known)) return(unname(known[length(known)]))
  12 * max(0, ceiling((max(as.numeric(day - course$start), 0) - 42) / 84))
}

hbsag_of <- function(rows) {
  rows <- rows[rows$hbsag_log != "", ]
  for (visit in c("W0", "SCR")) {
    own <- rows$hbsag_log[rows$VISIT == visit]
    if (length(own)) return(as.numeric(own[length(own)]))
  }
  NA
}

number_of <- function(text) if (text == "") NA else as.numeric(text)

dated <- function(rows, column) {
  rows <- rows[rows[[column]] != "", ]
  rows$day <- day_of(rows[[column]])
  rows[rows$day <= day_of(cutoff()), ]
}

day_of <- function(text) {
  days <- as.Date(ifelse(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text), text, NA), format = "%Y-%m-%d")
  if (anyNA(days)) not_derivable(paste(text, collapse = ", "))
  days
}

# The first and the last day that a date known to the day, month or year may be.
first_days <- function(text) {
  if (!length(text)) return(as.Date(character()))
  if (!all(grepl("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", text))) not_derivable(paste(text, collapse = ", "))
  day_of(paste0(text, substring("0000-01-01", nchar(text) + 1)))
}
last_days <- function(text) {
  first <- first_days(text)
  if (nchar(text) == 10) return(first)
  seq(first, by = if (nchar(text) == 7) "month" else "year", length.out = 2)[2] - 1
}
