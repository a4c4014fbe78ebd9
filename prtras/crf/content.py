"""What a page says: its values, its rows, why values are missing, what the source says in another unit.

Screen, laboratory import, API and ODM import hand a `PageContent` to `entry.saving`; checks, paper and signatures
read one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from prtras.crf.items import Item
from prtras.crf.models import CrfPage, FormPage, FormRow
from prtras.crf.places import Place
from prtras.crf.registry import Form, form_of
from prtras.crf.typed_values import from_columns


@dataclass
class PageContent:
    """Values by item; rows by key; by place the coded reasons of missing values and texts in another unit."""

    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[Place, str] = field(default_factory=dict)
    reported: dict[Place, str] = field(default_factory=dict)

    def value_at(self, place: Place) -> Any:
        """The value at a place; None where there is none."""
        row, _, item = place.rpartition(":")
        return self.rows.get(row, {}).get(item) if row else self.values.get(item)

    def typed_at(self, place: Place, item: Item) -> Any:
        """The value at a place as it was typed: a `Limit` where the source gives one in place of the number."""
        return from_columns(item, place.item, self.rows.get(place.row, {}) if place.row else self.values)

    def put(self, place: Place, value: Any) -> None:
        """Set the value at a place; what was reported for the value before goes. Raises KeyError for an unknown row."""
        (self.rows[place.row] if place.row else self.values)[place.item] = value
        self.reported.pop(place, None)

    def missing_in(self, row: str = "") -> dict[str, str]:
        """Coded reasons by item: of the page itself, or of a row."""
        return {place.item: code for place, code in self.missing.items() if place.row == row}

    def reported_in(self, row: str = "") -> dict[str, str]:
        """Texts in another unit by item: of the page itself, or of a row."""
        return {place.item: text for place, text in self.reported.items() if place.row == row}

    def add_row(
        self, key: str, values: Mapping[str, Any], missing: Mapping[str, str], reported: Mapping[str, str] | None = None
    ) -> None:
        """A row with what is missing in it and what is reported in another unit, by item."""
        self.rows[key] = dict(values)
        self.missing |= {Place.at(item, key): code for item, code in missing.items()}
        self.reported |= {Place.at(item, key): text for item, text in (reported or {}).items()}


@dataclass(frozen=True)
class StoredPage:
    """The database's rows of one page: its own, if it was ever submitted, and its repeating ones by key."""

    form: Form
    own: FormPage | None
    rows: dict[str, FormRow]

    @property
    def voided(self) -> dict[str, str]:
        """The reasons of the rows that were entered in error, by key."""
        return {key: row.void_reason for key, row in self.rows.items() if row.void_reason}

    def content(self, *, with_voided: bool = False) -> PageContent:
        """What is stored, derived values too; of the rows those that count, or all."""
        if self.own is None:
            return PageContent()
        content = PageContent({name: getattr(self.own, name) for name in self.form.items})
        content.missing = {Place(item): code for item, code in self.own.missing.items()}
        content.reported = {Place(item): text for item, text in (self.own.reported or {}).items()}
        for key, row in self.rows.items():
            if self.form.rows and (with_voided or not row.void_reason):
                values = {name: getattr(row, name) for name in self.form.rows.items}
                content.add_row(key, values, row.missing, row.reported)
        return content


def stored_page(page: CrfPage) -> StoredPage:
    """What the database holds of a page. One statement, two for a form with rows, none before the first submission."""
    return stored_pages(form_of(page.form), [page])[page.pk]


def stored_pages(form: Form, pages: Collection[CrfPage]) -> dict[UUID, StoredPage]:
    """What the database holds of pages of one form, by page. As many statements as for one page."""
    submitted = [page.pk for page in pages if page.version]
    own = {each.page_id: each for each in form.model.objects.filter(page__in=submitted)} if submitted else {}
    stored = {page.pk: StoredPage(form, own.get(page.pk), {}) for page in pages}
    if form.rows and submitted:
        for row in form.rows.model.objects.filter(page__in=submitted).order_by("page", "row"):
            stored[row.page_id].rows[str(getattr(row, form.rows.key_column))] = row
    return stored
