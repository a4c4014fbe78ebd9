# Loads an unzipped PRTRAS bundle into a list of data frames, one for each table: codes as factors with their texts,
# dates as Date, numbers as numeric, and the label of each column in its attribute "label". A column with a code that
# has no text stays as it is, with a warning. Apache-2.0.
#
#   source("load_bundle.R"); study <- load_bundle("bundle", "en"); table(study$ae$ae_grade)

load_bundle <- function(folder, language = c("en", "zh")) {
  language <- match.arg(language)
  read <- function(...) {
    read.csv(file.path(folder, ...), colClasses = "character", na.strings = "", fileEncoding = "UTF-8-BOM",
             check.names = FALSE)
  }
  labels <- new.env()
  source(file.path(folder, "formats", "labels.R"), local = labels, encoding = "UTF-8")
  codebook <- read("codebook.csv")
  tables <- sub("[.]csv$", "", list.files(file.path(folder, "data"), "[.]csv$"))
  load <- function(table) {
    rows <- read("data", paste0(table, ".csv"))
    columns <- codebook[codebook$TABLE == table, ]
    if (!setequal(names(rows), columns$COLUMN)) stop(table, ": its columns are not those of the codebook")
    for (i in seq_len(nrow(columns))) {
      name <- columns$COLUMN[i]
      rows[[name]] <- switch(columns$TYPE[i], integer = , decimal = as.numeric(rows[[name]]),
                             date = as.Date(rows[[name]]), rows[[name]])
    }
    for (name in intersect(names(labels$code_lists[[table]]), names(rows))) {  # one with a code without a text stays
      rows[name] <- tryCatch(labels$with_labels(rows[name], table, language), error = function(unknown) {
        warning(conditionMessage(unknown), call. = FALSE)
        rows[name]
      })
    }
    for (i in seq_len(nrow(columns))) {
      attr(rows[[columns$COLUMN[i]]], "label") <- columns[[paste0("LABEL_", toupper(language))]][i]
    }
    rows
  }
  sapply(tables, load, simplify = FALSE)
}
