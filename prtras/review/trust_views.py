"""Source verification, holds, signatures, readiness."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prtras.accounts.access import require, requires, sites_where
from prtras.accounts.proving import NotProven, prove
from prtras.accounts.rights import Action
from prtras.accounts.securing import kinds_of
from prtras.crf.access import (
    page_for_view,
    pages_visible_to,
    participant_for,
    participants_visible_to,
    visits_visible_to,
)
from prtras.crf.models import CrfPage
from prtras.crf.registry import form_of
from prtras.labels import T
from prtras.review import holding, readiness, signing, verifying
from prtras.review.holding import Scope
from prtras.review.models import HoldAct
from prtras.review.plan import plan
from prtras.ui.addresses import back

AT_ONCE = 100
WITHIN = ("participant", "visit__participant", "page__participant")


@login_required
@require_POST
def verify(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """The page, or some of its items, agree with the source; or after all not."""
    page = page_for_view(request.user, page_id)
    require(request.user, Action.VERIFY, page.participant.site)
    if request.POST.get("act") == "undo":
        verifying.unverify_page(page.id, user=request.user, reason=request.POST.get("reason", "")[:300])
        return back(request, "entry:page", page.id)
    places = request.POST.getlist("place")
    if not places or not set(places) <= {"", *plan().places(page.form, page.participant.number)}:
        raise Http404
    try:
        verifying.verify_page(page.id, places, user=request.user, seen_version=_number(request, "version"))
    except verifying.NothingToVerify:
        messages.error(request, T("此页已变化,请重新核对。", "The page has moved on; please compare it again."))
    return back(request, "entry:page", page.id)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@login_required
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Freeze, lock or release a page, a visit, a participant or the study."""
    scope = _scope(request)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:300]
    try:
        if act == "release":
            done = holding.release(scope, reason, user=request.user)
        elif act in ("frozen", "locked"):
            done = holding.hold(scope, act, reason, user=request.user)
        else:
            raise Http404
        messages.success(request, _thanks(done))
    except holding.NotReady as unready:
        messages.error(request, _why_not(unready))
    except (holding.NoReason, holding.StillFollowed, holding.NothingToDo) as refused:
        messages.error(request, REFUSED[type(refused)])
    return back(request, "review:readiness")


REFUSED = {
    holding.NoReason: T("请说明原因。", "Please say why."),
    holding.StillFollowed: T("仍在随访,可冻结,不能锁定。", "Follow-up goes on: this can be frozen, not locked."),
    holding.NothingToDo: T("没有需要处理的页。", "There is nothing to do: it is so already, or it was decided."),
}


def _why_not(unready: holding.NotReady) -> T:
    titles = {measure.code: measure.title for measure in readiness.MEASURES}
    text = T("尚不能锁定:", "Not ready to be locked: ")
    for place, (code, count) in enumerate(unready.counts.items()):
        text = text + (T("、", ", ") if place else T("", "")) + titles[code] + T(f" {count}", f" {count}")
    return text


def _thanks(done: HoldAct) -> T:
    if done.state == "asked":
        return T("已申请解除;须由另一人同意。", "The release is asked for; a second person has to agree.")
    return T("已处理 {n} 页。", "{n} pages done.").format(n=done.pages)


def _scope(request: HttpRequest) -> Scope:
    """What she names, at a site where she may hold. Raises Http404, PermissionDenied."""
    named = request.POST
    if text := named.get("page"):
        scope = Scope(page=get_object_or_404(pages_visible_to(request.user), id=_uuid(text)))
    elif named.get("visit"):
        scope = Scope(visit=get_object_or_404(visits_visible_to(request.user), id=_number(request, "visit")))
    elif text := named.get("participant"):
        scope = Scope(participant=participant_for(request.user, text))
    elif named.get("study"):
        if not holding.whole_study_is_hers(request.user):
            raise PermissionDenied(Action.HOLD)
        return Scope()
    else:
        raise Http404
    assert scope.whose
    require(request.user, Action.HOLD, scope.whose.site)
    return scope


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


@login_required
@require_POST
def decide(request: HttpRequest, act_id: int) -> HttpResponse:
    """A second person's word on a release."""
    require(request.user, Action.HOLD)
    found = get_object_or_404(HoldAct.objects.select_related(*WITHIN), id=act_id)
    whose = holding.scope_of(found).whose
    sites = sites_where(request.user, Action.HOLD)
    if whose.site_id not in sites if whose else not holding.whole_study_is_hers(request.user):
        raise Http404
    try:
        holding.decide_release(act_id, grant=request.POST.get("act") == "grant", user=request.user)
    except holding.NothingToDo:
        messages.error(request, REFUSED[holding.NothingToDo])
    return back(request, "review:readiness")


@requires(Action.SIGN)
def sign(request: HttpRequest) -> HttpResponse:
    """What waits for her signature: by participant; then one page, a visit or a casebook, signed with one proof."""
    if request.method == "GET" and not {"only", "visit", "participant"} & set(request.GET):
        return _to_sign(request)
    listed = _asked_for(request, signing.pages_to_sign(request.user))
    found = listed.select_related("participant", "visit", "submitted_by").order_by(
        "participant__number", "visit__position", "form", "repeat"
    )
    shown = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    for page in shown:
        page.form_title, page.key = form_of(page.form).title, f"{page.pk}:{page.version}"
    problem = _sign(request) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return redirect(request.get_full_path())
    chosen = set(request.POST.getlist("page"))
    context = {"shown": shown, "meanings": signing.MEANINGS.choices(), "problem": problem, "chosen": chosen}
    context["kinds"] = kinds_of(request.user)
    context["meaning"] = request.POST.get("meaning", "CONFIRMED")
    return render(request, "review/sign.html", context, status=422 if problem else 200)


def _to_sign(request: HttpRequest) -> HttpResponse:
    """Whose pages wait for her; who waits longest comes first."""
    waiting = signing.pages_to_sign(request.user).order_by().values("participant__number")
    counted = waiting.annotate(pages=Count("pk"), oldest=Min("submitted_at")).order_by("oldest")
    shown = Paginator(counted, AT_ONCE).get_page(request.GET.get("page"))
    total = signing.pages_to_sign(request.user).count()
    return render(request, "review/to_sign.html", {"shown": shown, "total": total})


def _asked_for(request: HttpRequest, pages: QuerySet[CrfPage]) -> QuerySet[CrfPage]:
    """Only one page, visit or participant, where the address names one."""
    asked = request.GET
    if asked.get("only"):
        pages = pages.filter(id=_uuid(asked["only"]))
    if asked.get("participant"):
        pages = pages.filter(participant__number=asked["participant"][:12])
    if asked.get("visit", "").isdecimal() and len(asked["visit"]) < 10:
        pages = pages.filter(visit=int(asked["visit"]))
    return pages


NOT_SIGNABLE = T(
    "所选页中有的已变化、已签名或有未答复质疑,请重新查看。",
    "Some of these pages have changed, are signed, or have an open query; please look again.",
)


def _sign(request: HttpRequest) -> T | None:
    """Sign what she ticked; what is wrong, if anything."""
    seen: dict[UUID, int] = {}
    for text in request.POST.getlist("page")[:AT_ONCE]:
        page, _, version = text.partition(":")
        seen[_uuid(page)] = int(version) if version.isdecimal() and len(version) < 9 else 0
    if not seen:
        return T("请至少选择一页。", "Choose at least one page.")
    try:
        prove(request, request.POST)
        signatures = signing.sign_pages(seen, request.POST.get("meaning", ""), user=request.user)
    except NotProven:
        return T("密码或验证码不正确,未签名。", "Password or code is not right; nothing was signed.")
    except signing.NotSignable:
        return NOT_SIGNABLE
    messages.success(request, T("已签名 {n} 页。", "{n} pages signed.").format(n=len(signatures)))
    return None


@requires(Action.SEE_PAGES)
def ready(request: HttpRequest) -> HttpResponse:
    """How far each participant is from lock; what was asked to be released; who held what."""
    visible = participants_visible_to(request.user)
    counts = readiness.by_participant(pages_visible_to(request.user))
    shown = Paginator(visible.order_by("number"), 50).get_page(request.GET.get("page"))
    rows = [(person, [(m, counts.get(person.pk, {}).get(m.code, 0)) for m in readiness.MEASURES]) for person in shown]
    totals = [(m, sum(found.get(m.code, 0) for found in counts.values())) for m in readiness.MEASURES]
    context = {"shown": shown, "rows": rows, "totals": totals, "measures": readiness.MEASURES, "plan": plan()}
    acts = holding.acts_visible_to(request.user).select_related(*WITHIN, "by", "second")
    context |= {"waiting": holding.to_decide(request.user).select_related(*WITHIN, "by"), "acts": acts[:20]}
    context["whole_study"] = holding.whole_study_is_hers(request.user)
    context["ready"] = visible.exclude(pk__in=list(counts)).count()
    return render(request, "review/readiness.html", context)


@requires(Action.SEE_PAGES)
def ready_pages(request: HttpRequest, code: str) -> HttpResponse:
    """The pages behind one number."""
    measure = next((m for m in readiness.MEASURES if m.code == code), None)
    if measure is None:
        raise Http404
    found = _asked_for(request, measure.find(pages_visible_to(request.user)))
    ordered = found.select_related("participant", "visit").order_by("participant__number", "visit__position", "form")
    shown = Paginator(ordered, AT_ONCE).get_page(request.GET.get("page"))
    for page in shown:
        page.form_title = form_of(page.form).title
    context = {"shown": shown, "measure": measure, "participant": request.GET.get("participant", "")[:12]}
    return render(request, "review/ready_pages.html", context)
