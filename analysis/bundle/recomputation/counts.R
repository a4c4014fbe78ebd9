# Counts of participants, scans, events and adverse events from the raw forms and adtte.csv.

EXCLUDED <- c("after_cutoff", "contradiction", "not_due", "ended", "no_scan")

events <- function() {
  rows <- endpoint("TTR")
  list(n = nrow(rows), events = sum(rows$event))
}

# From screening to analysis.
participants <- function() {
  people <- form("participants")
  enrolled <- with_an_arm()
  failures <- sum(people$STATE == "screen_failure")
  lost <- excluded()
  reasons <- as.list(table(factor(lost$reason, levels = EXCLUDED)))
  c(list(screened = nrow(people), failures = failures, enrolled = nrow(enrolled),
         "arm not chosen" = nrow(people) - failures - nrow(enrolled)),
    at("not analysed", reasons), list(analysed = nrow(enrolled) - nrow(lost)))
}

# Everybody with an arm and a Day 0 who is not analysed, and why.
excluded <- function() {
  enrolled <- with_an_arm()
  rows <- read_table("adtte.csv")
  rows <- rows[rows$PARAMCD == "TTR", ]
  analysed <- unique(rows$SUBJID[rows$FASFL == "Y"])
  ended <- c(form("eos")$SUBJID, form("death")$SUBJID)
  visits <- form("visits")
  due <- visits$SUBJID[visits$VISIT == "W12" & visits$CLOSES != "" & visits$CLOSES <= cutoff()]
  lost <- enrolled[!enrolled$SUBJID %in% analysed, ]
  why <- ifelse(!lost$SUBJID %in% rows$SUBJID, ifelse(lost$DAY0 > cutoff(), "after_cutoff", "contradiction"),
                ifelse(lost$SUBJID %in% ended, "ended", ifelse(lost$SUBJID %in% due, "no_scan", "not_due")))
  data.frame(SUBJID = lost$SUBJID, ARMCD = lost$ARMCD, reason = why, stringsAsFactors = FALSE)
}

# Everybody with a Day 0 up to the cut-off, and how many by month.
accrual <- function() {
  days <- form("participants")$DAY0
  days <- sort(days[days != "" & days <= cutoff()])
  months <- table(substr(days, 1, 7))
  c(list(enrolled = length(days)), if (length(days)) at("until", as.list(setNames(cumsum(months), names(months)))))
}

imaging <- function() scans("all")
imaging_by_arm <- function() c(scans("A1"), scans("A2"))

# The same of each visit, and of how many participants.
imaging_matrix <- function() {
  due <- due_scans()
  values <- list(participants = length(unique(due$SUBJID)))
  for (visit in unique(due$VISIT)) {
    own <- due[due$VISIT == visit, ]
    values <- c(values, at(visit, due = nrow(own), done = sum(own$done), "in window" = sum(own$within)))
  }
  values
}

# Visits due and done, pages, verification, signatures and queries, of all and by form.
data_quality <- function() {
  queries <- form("queries")
  opened <- queries[queries$STATE == "open", ]
  age <- as.numeric(as.Date(cutoff()) - as.Date(substr(opened$OPENED, 1, 10)))
  done <- due_visits()
  values <- c(at("visits", due = length(done), done = sum(done)),
              at("queries", answered = sum(queries$STATE == "answered"), new = sum(age <= 7),
                 late = sum(age > 7 & age <= 30), overdue = sum(age > 30)))
  verified <- held_pages(form("verifications"), "DROPPED")
  signed <- held_pages(form("signatures"), "BROKEN")
  counts <- do.call(rbind, lapply(forms_there(), function(name) {
    data.frame(form = name, pages = nrow(form(name)), verified = sum(verified == name), signed = sum(signed == name),
               queries = sum(queries$FORM == name), open = sum(opened$FORM == name), stringsAsFactors = FALSE)
  }))
  words <- c("pages", "verified", "signed", "queries", "open")
  counts <- counts[counts$pages > 0 | counts$queries > 0, ]
  for (i in seq_len(nrow(counts))) values <- c(values, at(counts$form[i], as.list(counts[i, words])))
  c(values, at("all", setNames(lapply(words, function(word) sum(counts[[word]])), words)))
}

# The form of each page that has such a row, not ended.
held_pages <- function(rows, ended) {
  rows <- rows[rows[[ended]] == "", c("FORM", "SUBJID", "VISIT", "VISITSEQ", "REPEAT")]
  rows$FORM[!duplicated(rows)]
}

# Of each visit whether it took place.
due_visits <- function() {
  end <- ends_by_person(c(eos = "eos_date", death = "dth_date"))
  visits <- form("visits")
  visits <- visits[visits$CLOSES != "" & visits$CLOSES <= cutoff() & visits$STATE != "dropped", ]
  last <- ifelse(visits$SUBJID %in% names(end), end[visits$SUBJID], "9999")
  left <- visits$SVSTDTC == "" & visits$STATE == "planned" & visits$OPENS > last
  (visits$SVSTDTC != "")[!left]
}

# Scans due by the cut-off, done and in their window.
scans <- function(group) {
  people <- form("participants")
  due <- due_scans()
  if (group != "all") due <- due[people$ARMCD[match(due$SUBJID, people$SUBJID)] == group, ]
  at(group, due = nrow(due), done = sum(due$done), "in window" = sum(due$within))
}

due_scans <- function() {
  visits <- form("visits")
  visits <- visits[startsWith(visits$VISIT, "W") & visits$VISIT != "W0" & visits$CLOSES != "" &
                     visits$CLOSES <= cutoff(), ]
  mri <- form("mri")
  mri <- mri[mri$mri_done == "Y" & mri$mri_quality %in% c("GOOD", "ADEQUATE", "LIMITED"), ]
  mri <- mri[!duplicated(mri[c("SUBJID", "VISIT")], fromLast = TRUE), ]
  scan <- mri$mri_date[match(paste(visits$SUBJID, visits$VISIT), paste(mri$SUBJID, mri$VISIT))]
  end <- imaging_ends()
  after <- visits$SUBJID %in% names(end) & visits$OPENS > end[visits$SUBJID]
  left <- is.na(scan) & (visits$STATE == "dropped" | (!is.na(after) & after))
  visits$done <- !is.na(scan)
  visits$within <- !is.na(scan) & visits$OPENS <= scan & scan <= visits$CLOSES
  visits[!left, ]
}

# The first day of end of study, death or confirmed recurrence.
imaging_ends <- function() {
  ends_by_person(c(eos = "eos_date", death = "dth_date", recur = "rec_date"), function(rows, name) {
    if (name == "recur") rows[rows$rec_adj == "CONFIRMED", ] else rows
  })
}

# The first day in these columns, each named by its form, by participant.
ends_by_person <- function(columns, chosen = function(rows, name) rows) {
  days <- do.call(rbind, Map(function(name, column) {
    rows <- chosen(form(name), name)
    data.frame(who = rows$SUBJID, day = rows[[column]], stringsAsFactors = FALSE)
  }, names(columns), columns))
  days <- days[days$day != "", ]
  vapply(split(days$day, days$who), min, "")
}

# Participants with adverse events of each kind, and deaths, by the treatment received (E4, E9).
safety <- function() safety_by_group(received(), ARMS)

safety_pooled <- function() {
  arm <- received()
  arm[] <- rep("all", length(arm))
  safety_by_group(arm, "all")
}

safety_by_group <- function(group, groups) {
  people <- with_an_arm()
  arm <- received()
  ae <- form("ae")
  ae <- ae[ae$SUBJID %in% names(arm), ]
  grade <- grades(ae)
  counted <- emergent(ae, people, arm)
  related <- c("DEFINITE", "PROBABLE", "POSSIBLE")
  of <- function(chosen) unique(ae$SUBJID[chosen])
  died_of_it <- of(grade == 5)
  died <- dead(names(arm))
  kinds <- list(
    any = of(counted), grade3 = of(counted & grade >= 3), serious = of(counted & ae$ae_ser == "Y"),
    related = of(counted & (ae$ae_rel_pg %in% related | ae$ae_rel_na %in% related)), fatal = of(counted & grade == 5),
    deaths = died, deaths_ae = intersect(died, died_of_it), deaths_other = setdiff(died, died_of_it),
    deaths_undated = setdiff(died, form("death")$SUBJID[form("death")$dth_date != ""])
  )
  values <- c(list("not emergent" = sum(!counted)), setNames(lapply(groups, function(g) sum(group == g)), paste(groups, "n")))
  for (kind in names(kinds)) {
    own <- group[kinds[[kind]]]
    counts <- setNames(lapply(groups, function(g) sum(own == g)), groups)
    values <- c(values, at(kind, c(counts[groups != "all"], all = length(own))))
  }
  values
}

# The arm of everybody with an arm and a Day 0, by the treatment received.
received <- function() {
  people <- with_an_arm()
  alloc <- form("alloc")
  alloc <- alloc[alloc$arm_actual != "" & !duplicated(alloc$SUBJID, fromLast = TRUE), ]
  actual <- alloc$arm_actual[match(people$SUBJID, alloc$SUBJID)]
  setNames(ifelse(is.na(actual), people$ARMCD, actual), people$SUBJID)
}

# The grade, 5 for what is fatal, 0 where it is not known.
grades <- function(ae) {
  fatal <- ae$ae_out == "FATAL" | ae$ae_sdth == "Y"
  ifelse(fatal, 5, as.numeric(ifelse(ae$ae_grade == "", 0, ae$ae_grade)))
}

# Who of these people died.
dead <- function(people) {
  ae <- form("ae")
  death <- form("death")
  eos <- form("eos")
  died <- c(ae$SUBJID[grades(ae) == 5], death$SUBJID[death$dth_date != ""], eos$SUBJID[eos$eos_status == "DEATH"])
  unique(died[died %in% people])
}

# An event counts from the first dose to the days after the last; without doses from Day 0 on.
emergent <- function(ae, people, arm) {
  doses <- form("pegifn")
  doses <- doses[doses$pg_status %in% c("GIVEN", "REDUCED", "DELAYED") & doses$pg_date != "", ]
  by_person <- split(doses$pg_date, doses$SUBJID)
  first <- setNames(people$DAY0, people$SUBJID)
  last <- setNames(rep("9999-12-31", nrow(people)), people$SUBJID)
  for (who in intersect(names(by_person), names(arm)[arm == "A2"])) {
    first[who] <- min(by_person[[who]])
    last[who] <- format(as.Date(max(by_person[[who]])) + plan()$emergent_days)
  }
  start <- ae$ae_start
  start == "" | (start >= substr(first[ae$SUBJID], 1, nchar(start)) & start <= last[ae$SUBJID])
}
