"""People, sites and who works where in which role."""

from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from prtras.accounts.rights import GRANT_TITLES, GRANTABLE, ROLE_TITLES, Action, Role, allowed
from prtras.audit.models import Audited
from prtras.labels import T

#: The account in whose name the machine itself acts.
SYSTEM = "system"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, Audited):
    """A person (or the system itself). What she may do comes from her memberships only."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    single_key_shortcuts = models.BooleanField(default=True)
    came_last = models.DateTimeField(null=True)
    last_login = None  # Django would write it with a bare save(); `managing.note_login` is an act

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.display_name

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """Her active memberships with their sites, read once per request."""
        return list(self.memberships.filter(is_active=True).select_related("site").order_by("site__code"))

    @property
    def acting_role(self) -> str:
        """The role that the trail notes for what she does."""
        if self.username == SYSTEM:
            return Role.SYSTEM
        return self.current_memberships[0].role if self.current_memberships else ""

    @property
    def role_title(self) -> T | str:
        return ROLE_TITLES[Role(self.acting_role)] if self.acting_role else ""


class Site(Audited):
    """A hospital that takes part."""

    code = models.CharField(max_length=8, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(T(self.name_zh, self.name_en))


class Membership(Audited):
    """One person at one site in one role, with the rights granted to her by name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    granted = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "site"], name="one_role_per_person_and_site")]

    @property
    def title(self) -> T:
        return ROLE_TITLES[Role(self.role)]

    @property
    def grantable(self) -> list[tuple[str, T]]:
        """What can be granted to this person by name."""
        return [(a.value, GRANT_TITLES[a]) for a, roles in GRANTABLE.items() if Role(self.role) in roles]

    def may(self, action: Action) -> bool:
        return allowed(Role(self.role), action, frozenset(self.granted))


class ArmView(Audited):
    """One look at results by arm: who and at which run."""

    user = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=200)
