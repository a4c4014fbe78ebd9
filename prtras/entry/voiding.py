"""Acts on a page that should not be there: entered in error, with a reason. Nothing is deleted; it can come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.crf.planning import lock_page
from prtras.crf.registry import form_of
from prtras.entry.models import Draft
from prtras.entry.saving import follow
from prtras.review.querying import cancel_queries


class NotNow(Exception):
    """The page cannot be taken out or brought back in its present state."""


class NoReason(ValueError):
    """Nobody said why."""


def may_be_voided(page: CrfPage) -> bool:
    """Pages that someone added: rows of logs, pages that an event requires, those of unscheduled visits."""
    return page.visit is None or page.visit.sequence > 0


def void_page(page_id: UUID, reason: str, *, user: User) -> CrfPage:
    """Mark a page as entered in error. Its values stay and count no longer; its queries are closed.

    An unscheduled visit goes with its last page. Raises NoReason, NotNow.
    """
    with _held(page_id, reason, user) as page:
        if page.state == "void":
            raise NotNow(page.state)
        _set(page, "void")
        cancel_queries(page, user=user)
        Draft.objects.filter(page=page).delete()
        _tell_others(page, user)
        visit = page.visit
        if visit is not None and not visit.pages.exclude(state="void").exists():
            visit.state = "dropped"
            visit.save(update_fields=["state"])
    return page


def restore_page(page_id: UUID, reason: str, *, user: User) -> CrfPage:
    """Bring back a page that was marked as entered in error. Raises NoReason, NotNow."""
    with _held(page_id, reason, user) as page:
        if page.state != "void":
            raise NotNow(page.state)
        _set(page, "submitted" if page.version else "expected")
        if page.visit is not None and page.visit.state == "dropped":
            page.visit.state = "planned"
            page.visit.save(update_fields=["state"])
        _tell_others(page, user)
    return page


@contextmanager
def _held(page_id: UUID, reason: str, user: User) -> Iterator[CrfPage]:
    """An act with its reason on a page that may be voided."""
    if not reason.strip():
        raise NoReason
    with acting(user, reason=reason.strip()):
        page = lock_page(page_id)
        if page.hold or not may_be_voided(page):
            raise NotNow(page.state)
        yield page


def _set(page: CrfPage, state: str) -> None:
    page.state = state
    page.version += bool(page.version)
    page.save(update_fields=["state", "version"])


def _tell_others(page: CrfPage, user: User) -> None:
    """What follows from this page, and what is computed from it, is no longer the same."""
    own = stored_page(page).own
    if own is not None:
        follow(form_of(page.form), page, own, user)
