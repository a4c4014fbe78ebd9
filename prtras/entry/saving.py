"""The one way to change a page: screen, import, API and worker all come here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting, giving_reasons
from prtras.crf.checks import Finding
from prtras.crf.models import CrfPage, FormPage, FormRow, lay_on
from prtras.crf.planning import Held, lock_page
from prtras.crf.registry import Form, acts_after, checks_about, form_of
from prtras.entry.judging import Judged, judge
from prtras.entry.models import Draft
from prtras.entry.parsing import Entered
from prtras.entry.rederiving import renew_derived
from prtras.labels import T
from prtras.review.models import Query
from prtras.review.querying import answer_asked, asked_by_checks, close_cured, follow_checks, is_settled, weigh


@dataclass(frozen=True)
class Saved:
    """What became of a save: the page, the places that changed, queries opened and closed, what the checks ask."""

    page: CrfPage
    changed: tuple[str, ...]
    opened: tuple[Query, ...]
    closed: tuple[Query, ...]
    questions: tuple[Finding, ...]


class Refused(Exception):
    """Hard checks found what cannot be true; nothing was written."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(f"{f.check} at {f.place}: {f.text.en}" for f in findings))
        self.findings = findings


class ReasonNeeded(Exception):
    """A submitted value changed without a reason; nothing was written. `changes` maps all places to (old, new)."""

    def __init__(self, changes: Mapping[str, tuple[Any, Any]]) -> None:
        super().__init__(", ".join(changes))
        self.changes = dict(changes)


class Questions(Exception):
    """Soft checks ask something that the person has not seen yet; nothing was written."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(f"{f.check} at {f.place}" for f in findings))
        self.findings = findings


class Voided(Exception):
    """The page is not expected, or was entered in error; nothing was written."""


class Conflict(Exception):
    """Someone else saved the page since it was read; nothing was written."""

    def __init__(self, page: CrfPage) -> None:
        super().__init__(f"version {page.version}")
        self.page = page


NOTHING: tuple[Any, ...] = (None, "", [])
VOIDED = T("录入有误", "Entered in error")


def save_page(
    page_id: UUID,
    entered: Entered,
    *,
    user: User,
    seen_version: int,
    source: str = "screen",
    seen_questions: frozenset[str] | None = None,
) -> Saved:
    """Write a page whole, or not at all.

    Raises Voided, Held (frozen or locked), Conflict (the page moved on), Refused (hard checks), ReasonNeeded (changed
    after the first submission without a reason), and, when `seen_questions` (keys `check@place`) is given, Questions
    for soft checks that were not shown yet; without it they become queries at once. Nothing changed: nothing written,
    but queries still follow the checks.
    """
    with acting(user, source=source):
        page = lock_page(page_id)
        if page.state == "void":
            raise Voided(page.pk)
        if page.hold:
            raise Held(page.pk)
        form = form_of(page.form)
        stored, stored_rows = stored_page(page, form)
        asked, elsewhere = asked_by_checks(page)
        judged = judge(page, form, entered, later={query.check_id for query in asked if query.waits})
        changes = _changes(form, page, stored, stored_rows, judged, entered)
        if page.version != seen_version and (changes or not page.version):
            raise Conflict(page)
        if judged.refusals:
            raise Refused(judged.refusals)
        unexplained = {p: c for p, c in changes.items() if p not in entered.reasons and "" not in entered.reasons}
        if page.version and unexplained and not entered.reasons.get("all"):
            raise ReasonNeeded(changes)
        _ask(judged, entered, asked, changes, seen_questions)
        written = None
        if changes or page.version == 0:
            written = _write(page, form, stored, stored_rows, judged, entered, changes, user)
        opened, closed = follow_checks(page, asked, judged.questions, entered.kept, changes, user=user)
        if entered.answers:
            answer_asked(page, entered.answers, user=user)
        Draft.objects.filter(page=page, user=user).delete()
        if written is not None:
            follow(form, page, written, user)
            closed += _cure_elsewhere(form, elsewhere, user)
    return Saved(page, tuple(changes), tuple(opened), tuple(closed), judged.questions)


def follow(form: Form, page: CrfPage, written: FormPage, user: User) -> None:
    """What is to happen after a page changed: acts of the study, and values derived from it; these may change more."""
    for act in acts_after(form.code):
        act(page, written, user)
    for other in renew_derived(form, page):
        follow(form_of(other.page.form), other.page, other, user)


def _ask(
    judged: Judged, entered: Entered, asked: Iterable[Query], changed: Collection[str], seen: frozenset[str] | None
) -> None:
    """Raises Questions for what neither the person nor a query knows of yet."""
    if seen is None or not judged.questions:
        return
    known = {f"{q.check_id}@{q.place}" for q in asked if q.waits or is_settled(q, changed)}
    new = [f for f in judged.questions if f.severity == "soft" and f.key not in seen | known | set(entered.kept)]
    if new:
        raise Questions(judged.questions)


def _cure_elsewhere(form: Form, waiting: Iterable[Query], user: User) -> list[Query]:
    """What was saved here may settle what is asked on the participant's other pages."""
    checks = {check.id for check in checks_about(form.code)}
    by_page: dict[UUID, list[Query]] = defaultdict(list)
    for query in waiting:
        if query.check_id in checks:
            by_page[query.page_id].append(query)
    closed: list[Query] = []
    for other in CrfPage.objects.filter(id__in=by_page).select_related("participant", "visit") if by_page else ():
        judged = judge(other, form_of(other.form), as_entered(other))
        closed += weigh(by_page[other.pk], judged.findings)[1]
    close_cured(closed, user=user)
    return closed


def as_entered(page: CrfPage) -> Entered:
    """A stored page in the shape of one that is being entered."""
    form = form_of(page.form)
    stored, rows = stored_page(page, form)
    if stored is None:
        return Entered()
    kept = {key: row for key, row in rows.items() if not row.void_reason}
    missing = dict(stored.missing) | {
        f"{key}:{p}": code for key, row in kept.items() for p, code in row.missing.items()
    }
    return Entered(
        values={name: getattr(stored, name) for name in form.items},
        rows={key: {name: getattr(row, name) for name in form.rows.items} for key, row in kept.items()}
        if form.rows
        else {},
        missing=missing,
    )


def stored_page(page: CrfPage, form: Form) -> tuple[FormPage | None, dict[str, FormRow]]:
    """What the database holds of a page: its row, and its repeating rows by key."""
    stored = form.model.objects.filter(page=page).first() if page.version else None
    if not (form.rows and page.version):
        return stored, {}
    found = form.rows.model.objects.filter(page=page).order_by("row")
    key = form.rows.key if form.rows.keys else "row"
    return stored, {str(getattr(row, key)): row for row in found}


def _changes(
    form: Form,
    page: CrfPage,
    stored: FormPage | None,
    stored_rows: Mapping[str, FormRow],
    judged: Judged,
    entered: Entered,
) -> dict[str, tuple[Any, Any]]:
    """Typed places whose value, missing reason or existence differs from what is stored: place -> (old, new)."""
    changes: dict[str, tuple[Any, Any]] = {}
    missing = judged.missing
    for name, item in form.items.items():
        if not item.derived:
            old = getattr(stored, name) if stored else None
            _compare(changes, name, old, judged.values[name], stored.missing if stored else {}, missing)
            _compare_units(changes, name, stored, old, entered)
    if form.rows:
        for key, row in judged.rows.items():
            before = stored_rows.get(key)
            if before is not None and before.void_reason:
                before = None
            for name, item in form.rows.items.items():
                if not item.derived and not (form.rows.keys and name == form.rows.key):
                    old = getattr(before, name) if before else None
                    place = f"{key}:{name}"
                    _compare(changes, place, old, row.get(name), before.missing if before else {}, missing, name)
                    _compare_units(changes, place, before, old, entered)
        for key, before in stored_rows.items():
            if key not in judged.rows and not before.void_reason:
                changes[f"{key}:"] = (key, VOIDED)
                if key in entered.voids:
                    entered.reasons.setdefault(f"{key}:", entered.voids[key])
    return changes


def _compare(
    changes: dict[str, tuple[Any, Any]],
    place: str,
    old: Any,
    new: Any,
    was_missing: Mapping[str, str],
    missing: Mapping[str, str],
    name: str = "",
) -> None:
    before, after = was_missing.get(name or place), missing.get(place)
    if old != new and not (old in NOTHING and new in NOTHING):
        changes[place] = (old, new)
    elif before != after:
        changes[place] = (before, after)


def _compare_units(
    changes: dict[str, tuple[Any, Any]], place: str, before: FormPage | FormRow | None, old: Any, entered: Entered
) -> None:
    """The same value, now as the source gives it in another unit, is a change too."""
    now = entered.reported.get(place)
    known = (before.reported or {}).get(place.rpartition(":")[2]) if before else now
    if now and now != known and place not in changes:
        changes[place] = (old, now)


def _write(
    page: CrfPage,
    form: Form,
    stored: FormPage | None,
    stored_rows: Mapping[str, FormRow],
    judged: Judged,
    entered: Entered,
    changes: Mapping[str, tuple[Any, Any]],
    user: User,
) -> FormPage:
    general = entered.reasons.get("all", "")
    reasons = {place: entered.reasons.get(place) or general for place in changes} if page.version else {}
    with giving_reasons(general, reasons) if general or reasons else nullcontext():
        missing = {place: code for place, code in judged.missing.items() if ":" not in place}
        row = stored or form.model(page=page)
        reported = _reported(entered, stored, judged.values)
        changed = lay_on(row, judged.values | {"missing": missing, "reported": reported})
        if stored is None:
            row.save(force_insert=True)
        elif changed:
            row.save(update_fields=changed)
        if form.rows:
            _write_rows(page, form, stored_rows, judged, entered)
        page.version += 1
        page.state, page.asked, page.filled = "submitted", judged.asked, judged.filled
        if page.submitted_at is None:
            page.submitted_at, page.submitted_by = timezone.now(), user
        page.save(update_fields=["version", "state", "asked", "filled", "submitted_at", "submitted_by"])
    return row


def _write_rows(
    page: CrfPage, form: Form, stored_rows: Mapping[str, FormRow], judged: Judged, entered: Entered
) -> None:
    assert form.rows
    fresh = []
    for key, values in judged.rows.items():
        missing = {p.split(":")[1]: c for p, c in judged.missing.items() if p.startswith(f"{key}:")}
        row = stored_rows.get(key)
        new = {name: values.get(name) for name in form.rows.items}
        new |= {"missing": missing, "void_reason": "", "reported": _reported(entered, row, new, f"{key}:")}
        if row is None:
            fresh.append(form.rows.model(page=page, row=_row_number(form, key), **new))
        elif changed := lay_on(row, new):
            row.save(update_fields=changed)
    form.rows.model.objects.bulk_create(fresh)
    for key, before in stored_rows.items():
        if key not in judged.rows and not before.void_reason:
            before.void_reason = entered.voids.get(key) or entered.reasons.get("all") or VOIDED.en
            before.save(update_fields=["void_reason"])


def _reported(
    entered: Entered, before: FormPage | FormRow | None, values: Mapping[str, Any], prefix: str = ""
) -> dict[str, str] | None:
    """What the source says in another unit: as typed now, or as before while the value is the same."""
    known = (before.reported if before else None) or {}
    kept = {name: text for name, text in known.items() if values.get(name) == getattr(before, name)}
    now = {name: entered.reported[prefix + name] for name in values if prefix + name in entered.reported}
    return {name: text for name, text in (kept | now).items() if values.get(name) is not None} or None


def _row_number(form: Form, key: str) -> int:
    assert form.rows
    return form.rows.keys.index(key) + 1 if form.rows.keys else int(key)
