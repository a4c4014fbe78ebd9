"""The texts of codes for R, SAS, SPSS and Stata: a file for each that names every code and where it stands. Pure."""

from collections.abc import Callable, Iterator, Mapping

from prtras.codelists import CodeList
from prtras.exports.columns import columns_of, tables

#: By table and column: the code list of every column that holds one code.
Coded = Mapping[str, Mapping[str, CodeList]]


def coded_columns() -> dict[str, dict[str, CodeList]]:
    """Several codes in one cell have no label in these programs: those stand in decoded/ only."""
    every = {
        table: {
            name: column.codes for name, column in columns_of(table).items() if column.codes and column.kind == "code"
        }
        for table in tables()
    }
    return {table: columns for table, columns in every.items() if columns}


def label_files() -> dict[str, bytes]:
    """formats/labels.R, formats.sas, labels.sps, labels.do."""
    coded = coded_columns()
    lists = {codes.name: codes for columns in coded.values() for codes in columns.values()}
    writers: dict[str, Callable[[Coded, Mapping[str, CodeList]], Iterator[str]]] = {
        "labels.R": _r, "formats.sas": _sas, "labels.sps": _spss, "labels.do": _stata
    }  # fmt: skip
    return {
        f"formats/{name}": ("\n".join(write(coded, dict(sorted(lists.items())))) + "\n").encode()
        for name, write in writers.items()
    }


def _r_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _r(coded: Coded, lists: Mapping[str, CodeList]) -> Iterator[str]:
    yield '# source("formats/labels.R", encoding = "UTF-8"); ae <- with_labels(read.csv("data/ae.csv"), "ae", "en")'
    yield "value_labels <- list()"
    for name, codes in lists.items():
        rows = codes.choices(*codes.retired)
        parts = {"code": [code for code, _ in rows], "zh": [t.zh for _, t in rows], "en": [t.en for _, t in rows]}
        for part, texts in parts.items():
            yield f'value_labels[["{name}"]]${part} <- c({", ".join(map(_r_text, texts))})'
    yield "code_lists <- list()"
    for table, columns in coded.items():
        pairs = ", ".join(f'"{column}" = "{codes.name}"' for column, codes in columns.items())
        yield f'code_lists[["{table}"]] <- c({pairs})'
    yield """with_labels <- function(rows, table, language = c("en", "zh")) {
  language <- match.arg(language)
  for (column in intersect(names(code_lists[[table]]), names(rows))) {
    labels <- value_labels[[code_lists[[table]][[column]]]]
    values <- as.character(rows[[column]])
    values[!is.na(values) & values == ""] <- NA
    unknown <- setdiff(values, c(labels$code, NA))
    if (length(unknown)) stop(table, " ", column, ": unknown code ", paste(unknown, collapse = ", "))
    rows[[column]] <- factor(values, levels = labels$code, labels = labels[[language]])
  }
  rows
}"""


def _sas_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sas(coded: Coded, lists: Mapping[str, CodeList]) -> Iterator[str]:
    yield "/* In a UTF-8 session: %include 'formats/formats.sas' / encoding='utf-8'; E: English, Z: Chinese. */"
    yield "proc format;"
    for name, codes in lists.items():
        rows = codes.choices(*codes.retired)
        for ending, texts in (("E", [text.en for _, text in rows]), ("Z", [text.zh for _, text in rows])):
            yield f"  value ${name}_{ending}"
            pairs = zip(rows, texts, strict=True)
            yield from (f"    {_sas_text(code)} = {_sas_text(text)}" for (code, _), text in pairs)
            yield "  ;"
    yield "run;"
    for table, columns in coded.items():
        yield f"%macro label_{table}; format {' '.join(f'{n} ${c.name}_E.' for n, c in columns.items())}; %mend;"


def _spss(coded: Coded, lists: Mapping[str, CodeList]) -> Iterator[str]:
    yield "* Encoding: UTF-8."
    yield "* INSERT FILE='formats/labels.sps'. Then, with the table AE open and its codes as strings: !label_ae ."
    for table, columns in coded.items():
        yield f"DEFINE !label_{table} ()"
        yield "VALUE LABELS"
        for column, codes in columns.items():
            yield f"  /{column}"
            yield from (f"    {_sas_text(c)} {_sas_text(text.en)}" for c, text in codes.choices(*codes.retired))
        yield "  ."
        yield "!ENDDEFINE."


def _stata(coded: Coded, lists: Mapping[str, CodeList]) -> Iterator[str]:
    yield "* do formats/labels.do, then with a table open: label_ae. A text column becomes a number with labels."
    yield "version 14"
    for name, codes in lists.items():
        for n, (_, text) in enumerate(codes.choices(*codes.retired), start=1):
            yield f'label define {name} {n} `"{text.en}"\', add'
    for table, columns in coded.items():
        yield f"capture program drop label_{table}"
        yield f"program define label_{table}"
        for column, codes in columns.items():
            yield f"  rename {column} {column}_code"
            yield f"  generate long {column} = ."
            for n, (code, _) in enumerate(codes.choices(*codes.retired), start=1):
                yield f'  replace {column} = {n} if {column}_code == `"{code}"\''
            yield f"  label values {column} {codes.name}"
        yield "end"
