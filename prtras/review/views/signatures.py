"""Signatures."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render

from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.reauthenticating import NotAuthenticated, reauthenticate
from prtras.accounts.rights import Action
from prtras.accounts.second_factors import kinds_of
from prtras.labels import T
from prtras.review import signing
from prtras.review.request_values import AT_ONCE, only_named, uuid_of
from prtras.ui import messages


@requires(Action.SIGN)
def sign(request: AuthenticatedRequest) -> HttpResponse:
    """What waits for a signature: by participant; then one page, a visit or a casebook, signed at once."""
    if request.method == "GET" and not {"only", "visit", "participant"} & set(request.GET):
        return _to_sign(request)
    listed = only_named(request, signing.pages_to_sign(request.user))
    pages = listed.select_related("participant", "visit", "submitted_by").order_by(
        "participant__number", "visit__position", "form", "repeat"
    )
    shown = Paginator(pages, AT_ONCE).get_page(request.GET.get("page"))
    problem = _sign(request) if request.method == "POST" else None
    if request.method == "POST" and problem is None:
        return redirect(request.get_full_path())
    chosen = set(request.POST.getlist("page"))
    context: dict[str, object] = {"shown": shown, "problem": problem, "chosen": chosen, "kinds": kinds_of(request.user)}
    context |= {"meanings": signing.MEANINGS.choices(), "meaning": request.POST.get("meaning", "CONFIRMED")}
    return render(request, "review/sign.html", context, status=422 if problem else 200)


def _to_sign(request: AuthenticatedRequest) -> HttpResponse:
    """Whose pages wait for a signature; the longest waiting first."""
    waiting = signing.pages_to_sign(request.user).order_by().values("participant__number")
    counted = waiting.annotate(pages=Count("pk"), oldest=Min("submitted_at")).order_by("oldest")
    shown = Paginator(counted, AT_ONCE).get_page(request.GET.get("page"))
    total = signing.pages_to_sign(request.user).count()
    return render(request, "review/to_sign.html", {"shown": shown, "total": total})


NOT_SIGNABLE = T(
    "所选页中有的已被修改、已签名或有未答复质疑，请重新查看。",
    "Some of these pages have changed, are already signed, or have an open query. Please review them again.",
)
RESTS = T(
    "您的电子签名已暂停：有人为您的账号申请了重新设置密码或双因素认证。请在“我的账号”页确认或否认。未签名。",
    "Your electronic signature is suspended: someone requested a new password or second factor for your account. "
    "Confirm or object on the page “My account”. Nothing was signed.",
)


def _sign(request: AuthenticatedRequest) -> T | None:
    """Sign the pages that were ticked; what is wrong, if anything."""
    seen: dict[UUID, int] = {}
    for text in request.POST.getlist("page")[:AT_ONCE]:
        page, _, version = text.partition(":")
        seen[uuid_of(page)] = int(version) if version.isdecimal() and len(version) < 9 else 0
    if not seen:
        return T("请至少选择一页。", "Select at least one page.")
    try:
        reauthenticate(request, request.POST)
        signatures = signing.sign_pages(seen, request.POST.get("meaning", ""), user=request.user)
    except NotAuthenticated:
        return T("密码或验证码不正确，未签名。", "Incorrect password or code; nothing was signed.")
    except signing.SigningRests:
        return RESTS
    except signing.NotSignable:
        return NOT_SIGNABLE
    messages.success(request, T("已签名 {n} 页。", "{n} pages signed.").format(n=len(signatures)))
    return None
