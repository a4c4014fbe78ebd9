"""Accounts of others: list, invitations, access review."""

from dataclasses import fields

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from prtras.accounts import access_review, lockout, mailing, managing, sessions
from prtras.accounts.access import AuthenticatedRequest, requires
from prtras.accounts.inviting import invite
from prtras.accounts.models import AccessReview, Membership, Site, User
from prtras.accounts.rights import Action, roles_of_people
from prtras.labels import T
from prtras.ui import messages

LINK = T("邀请链接（3 天内有效，仅可使用一次）：", "Invitation link (valid for 3 days, single use): ")

INVITED = T("PRTRAS EDC 账号邀请", "Your PRTRAS EDC account")

INVITATION = T(
    "{name}：\n\n请打开以下链接设置密码（3 天内有效，仅可使用一次）：\n{link}\n",
    "{name},\n\nplease open this link to set your password (valid for 3 days, single use):\n{link}\n",
)


@requires(Action.MANAGE_ACCOUNTS)
def people(request: AuthenticatedRequest) -> HttpResponse:
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
    context: dict[str, object] = {"members": members, "sites": Site.objects.order_by("code")}
    context |= {"typed": typed, "problem": problem, "link": link, "roles": list(roles_of_people().items())}
    context["closed"] = lockout.closed_accounts()
    return render(request, "accounts/people.html", context, status=422 if problem else 200)


def _invitation(request: HttpRequest, person: User, secret: str) -> str:
    """The link, mailed to the person where an address is known; the administrator sees it once, never the password."""
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[secret]))
    if person.email and not mailing.send(person, INVITED, INVITATION.format(name=person.display_name, link=link)):
        messages.error(
            request, T("邮件未能发送，请将链接转交本人。", "The e-mail could not be sent. Give the link to the user.")
        )
    return link


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
        case "invite":
            link = _invitation(request, person, invite(person, user=user))
            messages.success(request, LINK + T(link, link))
        case "days":
            managing.set_days(member, given.get("starts", ""), given.get("ends", ""), user=user)
        case "sessions":
            sessions.end_sessions(person, by=user)
        case "factors":
            managing.end_factors(person, user=user)
        case "release":
            sessions.release(person, user=user)
        case _:
            managing.switch(member, act, user=user)


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
