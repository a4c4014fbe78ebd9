# Reads the files of the bundle: every cell is a text, an empty one is "".

ARMS <- c("A1", "A2")
memory <- new.env()

once <- function(name, computation) {
  if (!exists(name, envir = memory, inherits = FALSE)) assign(name, computation, envir = memory)
  get(name, envir = memory)
}

expected <- function() once("expected", read_json("expected.json"))
plan <- function() expected()$plan
cutoff <- function() plan()$cutoff
ticks <- function() unlist(plan()$ticks)

read_table <- function(path) {
  once(path, {
    if (!file.exists(path)) stop(path, " is not there")
    read.csv(path, colClasses = "character", na.strings = character(), fileEncoding = "UTF-8-BOM",
             stringsAsFactors = FALSE, check.names = FALSE)
  })
}
form <- function(name) read_table(sprintf("data/%s.csv", name))

# Every raw table with a row for each page.
forms_there <- function() {
  tables <- sub("[.]csv$", "", sort(list.files("data", "[.]csv$")))
  Filter(function(name) "PAGEVERSION" %in% names(form(name)) && !"ROW" %in% names(form(name)), tables)
}

files_listed <- function() {
  if (!file.exists("manifest.json")) return(list())
  lapply(read_json("manifest.json")$files, function(facts) facts$bytes)
}
files_there <- function() {
  paths <- as.character(names(files_listed()))
  paths <- paths[file.exists(paths)]
  as.list(setNames(file.size(paths), paths))
}

# adtte.csv as places and values.
TEXTS <- c("ARMCD", "STARTDT", "ADT", "EVNTDESC", "FASFL", "SEX", "BCLC", "LASTNEG")
NUMBERS <- c("ENTRY", "AVAL", "CNSR", "NOMWEEK", "AGE", "HBSAGLOG")
endpoints_in_file <- function() {
  rows <- read_table("adtte.csv")
  values <- list(rows = nrow(rows))
  for (column in c(TEXTS, NUMBERS)) {
    cells <- rows[[column]]
    cells <- if (column %in% NUMBERS) as.numeric(ifelse(cells == "", NA, cells)) else ifelse(cells == "", NA, cells)
    values <- c(values, setNames(as.list(cells), paste(rows$SUBJID, rows$PARAMCD, column, recycle0 = TRUE)))
  }
  values
}

# The rows of an endpoint; time to recurrence is analysed in who has an evaluable scan after Day 0.
endpoint <- function(parameter) {
  rows <- read_table("adtte.csv")
  rows <- rows[rows$PARAMCD == parameter & (parameter %in% c("RFS", "OS") | rows$FASFL == "Y"), ]
  for (column in NUMBERS) rows[[column]] <- as.numeric(ifelse(rows[[column]] == "", NA, rows[[column]]))
  rows$event <- as.integer(rows$CNSR == 0)
  rows
}
arms_of <- function(rows) sort(unique(rows$ARMCD))
