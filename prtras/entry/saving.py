"""The one way to change a page: screen, import, API and worker all come here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from uuid import UUID

from prtras.accounts.models import User
from prtras.audit.acting import acting, giving_reasons
from prtras.crf.checks import Finding
from prtras.crf.content import PageContent, StoredPage, stored_page
from prtras.crf.models import CrfPage, FormPage, assign_changed
from prtras.crf.places import Place
from prtras.crf.planning import PageHeld, lock_page
from prtras.crf.registry import Form, acts_after, checks_about, form_of
from prtras.entry.changes import SUBMITTED, VOIDED, Changes, changes_of, own_columns, row_columns, submit
from prtras.entry.idempotency import keep_key, page_done
from prtras.entry.judging import Judged, judge
from prtras.entry.models import Draft
from prtras.entry.rederiving import renew_after
from prtras.entry.remarks import VOID_LIMIT, Remarks
from prtras.review.models import Query
from prtras.review.querying import answer_queries, close_cured, follow_checks, queries_by_checks, settled_keys, weigh


@dataclass(frozen=True)
class Saved:
    """What became of a save: the page, the places that changed, queries opened and closed, what the checks ask.

    `repeated`: the same form had been saved already, and nothing was done now.
    """

    page: CrfPage
    changed: tuple[str, ...]
    opened: tuple[Query, ...]
    closed: tuple[Query, ...]
    questions: tuple[Finding, ...]
    repeated: bool = False


class ChecksFailed(Exception):
    """Hard checks found what cannot be true; nothing was written. `questions` are what the soft checks ask."""

    def __init__(self, findings: tuple[Finding, ...], questions: tuple[Finding, ...] = ()) -> None:
        super().__init__(", ".join(f"{f.check} at {f.place}: {f.text.en}" for f in findings))
        self.findings, self.questions = findings, questions

    @property
    def may_be_overridden(self) -> bool:
        """Whether reasons are enough, and no value has to change."""
        return all(finding.overridable for finding in self.findings)


class ReasonsMissing(Exception):
    """A submitted value changed without a reason; nothing was written. `changes` maps all places to (old, new)."""

    def __init__(self, changes: "Changes") -> None:
        super().__init__(", ".join(changes))
        self.changes = dict(changes)


class QuestionsOpen(Exception):
    """Soft checks ask something that the person has not seen yet; nothing was written."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(f"{f.check} at {f.place}" for f in findings))
        self.findings = findings


class AnswersEmptied(Exception):
    """Answers that do not apply would go without the person having been told; nothing was written."""

    def __init__(self, emptied: Collection[Place]) -> None:
        super().__init__(", ".join(emptied))
        self.places = tuple(emptied)


class PageVoided(Exception):
    """The page is not expected, or was entered in error; nothing was written."""


class PageChanged(Exception):
    """Someone else saved the page since it was read; nothing was written."""

    def __init__(self, page: CrfPage) -> None:
        super().__init__(f"version {page.version}")
        self.page = page


def save_page(
    page_id: UUID,
    content: PageContent,
    remarks: Remarks | None = None,
    *,
    user: User,
    seen_version: int,
    source: str = "screen",
    seen_questions: frozenset[str] | None = None,
    seen_emptied: frozenset[str] | None = None,
    key: UUID | None = None,
    leave_open: bool = False,
) -> Saved:
    """Write a page whole, or not at all.

    Raises PageVoided, PageHeld (frozen or locked), PageChanged (by someone else meanwhile), ChecksFailed (hard
    checks; one that may be overridden passes with a reason in `remarks.confirmed` and becomes a query), ReasonsMissing
    (changed after the first submission without a reason), and, when `seen_questions` (keys `check@place`) is given,
    QuestionsOpen for soft checks that were not shown yet; without it they become queries at once. When `seen_emptied`
    (places) is given, AnswersEmptied for answers that do not apply and are not named there; without it they go. A `key`
    that was saved before: nothing is done. With `leave_open` what is required and the source lacks stays open until
    the page is due. Nothing changed: nothing written, but queries follow the checks.
    """
    remarks = remarks or Remarks()
    with acting(user, source=source):
        page = lock_page(page_id)
        if page_done(key, user) == page:
            return Saved(page, (), (), (), (), repeated=True)
        _require_open(page)
        form, stored = form_of(page.form), stored_page(page)
        known, elsewhere = queries_by_checks(page)
        later = {query.check_id for query in known if query.waits}
        judged = judge(page, form, content, later=later, left_open=leave_open)
        changes = changes_of(stored, judged.content)
        if page.version != seen_version and (changes or not page.version):
            raise PageChanged(page)
        if judged.refusals_but(settled_keys(known, changes) | {*remarks.confirmed}):
            raise ChecksFailed(judged.refusals, judged.questions)
        if page.version and not all(remarks.reason_for(place) for place in changes):
            raise ReasonsMissing(changes)
        _require_seen(judged, remarks, known, changes, seen_questions, seen_emptied)
        written = _write(page, stored, judged, remarks, changes, user) if changes or not page.version else None
        opened, closed = follow_checks(page, known, judged.findings, remarks.confirmed, changes, user=user)
        answer_queries(page, remarks.answers, user=user)
        Draft.objects.filter(page=page, user=user).delete()
        keep_key(key, page, user=user)
        if written is not None:
            follow(form, page, written, user)
            closed += cure_elsewhere([form.code], elsewhere, user)
    return Saved(page, tuple(changes), tuple(opened), tuple(closed), judged.questions)


def follow(form: Form, page: CrfPage, written: FormPage, user: User) -> None:
    """What is to happen after a page changed: acts of the study, and values derived from it; these may change more."""
    for act in acts_after(form.code):
        act(page, written, user)
    for other in renew_after([page]):
        follow(form_of(other.page.form), other.page, other, user)


def _require_open(page: CrfPage) -> None:
    if page.state == "void":
        raise PageVoided(page.pk)
    if page.hold:
        raise PageHeld(page.pk)


def _require_seen(
    judged: Judged,
    remarks: Remarks,
    known: Iterable[Query],
    changed: Collection[str],
    seen: frozenset[str] | None,
    emptied: frozenset[str] | None,
) -> None:
    """Raises AnswersEmptied, and QuestionsOpen for what neither the person nor a query knows of yet."""
    if emptied is not None and not judged.emptied.keys() <= emptied:
        raise AnswersEmptied(judged.emptied)
    if seen is None or not judged.questions:
        return
    settled = settled_keys(known, changed) | seen | {*remarks.confirmed}
    if any(finding.severity == "soft" and finding.key not in settled for finding in judged.questions):
        raise QuestionsOpen(judged.questions)


def cure_elsewhere(forms: Iterable[str], waiting: Iterable[Query], user: User) -> list[Query]:
    """Close waiting queries on a participant's other pages that were answered by what was saved on these forms.

    Call inside an act. Gives those closed.
    """
    checks = {check.id for form in forms for check in checks_about(form)}
    by_page: dict[UUID, list[Query]] = defaultdict(list)
    for query in waiting:
        if query.check_id in checks:
            by_page[query.page_id].append(query)
    closed: list[Query] = []
    for other in CrfPage.objects.filter(id__in=by_page).select_related("participant", "visit") if by_page else ():
        judged = judge(other, form_of(other.form), stored_page(other).content())
        closed += weigh(by_page[other.pk], judged.findings)[1]
    close_cured(closed, user=user)
    return closed


def _write(
    page: CrfPage, stored: StoredPage, judged: Judged, remarks: Remarks, changes: Changes, user: User
) -> FormPage:
    reasons: dict[str, str] = {place: remarks.reason_for(place) for place in changes} if page.version else {}
    with giving_reasons(remarks.general, reasons) if remarks.general or reasons else nullcontext():
        content = judged.content
        own = stored.own or stored.form.model(page=page)
        changed = assign_changed(own, own_columns(content, stored.own))
        if stored.own is None:
            own.save(force_insert=True)
        elif changed:
            own.save(update_fields=changed)
        _write_rows(page, stored, content, remarks)
        submit(page, judged, user)
        page.save(update_fields=[*SUBMITTED])
    return own


def _write_rows(page: CrfPage, stored: StoredPage, content: PageContent, remarks: Remarks) -> None:
    rows = stored.form.rows
    if rows is None:
        return
    fresh = []
    for key in content.rows:
        row = stored.rows.get(key)
        columns = row_columns(rows, content, key, row)
        if row is None:
            fresh.append(rows.model(page=page, row=rows.number_of(key), **columns))
        elif changed := assign_changed(row, columns):
            row.save(update_fields=changed)
    rows.model.objects.bulk_create(fresh)
    for key, row in stored.rows.items():
        if key not in content.rows and not row.void_reason:
            row.void_reason = (remarks.reason_for(Place.at("", key)) or VOIDED.en)[:VOID_LIMIT]
            row.save(update_fields=["void_reason"])
