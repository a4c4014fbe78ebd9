"""Acts on drafts: keep what was typed until it is submitted."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from prtras.accounts.models import User
from prtras.crf.models import CrfPage
from prtras.entry.models import Draft
from prtras.entry.parsing import Typed
from prtras.labels import T

#: A draft that was touched within this time means that its author is at the page.
PRESENT = timedelta(minutes=30)
TYPING = T("{who} 自 {at} 起正在填写此页。", "{who} has been editing this page since {at}.")
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "who", "version", "act", "shown", "emptied", "draft", "key"})


class DraftChanged(Exception):
    """The person's draft was saved from another window since this one showed it; nothing was written."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"revision {draft.revision}")
        self.draft = draft


def keep_draft(
    page: CrfPage, typed: Typed, seen_version: int, *, user: User, seen_revision: int | None = None
) -> Draft:
    """Keep a person's typing on a page.

    The newest typing replaces the older, unless `seen_revision` (0: no draft) says which draft the window showed, and
    another window has saved something else since: DraftChanged.
    """
    content = {
        _storable(name): [_storable(text) for text in texts] for name, texts in typed.items() if name not in NOT_TYPED
    }
    with transaction.atomic():
        draft, new = Draft.objects.select_for_update().get_or_create(
            page=page, user=user, defaults={"typed": content, "seen_version": seen_version}
        )
        if new:
            return draft
        _refuse_unseen(draft, content, seen_revision)
        draft.typed, draft.seen_version, draft.revision = content, seen_version, draft.revision + 1
        draft.save()
    return draft


def require_seen(page: CrfPage, typed: Typed, *, user: User, seen_revision: int | None) -> None:
    """Raises DraftChanged when this person's draft says something else and is not the one that the window showed."""
    _refuse_unseen(Draft.objects.filter(page=page, user=user).first(), typed, seen_revision)


def _refuse_unseen(draft: Draft | None, typed: Typed, seen_revision: int | None) -> None:
    if draft is None or seen_revision in (None, draft.revision):
        return
    if _filled(draft.typed) != _filled(typed):
        raise DraftChanged(draft)


def _filled(typed: Typed) -> dict[str, list[str]]:
    """What typing says: the names that hold something."""
    given = {name: [text for text in texts if text] for name, texts in typed.items() if name not in NOT_TYPED}
    return {name: texts for name, texts in given.items() if texts}


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
