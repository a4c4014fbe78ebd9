"""Sign in, second factor, sign out, language."""

import json
import math
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import activate
from django.views.decorators.http import require_POST

from prtras.accounts import lockout, managing, onboarding, reauthenticating, second_factors, sessions
from prtras.accounts.models import User
from prtras.ui.redirects import answer_after_sign_in, next_target
from prtras.ui.study_pages import START

#: Seconds between the password and the second factor.
HALF_WAY = 300


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is on this server; else the start page."""
    return next_target(request) or START


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; after five wrong answers from an address it is closed there for a growing while."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST":
        name, code = request.POST.get("username", ""), request.POST.get("code", "")
        with lockout.one_at_a_time(request, name):
            if lockout.wait(request, name) and not lockout.second_factor_opens(request, name, code):
                return locked_out(request, name)
            if not form.is_valid() and name:
                sessions.refuse(request, name)
        if form.is_valid():
            return _let_in(request, form.get_user())
        if lockout.wait(request, name):
            return locked_out(request, name)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/sign_in.html", {"form": form, "next": _next(request)}, status=status)


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    """The password is right: on to the page they wanted, or first to the second factor."""
    given = request.POST
    if second_factors.kinds_of(user) and not (given.get("code") or given.get("passkey")):
        request.session.cycle_key()
        request.session["half"] = {"user": user.pk, "until": time.time() + HALF_WAY}
        return redirect(f"{reverse('accounts:second_factor')}?{urlencode({'next': _next(request)})}")
    try:
        reauthenticating.check_second_factor(request, user, given)
    except reauthenticating.NotAuthenticated:
        if lockout.wait(request, user.get_username()):
            return locked_out(request, user.get_username())
        context = {"form": AuthenticationForm(request), "next": _next(request), "wrong_code": True}
        return render(request, "accounts/sign_in.html", context, status=422)
    return _begin_session(request, user)


def _begin_session(request: HttpRequest, user: User) -> HttpResponse:
    """A session begins; what an earlier one left behind is taken up."""
    sessions.sign_in(request, user)
    answer = answer_after_sign_in(request) if onboarding.next_step(user) is None else None
    return _in_language(answer or HttpResponseRedirect(_next(request)), user.language)


def second_factor(request: HttpRequest) -> HttpResponse:
    """The second step of sign-in: a code of the app, a recovery code, or a passkey."""
    half = request.session.get("half") or {}
    user = User.objects.filter(pk=half.get("user", 0), is_active=True).first()
    if user is None or half.get("until", 0) < time.time():
        request.session.pop("half", None)
        return redirect("accounts:sign_in")
    wrong = False
    if request.method == "POST":
        if lockout.wait(request, user.get_username()):
            return locked_out(request, user.get_username())
        try:
            reauthenticating.check_second_factor(request, user, request.POST)
            return _begin_session(request, user)
        except reauthenticating.NotAuthenticated:
            wrong = True
    kinds = second_factors.kinds_of(user)
    question = json.dumps(second_factors.passkey_question(request, user)) if "passkey" in kinds else ""
    context = {"next": _next(request), "wrong": wrong, "kinds": kinds, "question": question}
    return render(request, "accounts/second_factor.html", context, status=422 if wrong else 200)


def locked_out(request: HttpRequest, name: str) -> HttpResponse:
    """Not judged: for how long, and who can do something about it."""
    minutes = math.ceil(lockout.wait(request, name) / timedelta(minutes=1))
    form = AuthenticationForm(request, initial={"username": name})
    context = {"form": form, "locked": True, "minutes": minutes, "next": _next(request)}
    return render(request, "accounts/sign_in.html", context, status=429)


class ClosedPage:
    """Middleware: the same page where a person who is signed in gave too many wrong answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page, if that is why the view failed."""
        closed = isinstance(exception, reauthenticating.Closed)
        return locked_out(request, request.user.get_username()) if closed else None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, back to the sign-in page."""
    sessions.sign_out(request)
    return redirect("accounts:sign_in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The other language, here and next time."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        chosen = settings.LANGUAGE_CODE
    if request.user.is_authenticated and request.user.language != chosen:
        managing.choose_language(request.user, chosen)
    return _in_language(HttpResponseRedirect(_next(request)), chosen)


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    if language in dict(settings.LANGUAGES):
        activate(language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
