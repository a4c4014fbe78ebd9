"""Accounts of others: list, invitations, access review."""

from collections.abc import Callable
from dataclasses import fields

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prtras.accounts import access_review, lockout, managing, requesting, sessions
from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.models import AccessReview, AccountRequest, Membership, Site
from prtras.accounts.rights import GUARDED, Action, roles_of_people
from prtras.accounts.tokens import live_tokens
from prtras.labels import T
from prtras.ui import messages


@requires(Action.MANAGE_ACCOUNTS)
def people(request: AuthenticatedRequest) -> HttpResponse:
    """All accounts with site, role and granted rights, and what waits for a second person; new ones are made here."""
    names = [field.name for field in fields(managing.NewAccount)]
    typed = {name: request.POST.get(name, "").strip() for name in names}
    problem = created = None
    if request.method == "POST":
        try:
            created = _create(request, managing.NewAccount(**typed))
            typed = dict.fromkeys(typed, "")
        except ValidationError as refused:
            problem = " ".join(refused.messages)
    members = Membership.objects.select_related("user", "site").order_by("user__username")
    context: dict[str, object] = {"members": members, "sites": Site.objects.order_by("code"), "created": created}
    context |= {"typed": typed, "problem": problem, "roles": list(roles_of_people().items())}
    context |= {"closed": lockout.closed_accounts(), "waiting": _waiting(), "tokens": live_tokens()}
    return render(request, "accounts/people.html", context, status=422 if problem else 200)


def _create(request: AuthenticatedRequest, new: managing.NewAccount) -> requesting.Delivery:
    person, waiting, secret = managing.open_account(new, user=request.user)
    link = _link_of(request)(secret)
    if waiting is None:
        return requesting.send_link(person, link, user=request.user)
    return requesting.deliver(waiting, link, user=request.user)


def _link_of(request: HttpRequest) -> Callable[[str], str]:
    return lambda secret: request.build_absolute_uri(reverse("accounts:invitation", args=[secret]))


def _waiting() -> QuerySet[AccountRequest]:
    requests = AccountRequest.objects.filter(state__in=AccountRequest.OPEN).order_by("id")
    return requests.select_related("person", "by", "second", "membership__site")


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def switch(request: AuthenticatedRequest, membership_id: int) -> HttpResponse:
    """Turn a role on or off, grant or withdraw a right given by name, set the days of a role, invite a person
    again (a forgotten password), end their sessions or their second factor (a lost phone), release their account.
    """
    member = get_object_or_404(Membership.objects.select_related("user"), id=membership_id)
    try:
        _carry_out(request, member, request.POST.get("act", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("accounts:people")


def _carry_out(request: AuthenticatedRequest, member: Membership, act: str) -> None:
    given, person, user = request.POST, member.user, request.user
    match act:
        case "invite" | "factors":
            _show(request, requesting.request_link(person, act, user=user, link_of=_link_of(request)))
        case "email":
            _show(request, requesting.request_email(person, given.get("email", "").strip(), user=user))
        case "days":
            managing.set_days(member, given.get("starts", ""), given.get("ends", ""), user=user)
        case "sessions":
            sessions.end_sessions(person, by=user)
        case "release":
            sessions.release(person, user=user)
        case right if right in GUARDED and right not in member.granted:
            _show(request, requesting.request_grant(member, right, user=user, link_of=_link_of(request)))
        case _:
            managing.switch(member, act, user=user)


def _show(request: HttpRequest, done: requesting.Delivery) -> None:
    messages.success(request, done.text + T(done.link, done.link))


@require_POST
@requires(Action.MANAGE_ACCOUNTS)
def decide(request: AuthenticatedRequest, request_id: int) -> HttpResponse:
    """A second person agrees to a request and gets the code for its owner; or it is refused or withdrawn."""
    account_request = get_object_or_404(AccountRequest.objects.select_related("person"), id=request_id)
    try:
        if request.POST.get("act") == "agree":
            code = requesting.agree(request_id, user=request.user)
            name = account_request.person.display_name
            messages.success(request, CODE.format(name=name, code=code) if code else AGREED)
        else:
            requesting.refuse(request_id, user=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("accounts:people")


CODE = T(
    "已同意。请将确认码直接告知{name}本人（仅显示这一次，不要经申请人转交）：{code}",
    "Agreed. Give this confirmation code to {name} in person, not through the one who requested it (shown only once): "
    "{code}",
)
AGREED = T("已同意，申请已生效。", "Agreed; the request has taken effect.")


@requires(Action.MANAGE_ACCOUNTS)
def review(request: AuthenticatedRequest) -> HttpResponse:
    """Who may do what, and is it still right: the list for the periodic review, and its sign-off."""
    lines = access_review.lines(timezone.localdate())
    checksum = access_review.checksum(lines)
    problem = None
    if request.method == "POST":
        try:
            managing.note_review(request.POST.get("note", ""), checksum, user=request.user)
            return redirect("accounts:access_review")
        except ValidationError as refused:
            problem = " ".join(refused.messages)
    context: dict[str, object] = {"lines": lines, "sha256": checksum, "problem": problem, "flags": access_review.FLAGS}
    context["reviews"] = AccessReview.objects.select_related("by").order_by("-id")[:10]
    return render(request, "accounts/access_review.html", context, status=422 if problem else 200)
