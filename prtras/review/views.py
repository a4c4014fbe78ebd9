"""Queries: the inbox, asking, answering, closing."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from prtras.accounts.access import require, requires
from prtras.accounts.rights import Action
from prtras.clinical.protocol import VERSION
from prtras.crf.access import page_for_view
from prtras.crf.registry import form_of
from prtras.labels import T
from prtras.review import listing, querying
from prtras.review.access import queries_visible_to
from prtras.review.models import Query
from prtras.review.states import NotAllowedNow
from prtras.ui.addresses import back

ACTS = {
    "answer": (Action.ANSWER_QUERY, querying.answer),
    "change": (Action.ANSWER_QUERY, querying.answer),
    "close": (Action.CLOSE_QUERY, querying.close),
    "reopen": (Action.CLOSE_QUERY, querying.reopen),
    "cancel": (Action.CLOSE_QUERY, querying.cancel),
}
LOCKED = T("此页已锁定,须先解锁。", "The page is locked: it has to be released first.")


@requires(Action.SEE_PAGES)
def inbox(request: HttpRequest) -> HttpResponse:
    """All queries of her sites, newest first, by state."""
    state = request.GET.get("state", "open")
    queries = queries_visible_to(request.user)
    if state != "all":
        queries = queries.filter(state=state)
    found = queries.select_related("page__participant", "page__visit", "opened_by").order_by("opened_at", "id")
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    for query in shown:
        form = form_of(query.page.form)
        query.form_title, query.label = form.title, form.label_of(query.place)
    return render(request, "review/inbox.html", {"shown": shown, "state": state})


@requires(Action.SEE_PAGES)
def checks(request: HttpRequest) -> HttpResponse:
    """Every edit check with its place, its text and what it asks at present: the list for the validation plan."""
    return render(request, "review/checks.html", {"groups": listing.groups(request.user), "version": VERSION})


@login_required
@require_POST
def ask(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """A person's question about one place."""
    page = page_for_view(request.user, page_id)
    require(request.user, Action.RAISE_QUERY, page.participant.site)
    form = form_of(page.form)
    place = request.POST.get("place", "")
    row, _, name = place.rpartition(":")
    if name not in (form.rows.items if row and form.rows else form.items):
        raise Http404
    if row and not (form.rows and form.rows.may_have(row)):
        raise Http404
    try:
        querying.raise_query(page, place, _text(request), user=request.user)
    except querying.EmptyText:
        messages.error(request, T("请填写质疑内容。", "Write what you ask."))
    except querying.PageLocked:
        messages.error(request, LOCKED)
    return redirect("entry:page", page_id=page.id)


def _text(request: HttpRequest) -> str:
    """What was written, without the one character that cannot be stored."""
    return request.POST.get("text", "").replace("\0", "")


@login_required
@require_POST
def say(request: HttpRequest, query_id: int) -> HttpResponse:
    """Answer, close or ask again."""
    query = get_object_or_404(queries_visible_to(request.user).select_related("page__participant__site"), id=query_id)
    if request.POST.get("act") not in ACTS:
        raise Http404
    right, act = ACTS[request.POST["act"]]
    require(request.user, right, query.page.participant.site)
    if request.POST["act"] == "change" and _text(request).strip():
        return _answer_with_change(request, query)
    try:
        act(query.id, _text(request), user=request.user)
    except querying.EmptyText:
        messages.error(request, T("请先填写内容。", "Write something first."))
    except NotAllowedNow:
        messages.error(request, T("质疑状态已变化,请重新查看。", "The query has moved on; please look again."))
    except querying.PageLocked:
        messages.error(request, LOCKED)
    return back(request, "review:inbox")


def _answer_with_change(request: HttpRequest, query: Query) -> HttpResponse:
    """The answer waits for the new value and goes with it: the form opens at the field, the reason is chosen."""
    require(request.user, Action.EDIT_PAGE, query.page.participant.site)
    request.session["answering"] = {
        "page": str(query.page_id), "query": query.pk, "place": query.place, "text": _text(request),
    }  # fmt: skip
    row, _, name = query.place.rpartition(":")
    field = f"row-{row}-{name}" if row else name
    return redirect(f"{reverse('entry:page', args=[query.page_id])}#f-{field}")
