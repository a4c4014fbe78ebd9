"""Coming in, going out, choosing a language; accounts of others."""

import json
import time
from dataclasses import fields

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import activate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from prtras.accounts import coming, gate, mailing, managing, proving, reviewing, securing
from prtras.accounts.access import requires
from prtras.accounts.inviting import invite
from prtras.accounts.models import AccessReview, Membership, Site, User
from prtras.accounts.returning import taken_up
from prtras.accounts.rights import ROLE_TITLES, Action, Role
from prtras.labels import T

#: Seconds between the password and the second factor.
HALF_WAY = 300
LINK = T("邀请链接(3 天内有效,仅可使用一次):", "Invitation, good once for 3 days: ")
INVITED = T("PRTRAS EDC 账号邀请", "Your PRTRAS EDC account")
INVITATION = T(
    "{name}:\n\n请打开以下链接设置密码(3 天内有效,仅可使用一次):\n{link}\n",
    "{name},\n\nopen this link and set your password (good once, for 3 days):\n{link}\n",
)


def _safe_next(request: HttpRequest) -> str:
    """Where she wanted to go, if that is on this server."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """The login page; after five wrong passwords the account rests for a quarter of an hour."""
    if request.method == "POST" and coming.address_rests(request):
        return locked_out(request)
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _let_in(request, form.get_user())
    if request.method == "POST" and request.POST.get("username"):
        coming.refuse(request, request.POST["username"])
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/login.html", {"form": form, "next": _safe_next(request)}, status=status)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    """Her password is right: to where she wanted, or first to her second factor."""
    given = request.POST
    if securing.kinds_of(user) and not (given.get("code") or given.get("passkey")):
        request.session.cycle_key()
        request.session["half"] = {"user": user.pk, "until": time.time() + HALF_WAY}
        return redirect(f"{reverse('accounts:second')}?{urlencode({'next': _safe_next(request)})}")
    try:
        proving.prove_second(request, user, given)
    except proving.NotProven:
        context = {"form": AuthenticationForm(request), "next": _safe_next(request), "wrong_code": True}
        return render(request, "accounts/login.html", context, status=422)
    return _come(request, user)


def _come(request: HttpRequest, user: User) -> HttpResponse:
    """A session begins; what an earlier one left behind is taken up."""
    coming.come(request, user)
    answer = taken_up(request) if gate.next_step(user) is None else None
    return _in_language(answer or HttpResponseRedirect(_safe_next(request)), user.language)


@never_cache
def second(request: HttpRequest) -> HttpResponse:
    """The second half of the login: a code of the app, a recovery code, or a passkey."""
    half = request.session.get("half") or {}
    user = User.objects.filter(pk=half.get("user"), is_active=True).first()
    if user is None or half.get("until", 0) < time.time():
        request.session.pop("half", None)
        return redirect("accounts:login")
    wrong = False
    if request.method == "POST":
        try:
            proving.prove_second(request, user, request.POST)
            return _come(request, user)
        except proving.NotProven:
            wrong = True
    kinds = securing.kinds_of(user)
    question = json.dumps(securing.passkey_question(request, user)) if "passkey" in kinds else ""
    context = {"next": _safe_next(request), "wrong": wrong, "kinds": kinds, "question": question}
    return render(request, "accounts/second.html", context, status=422 if wrong else 200)


def locked_out(request: HttpRequest, credentials: dict[str, object] | None = None, **kwargs: object) -> HttpResponse:
    """What the sixth attempt sees."""
    context = {"form": AuthenticationForm(request), "locked": True, "next": _safe_next(request)}
    return render(request, "accounts/login.html", context, status=429)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out, back to the login page."""
    coming.leave(request)
    return redirect("accounts:login")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The other language, here and next time."""
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        wanted = settings.LANGUAGE_CODE
    if request.user.is_authenticated and request.user.language != wanted:
        managing.choose_language(request.user, wanted)
    return _in_language(HttpResponseRedirect(_safe_next(request)), wanted)


def _in_language(response: HttpResponse, wanted: str) -> HttpResponse:
    if wanted in dict(settings.LANGUAGES):
        activate(wanted)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@requires(Action.MANAGE_ACCOUNTS)
def people(request: HttpRequest) -> HttpResponse:
    """All accounts with site, role and granted rights; new ones are made here."""
    names = [field.name for field in fields(managing.NewAccount)]
    typed = {name: request.POST.get(name, "").strip() for name in names}
    problem = link = None
    if request.method == "POST":
        try:
            created, secret = managing.open_account(managing.NewAccount(**typed), user=request.user)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            link = _invitation(request, created, secret)
            typed = dict.fromkeys(typed, "")
    members = Membership.objects.select_related("user", "site").order_by("user__username")
    context = {"members": members, "sites": Site.objects.order_by("code"), "typed": typed, "problem": problem}
    context |= {"link": link, "roles": [(role.value, ROLE_TITLES[role]) for role in Role if role != Role.SYSTEM]}
    return render(request, "accounts/people.html", context, status=422 if problem else 200)


def _invitation(request: HttpRequest, person: User, secret: str) -> str:
    """The link, mailed to her where an address is known; the administrator sees it once, never the password."""
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[secret]))
    if person.email and not mailing.send(person, INVITED, INVITATION.format(name=person.display_name, link=link)):
        messages.error(request, T("邮件未能发送,请自行转交链接。", "The mail could not be sent: hand the link over."))
    return link


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def switch(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let a person in or keep her out, grant or take back a right given by name, set the days of her role, invite her
    again (a forgotten password), end her sessions or her second factor (a lost phone).
    """
    member = get_object_or_404(Membership.objects.select_related("user"), id=membership_id)
    act = request.POST.get("act", "")
    try:
        if act == "invite":
            link = _invitation(request, member.user, invite(member.user, user=request.user))
            messages.success(request, LINK + T(link, link))
        elif act == "days":
            given = request.POST
            managing.set_days(member, given.get("starts", ""), given.get("ends", ""), user=request.user)
        elif act == "sessions":
            coming.end_sessions(member.user, by=request.user)
        elif act == "factors":
            managing.end_factors(member.user, user=request.user)
        else:
            managing.switch(member, act, user=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("accounts:people")


@requires(Action.MANAGE_ACCOUNTS)
def review(request: HttpRequest) -> HttpResponse:
    """Who may do what, and is it still right: the list for the periodic review, and its sign-off."""
    lines = reviewing.lines(timezone.localdate())
    checksum = reviewing.checksum(lines)
    problem = None
    if request.method == "POST":
        try:
            managing.note_review(request.POST.get("note", ""), checksum, user=request.user)
            return redirect("accounts:review")
        except ValidationError as refused:
            problem = " ".join(refused.messages)
    context = {"lines": lines, "sha256": checksum, "problem": problem, "flags": reviewing.FLAGS}
    context["reviews"] = AccessReview.objects.select_related("by").order_by("-id")[:10]
    return render(request, "accounts/review.html", context, status=422 if problem else 200)
