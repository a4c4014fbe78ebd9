# The flow of participants by arm, and the listings: who recurred, died, had a serious event or is not analysed.

# Every box of the diagram.
participant_flow <- function() {
  people <- form("participants")
  chosen <- with_an_arm()
  failures <- sum(people$STATE == "screen_failure")
  eos <- form("eos")
  eos <- eos[eos$eos_status != "" & !duplicated(eos$SUBJID, fromLast = TRUE), ]
  why <- excluded()
  values <- list(screened = nrow(people), failures = failures, chosen = nrow(chosen),
                 "arm not chosen" = nrow(people) - failures - nrow(chosen))
  for (a in ARMS) {
    own <- chosen$SUBJID[chosen$ARMCD == a]
    ends <- eos$eos_status[eos$SUBJID %in% own]
    reasons <- why$reason[why$SUBJID %in% own]
    values <- c(values, at(a, list(chosen = length(own), followed = length(own) - length(ends),
                                   analysed = length(own) - length(reasons))))
    if (length(ends)) values <- c(values, at(paste(a, "ended"), as.list(table(ends))))
    if (length(reasons)) values <- c(values, at(paste(a, "not analysed"), as.list(table(reasons))))
  }
  values
}

# How many lines each listing has, and the numbers of every line.
listings <- function() {
  people <- with_an_arm()
  events <- endpoint("TTR")
  events <- events[events$event == 1, ]
  why <- excluded()
  values <- c(listed_recurrences(people, events), listed_deaths(people, events), listed_serious(people))
  lines <- paste("exclusion", why$SUBJID, why$ARMCD, why$reason, recycle0 = TRUE)
  c(values, list(exclusions = nrow(why)), setNames(as.list(rep(1, nrow(why))), lines))
}

listed_recurrences <- function(people, events) {
  recur <- form("recur")
  recur <- recur[recur$SUBJID %in% people$SUBJID, ]
  recur <- recur[order(recur$SUBJID, as_number(recur$REPEAT)), ]
  key <- paste(recur$SUBJID, recur$rec_date)
  decides <- recur$rec_adj == "CONFIRMED" & key %in% paste(events$SUBJID, events$ADT)
  decides[decides] <- !duplicated(key[decides])
  judged <- paste(recur$rec_site, recur$rec_visit, recur$rec_adj)
  place <- paste("recurrence", recur$SUBJID, recur$REPEAT, judged, recycle0 = TRUE)
  place <- paste0(place, ifelse(decides, " counts", ""), recycle0 = TRUE)
  days <- study_day(recur$rec_date, recur$SUBJID, people)
  c(list(recurrences = nrow(recur)), setNames(as.list(days), place))
}

listed_deaths <- function(people, events) {
  died <- dead(people$SUBJID)
  death <- form("death")
  death <- death[!duplicated(death$SUBJID, fromLast = TRUE), ]
  row <- match(died, death$SUBJID)
  cause <- ifelse(is.na(row), "", death$dth_cause[row])
  place <- paste("death", died, cause, recycle0 = TRUE)
  days <- study_day(ifelse(is.na(row), "", death$dth_date[row]), died, people)
  recurred <- events$AVAL[match(died, events$SUBJID)]
  c(list(deaths = length(died)), setNames(as.list(days), paste(place, "day", recycle0 = TRUE)),
    setNames(as.list(recurred), paste(place, "recurred", recycle0 = TRUE)))
}

listed_serious <- function(people) {
  arm <- received()
  ae <- form("ae")
  ae <- ae[ae$SUBJID %in% people$SUBJID & ae$ae_ser == "Y", ]
  place <- paste("serious", ae$SUBJID, arm[ae$SUBJID], ae$REPEAT, ae$ae_out, recycle0 = TRUE)
  grade <- grades(ae)
  grade[grade == 0] <- NA
  c(list(serious = nrow(ae)),
    setNames(as.list(as_number(ae$REPEAT)), paste(place, "number", recycle0 = TRUE)),
    setNames(as.list(study_day(ae$ae_start, ae$SUBJID, people)), paste(place, "day", recycle0 = TRUE)),
    setNames(as.list(grade), paste(place, "grade", recycle0 = TRUE)))
}

# Day 0 as day 1; nothing where the day is not known.
study_day <- function(text, who, people) {
  start <- people$DAY0[match(who, people$SUBJID)]
  whole <- grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", text)
  days <- rep(NA_real_, length(text))
  days[whole] <- as.numeric(as.Date(text[whole]) - as.Date(start[whole]))
  ifelse(days < 0, days, days + 1)
}
