"""Coming in, going out, choosing a language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import activate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from prtras.accounts import managing
from prtras.accounts.access import requires
from prtras.accounts.models import Membership, Site
from prtras.accounts.rights import ROLE_TITLES, Action, Role
from prtras.labels import T


def _safe_next(request: HttpRequest) -> str:
    """Where she wanted to go, if that is on this server."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """The login page; after five wrong passwords the account rests for a quarter of an hour."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        start_session(request, form.get_user())
        managing.note_login(form.get_user())
        return _in_language(HttpResponseRedirect(_safe_next(request)), form.get_user().language)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/login.html", {"form": form, "next": _safe_next(request)}, status=status)


def locked_out(request: HttpRequest, credentials: dict[str, object] | None = None, **kwargs: object) -> HttpResponse:
    """What the sixth attempt sees."""
    context = {"form": AuthenticationForm(request), "locked": True, "next": _safe_next(request)}
    return render(request, "accounts/login.html", context, status=429)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out, back to the login page."""
    end_session(request)
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
    typed = {name: request.POST.get(name, "").strip() for name in ("username", "display_name", "site", "role")}
    problem = None
    if request.method == "POST":
        try:
            created = managing.open_account(**typed, password=request.POST.get("password", ""), user=request.user)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, T("已创建账号 {n}。", "Account {n} is made.").format(n=created.username))
            return redirect("accounts:people")
    members = Membership.objects.select_related("user", "site").order_by("user__username")
    context = {"members": members, "sites": Site.objects.order_by("code"), "typed": typed, "problem": problem}
    context["roles"] = [(role.value, ROLE_TITLES[role]) for role in Role if role != Role.SYSTEM]
    return render(request, "accounts/people.html", context, status=422 if problem else 200)


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def switch(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Let a person in or keep her out; grant or take back a right given by name."""
    member = get_object_or_404(Membership, id=membership_id)
    try:
        managing.switch(member, request.POST.get("act", ""), user=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("accounts:people")
