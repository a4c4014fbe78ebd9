"""Acts on tokens of the API: made by their owner, revoked by them or an administrator, each use on record."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from prtras.accounts.access import sites_of
from prtras.accounts.models import ApiToken, Site, TokenUse, User
from prtras.accounts.rights import SCOPES
from prtras.accounts.tokens import checksum
from prtras.audit.acting import acting
from prtras.labels import T

#: The longest life of a token.
LONGEST = timedelta(days=365)
#: Tokens of one person that are good at a time.
MOST = 10
NAME_LIMIT, PATH_LIMIT = 60, 500


@dataclass(frozen=True)
class NewToken:
    """What a person says of a token, as typed: what it is for, `read` or `write`, a site's code or nothing for all of
    their sites, and the last day on which it is good.
    """

    name: str
    scope: str
    site: str
    expires: str


def issue(new: NewToken, *, user: User) -> tuple[ApiToken, str]:
    """A new token and its text, which is never to be had again. The caller has authenticated the person anew.

    Raises ValidationError in the reader's language.
    """
    if not new.name or len(new.name) > NAME_LIMIT or not new.name.isprintable():
        raise ValidationError(str(T("请填写用途，最多 60 个字符。", "Enter what it is for, at most 60 characters.")))
    if new.scope not in SCOPES:
        raise ValidationError(str(T("请选择范围。", "Select a scope.")))
    sites = {site.code: site for site in sites_of(user)}
    if new.site and new.site not in sites:
        raise ValidationError(str(T("请选择您工作的研究中心。", "Select a site at which you work.")))
    if user.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count() >= MOST:
        raise ValidationError(str(T("最多 10 个有效令牌，请先吊销不用的。", "At most 10 tokens; revoke one first.")))
    return _stored(new, sites.get(new.site), _end_of(new.expires), user)


def _end_of(typed: str) -> date:
    """The last day. Raises ValidationError."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise ValidationError(str(T("日期请按 2026-11-23 填写。", "Enter the date as 2026-11-23."))) from None
    if not today <= day <= today + LONGEST:
        raise ValidationError(str(T("有效期为今天起至一年内。", "The last day is between today and a year from now.")))
    return day


def _stored(new: NewToken, site: Site | None, last: date, user: User) -> tuple[ApiToken, str]:
    prefix = secrets.token_hex(4)
    text = f"prtras_{prefix}_{secrets.token_urlsafe(32)}"
    with acting(user, source="API token"):
        token = ApiToken.objects.create(
            user=user, name=new.name, prefix=prefix, sha256=checksum(text), scope=new.scope, site=site,
            expires_at=timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)),
        )  # fmt: skip
    return token, text


def revoke(token: ApiToken, *, user: User) -> None:
    """From now on it opens nothing."""
    with acting(user, source="API token"):
        token.revoked_at, token.revoked_by = timezone.now(), user
        token.save(update_fields=["revoked_at", "revoked_by"])


def note_use(token: ApiToken, method: str, path: str, status: int) -> None:
    """Put one request on record, before its answer leaves."""
    with acting(token.user):
        TokenUse.objects.create(token=token, method=method, path=path[:PATH_LIMIT], status=status)
