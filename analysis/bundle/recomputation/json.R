# A reader of JSON in base R: characters in, lists out. Nothing of the file is ever evaluated.
# An object is a named list, an array a list, null is NA; a whole number written without point or exponent is an integer.

read_json <- function(path) {
  text <- paste(readLines(path, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  tokens <- json_tokens(enc2utf8(text))
  at <- 1L

  take <- function() {
    if (at > length(tokens)) stop("the JSON text ends too early")
    at <<- at + 1L
    tokens[[at - 1L]]
  }
  expect <- function(mark) {
    token <- take()
    if (token != mark) stop(sprintf("'%s' stands where '%s' must", token, mark))
  }
  value <- function() {
    token <- take()
    if (token == "{") return(object())
    if (token == "[") return(array())
    json_scalar(token)
  }
  object <- function() {
    result <- new.env(hash = TRUE)
    keys <- character()
    if (tokens[[at]] == "}") { at <<- at + 1L; return(list()) }
    repeat {
      key <- json_scalar(take())
      if (!is.character(key)) stop("the name in an object is no text")
      expect(":")
      assign(paste0("=", key), value(), envir = result)
      keys <- c(keys, key)
      token <- take()
      if (token == "}") break
      if (token != ",") stop(sprintf("'%s' stands within an object", token))
    }
    if (anyDuplicated(keys)) stop("a name stands twice in an object")
    setNames(mget(paste0("=", keys), envir = result), keys)
  }
  array <- function() {
    result <- list()
    if (tokens[[at]] == "]") { at <<- at + 1L; return(result) }
    repeat {
      result <- c(result, list(value()))
      token <- take()
      if (token == "]") break
      if (token != ",") stop(sprintf("'%s' stands within an array", token))
    }
    result
  }

  result <- value()
  if (at <= length(tokens)) stop("something stands after the end of the JSON text")
  result
}

json_tokens <- function(text) {
  pattern <- "\"(?:[^\"\\\\]|\\\\.)*\"|-?[0-9][0-9.eE+-]*|true|false|null|[][{}:,]"
  places <- gregexpr(pattern, text, perl = TRUE)[[1]]
  tokens <- regmatches(text, list(places))[[1]]
  rest <- gsub("[ \t\r\n]", "", paste(regmatches(text, list(places), invert = TRUE)[[1]], collapse = ""))
  if (nchar(rest)) stop(sprintf("the JSON text holds '%s'", substr(rest, 1, 20)))
  tokens
}

json_scalar <- function(token) {
  if (token == "null") return(NA)
  if (token %in% c("true", "false")) return(token == "true")
  if (startsWith(token, "\"")) return(json_text(substr(token, 2, nchar(token) - 1)))
  if (grepl("^-?(0|[1-9][0-9]*)$", token)) {
    number <- as.numeric(token)
    return(if (abs(number) < .Machine$integer.max) as.integer(number) else number)
  }
  if (grepl("^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$", token)) return(as.numeric(token))
  stop(sprintf("'%s' is no value", token))
}

json_text <- function(inner) {
  if (!grepl("\\", inner, fixed = TRUE)) return(inner)
  marks <- c(n = "\n", t = "\t", r = "\r", b = "\b", f = "\f", "\"" = "\"", "\\" = "\\", "/" = "/")
  parts <- regmatches(inner, gregexpr("\\\\u[0-9a-fA-F]{4}|\\\\.|[^\\\\]+", inner, perl = TRUE))[[1]]
  plain <- vapply(parts, function(part) {
    if (!startsWith(part, "\\")) return(part)
    if (startsWith(part, "\\u")) return(intToUtf8(strtoi(substr(part, 3, 6), 16L)))
    mark <- marks[substr(part, 2, 2)]
    if (is.na(mark)) stop(sprintf("'%s' is no escape", part))
    unname(mark)
  }, "")
  paste(plain, collapse = "")
}
