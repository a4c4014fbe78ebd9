"""Queries: the inbox, asking, answering, closing."""

from datetime import date
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prtras.accounts.access import AuthenticatedRequest, may, require, requires, sites_where
from prtras.accounts.rights import Action
from prtras.crf.access import page_for_view
from prtras.crf.models import CrfPage
from prtras.crf.places import Place
from prtras.crf.registry import all_forms, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.crf.study import protocol
from prtras.labels import T
from prtras.review import edit_checks, querying
from prtras.review.access import queries_visible_to
from prtras.review.assignees import assignee_of
from prtras.review.inbox import BulkScope, NoSuchPlace, QueryFilter, ageing, find
from prtras.review.models import Query
from prtras.review.states import NotAllowedNow
from prtras.ui import messages
from prtras.ui.redirects import back

ACTS = {
    "answer": (Action.ANSWER_QUERY, querying.answer),
    "change": (Action.ANSWER_QUERY, querying.answer),
    "close": (Action.CLOSE_QUERY, querying.close),
    "reopen": (Action.CLOSE_QUERY, querying.reopen),
    "cancel": (Action.CLOSE_QUERY, querying.cancel),
}
QUERY_CHANGED = T(
    "此质疑在您打开后已有变化，请重新查看。", "This query was changed after you opened it. Please review it again."
)
LOCKED = T("此页已锁定，须先解除锁定。", "The page is locked; it must be released first.")


@requires(Action.SEE_PAGES)
def inbox(request: AuthenticatedRequest) -> HttpResponse:
    """The queries of the reader's sites, the oldest first, with filters, and the age of those that wait."""
    filters = QueryFilter.of(request.GET)
    queries = find(request.user, filters).select_related("page__participant", "page__visit", "opened_by", "assignee")
    shown = Paginator(queries, 50).get_page(request.GET.get("page"))
    context = {"shown": shown, "filters": filters, "ages": ageing(request.user), "today": timezone.localdate()}
    context |= {"forms": [(form.code, form.brief) for form in all_forms()]}
    context["may_raise"] = may(request.user, Action.RAISE_QUERY)
    context["may_close"] = may(request.user, Action.CLOSE_QUERY)
    return render(request, "review/inbox.html", context)


@require_POST
@requires(Action.CLOSE_QUERY)
def close_many(request: AuthenticatedRequest) -> HttpResponse:
    """Close the answered queries that were ticked, those that are still answered."""
    ids = [int(text) for text in request.POST.getlist("query")[:500] if text.isdecimal() and len(text) < 10]
    sites = sites_where(request.user, Action.CLOSE_QUERY)
    queries = Query.objects.filter(id__in=ids, state="answered", page__participant__site__in=sites)
    done = querying.close_all(queries, _text(request), user=request.user)
    messages.success(request, T("已关闭 {n} 条质疑。", "{n} queries closed.").format(n=done))
    return back(request, "review:inbox")


@requires(Action.RAISE_QUERY)
def raise_many(request: AuthenticatedRequest) -> HttpResponse:
    """The same question on many pages: first a dry run that says where, then the asking."""
    typed = {name: request.POST.get(name, "") for name in ("place", "visit", "text", "only_empty", "due")}
    problem, pages = None, None
    if request.method == "POST":
        try:
            place, wish = BulkScope.of(request.POST), querying.Assignment(due=_due(typed["due"]))
            pages = [page for page in place.pages(request.user) if _may_raise(request, page)]
            if request.POST.get("act") == "raise":
                raised = querying.raise_queries(
                    [(page, place.item) for page in pages], _text(request), user=request.user, wish=wish
                )
                messages.success(request, T("已提出 {n} 条质疑。", "{n} queries raised.").format(n=len(raised)))
                return redirect("review:inbox")
        except NoSuchPlace:
            problem = T("请选择项目。", "Select an item.")
        except (querying.EmptyText, ValueError):
            problem = T(
                "请填写质疑内容；答复期限按 2026-11-23 填写。", "Enter the question; enter the date as 2026-11-23."
            )
    context = {"typed": typed, "problem": problem, "pages": pages, "places": _places(), "visits": _visits()}
    return render(request, "review/raise_many.html", context, status=422 if problem else 200)


def _due(text: str) -> date | None:
    return date.fromisoformat(text.strip()) if text.strip() else None


def _may_raise(request: AuthenticatedRequest, page: CrfPage) -> bool:
    return page.participant.site_id in sites_where(request.user, Action.RAISE_QUERY)


def _places() -> list[tuple[T, list[tuple[str, T]]]]:
    """Every typed item, by form."""
    return [
        (form.brief, [(f"{form.code}.{name}", item.label) for name, item in form.items.items() if not item.derived])
        for form in all_forms()
    ]


def _visits() -> list[str]:
    return list(SCHEDULE.visits)


@login_required
@require_POST
def assign(request: AuthenticatedRequest, query_id: int) -> HttpResponse:
    """Say who is to answer, and by when."""
    query = get_object_or_404(queries_visible_to(request.user).select_related("page__participant__site"), id=query_id)
    site = query.page.participant.site
    require(request.user, Action.RAISE_QUERY, site)
    try:
        wish = querying.Assignment(
            assignee_of(request.POST.get("assignee", ""), site), _due(request.POST.get("due", ""))
        )
        querying.assign(query.pk, wish, user=request.user)
    except (ValueError, NotAllowedNow):
        messages.error(request, T("未能指派：请检查人员与日期。", "Not assigned: check the assignee and the date."))
    return back(request, "review:inbox")


@requires(Action.SEE_PAGES)
def checks(request: AuthenticatedRequest) -> HttpResponse:
    """Every edit check with its place, its text and what it asks at present: the list for the validation plan."""
    return render(
        request, "review/checks.html", {"groups": edit_checks.groups(request.user), "version": protocol().specification}
    )


@login_required
@require_POST
def ask(request: AuthenticatedRequest, page_id: UUID) -> HttpResponse:
    """A person's question about one place."""
    page = page_for_view(request.user, page_id)
    require(request.user, Action.RAISE_QUERY, page.participant.site)
    form = form_of(page.form)
    place = request.POST.get("place", "")
    if form.item_at(place) is None:
        raise Http404
    try:
        querying.raise_query(page, place, _text(request), user=request.user)
    except querying.EmptyText:
        messages.error(request, T("请填写质疑内容。", "Enter the question."))
    except querying.PageLocked:
        messages.error(request, LOCKED)
    return redirect("entry:page", page_id=page.id)


def _text(request: HttpRequest) -> str:
    """What was written, without the one character that cannot be stored."""
    return request.POST.get("text", "").replace("\0", "")


@login_required
@require_POST
def say(request: AuthenticatedRequest, query_id: int) -> HttpResponse:
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
        messages.error(request, T("请先填写答复内容。", "Enter a text first."))
    except NotAllowedNow:
        messages.error(
            request,
            QUERY_CHANGED,
        )
    except querying.PageLocked:
        messages.error(request, LOCKED)
    return back(request, "review:inbox")


def _answer_with_change(request: AuthenticatedRequest, query: Query) -> HttpResponse:
    """The answer waits for the new value and goes with it: the form opens at the field, the reason is chosen."""
    require(request.user, Action.EDIT_PAGE, query.page.participant.site)
    request.session["answering"] = {
        "page": str(query.page_id), "query": query.pk, "place": query.place, "text": _text(request),
    }  # fmt: skip
    return redirect(f"{reverse('entry:page', args=[query.page_id])}#{Place(query.place).anchor}")
