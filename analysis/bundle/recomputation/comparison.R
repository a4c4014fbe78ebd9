# Compares values place by place, and counts what it compared.
# Counts (whole numbers in expected.json) and texts must be equal. Every other number must agree to 1e-8 of its size, and
# one smaller than 0.01 to 1e-10. Nothing (NA) agrees with nothing only: it differs from every number, and a place that
# only one side has is a difference. A list of values is named by their places.

RELATIVE <- 1e-8
SMALL <- 0.01
state <- new.env()
state$compared <- 0L
state$different <- 0L

# What a computation gives; a failing one is a difference.
attempt <- function(table, computation) {
  tryCatch(suppressWarnings(computation), error = function(failed) {
    state$different <- state$different + 1L
    cat(sprintf("DIFFERS  %s: could not be computed (%s)\n", table, conditionMessage(failed)))
    list()
  })
}

agree <- function(there, computed) {
  if (is.na(there) || is.na(computed)) return(is.na(there) && is.na(computed))
  if (is.character(there) || is.character(computed)) return(identical(there, computed))
  if (!is.finite(there) || !is.finite(computed)) return(FALSE)
  if (is.integer(there)) return(there == computed)
  abs(there - computed) <= RELATIVE * max(abs(there), SMALL)
}

# All places of a table, with a line for each that differs and one for the table.
compare <- function(table, theirs, ours) {
  if (anyDuplicated(names(ours))) stop("a place stands twice in ", table)
  places <- sort(union(names(theirs), names(ours)))
  there <- theirs[match(places, names(theirs))]
  computed <- ours[match(places, names(ours))]
  on_both <- places %in% names(theirs) & places %in% names(ours)
  same <- vapply(seq_along(places), function(i) on_both[i] && agree(there[[i]], computed[[i]]), NA)
  for (i in which(!same)) {
    cat(sprintf("DIFFERS  %s: %s: expected %s, computed %s\n", table, places[i],
                printed(there, i, places[i] %in% names(theirs)), printed(computed, i, places[i] %in% names(ours))))
  }
  state$compared <- state$compared + length(places)
  state$different <- state$different + sum(!same)
  cat(sprintf("%-22s%7d compared, %d differ\n", table, length(places), sum(!same)))
}

printed <- function(values, i, is_there) {
  if (!is_there) return("nothing at this place")
  value <- values[[i]]
  if (is.na(value)) "NA" else if (is.character(value)) value else sprintf("%.12g", value)
}

# The last line and the exit status.
end_of_comparison <- function() {
  if (state$compared == 0) {
    cat("NOTHING WAS COMPARED.\n")
  } else if (state$different > 0) {
    cat(sprintf("NOT ALL NUMBERS AGREE: %d differences, %d numbers compared.\n", state$different, state$compared))
  } else {
    cat(sprintf("All %d numbers agree.\n", state$compared))
  }
  if (state$compared > 0 && state$different == 0) 0 else 1
}

# Values named by a place and a word each.
at <- function(.place, ...) {
  values <- list(...)
  if (length(values) == 1 && is.list(values[[1]])) values <- values[[1]]
  if (length(values)) setNames(values, paste(.place, names(values))) else list()
}

# NA for what is no finite number.
number <- function(value) if (length(value) == 1 && is.finite(value)) as.numeric(value) else NA
