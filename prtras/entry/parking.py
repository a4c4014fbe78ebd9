"""Acts on what was sent when the session had ended: parked for the same person, sent on when she is back."""

import json
from datetime import timedelta

from django.utils import timezone

from prtras.accounts.models import User
from prtras.accounts.sealed import Unreadable, seal, unseal
from prtras.crf.models import CrfPage
from prtras.entry.models import ParkedPost
from prtras.entry.reading import Typed

GOOD_FOR = timedelta(days=1)


def park(page: CrfPage, typed: Typed, *, user: User) -> ParkedPost:
    """Keep what she sent, encrypted."""
    return ParkedPost.objects.create(page=page, user=user, sealed=seal(json.dumps(typed)))


def take_parked(user: User) -> tuple[CrfPage, dict[str, list[str]]] | None:
    """Her newest, if it is not too old; all of hers are gone then, and everybody's old ones."""
    ParkedPost.objects.filter(at__lt=timezone.now() - GOOD_FOR).delete()
    newest = ParkedPost.objects.filter(user=user).select_related("page").order_by("-id").first()
    if newest is None:
        return None
    ParkedPost.objects.filter(user=user).delete()
    try:
        return newest.page, json.loads(unseal(newest.sealed, int(GOOD_FOR.total_seconds())))
    except Unreadable:
        return None
