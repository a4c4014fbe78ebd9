"""Acts on what was sent when the session had ended: parked for the same person, sent on when she is back."""

import json
from contextlib import suppress
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from prtras.accounts.encryption import Unreadable, seal, unseal
from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import ParkedPost
from prtras.entry.parsing import Typed

GOOD_FOR = timedelta(days=1)


def park(page: CrfPage, typed: Typed, *, user: User) -> ParkedPost:
    """Keep what she sent, encrypted."""
    return ParkedPost.objects.create(page=page, user=user, sealed=seal(json.dumps(typed)))


def parked(user: User) -> list[tuple[CrfPage, dict[str, list[str]]]]:
    """What she sent, oldest first; what is too old or not readable any more is left out."""
    kept = []
    since = timezone.now() - GOOD_FOR
    for post in ParkedPost.objects.filter(user=user, at__gte=since).select_related("page").order_by("id"):
        with suppress(Unreadable):
            kept.append((post.page, json.loads(unseal(post.sealed, int(GOOD_FOR.total_seconds())))))
    return kept


def forget(user: User) -> None:
    """It is sent on or kept as drafts: hers goes, and everybody's old ones."""
    ParkedPost.objects.filter(Q(user=user) | Q(at__lt=timezone.now() - GOOD_FOR)).delete()
