"""What the casebook holds of a participant's course: samples, doses, regimens, scans. Reads; decides nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from enrollment.deriving.doses import GIVEN
from prtras.crf.dates import days_of
from prtras.crf.models import Participant
from prtras.crf.records import Source, Stored, source_of


@dataclass(frozen=True)
class Virus:
    """One sample of virology: as reported, its qualifier, and log10 where there is one."""

    day: date
    visit: str
    values: Mapping[str, Any]

    def __getitem__(self, item: str) -> Any:
        return self.values.get(item)


@dataclass(frozen=True)
class Result:
    """One result of a panel in the standard unit, with its upper limit and grade."""

    day: date
    visit: str
    text: str
    value: Decimal
    qualifier: str
    upper: Decimal | None
    lower: Decimal | None
    grade: str


@dataclass(frozen=True)
class Dose:
    """One planned injection: when, how much (0 for none), what became of it."""

    day: date
    micrograms: int
    status: str


@dataclass(frozen=True)
class Regimen:
    """A nucleos(t)ide analogue: from when to when (None: ongoing, or not known)."""

    drug: str
    start: date
    end: date | None
    ongoing: bool


@dataclass(frozen=True)
class Scan:
    """One imaging examination and its conclusion."""

    day: date
    visit: str
    conclusion: str


@dataclass(frozen=True)
class Records:
    """Everything of one participant, by day."""

    viruses: tuple[Virus, ...]
    alt: tuple[Result, ...]
    platelets: tuple[Result, ...]
    doses: tuple[Dose, ...]
    regimens: tuple[Regimen, ...]
    scans: tuple[Scan, ...]


def records_of(participant: Participant) -> Records:
    """Read them. A fixed number of statements."""
    source = source_of(participant.pk)
    return Records(
        tuple(sorted(_viruses(source), key=lambda each: each.day)),
        tuple(sorted(_results(source, "lbchem", "chem_date", "alt"), key=lambda each: each.day)),
        tuple(sorted(_results(source, "lbhem", "hem_date", "plt"), key=lambda each: each.day)),
        tuple(sorted(_doses(source), key=lambda each: each.day)),
        tuple(sorted(_regimens(source), key=lambda each: each.start)),
        tuple(sorted(_scans(source), key=lambda each: each.day)),
    )


def _visit(record: Stored) -> str:
    return f"{record.visit} {record.sequence}" if record.sequence else record.visit


def _viruses(source: Source) -> Iterator[Virus]:
    for record in source("lbviro"):
        if day := record.values.get("viro_date"):
            yield Virus(day, _visit(record), record.values)


def _results(source: Source, form: str, dated: str, analyte: str) -> Iterator[Result]:
    for record in source(form):
        row, day = record.rows.get(analyte, {}), record.values.get(dated)
        if day and row.get("stresn") is not None:
            printed = f"{row['orres']} {row.get('orresu') or ''}".strip()
            yield Result(
                day, _visit(record), printed, row["stresn"], row.get("qualifier") or "",
                row.get("stnrhi"), row.get("stnrlo"), row.get("toxgr") or "",
            )  # fmt: skip


def _doses(source: Source) -> Iterator[Dose]:
    for record in source("pegifn"):
        values = record.values
        if day := values.get("pg_date"):
            given = values.get("pg_status") in GIVEN
            yield Dose(day, (values.get("pg_dose") or 0) if given else 0, values.get("pg_status") or "")


def _regimens(source: Source) -> Iterator[Regimen]:
    for record in source("na"):
        start, _ = days_of(record.values.get("na_start"))
        _, end = days_of(record.values.get("na_end"))
        if start:
            ongoing = record.values.get("na_ongoing") == "Y"
            yield Regimen(record.values.get("na_drug") or "", start, None if ongoing else end, ongoing)


def _scans(source: Source) -> Iterator[Scan]:
    for record in source("mri"):
        if day := record.values.get("mri_date"):
            yield Scan(day, _visit(record), record.values.get("mri_overall") or "")
