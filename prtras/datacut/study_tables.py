"""Tables of a picture that are neither forms nor what people say about pages: the study registers them at start-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from prtras.codelists import CodeList
from prtras.labels import T

#: The columns with which every such table begins: whom a row is about.
KEYS = ("SITEID", "SUBJID")


@dataclass(frozen=True)
class StudyColumn:
    """One column: where the row has it, what it says, its type (as in `prtras.exports.formats.csv`), its code list.

    `happened`: a date of something that happened. It is emptied in a picture up to an earlier day; the row stays.
    """

    source: str
    label: T
    kind: str = "text"
    codes: CodeList | None = None
    happened: bool = False


@dataclass(frozen=True)
class StudyTable:
    """One table about participants: its rows, the models from which they are read, and its columns behind the keys.

    `participant` is the way from a row to its participant.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    models: tuple[type[Model], ...]
    participant: str
    columns: Mapping[str, StudyColumn]

    @property
    def sources(self) -> dict[str, str]:
        """Where each column is read from, keys first."""
        keys = (f"{self.participant}__site__code", f"{self.participant}__number")
        return dict(zip(KEYS, keys, strict=True)) | {name: column.source for name, column in self.columns.items()}

    @property
    def days(self) -> tuple[str, ...]:
        """The columns that are dates of something that happened."""
        return tuple(name for name, column in self.columns.items() if column.happened)


_tables: dict[str, StudyTable] = {}


def register_study_table(table: StudyTable) -> None:
    """Put a table into every picture from now on. Raises ValueError for a name that is in use."""
    if table.name in _tables:
        raise ValueError(f"table {table.name} is registered twice")
    _tables[table.name] = table


def study_tables() -> Mapping[str, StudyTable]:
    """The registered tables by name."""
    return _tables
