"""Sent twice, done once: the key of a form that was sent is kept in the transaction that carries it out.

A person whose answer was lost sends the form again and is told that it was saved.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import IdempotencyKey

#: Long after any window that shows the form has been closed.
GOOD_FOR = timedelta(days=30)


def key_in(text: str) -> UUID | None:
    """The key that a form sent; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def page_done(key: UUID | None, user: User) -> CrfPage | None:
    """The page on which a form with this key has taken effect; None for one that is new, or another person's."""
    done = IdempotencyKey.objects.filter(key=key, user=user).select_related("page").first() if key else None
    return done.page if done else None


def keep_key(key: UUID | None, page: CrfPage, *, user: User) -> None:
    """Say that a form has taken effect. Within the act's transaction, which holds the page or the participant."""
    if key is None:
        return
    IdempotencyKey.objects.bulk_create([IdempotencyKey(key=key, user=user, page=page)], ignore_conflicts=True)
    IdempotencyKey.objects.filter(user=user, at__lt=timezone.now() - GOOD_FOR).delete()
