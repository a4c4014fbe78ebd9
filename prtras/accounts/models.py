"""People, sites and who works where in which role."""

from functools import cached_property

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from prtras.accounts.rights import GRANTS, GUARDED, ROLE_TITLES, SCOPE_TITLES, Role, allowed
from prtras.audit.models import Audited
from prtras.labels import T

#: The account in whose name the machine itself acts.
SYSTEM = "system"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, Audited):
    """A person (or the system itself). What they may do comes from their memberships only."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    single_key_shortcuts = models.BooleanField(default=True)
    last_sign_in = models.DateTimeField(null=True)
    #: Through which token of the API the person acts, as the trail notes it; empty: at the screen.
    through = ""
    last_login = None  # Django would write it with a bare save(); `sessions.sign_in` is an act

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="a_user_name_once")]

    def __str__(self) -> str:
        return self.display_name

    def check_password(self, raw_password: str | None) -> bool:
        """Is it the password? Writes nothing: one stored in a way of before is stored anew by `authenticating`."""
        return check_password(raw_password, self.password)

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """The memberships that are valid today, with their sites, read once per request."""
        today = timezone.localdate()
        memberships = self.memberships.filter(is_active=True).select_related("site").order_by("site__code")
        return [
            m for m in memberships if (m.starts is None or m.starts <= today) and (m.ends is None or today <= m.ends)
        ]

    @property
    def acting_role(self) -> str:
        """The role that the trail notes for what the person does."""
        if self.username == SYSTEM:
            return Role.SYSTEM
        return self.current_memberships[0].role if self.current_memberships else ""

    @property
    def role_title(self) -> T | str:
        return ROLE_TITLES[self.acting_role] if self.acting_role else ""

    @property
    def is_guarded(self) -> bool:
        """May they sign, see by arm or manage accounts, in whatever role, and were it switched off or over?"""
        return any(member.is_guarded for member in self.memberships.all())

    @property
    def signing_rests(self) -> bool:
        """Does someone say that password or second factor are lost, and nobody has confirmed it yet?"""
        return self.requests.filter(kind__in=AccountRequest.CREDENTIALS, state__in=AccountRequest.OPEN).exists()


class Site(Audited):
    """A hospital that takes part."""

    code = models.CharField(max_length=8, unique=True)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return str(T(self.name_zh, self.name_en))


class Membership(Audited):
    """One person at one site in one role, with the rights granted to them by name."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    granted = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    starts = models.DateField(null=True, help_text="first day on which it holds")
    ends = models.DateField(null=True, help_text="last day on which it holds")
    #: The actions to which a token of the API narrows it; None: all of the role's and all that were granted.
    within: frozenset[str] | None = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "site"], name="one_role_per_person_and_site")]

    @property
    def title(self) -> T:
        return ROLE_TITLES[self.role]

    @property
    def grantable(self) -> list[tuple[str, T]]:
        """What can be granted to this person by name."""
        return [(str(action), grant.title) for action, grant in GRANTS.items() if self.role in grant.roles]

    def may(self, action: str) -> bool:
        inside = self.within is None or action in self.within
        return inside and allowed(self.role, action, frozenset(self.granted))

    @property
    def is_guarded(self) -> bool:
        """What one administrator alone gives to nobody."""
        return any(self.may(action) for action in GUARDED)


class ArmView(Audited):
    """One look at results by arm: who and at which run."""

    user = models.ForeignKey(User, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=200)


class AccountRequest(Audited):
    """What one administrator alone may not do to the account of someone who may sign, see by arm or manage accounts.

    `requested`, then `agreed` by a second person or `mailed` to the owner's own address, then `done`; or `refused`.
    `value` is the right that is granted, or the new address.
    """

    #: A new account, a new password, a new password and second factor.
    CREDENTIALS = ("opened", "invite", "factors")
    OPEN = ("requested", "agreed", "mailed")
    TITLES = {
        "opened": T("新账号", "new account"),
        "invite": T("重新设置密码", "new password"),
        "factors": T("重新设置密码和双因素认证", "new password and second factor"),
        "granted": T("授予权限", "right granted"),
        "email": T("更改电子邮件地址", "other e-mail address"),
    }
    STATES = {
        "requested": T("待第二位管理员同意", "waits for a second administrator"),
        "agreed": T("已同意，待本人使用链接和确认码", "agreed; waits for the user with link and code"),
        "mailed": T("已发送至本人邮箱，待本人使用链接", "sent to the user's own address; waits for the user"),
    }

    person = models.ForeignKey(User, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, help_text="opened, invite, factors, granted or email")
    value = models.CharField(max_length=254, blank=True)
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, default="requested")
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second=None)
                | (~models.Q(second=models.F("by")) & ~models.Q(second=models.F("person"))),
                name="a_second_person_agrees",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="agreed", second=None)
                & ~models.Q(state="done", kind__in=("opened", "granted"), second=None),
                name="nobody_agrees_alone",
            ),
        ]

    @property
    def title(self) -> T:
        right = GRANTS[self.value].title if self.value in GRANTS else T(self.value, self.value)
        return self.TITLES[self.kind] + T("：", ": ") + right if self.value else self.TITLES[self.kind]

    @property
    def state_title(self) -> T:
        return self.STATES[self.state]

    @property
    def guards(self) -> bool:
        """Does the account become a guarded one? Someone else may hold its password, factor or address."""
        return self.kind == "opened" or (self.kind == "granted" and self.invitations.exists())

    @property
    def ends_factors(self) -> bool:
        """Does the second factor end with it?"""
        return self.kind == "factors" or self.guards

    @property
    def who(self) -> T:
        """Who caused it."""
        text = T("申请人：{by}", "requested by {by}").format(by=self.by)
        agreed = T("；同意人：{second}", ", agreed by {second}")
        return text + agreed.format(second=self.second) if self.second else text


class Invitation(Audited):
    """A link with which a person sets their own password, once. Only the checksum of its secret is kept.

    With a `request`, it is good once that was agreed or mailed; `code_sha256` is of the second person's code.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    request = models.ForeignKey(AccountRequest, models.PROTECT, null=True, related_name="invitations")
    sha256 = models.CharField(max_length=64, unique=True)
    code_sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @property
    def who(self) -> T:
        """Who caused it."""
        return self.request.who if self.request else T("申请人：{by}", "requested by {by}").format(by=self.by)


class OldPassword(Audited):
    """A password that a person had, as it was stored: it is not taken again."""

    user = models.ForeignKey(User, models.PROTECT, related_name="old_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]


class SecondFactor(Audited):
    """What a person has besides the password: an authenticator app (`totp`) or a passkey.

    `secret` is the app's secret, encrypted, or the passkey's public key; `credential` is the passkey's id. `counter` is
    the last time step or signature count that was accepted: none is accepted twice.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=40)
    secret = models.TextField()
    credential = models.CharField(max_length=700, unique=True, null=True)
    counter = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class RecoveryCode(Audited):
    """One code for the day on which the second factor is lost; used once, kept as a checksum."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class Acceptance(Audited):
    """A person accepted a policy, or confirms their training: which text, and when."""

    user = models.ForeignKey(User, models.PROTECT, related_name="acceptances")
    policy = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)


class Access(Audited):
    """One sign-in, sign-out or refusal: who (or which name was typed), from where, with what browser.

    `key` and `network` are what wrong answers are counted by (`prtras.accounts.lockout`).
    """

    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="accesses")
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, help_text="signed_in, refused, signed_out, ended or released")
    address = models.GenericIPAddressField(null=True)
    network = models.CharField(max_length=43, blank=True)
    browser = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="accesses_to"),
            models.Index(fields=["network", "at"], name="accesses_from"),
        ]


class LiveSession(models.Model):
    """Where someone is signed in now. Not data: it ends with the session, and `Access` keeps what happened."""

    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200)
    began_at = models.DateTimeField(auto_now_add=True)


class ApiToken(Audited):
    """A key with which a program acts for a person, within a scope and at a site. Only its checksum is kept.

    `prefix` is its public part, by which it is looked up and named in the trail.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60, help_text="what it is for")
    prefix = models.CharField(max_length=8, unique=True)
    sha256 = models.CharField(max_length=64)
    scope = models.CharField(max_length=5, help_text="read or write")
    site = models.ForeignKey(Site, models.PROTECT, null=True, help_text="empty: every site of the person")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    @property
    def scope_title(self) -> T:
        return SCOPE_TITLES[self.scope]


class TokenUse(Audited):
    """One request of a program: which token, what it requested, and what it got."""

    token = models.ForeignKey(ApiToken, models.PROTECT, related_name="uses")
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=500, help_text="with what was searched for")
    status = models.PositiveSmallIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["token", "at"], name="uses_of_a_token")]


class AccessReview(Audited):
    """Someone looked through all accounts and roles and says so. `sha256` is of the list as it was then."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
