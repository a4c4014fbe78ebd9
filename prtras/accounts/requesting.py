"""Acts that take two: what one administrator alone may not do to those who may sign, see by arm or manage accounts.

Nothing happens until the owner has acted: with a link that went to their own address, or with a link from the one who
requested it and a code from the second person who agreed. Meanwhile nothing is signed from the account
(docs/decisions/0020-second-person-and-lockout.md).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from prtras.accounts import account_mails, mailing
from prtras.accounts.access import require
from prtras.accounts.inviting import NoLongerGood, add_code, end_links, fulfil, invite
from prtras.accounts.mailing import notify
from prtras.accounts.models import SYSTEM, AccountRequest, Membership, User
from prtras.accounts.rights import GRANTS, Action, roles_granted
from prtras.accounts.second_factors import end_all_factors
from prtras.accounts.sessions import end_sessions
from prtras.audit.acting import acting
from prtras.labels import T

SHOWN = T("邀请链接（3 天内有效，仅可使用一次）：", "Invitation link (valid for 3 days, single use): ")
NOT_MAILED = T("邮件未能发送，请将链接转交本人。", "The e-mail could not be sent. Give the link to the user. ")
MAILED = T(
    "链接已发送至本人的电子邮件地址，不在此显示。本人使用链接之前，其电子签名暂停。",
    "The link was sent to the user's own e-mail address and is not shown here. Until they have used it, their "
    "electronic signature is suspended.",
)
AND_CODE = T(
    "须由第二位管理员同意；同意后其确认码由第二位管理员直接告知本人，链接与确认码缺一不可。",
    "A second administrator has to agree and gives the user a confirmation code in person: the link alone opens "
    "nothing. ",
)
WAITS = T("已提出申请，须由第二位管理员同意。", "Requested: a second administrator has to agree.")
OWN = T("不能更改自己的权限。", "You cannot change your own rights.")
TWO_PEOPLE = T(
    "须由另一位管理员同意：不能是申请人，也不能是账号本人。",
    "Another administrator has to agree: neither the one who requested it nor the owner of the account.",
)
NOTHING = T("该申请已处理或已失效，请重新申请。", "This request was decided or has expired. Request it again.")
LinkOf = Callable[[str], str]


@dataclass(frozen=True)
class Delivery:
    """What the requester has to know, and the link where it is theirs to hand over."""

    text: T
    link: str = ""


def open_request(
    person: User, kind: str, *, user: User, value: str = "", membership: Membership | None = None
) -> AccountRequest:
    """A request takes the place of an earlier one of its kind. Call inside an act."""
    if kind in AccountRequest.CREDENTIALS and not _came_in_once(person):
        kind = "opened"  # no address of this account is its owner's own yet
    kinds = AccountRequest.CREDENTIALS if kind in AccountRequest.CREDENTIALS else (kind,)
    earlier = AccountRequest.objects.filter(person=person, kind__in=kinds, state__in=AccountRequest.OPEN)
    earlier.update(state="refused")
    return AccountRequest.objects.create(person=person, kind=kind, by=user, value=value, membership=membership)


def _came_in_once(person: User) -> bool:
    opened = person.requests.filter(kind="opened")
    return not opened.exists() or opened.filter(state="done").exists()


def request_link(person: User, kind: str, *, user: User, link_of: LinkOf) -> Delivery:
    """A new password (`invite`), or that and an end of the second factor (`factors`).

    For those who are not guarded it is done at once. Raises ValidationError for one's own second factor.
    """
    if kind == "factors" and person.pk == user.pk:
        raise ValidationError(str(OWN))
    if not person.is_guarded:
        return _end_factors(person, user) if kind == "factors" else _invite(person, user, link_of)
    with acting(user, source="accounts"):
        request = open_request(person, kind, user=user)
        secret = invite(person, user=user, request=request)
    return deliver(request, link_of(secret), user=user)


def _invite(person: User, user: User, link_of: LinkOf) -> Delivery:
    return send_link(person, link_of(invite(person, user=user)), user=user)


def _end_factors(person: User, user: User) -> Delivery:
    with acting(user, source="accounts"):
        end_all_factors(person)
        end_sessions(person, by=user)
    notify(person, account_mails.FACTORS_ENDED.format(by=user.display_name))
    return Delivery(T("双因素认证已重置。", "The second factor was reset."))


def send_link(person: User, link: str, *, user: User) -> Delivery:
    """The link of someone who is not guarded: mailed where an address is known, and shown."""
    failed = person.email and not _mail_link(person, link, T("", ""), user)
    return Delivery(NOT_MAILED if failed else SHOWN, link)


def deliver(request: AccountRequest, link: str, *, user: User) -> Delivery:
    """The link of a request: mailed where an address is known, and shown only where it could not be.

    The owner's own address is as good as a second person; that of an account that becomes a guarded one is not yet.
    """
    person, own = request.person, request.kind in ("invite", "factors")
    mailed = _mail_link(person, link, account_mails.SIGNING_RESTS if own else account_mails.AND_CODE, user)
    if mailed and own:
        with acting(user, source="accounts"):
            request.state = "mailed"
            request.save(update_fields=["state"])
        return Delivery(MAILED)
    return Delivery(AND_CODE) if mailed else Delivery(AND_CODE + SHOWN, link)


def _mail_link(person: User, link: str, more: T, user: User) -> bool:
    text = account_mails.LINK.format(name=person.display_name, by=user.display_name, link=link)
    return mailing.send(person, account_mails.INVITED, text + more + account_mails.NOT_YOURS)


def request_grant(member: Membership, right: str, *, user: User, link_of: LinkOf) -> Delivery:
    """A guarded right by name. Raises ValidationError.

    Whoever was not guarded before comes in with a new password: someone may hold the old one.
    """
    person = member.user
    if person.pk == user.pk:
        raise ValidationError(str(OWN))
    if member.role not in roles_granted(right):
        raise ValidationError(str(T("该角色不能授予此权限。", "This right cannot be granted to this role.")))
    with acting(user, source="accounts"):
        request = open_request(person, "granted", user=user, value=right, membership=member)
        if person.is_guarded:
            return Delivery(WAITS)
        secret = invite(person, user=user, request=request)
    return deliver(request, link_of(secret), user=user)


def request_email(person: User, address: str, *, user: User) -> Delivery:
    """Another e-mail address; one's own, and that of someone who is not guarded, at once. Raises ValidationError."""
    if address:
        validate_email(address)
    with acting(user, source="accounts"):
        request = open_request(person, "email", user=user, value=address)
        if person.is_guarded and person.pk != user.pk:
            return Delivery(WAITS)
        before = person.email
        fulfil(request)
    _tell_new_address(request, before)
    return Delivery(T("电子邮件地址已更改。", "The e-mail address was changed."))


def _tell_new_address(request: AccountRequest, before: str) -> None:
    text = account_mails.EMAIL_CHANGED.format(address=request.value or "–", who=request.who)
    for address in {before, request.value} - {""}:
        notify(request.person, text, to=address)


def agree(request_id: int, *, user: User, reason: str = "") -> str:
    """A second person agrees, who knows that its owner wants it. The code for the owner, empty where there is no link.

    Raises ValidationError; PermissionDenied for who does not manage accounts.
    """
    if user.username != SYSTEM:
        require(user, Action.MANAGE_ACCOUNTS)
    with acting(user, source="accounts", reason=reason):
        request = _open(request_id, "requested")
        if user.pk in (request.by_id, request.person_id):
            raise ValidationError(str(TWO_PEOPLE))
        before = request.person.email
        request.state, request.second, request.second_at = "agreed", user, timezone.now()
        request.save(update_fields=["state", "second", "second_at"])
        try:
            code = add_code(request)
        except NoLongerGood:
            raise ValidationError(str(NOTHING)) from None
        if not code:
            fulfil(request)
    if request.kind == "email":
        _tell_new_address(request, before)
    elif request.kind == "granted" and not code:
        notify(request.person, account_mails.GRANTED.format(right=GRANTS[request.value].title, who=request.who))
    return code


def refuse(request_id: int, *, user: User) -> None:
    """Nothing comes of a request: withdrawn, refused by another administrator, or objected to by its owner.

    Raises ValidationError for one that is decided.
    """
    with acting(user, source="accounts"):
        request = _open(request_id, *AccountRequest.OPEN)
        if request.invitations.filter(used_at=None).exists():
            end_links(request.person)
        request.state = "refused"
        request.save(update_fields=["state"])


def refuse_all(person: User) -> None:
    """The owner objects to everything that others requested for the account."""
    for request in person.requests.filter(state__in=AccountRequest.OPEN):
        refuse(request.pk, user=person)


def _open(request_id: int, *states: str) -> AccountRequest:
    requests = AccountRequest.objects.select_for_update(of=("self",)).select_related("person", "by", "membership")
    request = requests.filter(pk=request_id, state__in=states).first()
    if request is None:
        raise ValidationError(str(NOTHING))
    return request
