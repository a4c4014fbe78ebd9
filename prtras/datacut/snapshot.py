"""One unmoving picture of all study data, as plain values that can be stored, hashed and read again.

Read over the connection `snapshot`, of which every transaction is REPEATABLE READ and read only (`reader`), so that
every table is seen at the same moment. Its role may read the tables of `models_read` and nothing else. A picture of an
earlier moment is read from tables laid over those of now (`past_tables`).
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import DecimalField, Expression, F, Func, JSONField, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, NullIf
from django.utils import timezone

from prtras.accounts.models import Site
from prtras.audit.models import AuditColumn, AuditSeal
from prtras.coding.models import Coding, Dictionary
from prtras.coding.open_terms import codings_in_force
from prtras.coding.terms import LEVELS
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.registry import Form, Table, all_forms
from prtras.crf.study import protocol
from prtras.datacut import past_tables, restriction
from prtras.datacut.models import DataCut
from prtras.datacut.past_tables import Moment
from prtras.datacut.study_tables import study_tables
from prtras.labels import T
from prtras.review.models import Query, Signature, Verification

CONNECTION = "snapshot"


class MomentInFuture(ValueError):
    """Nobody knows yet what will be entered."""

    def __init__(self, moment: date | datetime) -> None:
        at = moment.isoformat()
        self.text = T(f"数据快照不能取自将来（{at}）。", f"A data cut cannot be of the future ({at}).")
        super().__init__(self.text.en)


class Row(dict[str, Any]):
    """One row of a table; an empty column is left out and reads as None."""

    def __missing__(self, name: str) -> None:
        return None


Columns = dict[str, str | Expression]
PAGE_COLUMNS: Columns = {
    "SITEID": "page__participant__site__code",
    "SUBJID": "page__participant__number",
    "VISIT": "page__visit__code",
    "VISITSEQ": "page__visit__sequence",
    "REPEAT": "page__repeat",
    "PAGEVERSION": "page__version",
}
#: The coded reasons of missing values, and values as the source gives them in another unit; most rows have neither.
REMARKS: Columns = {"missing": NullIf(F("missing"), Value({}, output_field=JSONField())), "reported": "reported"}


class Tables(Mapping[str, list[Row]]):
    """Tables by name, each read from its lines when it is first looked at."""

    def __init__(self, lines: Mapping[str, list[str]]) -> None:
        self._lines = lines
        self._read: dict[str, list[Row]] = {}

    def __getitem__(self, name: str) -> list[Row]:
        if name not in self._read:
            self._read[name] = [Row(row) for row in json.loads(f"[{','.join(self._lines[name])}]")]
        return self._read[name]

    def count(self, name: str) -> int:
        """How many rows a table has, without reading them."""
        return len(self._lines.get(name, ()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


@dataclass(frozen=True)
class Snapshot:
    """What was in the tables (`participants`, `visits`, one per form, per repeating part, the study's own), and when.

    `lines` holds each table's rows as the database wrote them: one JSON object a line, without its empty columns.
    `moment` is what of the trail it saw; it is no part of the picture.
    """

    created_at: str
    head_seal: str
    lines: dict[str, list[str]]
    moment: Moment | None = field(default=None, compare=False)

    @cached_property
    def tables(self) -> Tables:
        return Tables(self.lines)

    def content(self) -> bytes:
        """The canonical bytes: a line about the picture, then for each table a line with its name, and its rows."""
        parts = [json.dumps({"created_at": self.created_at, "head_seal": self.head_seal})]
        for name, lines in self.lines.items():
            parts += [json.dumps({"table": name, "rows": len(lines)}), *lines]
        return "\n".join(parts).encode()

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the canonical bytes, as it is printed wherever results of this picture are shown."""
        return sha256(self.content())

    @property
    def rows(self) -> int:
        return sum(len(lines) for lines in self.lines.values())

    def up_to(self, cutoff: date) -> "Snapshot":
        """The picture without what is dated after a day; itself, with what was read of it, where nothing is."""
        lines = restriction.restricted(self.tables, self.lines, cutoff)
        return self if lines == self.lines else replace(self, lines=lines)


def packed(content: bytes) -> bytes:
    """Compressed without a time stamp, so that the same bytes stay the same bytes."""
    return gzip.compress(content, compresslevel=5, mtime=0)


def unpacked(stored: bytes) -> Snapshot:
    """A picture from its stored bytes."""
    first, *rest = gzip.decompress(stored).decode().split("\n")
    facts, lines, start = json.loads(first), {}, 0
    while start < len(rest):
        table = json.loads(rest[start])
        lines[table["table"]] = rest[start + 1 : start + 1 + table["rows"]]
        start += 1 + table["rows"]
    return Snapshot(facts["created_at"], facts["head_seal"], lines)


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def models_read() -> list[type[Model]]:
    """Whose tables a picture is read from."""
    trail, reviews = [AuditSeal, AuditColumn], [Query, Verification, Signature, Dictionary, Coding]
    forms = [table.model for form in all_forms() for table in form.tables()]
    own = [model for table in study_tables().values() for model in table.models]
    return [*trail, Site, Participant, Visit, CrfPage, *reviews, *forms, *dict.fromkeys(own)]


def take(as_of: datetime | None = None) -> Snapshot:
    """The picture of all submitted pages, as of now or of an earlier moment.

    Raises MomentInFuture, ValueError for a time without its zone, and NotAudited or Unexplained where the trail cannot
    say what was there.
    """
    if as_of and timezone.is_naive(as_of):
        raise ValueError(f"which time zone is {as_of.isoformat()} in?")
    of_then = DataCut.objects.order_by(F("entered_until").asc(nulls_first=True))
    cut = of_then.filter(created_at=as_of).first() if as_of else None
    with transaction.atomic(using=CONNECTION):
        with connections[CONNECTION].cursor() as cursor:
            at, moment = _go_back(cursor, as_of, cut) if as_of else _now(cursor)
        seals = AuditSeal.objects.using(CONNECTION).filter(made_at__lte=at).order_by("-id")
        head_seal = cut.head_seal if cut else seals.values_list("sha256", flat=True).first() or "-"
        lines = _all_lines()
    return Snapshot(at.isoformat(), head_seal, lines, moment)


def _now(cursor: CursorWrapper) -> tuple[datetime, Moment]:
    moment = past_tables.seen(cursor)  # from here on nothing moves, so the clock is not before anything that is seen
    cursor.execute("SELECT clock_timestamp()")
    (now,) = cursor.fetchone()
    return now, moment


def _go_back(cursor: CursorWrapper, as_of: datetime, cut: DataCut | None) -> tuple[datetime, Moment]:
    """Lay the past over the tables; then only read."""
    cursor.execute("SET TRANSACTION READ WRITE")  # for temporary tables; the role has no right on any other
    cursor.execute("SELECT %s > clock_timestamp()", [as_of])
    if cursor.fetchone() == (True,):
        raise MomentInFuture(as_of)
    moment = (cut and cut.moment) or past_tables.resolve(cursor, as_of)
    past_tables.use_past_tables(cursor, models_read(), as_of, moment)
    cursor.execute("SET TRANSACTION READ ONLY")
    return as_of.astimezone(UTC), moment


def _all_lines() -> dict[str, list[str]]:
    lines = {"participants": _participants(), "visits": _visits()}
    for form in all_forms():
        lines |= {table.code: _data(form, table) for table in form.tables()}
    lines |= {name: _lines(rows.order_by("pk"), WHERE | columns) for name, (rows, columns) in _reviews().items()}
    return lines | {table.name: _lines(table.rows(), {**table.sources}) for table in study_tables().values()}


#: The page that a query, verification or signature is about.
WHERE: Columns = {"SITEID": "page__participant__site__code", "SUBJID": "page__participant__number",
                  "VISIT": "page__visit__code", "VISITSEQ": "page__visit__sequence", "FORM": "page__form",
                  "REPEAT": "page__repeat"}  # fmt: skip


#: What was coded, by which release; code and names of every level.
CODED: Columns = {"TERM": "verbatim", "DICTVER": "dictionary__version"}
CODED_LEVELS: Columns = {
    f"{level.upper()}{head}": f"{level}{column}"
    for level in LEVELS for head, column in (("CD", ""), ("ZH", "_zh"), ("EN", "_en"))
}  # fmt: skip


def _reviews() -> dict[str, tuple[QuerySet[Any], Columns]]:
    """Queries, verification, signatures, coding. Not the words of queries: anything may stand in them."""
    return {
        "queries": (Query.objects.all(), {"PLACE": "place", "CHECKID": "check_id", "STATE": "state",
                    "OPENED": "opened_at", "CHANGED": "changed_at", "DUE": "due"}),
        "verifications": (Verification.objects.all(), {"PLACE": "place", "VERIFIED": "at", "DROPPED": "dropped_at"}),
        "signatures": (Signature.objects.all(), {"SIGNED": "at", "NAME": "name", "ROLE": "role", "MEANING": "meaning",
                       "SHA256": "sha256", "BROKEN": "broken_at"}),
        "codings": (codings_in_force(), CODED | CODED_LEVELS),
    }  # fmt: skip


def participant_columns() -> Columns:
    """What is said of a participant; the arm in a study with arms."""
    columns: Columns = {"SITEID": "site__code", "SUBJID": "number", "SCRNO": "screening_number", "STATE": "state",
                        "DAY0": "anchor"}  # fmt: skip
    return columns | ({"ARMCD": "arm"} if protocol().arms else {})


def _participants() -> list[str]:
    return _lines(Participant.objects.order_by("number"), participant_columns())


#: What is said of a visit.
VISIT_COLUMNS: Columns = {"SITEID": "participant__site__code", "SUBJID": "participant__number", "VISIT": "code",
                          "VISITSEQ": "sequence", "TARGET": "target", "OPENS": "opens", "CLOSES": "closes",
                          "SVSTDTC": "date", "STATE": "state", "SCHEDULE": "schedule"}  # fmt: skip


def _visits() -> list[str]:
    return _lines(Visit.objects.order_by("participant__number", "position", "sequence"), VISIT_COLUMNS)


def _data(form: Form, table: Table) -> list[str]:
    """The submitted pages of a form, or their rows that count."""
    rows: QuerySet[Model] = table.model._default_manager.filter(page__form=form.code, page__state="submitted")
    order, number = "page_id", {}
    if table.rows:
        rows, order, number = rows.filter(void_reason=""), "row", {"ROW": "row"}
    ordered = rows.order_by("page__participant__number", "page__visit__position", "page__repeat", order)
    return _lines(ordered, PAGE_COLUMNS | number | _items(table.model, table.items) | REMARKS)


def _items(model: type[Model], names: Mapping[str, object]) -> Columns:
    """Decimals as text without trailing zeros, so that JSON loses nothing of them."""
    return {
        name: Cast(Func(F(name), function="trim_scale"), TextField())
        if isinstance(model._meta.get_field(name), DecimalField)
        else name
        for name in names
    }


def _lines(rows: QuerySet[Any], columns: Columns) -> list[str]:
    """The rows as the database itself writes them: faster than building them here, and on its processor."""
    chosen = rows.annotate(**{f"_{i}": expression if isinstance(expression, Expression) else F(expression)
                               for i, expression in enumerate(columns.values())})  # fmt: skip
    statement, parameters = chosen.values_list(*(f"_{i}" for i in range(len(columns)))).query.sql_with_params()
    names = ", ".join(f'"{name}"' for name in columns)
    with connections[CONNECTION].cursor() as cursor:
        cursor.execute(
            f"SELECT json_strip_nulls(row_to_json(t))::text FROM ({statement}) AS t ({names})",  # noqa: S608 - our names
            parameters,
        )
        return [line for (line,) in cursor.fetchall()]
