"""Acts on what was sent when the session had ended: stored for the same person, sent on when they are back."""

import json
from contextlib import suppress
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from prtras.accounts.encryption import Unreadable, decrypt, encrypt
from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import UnsentPost
from prtras.entry.parsing import Typed

GOOD_FOR = timedelta(days=1)


def store_post(page: CrfPage, typed: Typed, *, user: User) -> UnsentPost:
    """Store what was sent, encrypted."""
    return UnsentPost.objects.create(page=page, user=user, sealed=encrypt(json.dumps(typed)))


def stored_posts(user: User) -> list[tuple[CrfPage, dict[str, list[str]]]]:
    """What this person sent, oldest first; what is too old or not readable any more is left out."""
    posts = []
    since = timezone.now() - GOOD_FOR
    for post in UnsentPost.objects.filter(user=user, at__gte=since).select_related("page").order_by("id"):
        with suppress(Unreadable):
            posts.append((post.page, json.loads(decrypt(post.sealed, int(GOOD_FOR.total_seconds())))))
    return posts


def discard_posts(user: User) -> None:
    """It is sent on or kept as drafts: this person's posts go, and everybody's old ones."""
    UnsentPost.objects.filter(Q(user=user) | Q(at__lt=timezone.now() - GOOD_FOR)).delete()
