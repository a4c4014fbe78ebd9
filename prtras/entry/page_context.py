"""Gathers what the form page shows. Reads; writes nothing."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from prtras.accounts.access import may
from prtras.accounts.models import User
from prtras.accounts.rights import Action, roles_that_may
from prtras.coding.open_terms import coding_of
from prtras.crf.content import StoredPage, stored_page
from prtras.crf.context import PageContext
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, all_forms, page_reason
from prtras.crf.schedule import SCHEDULE
from prtras.entry import history, voiding
from prtras.entry.drafting import at_page
from prtras.entry.earlier_values import earlier_values
from prtras.entry.in_words import REASONS
from prtras.entry.models import Draft
from prtras.entry.page_view import PageNotes, page_view
from prtras.entry.parsing import typed_from
from prtras.labels import T
from prtras.review.models import Query
from prtras.review.page_trust import trust_of

#: What is said beside the values travels along when the page is shown again; with a draft, only answers to queries.
ANSWERS = ("answer.",)
REMARKS = ("reason.", "note.", "keep.", *ANSWERS)


def browser_sent(request: HttpRequest) -> dict[str, list[str]]:
    """What the form sent, by name."""
    return {name: request.POST.getlist(name) for name in request.POST}


def page_context(
    user: User, page: CrfPage, form: Form, typed: Mapping[str, list[str]] | None, notes: PageNotes
) -> dict[str, Any]:
    """Everything the page's template needs. Without `typed`: the person's draft where they may submit it, else what is
    stored.
    """
    mine, others = at_page(page, user)
    site = page.participant.site
    may_edit = may(user, Action.EDIT_PAGE, site)
    editable = may_edit and page.state != "void" and not page.hold
    draft, version = None, page.version
    stored = stored_page(page)
    notes.unsaved = typed is not None or (editable and mine is not None)
    if typed is None:
        draft = mine if may_edit else None
        typed, version = _in_hand(stored, draft if editable else None, page)
    kinds = ANSWERS if draft is not None else REMARKS
    repeated = {name: texts[0] for name, texts in typed.items() if name.startswith(kinds) and texts and texts[0]}
    given = {**notes.given, **repeated}
    queries = list(
        Query.objects.filter(page=page).select_related("opened_by", "assignee").prefetch_related("messages__author")
    )
    notes.queries, notes.identifiers = queries, may(user, Action.SEE_IDENTIFIERS, site)
    notes.before, notes.stored = earlier_values(page, form), stored.content(with_voided=True)
    return {
        "page": page,
        "form": form,
        "view": page_view(form, typed, notes, PageContext(page, form, {})),
        "editable": editable,
        "may_void": may_edit and voiding.may_be_voided(page),
        "draft": draft,
        "before": bool(notes.before),
        "why": page_reason(page.reason_code),
        "today": timezone.localdate(),
        "version": version,
        "revision": mine.revision if mine else 0,
        "others": others,
        "history": history.of_page(page, identifiers=notes.identifiers),
        "visit_title": SCHEDULE.title(page.visit.code) if page.visit else None,
        "window": _window(page),
        "reasons": REASONS,
        "siblings": _siblings(page),
        "answering": any(name.startswith("answer.") for name in given),
        "shown": "|".join(finding.key for finding in notes.questions),
        "given": given,
        "coding": coding_of(page) if form.coded and page.version else None,
        "emptying": notes.emptying,
        "carried": _carried(given, notes),
        **_review_context(user, page, form, queries),
    }


def _in_hand(stored: StoredPage, draft: Draft | None, page: CrfPage) -> tuple[dict[str, list[str]], int]:
    """The draft, else what is stored, as it would be typed; and the version from which it grew."""
    return (draft.typed, draft.seen_version) if draft else (typed_from(stored), page.version)


def _review_context(user: User, page: CrfPage, form: Form, queries: list[Query]) -> dict[str, Any]:
    """What is beside the form: its queries and what this person may do with them, verification, signatures, holds."""
    site = page.participant.site
    may_ask = may(user, Action.RAISE_QUERY, site)
    return {
        "queries": queries,
        "trust": trust_of(user, page, form),
        "may_ask": may_ask and page.hold != "locked",
        "answerers": _answerers(page) if may_ask and any(q.waits for q in queries) else [],
        "may_answer": may(user, Action.ANSWER_QUERY, site),
        "may_close": may(user, Action.CLOSE_QUERY, site),
    }


def _answerers(page: CrfPage) -> list[tuple[str, str]]:
    """Who may answer a query at the page's site: user name and name."""
    able = roles_that_may(Action.ANSWER_QUERY)
    members = page.participant.site.memberships.filter(role__in=able, is_active=True, user__is_active=True)
    return list(members.order_by("user__username").values_list("user__username", "user__display_name"))


def _carried(given: Mapping[str, str], notes: PageNotes) -> list[tuple[str, str]]:
    """Reasons that were given before and have no visible field this time: they travel along."""
    visible = {f"keep.{finding.key}" for finding in (*notes.questions, *notes.overridable)}
    for place in (*notes.changes, "all") if notes.changes else ():
        visible |= {f"reason.{place}", f"note.{place}"}
    return [(name, text) for name, text in given.items() if name not in visible]


def _window(page: CrfPage) -> T | None:
    visit = page.visit
    if visit is None or visit.closes is None or visit.state != "planned":
        return None
    left = (visit.closes - timezone.localdate()).days
    words = T("还剩 {n} 天", "{n} days left") if left >= 0 else T("超期 {n} 天", "{n} days overdue")
    return T("访视窗 {opens} → {closes}，", "window {opens} → {closes}, ").format(
        opens=visit.opens.isoformat() if visit.opens else "", closes=visit.closes.isoformat()
    ) + words.format(n=abs(left))


def _siblings(page: CrfPage) -> list[tuple[T, str, bool, str]]:
    """The pages of the same visit, for the side navigation: title, address, current, state."""
    if page.visit_id is None:
        return []
    pages = {p.form: p for p in CrfPage.objects.filter(visit=page.visit_id)}
    ordered = [(form, pages[form.code]) for form in all_forms() if form.code in pages]
    return [(f.brief, reverse("entry:page", args=[p.id]), p.id == page.id, p.state) for f, p in ordered]
