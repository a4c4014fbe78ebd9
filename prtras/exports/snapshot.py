"""One unmoving picture of all study data, as plain values that can be stored, hashed and read again.

Read over the connection `snapshot` (REPEATABLE READ, read only), so that every table is seen at the same moment.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connections, transaction
from django.db.models import F, JSONField, Value
from django.db.models.functions import NullIf

from prtras.audit.models import AuditSeal
from prtras.crf.dates import PartialDate
from prtras.crf.models import Participant, Visit
from prtras.crf.numbers import plain
from prtras.crf.registry import Form, all_forms

CONNECTION = "snapshot"
#: The coded reasons of missing values; most rows have none, and decoding fifty thousand `{}` takes half a second.
_ABSENT = NullIf(F("missing"), Value({}, output_field=JSONField()))


class Row(dict[str, Any]):
    """One row of a table; an empty column is left out and reads as None."""

    def __missing__(self, name: str) -> None:
        return None


PAGE_COLUMNS = {
    "page__participant__site__code": "SITEID",
    "page__participant__number": "SUBJID",
    "page__visit__code": "VISIT",
    "page__visit__sequence": "VISITSEQ",
    "page__repeat": "REPEAT",
    "page__version": "PAGEVERSION",
}


@dataclass(frozen=True)
class Snapshot:
    """Tables of rows by name (`participants`, `visits`, one per form, one per repeating part), and when."""

    taken_at: str
    head_seal: str
    tables: dict[str, list[Row]]

    def content(self) -> bytes:
        """The canonical bytes: the same data give the same bytes."""
        plain = {"taken_at": self.taken_at, "head_seal": self.head_seal, "tables": self.tables}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def rows(self) -> int:
        return sum(len(table) for table in self.tables.values())


def packed(content: bytes) -> bytes:
    """Compressed without a time stamp, so that the same bytes stay the same bytes."""
    return gzip.compress(content, compresslevel=5, mtime=0)


def unpacked(stored: bytes) -> Snapshot:
    """A picture from its stored bytes."""
    plain = json.loads(gzip.decompress(stored))
    tables = {name: [Row(row) for row in rows] for name, rows in plain["tables"].items()}
    return Snapshot(plain["taken_at"], plain["head_seal"], tables)


def sha256(content: bytes) -> str:
    """The checksum that is printed wherever results of this picture are shown."""
    return hashlib.sha256(content).hexdigest()


def take() -> Snapshot:
    """The picture as of now, of all submitted pages."""
    with transaction.atomic(using=CONNECTION):
        with connections[CONNECTION].cursor() as cursor:
            cursor.execute("SELECT now()")
            (now,) = cursor.fetchone()
        seal = AuditSeal.objects.using(CONNECTION).order_by("-id").values_list("sha256", flat=True).first()
        tables = {"participants": _participants(), "visits": _visits()}
        for form in all_forms():
            tables[form.code] = _pages(form)
            if form.rows:
                tables[form.rows.code] = _rows(form)
    return Snapshot(now.isoformat(), seal or "-", tables)


def _participants() -> list[Row]:
    names = {"site__code": "SITEID", "number": "SUBJID", "screening_number": "SCRNO", "state": "STATE",
             "anchor": "DAY0", "arm": "ARMCD"}  # fmt: skip
    found = Participant.objects.using(CONNECTION).order_by("number").values_list(*names)
    return _plain_rows(names.values(), found)


def _visits() -> list[Row]:
    names = {"participant__site__code": "SITEID", "participant__number": "SUBJID", "code": "VISIT",
             "sequence": "VISITSEQ", "target": "TARGET", "opens": "OPENS", "closes": "CLOSES", "date": "SVSTDTC",
             "state": "STATE"}  # fmt: skip
    found = Visit.objects.using(CONNECTION).order_by("participant__number", "position", "sequence")
    return _plain_rows(names.values(), found.values_list(*names))


def _pages(form: Form) -> list[Row]:
    found = form.model.objects.using(CONNECTION).filter(page__form=form.code, page__state="submitted")
    ordered = found.order_by("page__participant__number", "page__visit__position", "page__repeat", "page_id")
    columns = [*PAGE_COLUMNS, *form.items, "absent"]
    found = ordered.annotate(absent=_ABSENT).values_list(*columns)
    return _plain_rows([*PAGE_COLUMNS.values(), *form.items, "missing"], found)


def _rows(form: Form) -> list[Row]:
    assert form.rows
    found = form.rows.model.objects.using(CONNECTION).filter(
        page__form=form.code, page__state="submitted", void_reason=""
    )
    ordered = found.order_by("page__participant__number", "page__visit__position", "page__repeat", "row")
    columns = [*PAGE_COLUMNS, "row", *form.rows.items, "absent"]
    found = ordered.annotate(absent=_ABSENT).values_list(*columns)
    return _plain_rows([*PAGE_COLUMNS.values(), "ROW", *form.rows.items, "missing"], found)


def _plain_rows(names: Iterable[str], found: Iterable[tuple[Any, ...]]) -> list[Row]:
    columns = list(names)
    return [
        Row(
            {
                name: writer(value) if (writer := _WRITERS.get(type(value))) else value
                for name, value in zip(columns, row, strict=True)
                if value is not None
            }
        )
        for row in found
    ]


#: What JSON cannot hold; decimals become text without trailing zeros, so that nothing is lost.
_WRITERS: dict[type, Callable[[Any], str]] = {
    Decimal: plain,
    date: date.isoformat,
    datetime: datetime.isoformat,
    PartialDate: str,
}
