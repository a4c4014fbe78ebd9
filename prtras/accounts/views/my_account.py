"""What a person does about their own account: password, second factor, sessions, policies, invitation."""

import segno
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from prtras.accounts import inviting, managing, onboarding, reauthenticating, requesting, second_factors, sessions
from prtras.accounts.access import AuthenticatedRequest
from prtras.accounts.models import AccountRequest
from prtras.accounts.policies import POLICIES
from prtras.labels import T
from prtras.ui import messages
from prtras.ui.study_pages import START

CHANGED = T("密码已更改，其他会话已结束。", "Your password has been changed. Your other sessions have ended.")
OBJECTED = T("已否认，申请已作废。", "You have objected; the requests are void.")
WRONG_CREDENTIALS = T("密码或验证码不正确。", "Incorrect password or code.")


@login_required
def account(request: AuthenticatedRequest) -> HttpResponse:
    """My account: factors, sessions, and a new password after re-authentication."""
    problem = None
    if request.method == "POST":
        try:
            reauthenticating.reauthenticate(request, request.POST)
            inviting.change_password(request.user, request.POST.get("new", ""), but=request.session.session_key or "")
        except reauthenticating.NotAuthenticated:
            problem = str(WRONG_CREDENTIALS)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            sessions.renew(request)
            messages.success(request, CHANGED)
            return redirect("accounts:my_account")
    context = _account_context(request) | {"problem": problem}
    return render(request, "accounts/my_account.html", context, status=422 if problem else 200)


def _account_context(request: AuthenticatedRequest) -> dict[str, object]:
    factors = list(request.user.factors.filter(ended_at=None).order_by("made_at"))
    return {
        "factors": factors,
        "has_passkey": any(factor.kind == "passkey" for factor in factors),
        "codes_left": request.user.recovery_codes.filter(used_at=None).count(),
        "sessions": sessions.live_sessions(request.user),
        "here": request.session.session_key,
        "accesses": request.user.accesses.order_by("-id")[:10],
        "waiting": request.user.requests.filter(state__in=AccountRequest.OPEN).select_related("by", "second"),
    }


@login_required
def totp(request: AuthenticatedRequest) -> HttpResponse:
    """Set up the authenticator app: the QR code, then a first code as proof. A passkey can be made here as well."""
    secret = request.session.setdefault("totp", second_factors.new_totp_secret())
    wrong = False
    if request.method == "POST":
        try:
            _reauthenticate_for_another(request)
            second_factors.add_totp(secret, request.POST.get("code", ""), user=request.user)
            del request.session["totp"]
            return _with_recovery_codes(request)
        except (second_factors.NotAccepted, reauthenticating.NotAuthenticated):
            wrong = True
    picture = segno.make(second_factors.totp_address(request.user, secret), error="m").svg_data_uri(scale=5)
    context = {
        "picture": picture,
        "secret": secret,
        "wrong": wrong,
        "first": onboarding.next_step(request.user) is not None,
    }
    context["factors"] = second_factors.kinds_of(request.user)
    return render(request, "accounts/totp.html", context, status=422 if wrong else 200)


def _reauthenticate_for_another(request: AuthenticatedRequest) -> None:
    """Who has a factor adds another only with the password and the one there is. Raises NotAuthenticated."""
    if second_factors.kinds_of(request.user):
        given = request.POST
        reauthenticating.reauthenticate(
            request, {"password": given.get("password", ""), "code": given.get("old_code", "")}
        )


def _with_recovery_codes(request: AuthenticatedRequest) -> HttpResponse:
    """Show fresh recovery codes, this once."""
    codes = second_factors.new_recovery_codes(user=request.user)
    return render(request, "accounts/recovery.html", {"codes": codes})


@login_required
@require_POST
def recovery(request: AuthenticatedRequest) -> HttpResponse:
    """Fresh recovery codes, after re-authentication."""
    try:
        reauthenticating.reauthenticate(request, request.POST)
    except reauthenticating.NotAuthenticated:
        messages.error(request, WRONG_CREDENTIALS)
        return redirect("accounts:my_account")
    return _with_recovery_codes(request)


@login_required
@require_POST
def passkey_offer(request: AuthenticatedRequest) -> HttpResponse:
    """What the browser needs to make a passkey, or (`ask`) to use one before a signature."""
    if request.POST.get("ask"):
        return JsonResponse(second_factors.passkey_question(request, request.user))
    return JsonResponse(second_factors.passkey_offer(request))


@login_required
@require_POST
def add_passkey(request: AuthenticatedRequest) -> HttpResponse:
    """The passkey that the browser made."""
    first = not second_factors.kinds_of(request.user)
    try:
        _reauthenticate_for_another(request)
        second_factors.add_passkey(request, request.POST.get("passkey", ""), request.POST.get("name", ""))
    except reauthenticating.NotAuthenticated:
        messages.error(request, WRONG_CREDENTIALS)
        return redirect("accounts:totp")
    except second_factors.NotAccepted:
        messages.error(request, T("通行密钥未能添加。", "The passkey could not be added."))
        return redirect("accounts:totp" if first else "accounts:my_account")
    if first:
        return _with_recovery_codes(request)
    return redirect("accounts:my_account")


def _reauthenticated(request: AuthenticatedRequest) -> bool:
    """Password and second factor were right; else the person is told that they were not."""
    try:
        reauthenticating.reauthenticate(request, request.POST)
    except reauthenticating.NotAuthenticated:
        messages.error(request, WRONG_CREDENTIALS)
        return False
    return True


@login_required
@require_POST
def end_factor(request: AuthenticatedRequest, factor_id: int) -> HttpResponse:
    """Remove a factor."""
    factor = get_object_or_404(request.user.factors.filter(ended_at=None), id=factor_id)
    if _reauthenticated(request):
        second_factors.end_factor(factor, user=request.user)
        request.session.pop("cleared", None)
    return redirect("accounts:my_account")


@login_required
@require_POST
def change_email(request: AuthenticatedRequest) -> HttpResponse:
    """One's own e-mail address, after re-authentication."""
    if _reauthenticated(request):
        try:
            done = requesting.request_email(request.user, request.POST.get("email", "").strip(), user=request.user)
            messages.success(request, done.text)
        except ValidationError as refused:
            messages.error(request, " ".join(refused.messages))
    return redirect("accounts:my_account")


@login_required
@require_POST
def object_to_requests(request: AuthenticatedRequest) -> HttpResponse:
    """The owner has password and second factor: what others requested for the account comes to nothing."""
    if _reauthenticated(request):
        requesting.refuse_all(request.user)
        messages.success(request, OBJECTED)
    return redirect("accounts:my_account")


@login_required
@require_POST
def end_session(request: AuthenticatedRequest, session_id: int) -> HttpResponse:
    """Sign out elsewhere."""
    sessions.end_sessions(request.user, by=request.user, only=session_id)
    return redirect("accounts:my_account")


@login_required
def policies(request: AuthenticatedRequest) -> HttpResponse:
    """Read and accept, before anything else."""
    missing = []
    if request.method == "POST":
        ticked = request.POST.getlist("policy")
        missing = [policy for policy in onboarding.policies_to_accept(request.user) if policy.code not in ticked]
        if not missing:
            managing.accept_policies(request.user, ticked)
            return redirect(START)
    waiting = onboarding.policies_to_accept(request.user)
    context = {"waiting": waiting, "missing": missing, "all": POLICIES}
    return render(request, "accounts/policies.html", context, status=422 if missing else 200)


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Set one's own password by a link, where it takes two with the second person's code."""
    problem = None
    try:
        link = inviting.invited(secret)
        if request.method == "POST":
            given = {name: request.POST.get(name, "") for name in ("password", "again", "code", "email")}
            if given["password"] != given.pop("again"):
                raise ValidationError(str(T("两次输入的密码不一致。", "The passwords do not match.")))
            inviting.accept_invitation(secret, **given)
            messages.success(request, T("密码已设置，请登录。", "Your password has been set. Please sign in."))
            return redirect("accounts:sign_in")
    except inviting.NoLongerGood:
        return render(request, "accounts/invitation.html", {"gone": True}, status=404)
    except inviting.NotAgreed:
        return render(request, "accounts/invitation.html", {"waits": True}, status=409)
    except inviting.WrongCode:
        problem = str(T("确认码不正确。", "Incorrect confirmation code."))
    except ValidationError as refused:
        problem = " ".join(refused.messages)
    context = {"link": link, "person": link.user, "problem": problem}
    return render(request, "accounts/invitation.html", context, status=422 if problem else 200)


def session(request: HttpRequest) -> HttpResponse:
    """For the page: is the person still signed in, and for how long; asking renews the session."""
    there = request.user.is_authenticated
    who = request.user.get_username() if there else ""
    return JsonResponse({"seconds": request.session.get_expiry_age() if there else 0, "who": who})
