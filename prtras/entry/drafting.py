"""Acts on drafts: keep what was typed until it is submitted."""

from datetime import timedelta

from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import Draft
from prtras.entry.parsing import Typed
from prtras.labels import T

#: A draft that was touched within this time means that its author is at the page.
PRESENT = timedelta(minutes=30)
TYPING = T("{who} 自 {at} 起正在填写此页。", "{who} has been editing this page since {at}.")
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "who", "version", "act", "shown", "emptied"})


def keep_draft(page: CrfPage, typed: Typed, seen_version: int, *, user: User) -> Draft:
    """Keep a person's typing on a page; the newest typing replaces the older."""
    content = {
        _storable(name): [_storable(text) for text in texts] for name, texts in typed.items() if name not in NOT_TYPED
    }
    draft, _ = Draft.objects.update_or_create(
        page=page, user=user, defaults={"typed": content, "seen_version": seen_version}
    )
    return draft


def _storable(text: str) -> str:
    """PostgreSQL holds every character but NUL."""
    return text.replace("\0", "")


def drop_draft(page: CrfPage, *, user: User) -> None:
    """Discard a draft."""
    Draft.objects.filter(page=page, user=user).delete()


def at_page(page: CrfPage, user: User) -> tuple[Draft | None, list[T]]:
    """The person's own draft of the page, and who else has been typing on it since when."""
    drafts = list(Draft.objects.filter(page=page).select_related("user"))
    since = timezone.now() - PRESENT
    others = [
        TYPING.format(who=draft.user.display_name, at=timezone.localtime(draft.begun_at).strftime("%H:%M"))
        for draft in drafts
        if draft.user_id != user.pk and draft.saved_at >= since
    ]
    return next((draft for draft in drafts if draft.user_id == user.pk), None), others
