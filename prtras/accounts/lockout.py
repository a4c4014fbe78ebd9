"""How long wrong answers keep an account closed: counted by account and address, with a growing pause. Reads only.

Wrong answers from one address close the account for that address, so that a stranger keeps nobody else out. Over all
addresses from which a person did not sign in lately, so many wrong answers a day are judged: nobody guesses from a
thousand machines (docs/decisions/0020-second-person-and-lockout.md).
"""

import ipaddress
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from prtras.accounts.access import address_of, user_called
from prtras.accounts.models import Access, User
from prtras.accounts.second_factors import kinds_of

#: Wrong answers that are forgiven; the pause begins with the last of them and doubles with each one after it.
FORGIVEN = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
#: Wrong answers from one address up to which password and code together are judged during the pause.
WITH_SECOND_FACTOR = 10
#: Wrong answers a day from all addresses from which the person did not sign in within `FAMILIAR`.
FROM_STRANGERS = 100
FAMILIAR = timedelta(days=90)
REMEMBERED = timedelta(days=1)
#: Wrong answers from one address, whatever the names. A whole hospital may stand behind one: the limit is wide.
FROM_ONE_ADDRESS = 30
ADDRESS_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Answer:
    """An answer on record: `refused`, `signed_in`, or the administrator's `released`."""

    kind: str
    network: str
    at: datetime


def pause(wrong: int) -> timedelta:
    """How long after so many wrong answers the next one is judged."""
    return timedelta() if wrong < FORGIVEN else min(FIRST_PAUSE * 2 ** min(wrong - FORGIVEN, 10), LONGEST_PAUSE)


def wrong_from(answers: Sequence[Answer], network: str) -> list[datetime]:
    """The wrong answers from a network since the account was released, or since someone signed in from there."""
    wrong: list[datetime] = []
    for answer in answers:
        if answer.kind == "released" or (answer.kind == "signed_in" and answer.network == network):
            wrong.clear()
        elif answer.kind == "refused" and answer.network == network:
            wrong.append(answer.at)
    return wrong


def closed_until(answers: Sequence[Answer], network: str, familiar: Collection[str]) -> datetime | None:
    """Until when an account is closed for a network; None when it never was. `answers` of the last day, in order."""
    here = wrong_from(answers, network)
    ends = [here[-1] + pause(len(here))] if here else []
    if network not in familiar:
        released = max((answer.at for answer in answers if answer.kind == "released"), default=None)
        strange = [answer.at for answer in answers if answer.kind == "refused" and answer.network not in familiar]
        counted = [at for at in strange if released is None or at > released]
        if len(counted) >= FROM_STRANGERS:
            ends.append(counted[-FROM_STRANGERS] + REMEMBERED)
    return max(ends, default=None)


def wait(request: HttpRequest, name: str) -> timedelta:
    """How long it takes until the next answer for this name from this address is judged; nothing: now."""
    now, key, network = timezone.now(), key_of(name), network_of(address_of(request))
    known = Access.objects.filter(key=key, kind="signed_in", at__gt=now - FAMILIAR)
    ends = [closed_until(_answers(now, key=key), network, set(known.values_list("network", flat=True)))]
    here = Access.objects.filter(network=network, kind="refused", at__gt=now - ADDRESS_PAUSE).order_by("-at")
    ends += [at + ADDRESS_PAUSE for at in here.values_list("at", flat=True)[FROM_ONE_ADDRESS - 1 : FROM_ONE_ADDRESS]]
    return max((end - now for end in ends if end is not None and end > now), default=timedelta())


def second_factor_opens(request: HttpRequest, name: str, code: str) -> bool:
    """May password and code, given together, be judged during the pause? Only a person with a factor can open it so."""
    user = user_called(name)
    if not code or user is None or not kinds_of(user):
        return False
    wrong = wrong_from(_answers(timezone.now(), key=key_of(name)), network_of(address_of(request)))
    return len(wrong) < WITH_SECOND_FACTOR


def closed_accounts() -> set[int]:
    """The ids of the people whose account is closed for some address now."""
    now = timezone.now()
    rows = Access.objects.filter(user__in=_answered(now).filter(kind="refused").values("user"))
    familiar: dict[int, set[str]] = {}
    for user, network in rows.filter(kind="signed_in", at__gt=now - FAMILIAR).values_list("user", "network"):
        familiar.setdefault(user, set()).add(network)
    answers: dict[int, list[Answer]] = {}
    for user, *answer in _answered(now).exclude(user=None).values_list("user", "kind", "network", "at"):
        answers.setdefault(user, []).append(Answer(*answer))
    return {
        user for user, given in answers.items()
        if any((closed_until(given, each.network, familiar.get(user, set())) or now) > now for each in given)
    }  # fmt: skip


def _answered(now: datetime) -> Any:
    return Access.objects.filter(at__gt=now - REMEMBERED, kind__in=("refused", "signed_in", "released")).order_by("id")


def _answers(now: datetime, **whose: str) -> list[Answer]:
    return [Answer(*row) for row in _answered(now).filter(**whose).values_list("kind", "network", "at")]


def key_of(name: str, user: User | None = None) -> str:
    """Under what wrong answers for a name are counted, however it is written; what was typed cannot be read from it."""
    user = user or user_called(name)
    return salted_hmac("lockout", user.get_username() if user else name, algorithm="sha256").hexdigest()


def network_of(address: str | None) -> str:
    """What one person can take addresses from at will: an IPv4 address, the /64 of an IPv6 address; empty: unknown."""
    if address is None or ":" not in address:
        return address or ""
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


@contextmanager
def one_at_a_time(request: HttpRequest, name: str) -> Iterator[None]:
    """Answers for one name from one address are judged one after the other: none slips past the count."""
    place = f"{key_of(name)} {network_of(address_of(request))}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [place])
        yield
