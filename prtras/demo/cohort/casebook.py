"""One participant's casebook in memory: where derivations and checks look while nothing is written yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from prtras.crf.models import CrfPage
from prtras.crf.records import Stored, Values
from prtras.crf.registry import Form, holder_of

LAST = 10_000


@dataclass
class StoredInMemory:
    """A submitted page: its values as other pages read them, and its rows."""

    page: CrfPage
    form: Form
    values: Values = field(default_factory=dict)
    rows: list[Values] = field(default_factory=list)

    @property
    def visit(self) -> str:
        return self.page.visit.code if self.page.visit else ""

    @property
    def position(self) -> int:
        return self.page.visit.position if self.page.visit else 0

    @property
    def place(self) -> tuple[int, int]:
        """The order in which the database gives pages: by visit, those of no visit last, then by repeat."""
        return self.page.visit.position if self.page.visit else LAST, self.page.repeat


class Casebook:
    """All submitted pages of one participant."""

    def __init__(self) -> None:
        self._pages: dict[str, list[StoredInMemory]] = {}
        self._by_id: dict[UUID, StoredInMemory] = {}

    def put(self, page: CrfPage, form: Form, values: Values, rows: Mapping[str, Values]) -> None:
        """Keep a page's values, or renew them."""
        entry = self._by_id.get(page.pk)
        if entry is None:
            entry = self._by_id[page.pk] = StoredInMemory(page, form)
            self._pages.setdefault(form.code, []).append(entry)
            self._pages[form.code].sort(key=lambda other: other.place)
        flat = dict(values) | {"row": page.repeat}
        if form.rows:
            keys = form.rows.keys
            entry.rows = [dict(row) | {"row": str(form.rows.number_of(key))} for key, row in rows.items()]
            if keys:
                flat.update({f"{key}_{name}": row.get(name) for key, row in rows.items() for name in form.rows.items})
        entry.values = flat

    def records_of(self, code: str) -> list[Stored]:
        """The records of a form, or of the rows of a form: what a page's context reads."""
        holder, are_rows = holder_of(code)
        return [
            Stored(
                entry.page.pk, entry.visit, entry.page.visit.sequence if entry.page.visit else 0, entry.position, values
            )
            for entry in self._pages.get(holder.code, ())
            for values in (entry.rows if are_rows else (entry.values,))
        ]
