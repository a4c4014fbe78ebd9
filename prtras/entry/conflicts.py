"""Two people on one page: what each changed, field by field. Reads; writes nothing."""

from dataclasses import dataclass
from typing import Any

from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form
from prtras.entry.page_view import as_typed, in_words, typed_from
from prtras.entry.saving import stored_page
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
    """Typing on top of what others saved: their changes where she left the value alone, hers where she did not."""
    stored, rows = stored_page(page, form)
    now = typed_from(stored, rows, form)
    before = _as_seen(page, form, now, {str(row.pk): key for key, row in rows.items()}, seen_version)
    merged, clashes = dict(typed), []
    for name in sorted(set(now) | set(before)):
        theirs, was, yours = now.get(name, []), before.get(name, []), typed.get(name, [])
        if theirs in (was, yours):
            continue
        untouched = yours == was
        if untouched:
            merged[name] = theirs
        item = _item(form, name)
        if item is not None and not item.derived:
            texts = [in_words(item, texts) for texts in (was, theirs, yours)]
            clashes.append(Clash(item.label, name, *texts, merged=untouched))
    return merged, clashes


def _item(form: Form, name: str):  # type: ignore[no-untyped-def]
    if name.startswith("row.") and form.rows:
        return form.rows.items.get(name.split(".")[2])
    return form.items.get(name)


def _as_seen(
    page: CrfPage, form: Form, now: dict[str, list[str]], keys: dict[str, str], seen_version: int
) -> dict[str, list[str]]:
    """The page as it was at a version, from the audit trail; `keys` maps the ids of its rows to their keys."""
    if seen_version == 0:
        return {}
    seen = dict(now)
    since = AuditEvent.objects.filter(page=page.id, id__gt=_event_of_version(page, seen_version)).order_by("-id")
    for event in since.filter(table=form.model._meta.db_table):
        seen |= {name: as_typed(old) for name, old in (event.old or {}).items() if name in form.items}
    for event in since.filter(table=form.rows.model._meta.db_table) if form.rows else ():
        for name, old in _row_before(event, form).items():
            seen[f"row.{keys[event.row]}.{name}"] = as_typed(old)
    return seen


def _row_before(event: AuditEvent, form: Form) -> dict[str, Any]:
    """What a change of a row replaced; a row that was new replaced nothing."""
    assert form.rows
    old = dict.fromkeys(form.rows.items) if event.operation == "INSERT" else event.old or {}
    return {name: value for name, value in old.items() if name in form.rows.items}


def _event_of_version(page: CrfPage, version: int) -> int:
    events = AuditEvent.objects.filter(page=page.id, table="crf_crfpage", new__version=version)
    return events.order_by("-id").values_list("id", flat=True).first() or 0
