"""The access review: every account with its roles, and what should make a reviewer look twice. Reads only."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from prtras.accounts.models import SYSTEM, Membership
from prtras.accounts.rights import GRANTS, ROLE_TITLES
from prtras.labels import T

UNUSED_AFTER = timedelta(days=90)
FLAGS = {
    "never": T("从未登录", "never signed in"),
    "unused": T("90 天未登录", "no sign-in for 90 days"),
    "over": T("角色已到期，账号仍启用", "role has ended, account still active"),
    "no_factor": T("未设置双因素认证", "no second factor"),
    "no_policy": T("未接受使用规则", "policies not accepted"),
}


@dataclass(frozen=True)
class Line:
    """One person in one role at one site."""

    username: str
    name: str
    site: str
    role: str
    granted: tuple[str, ...]
    starts: date | None
    ends: date | None
    active: bool
    last_sign_in: date | None
    flags: tuple[str, ...]

    @property
    def title(self) -> T:
        return ROLE_TITLES[self.role]

    @property
    def rights(self) -> list[T | str]:
        """The granted rights in words; one that this study does not know, by its code."""
        return [GRANTS[code].title if code in GRANTS else code for code in self.granted]


def lines(today: date) -> list[Line]:
    """All of them, by user name."""
    members = Membership.objects.select_related("user", "site").exclude(user__username=SYSTEM)
    listed = members.prefetch_related("user__factors", "user__acceptances").order_by("user__username", "site__code")
    return [_line(member, today) for member in listed]


def _line(member: Membership, today: date) -> Line:
    user = member.user
    active = member.is_active and user.is_active
    last = user.last_sign_in.date() if user.last_sign_in else None
    flags = [
        ("never", last is None),
        ("unused", last is not None and today - last > UNUSED_AFTER),
        ("over", member.ends is not None and member.ends < today),
        ("no_factor", not any(factor.ended_at is None for factor in user.factors.all())),
        ("no_policy", not user.acceptances.all()),
    ]
    return Line(
        user.username, user.display_name, member.site.code, member.role, tuple(member.granted), member.starts,
        member.ends, active, last, tuple(code for code, holds in flags if holds and active),
    )  # fmt: skip


def checksum(listed: list[Line]) -> str:
    """SHA-256 of the list, so that a sign-off says what was seen."""
    return hashlib.sha256(json.dumps([asdict(line) for line in listed], default=str).encode()).hexdigest()
