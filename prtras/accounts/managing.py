"""Acts on accounts."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction
from django.utils import timezone

from prtras.accounts.models import ArmView, Membership, Site, User
from prtras.accounts.rights import Action, Role
from prtras.audit.acting import acting


def create_system_user() -> User:
    """The machine's own account, which has to create itself. Safe to run again."""
    existing = User.objects.filter(username="system").first()
    if existing:
        return existing
    user = User(username="system", display_name="System")
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


def create_user(
    username: str, display_name: str, password: str | None, *, user: User, language: str = ""
) -> User:
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
