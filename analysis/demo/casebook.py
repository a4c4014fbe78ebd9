"""One participant's casebook in memory: where derivations and checks look while nothing is written yet."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from prtras.crf.context import PageContext, Record
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, holder_of

Values = Mapping[str, Any]
LAST = 10_000


@dataclass
class Kept:
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
        self._pages: dict[str, list[Kept]] = {}
        self._by_id: dict[UUID, Kept] = {}

    def put(self, page: CrfPage, form: Form, values: Values, rows: Mapping[str, Values]) -> None:
        """Keep a page's values, or renew them."""
        kept = self._by_id.get(page.pk)
        if kept is None:
            kept = self._by_id[page.pk] = Kept(page, form)
            self._pages.setdefault(form.code, []).append(kept)
            self._pages[form.code].sort(key=lambda other: other.place)
        flat = dict(values) | {"row": page.repeat}
        if form.rows:
            keys = form.rows.keys
            kept.rows = [dict(row) | {"row": str(keys.index(key) + 1 if keys else key)} for key, row in rows.items()]
            if keys:
                flat.update({f"{key}_{name}": row.get(name) for key, row in rows.items() for name in form.rows.items})
        kept.values = flat

    def others(self, code: str, page: CrfPage) -> Iterator[tuple[Kept, Values]]:
        """The records of a form, or of the rows of a form, on all pages but one."""
        holder, are_rows = holder_of(code)
        for kept in self._pages.get(holder.code, ()):
            if kept.page.pk != page.pk:
                for values in kept.rows if are_rows else (kept.values,):
                    yield kept, values


class CasebookContext(PageContext):
    """A page's context over a casebook in memory, on a given day."""

    def __init__(self, page: CrfPage, form: Form, casebook: Casebook, today: date) -> None:
        super().__init__(page, form, {})
        self.casebook, self.today = casebook, today

    def on_row(self, key: str) -> "CasebookContext":
        view = copy(self)
        view.row = key
        return view

    def _read(self, code: str) -> list[Record]:
        return [
            Record(code, values, kept.visit, kept.position, self, kept.page.visit.sequence if kept.page.visit else 0)
            for kept, values in self.casebook.others(code, self.page)
        ]
