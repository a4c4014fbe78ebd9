"""Two people, or two windows of one person, on one page: what each changed, field by field. Reads; writes nothing."""

from dataclasses import dataclass
from typing import Any

from prtras.audit.models import AuditEvent
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.crf.places import Place
from prtras.crf.registry import Form, Table
from prtras.entry.in_words import in_words
from prtras.entry.parsing import Typed, as_typed, control_of, place_of, put_signs, typed_from
from prtras.labels import T


@dataclass(frozen=True)
class Clash:
    """One item that someone else changed meanwhile: what it was, what they saved, what this person typed."""

    label: T
    name: str
    before: str
    theirs: str
    yours: str
    merged: bool


def merge(
    page: CrfPage, form: Form, typed: dict[str, list[str]], seen_version: int
) -> tuple[dict[str, list[str]], list[Clash]]:
    """Typing on top of what others saved: their changes where this person changed nothing, else what was typed."""
    stored = stored_page(page)
    now = typed_from(stored)
    before = _as_seen(page, form, now, {str(row.pk): key for key, row in stored.rows.items()}, seen_version)
    merged, clashes = dict(typed), []
    for name in sorted(set(now) | set(before)):
        theirs, was, yours = now.get(name, []), before.get(name, []), typed.get(name, [])
        if theirs in (was, yours):
            continue
        untouched = yours == was
        if untouched:
            merged[name] = theirs
        item = form.item_at(place_of(name))
        if item is not None and not item.derived:
            old, new, typed_now = (in_words(item, texts) for texts in (was, theirs, yours))
            clashes.append(Clash(item.label, name, old, new, typed_now, merged=untouched))
    return merged, clashes


def beside_draft(form: Form, saved: Typed, typed: Typed) -> list[Clash]:
    """Where a window and the draft that the same person saved in another one differ."""
    clashes = []
    for name in sorted(set(saved) | set(typed)):
        there, here = ([text for text in texts.get(name, []) if text] for texts in (saved, typed))
        kind, _, about = name.partition(".")
        place = Place(about) if kind == "missing" else place_of(name)
        item = form.item_at(place)
        if item is not None and not item.derived and there != here:
            clashes.append(
                Clash(
                    form.label_of(place),
                    control_of(place),
                    "",
                    in_words(item, there),
                    in_words(item, here),
                    merged=False,
                )
            )
    return clashes


def _as_seen(
    page: CrfPage, form: Form, now: dict[str, list[str]], keys: dict[str, str], seen_version: int
) -> dict[str, list[str]]:
    """The page as it was at a version, from the audit trail; `keys` maps the ids of its rows to their keys."""
    if seen_version == 0:
        return {}
    seen = dict(now)
    since = AuditEvent.objects.filter(page=page.id, id__gt=_event_of_version(page, seen_version)).order_by("-id")
    for table in form.tables():
        for event in since.filter(table=table.model._meta.db_table):
            row = keys[event.row] if table.rows else ""
            seen |= {control_of(Place.at(name, row)): as_typed(old) for name, old in _before(event, table).items()}
            put_signs(form.items, seen)
    return seen


def _before(event: AuditEvent, table: Table) -> dict[str, Any]:
    """What a change replaced; a row that was new replaced nothing."""
    new_row = table.rows is not None and event.operation == "INSERT"
    old = dict.fromkeys(table.items) if new_row else event.old or {}
    return {name: value for name, value in old.items() if name in table.items}


def _event_of_version(page: CrfPage, version: int) -> int:
    events = AuditEvent.objects.filter(page=page.id, table="crf_crfpage", new__version=version)
    return events.order_by("-id").values_list("id", flat=True).first() or 0
