"""Acts on accounts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from prtras.accounts.inviting import invite, set_password
from prtras.accounts.models import SYSTEM, Acceptance, AccessReview, AccountRequest, ArmView, Membership, Site, User
from prtras.accounts.policies import POLICIES
from prtras.accounts.requesting import TWO_PEOPLE, open_request
from prtras.accounts.rights import GUARDED, Action, Role, roles_granted, roles_of_people
from prtras.accounts.sessions import end_sessions
from prtras.audit.acting import acting
from prtras.labels import T

NAME = re.compile(r"[A-Za-z0-9._@+-]{1,60}")
IN_USE = T("用户名已被使用。用户名不会重复使用。", "This user name is already in use. User names are never reused.")
NOT_A_NAME = T(
    "用户名只能含字母、数字和 . _ @ + -，最多 60 个字符；姓名最多 80 个字符。",
    "A user name may contain letters, digits and . _ @ + - only, at most 60 characters; a full name at most 80.",
)


def create_system_user() -> User:
    """The machine's own account, which has to create itself. Safe to run again."""
    existing = User.objects.filter(username=SYSTEM).first()
    if existing:
        return existing
    user = User(username=SYSTEM, display_name="System")
    user.set_unusable_password()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_user', 'id'))")
            (user.pk,) = cursor.fetchone()
        with acting(user, role=Role.SYSTEM, source="set-up"):
            user.save(force_insert=True)
    return user


def create_site(code: str, name_zh: str, name_en: str, *, user: User) -> Site:
    """A new site."""
    with acting(user, source="set-up"):
        return Site.objects.create(code=code, name_zh=name_zh, name_en=name_en)


def create_user(username: str, display_name: str, password: str | None, *, user: User, language: str = "") -> User:
    """A new person. Raises ValidationError for a weak password; without one they cannot sign in until invited."""
    person = User(username=username, display_name=display_name, language=language)
    person.set_unusable_password()
    if password is not None:
        validate_password(password, person)
    with acting(user, source="set-up"):
        person.save()
        if password is not None:
            set_password(person, password)
    return person


def give_role(person: User, site: Site, role: str, *, user: User, granted: Iterable[Action] = ()) -> Membership:
    """Let a person work at a site in a role, with rights granted by name; a guarded one, the installation alone.

    Raises ValidationError.
    """
    member = Membership(user=person, site=site, role=role, granted=[str(right) for right in granted])
    if user.username != SYSTEM and member.is_guarded:
        raise ValidationError(str(TWO_PEOPLE))
    with acting(user, source="set-up"):
        member.save()
    return member


@dataclass(frozen=True)
class NewAccount:
    """What is needed to let someone in: who it is, where they work, as what, and from when to when."""

    username: str
    display_name: str
    site: str
    role: str
    email: str = ""
    starts: str = ""
    ends: str = ""


def open_account(
    new: NewAccount, *, user: User, password: str | None = None
) -> tuple[User, AccountRequest | None, str]:
    """A new person with site and role, whole or not at all; the request that a second person has to agree to, if the
    account is a guarded one; and the secret part of the invitation.

    Only the installation itself gives a `password`; then there is no invitation. Raises ValidationError in the
    reader's language.
    """
    if password is not None and user.username != SYSTEM:
        raise ValidationError(str(TWO_PEOPLE))
    if not (new.username and new.display_name and new.role in roles_of_people()):
        raise ValidationError(str(T("请填写用户名、姓名和角色。", "Enter the user name, full name and role.")))
    if not NAME.fullmatch(new.username) or len(new.display_name) > 80 or not new.display_name.isprintable():
        raise ValidationError(str(NOT_A_NAME))
    site = Site.objects.filter(code=new.site).first()
    if site is None:
        raise ValidationError(str(T("没有该中心。", "There is no such site.")))
    if User.objects.filter(username__iexact=new.username).exists():
        raise ValidationError(str(IN_USE))
    if new.email:
        validate_email(new.email)
    days = _days(new.starts, new.ends)
    with acting(user, source="accounts"):
        person = create_user(new.username, new.display_name, password, user=user)
        if new.email:
            person.email = new.email
            person.save(update_fields=["email"])
        Membership.objects.create(user=person, site=site, role=new.role, **days)
        if password is not None:
            return person, None, ""
        request = open_request(person, "opened", user=user) if person.is_guarded else None
        return person, request, invite(person, user=user, request=request)


def _days(starts: str, ends: str) -> dict[str, date | None]:
    """First and last day of a role, as typed. Raises ValidationError."""
    days: dict[str, date | None] = {}
    for name, text in (("starts", starts), ("ends", ends)):
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            raise ValidationError(str(T("日期请按 2026-11-23 填写。", "Enter the date as 2026-11-23."))) from None
    if days["starts"] and days["ends"] and days["ends"] < days["starts"]:
        raise ValidationError(str(T("结束日期早于开始日期。", "The end date is before the start date.")))
    return days


def set_days(member: Membership, starts: str, ends: str, *, user: User) -> None:
    """From when to when a person works in a role. Raises ValidationError."""
    if member.user_id == user.pk:
        raise ValidationError(str(T("不能更改自己的权限。", "You cannot change your own rights.")))
    days = _days(starts, ends)
    with acting(user, source="accounts"):
        member.starts, member.ends = days["starts"], days["ends"]
        member.save(update_fields=["starts", "ends"])


def accept_policies(person: User, codes: Iterable[str]) -> None:
    """A person accepts these policies."""
    known = {policy.code for policy in POLICIES} & set(codes)
    there = set(person.acceptances.values_list("policy", flat=True))
    with acting(person, source="policies"):
        Acceptance.objects.bulk_create(Acceptance(user=person, policy=code) for code in sorted(known - there))


def note_review(note: str, sha256: str, *, user: User) -> AccessReview:
    """Someone looked through all accounts. Raises ValidationError without a note."""
    if not note.strip():
        raise ValidationError(str(T("请填写审核结论。", "Enter the outcome of the review.")))
    with acting(user, source="accounts"):
        return AccessReview.objects.create(by=user, note=note.strip()[:300], sha256=sha256)


def set_up_installation(site: str, name_zh: str, name_en: str, admin: str, password: str) -> User:
    """The system's account, the first site and its administrator, whole or not at all. Raises ValidationError."""
    system = create_system_user()
    with acting(system, source="set-up"):
        if not Site.objects.filter(code=site).exists():
            create_site(site, name_zh, name_en, user=system)
        new = NewAccount(username=admin, display_name=admin, site=site, role=Role.ADMIN)
        return open_account(new, user=system, password=password)[0]


def switch(member: Membership, act: str, *, user: User) -> None:
    """Turn a membership on or off (`active`), or a right granted by name. Raises ValidationError.

    A guarded right is taken back here, but given by `requesting.request_grant`.
    """
    if member.user_id == user.pk:
        raise ValidationError(str(T("不能更改自己的权限。", "You cannot change your own rights.")))
    if act in GUARDED and act not in member.granted and member.role in roles_granted(act):
        raise ValidationError(str(TWO_PEOPLE))
    if act == "active":
        member.is_active = not member.is_active
    elif member.role in roles_granted(act):
        member.granted = sorted(set(member.granted) ^ {act})
    else:
        raise ValidationError(str(T("该角色不能授予此权限。", "This right cannot be granted to this role.")))
    with acting(user, source="accounts"):
        member.save(update_fields=["is_active", "granted"])
        if not member.user.memberships.filter(is_active=True).exists():
            end_sessions(member.user, by=user)


def note_arm_view(person: User, what: str) -> None:
    """Every look at results by arm is on record."""
    with acting(person, source="dashboard"):
        ArmView.objects.create(user=person, what=what)


def choose_language(person: User, language: str) -> None:
    """Remember the language a person reads."""
    with acting(person, source="screen"):
        User.objects.filter(pk=person.pk).update(language=language)
