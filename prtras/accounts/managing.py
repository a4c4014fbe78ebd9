"""Acts on accounts."""

import re
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from prtras.accounts.models import SYSTEM, ArmView, Membership, Site, User
from prtras.accounts.rights import GRANTABLE, Action, Role
from prtras.audit.acting import acting
from prtras.labels import T

NAME = re.compile(r"[A-Za-z0-9._@+-]{1,60}")
NOT_A_NAME = T(
    "用户名只能含字母、数字和 . _ @ + -,最多 60 个字符;姓名最多 80 个字符。",
    "A user name has letters, digits and . _ @ + - only, at most 60; a name has at most 80 characters.",
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
    """A new person. Raises ValidationError for a weak password; without one she cannot log in."""
    person = User(username=username, display_name=display_name, language=language)
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    with acting(user, source="set-up"):
        person.save()
    return person


def give_role(person: User, site: Site, role: Role, *, user: User, granted: Iterable[Action] = ()) -> Membership:
    """Let a person work at a site in a role, with rights granted by name."""
    with acting(user, source="set-up"):
        return Membership.objects.create(user=person, site=site, role=role, granted=[str(g) for g in granted])


def open_account(*, username: str, display_name: str, site: str, role: str, password: str, user: User) -> User:
    """A new person with her site and role, whole or not at all. Raises ValidationError in the reader's language."""
    if not (username and display_name and role in set(Role) - {Role.SYSTEM}):
        raise ValidationError(str(T("请填写用户名、姓名和角色。", "User name, name and role are needed.")))
    if not NAME.fullmatch(username) or len(display_name) > 80 or not display_name.isprintable():
        raise ValidationError(str(NOT_A_NAME))
    found = Site.objects.filter(code=site).first()
    if found is None:
        raise ValidationError(str(T("没有该中心。", "There is no such site.")))
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError(str(T("用户名已被使用。", "The user name is taken.")))
    with acting(user, source="accounts"):
        person = create_user(username, display_name, password, user=user)
        give_role(person, found, Role(role), user=user)
    return person


def set_up_installation(site: str, name_zh: str, name_en: str, admin: str, password: str) -> User:
    """The system's account, the first site and its administrator, whole or not at all. Raises ValidationError."""
    system = create_system_user()
    with acting(system, source="set-up"):
        if not Site.objects.filter(code=site).exists():
            create_site(site, name_zh, name_en, user=system)
        return open_account(
            username=admin, display_name=admin, site=site, role=Role.ADMIN, password=password, user=system
        )


def switch(member: Membership, act: str, *, user: User) -> None:
    """Turn a membership on or off (`active`), or a right granted by name. Raises ValidationError."""
    if member.user_id == user.pk:
        raise ValidationError(str(T("不能更改自己的权限。", "One does not change one's own rights.")))
    if act == "active":
        member.is_active = not member.is_active
    elif act in set(GRANTABLE) and Role(member.role) in GRANTABLE[Action(act)]:
        member.granted = sorted(set(member.granted) ^ {act})
    else:
        raise ValidationError(str(T("该角色不能授予此权限。", "This right is not granted to this role.")))
    with acting(user, source="accounts"):
        member.save(update_fields=["is_active", "granted"])


def note_login(person: User) -> None:
    """Remember when she last came."""
    with acting(person, source="login"):
        User.objects.filter(pk=person.pk).update(came_last=timezone.now())


def note_arm_view(person: User, what: str) -> None:
    """Every look at results by arm is on record."""
    with acting(person, source="dashboard"):
        ArmView.objects.create(user=person, what=what)


def choose_language(person: User, language: str) -> None:
    """Remember the language she reads."""
    with acting(person, source="screen"):
        User.objects.filter(pk=person.pk).update(language=language)
