"""What a save changes on a page, and the columns that it writes: the same for one page and for many. Writes nothing."""

from typing import Any

from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.content import PageContent, StoredPage
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, FormPage, FormRow
from prtras.crf.places import Place
from prtras.crf.registry import Rows
from prtras.entry.judging import Judged
from prtras.labels import T

Changes = dict[Place, tuple[Any, Any]]
NOTHING: tuple[Any, ...] = (None, "", [])
#: What a save writes on the page itself.
SUBMITTED = ("version", "state", "required_items", "filled", "left_open", "submitted_at", "submitted_by")
VOIDED = T("录入有误", "Entered in error")


def changes_of(stored: StoredPage, content: PageContent) -> Changes:
    """Typed places whose value, missing reason or existence differs from what is stored: place -> (old, new)."""
    changes: Changes = {}
    form, before = stored.form, stored.content()
    for name, item in form.items.items():
        if not item.derived:
            _compare(changes, Place(name), item, before, content)
    for key in content.rows:
        assert form.rows
        before.rows.setdefault(key, {})
        for name, item in form.rows.items.items():
            if not item.derived and not (form.rows.keys and name == form.rows.key):
                _compare(changes, Place.at(name, key), item, before, content)
    for key in before.rows:
        if key not in content.rows:
            changes[Place.at("", key)] = (key, VOIDED)
    return changes


def _compare(changes: Changes, place: Place, item: Item, before: PageContent, after: PageContent) -> None:
    old, new = before.typed_at(place, item), after.typed_at(place, item)
    was_missing, is_missing = before.missing.get(place), after.missing.get(place)
    if old != new and not (old in NOTHING and new in NOTHING):
        changes[place] = (old, new)
    elif was_missing != is_missing:
        changes[place] = (was_missing, is_missing)
    elif place in after.reported and _is_stored(place, before) and after.reported[place] != before.reported.get(place):
        changes[place] = (old, after.reported[place])  # the same value, as the source gives it in another unit


def _is_stored(place: Place, before: PageContent) -> bool:
    return bool(before.rows[place.row]) if place.row else bool(before.values)


def own_columns(content: PageContent, before: FormPage | None) -> dict[str, Any]:
    """The columns of the page's own row."""
    return content.values | {"missing": content.missing_in(), "reported": _reported(content, "", before)}


def row_columns(rows: Rows, content: PageContent, key: str, before: FormRow | None) -> dict[str, Any]:
    """The columns of one repeating row."""
    columns = {name: content.rows[key].get(name) for name in rows.items}
    missing, reported = content.missing_in(key), _reported(content, key, before)
    return columns | {"missing": missing, "void_reason": "", "reported": reported}


def submit(page: CrfPage, judged: Judged, user: User) -> None:
    """Set on the page what a save says of it; nothing is written."""
    page.version += 1
    page.state, page.required_items, page.filled = "submitted", judged.required, judged.filled
    page.left_open = judged.left_open
    if page.submitted_at is None:
        page.submitted_at, page.submitted_by = timezone.now(), user


def _reported(content: PageContent, key: str, before: FormPage | FormRow | None) -> dict[str, str] | None:
    """What the source says in another unit: as typed now, or as before while the value is the same."""
    values = content.rows[key] if key else content.values
    stored = (before.reported if before else None) or {}
    unchanged = {name: text for name, text in stored.items() if values.get(name) == getattr(before, name)}
    texts = unchanged | content.reported_in(key)
    return {name: text for name, text in texts.items() if values.get(name) is not None} or None
