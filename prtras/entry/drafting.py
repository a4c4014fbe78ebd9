"""Acts on drafts: keep what was typed until it is submitted."""

from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import Draft
from prtras.entry.reading import Typed

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "who", "version", "act", "shown"})


def keep_draft(page: CrfPage, typed: Typed, seen_version: int, *, user: User) -> Draft:
    """Keep a person's typing on a page; the newest typing replaces the older."""
    kept = {
        _storable(name): [_storable(text) for text in texts] for name, texts in typed.items() if name not in NOT_TYPED
    }
    draft, _ = Draft.objects.update_or_create(
        page=page, user=user, defaults={"typed": kept, "seen_version": seen_version}
    )
    return draft


def _storable(text: str) -> str:
    """PostgreSQL holds every character but NUL."""
    return text.replace("\0", "")


def drop_draft(page: CrfPage, *, user: User) -> None:
    """She does not want it any more."""
    Draft.objects.filter(page=page, user=user).delete()
