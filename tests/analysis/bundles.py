"""Bundles of invented studies, and the programs that compute their numbers again."""

import atexit
import contextlib
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from analysis import bundle
from analysis.bundle.recomputation.__main__ import main
from analysis.outputs.output import Table
from prtras.files.tables import csv_bytes
from prtras.labels import T
from tests.analysis.studies import CUTOFF, Tables

#: The columns of the raw forms that the programs read.
COLUMNS = {
    "participants": ("SITEID", "SUBJID", "STATE", "ARMCD", "DAY0"),
    "visits": ("SUBJID", "VISIT", "OPENS", "CLOSES", "STATE", "SVSTDTC"),
    "mri": ("SUBJID", "VISIT", "mri_date", "mri_quality", "mri_done"),
    "recur": (
        "SUBJID", "VISIT", "REPEAT", "rec_date", "rec_adj", "rec_visit", "rec_site", "rec_basis", "rec_n", "rec_mm",
        "rec_vasc", "rec_bclc",
    ),
    "death": ("SUBJID", "VISIT", "dth_date", "dth_cause"),
    "subtx": ("SUBJID", "VISIT", "st_start", "st_type"),
    "dm": ("SUBJID", "age_consent", "sex"),
    "hcc": ("SUBJID", "bclc_ent", "n_tumours", "largest_mm", "cp_pre", "pre_afp"),
    "path": ("SUBJID", "mvi"),
    "radtx": ("SUBJID", "tx_date", "tx_type", "days_to_w0"),
    "hbvhx": ("SUBJID", "cirrhosis"),
    "lbviro": (
        "SUBJID", "VISIT", "viro_date", "hbsag_q", "hbsag_res", "hbsag_log", "hbvdna_q", "hbvdna_log", "hbeag_res",
        "hbsag_status", "hbsab_val", "hbsab_q",
    ),
    "eos": ("SUBJID", "VISIT", "eos_date", "eos_status", "last_alive"),
    "ae": ("SUBJID", "REPEAT", "ae_start", "ae_grade", "ae_ser", "ae_out", "ae_sdth", "ae_rel_pg", "ae_rel_na"),
    "pegifn": ("SUBJID", "pg_status", "pg_date", "pg_dose"),
    "alloc": ("SUBJID", "arm_actual"),
    "dv": ("SUBJID", "dv_excl"),
    "blind_rounds": ("SUBJID", "ROUND", "THROUGH"),
    "blind_readings": ("SUBJID", "ROUND", "PART", "VERDICT", "EVIDENCE"),
    "queries": ("SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "STATE", "OPENED"),
    "verifications": ("SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "DROPPED"),
    "signatures": ("SUBJID", "VISIT", "VISITSEQ", "FORM", "REPEAT", "BROKEN"),
}  # fmt: skip
#: Those of them that are no form's.
OF_NO_FORM = ("participants", "visits", "blind_rounds", "blind_readings", "queries", "verifications", "signatures")


#: A program ends by `quit`, which here only ends its turn.
R_FOLDERS = """
suppressPackageStartupMessages(library(survival))
quit <- function(status) stop(structure(list(message = "", status = status), class = c("ended", "error", "condition")))
chosen <- character()
commandArgs <- function(...) chosen
turns <- function() {
  folders <- file("stdin", "r")
  while (length(line <- readLines(folders, 1))) {
    words <- strsplit(line, "\\t")[[1]]
    chosen <<- words[-1]
    setwd(words[1])
    status <- tryCatch(source("recompute.R"), ended = function(end) end$status)
    cat("ENDED", status, "\\n")
    flush(stdout())
  }
}
turns()
"""


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    status: int
    lines: list[str]

    @property
    def differences(self) -> list[str]:
        return [line for line in self.lines if line.startswith("DIFFERS")]

    @property
    def compared(self) -> dict[str, int]:
        """How many places of each table were compared."""
        tables = (line.split() for line in self.lines if line.endswith("differ"))
        return {words[0]: int(words[1]) for words in tables}


def written(folder: Path, tables: Tables, cutoff: date = CUTOFF) -> Path:
    """The bundle of a study in a folder."""
    files = bundle.numbers_files(tables, cutoff) | bundle.programs()
    for name, own in COLUMNS.items():
        columns = own if name in OF_NO_FORM else (*own, "PAGEVERSION")
        rows = ([_cell(row.get(column)) for column in columns] for row in tables.get(name, ()))
        files[f"data/{name}.csv"] = csv_bytes(columns, rows)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def _cell(value: object) -> object:
    return ";".join(value) if isinstance(value, list) else value


def by_python(folder: Path, *chosen: str) -> Ended:
    """recompute.py, alone in its folder: nothing of this program can be imported."""
    return _run([sys.executable, "-E", "recompute.py", *chosen], folder)


def by_python_here(folder: Path, *chosen: str) -> Ended:
    """The same within this process, which takes a tenth of the time; `chosen`: only these outputs."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        status = main(folder, chosen)
    return Ended(status, output.getvalue().splitlines())


def by_r(folder: Path, *chosen: str) -> Ended:
    """recompute.R."""
    return _run(["Rscript", "recompute.R", *chosen], folder)


@cache
def _r() -> subprocess.Popen[str]:
    """One R with its package loaded, which runs recompute.R in each folder whose name it reads."""
    process = subprocess.Popen(
        ["Rscript", "-e", R_FOLDERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(process.kill)
    return process


def by_r_here(folder: Path, *chosen: str) -> Ended:
    """The same within one R for all tests of a process, which takes half the time; `chosen`: only these outputs."""
    process = _r()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\t".join((str(folder), *chosen)) + "\n")
    process.stdin.flush()
    lines = []
    while not (line := process.stdout.readline()).startswith("ENDED "):
        assert line, "R ended with an error"
        lines.append(line.rstrip("\n"))
    return Ended(int(line.split()[1]), lines)


def _run(command: list[str], folder: Path) -> Ended:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert "Error" not in done.stderr, done.stderr
    return Ended(done.returncode, done.stdout.splitlines())


def unexpected(table: Table, expected: Mapping[str, float | None]) -> list[str]:
    """The cells of a table with a number that is no expected one rounded; of a listing words are words."""
    known = [abs(number) for number in expected.values() if number is not None]
    known += [100 * number for number in known] + [30.4375]
    cells = [cell for row in table.rows for cell in row.cells if not (table.listing and isinstance(cell, T))]
    return [str(cell) for cell in cells if not all(_near(*each, known) for each in _shown_numbers(str(cell)))]


def _shown_numbers(cell: str) -> list[tuple[float, int]]:
    """The numbers of a cell as they are printed, with their decimals; a percentage is a count over a count."""
    text = cell.split(" (")[0]
    if text.startswith(("<", "df")) or "χ²" in text:
        return []
    parts = re.findall(r"-?\d+(?:\.\d+)?", text.replace("–", " "))
    return [(float(part), len(part.partition(".")[2])) for part in parts]


def _near(number: float, digits: int, known: list[float]) -> bool:
    return any(abs(abs(number) - each) <= 0.51 * 10**-digits for each in known)


def with_numbers(folder: Path, change: Callable[[dict[str, dict[str, Any]]], object]) -> None:
    """Change the expected numbers."""
    path = folder / "expected.json"
    content = json.loads(path.read_text())
    change(content["numbers"])
    path.write_text(json.dumps(content))


def with_rows(folder: Path, name: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a CSV file."""
    path = folder / name
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        rows, head = list(reader), list(reader.fieldnames or ())
    change(rows)
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, head)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(output.getvalue().encode("utf-8-sig"))
