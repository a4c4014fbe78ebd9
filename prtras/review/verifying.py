"""Acts of source verification. That a changed value ends it is the database's own work (triggers/trust.sql)."""

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage
from prtras.crf.planning import lock_page
from prtras.review.models import Verification
from prtras.review.plan import plan


class NothingToVerify(Exception):
    """The page holds no submitted data, or it moved on since it was compared."""


def verify_page(page_id: UUID, places: Iterable[str], *, user: User, seen_version: int) -> CrfPage:
    """These places (an empty one: the whole page) agree with the source, as of the version that was compared.

    Raises NothingToVerify.
    """
    with acting(user, source="verification"):
        page = lock_page(page_id)
        if page.state != "submitted" or page.version != seen_version:
            raise NothingToVerify(page.state)
        there = set(_live(page))
        fresh = [place for place in dict.fromkeys(places) if place not in there]
        Verification.objects.bulk_create(Verification(page=page, place=place, by=user) for place in fresh)
        _note(page, there | set(fresh))
    return page


def unverify_page(page_id: UUID, *, user: User, reason: str) -> CrfPage:
    """It was not compared after all: every mark on the page goes."""
    with acting(user, source="verification", reason=reason):
        page = lock_page(page_id)
        Verification.objects.filter(page=page, dropped_at=None).update(dropped_at=timezone.now())
        _note(page, set())
    return page


def _live(page: CrfPage) -> list[str]:
    return list(Verification.objects.filter(page=page, dropped_at=None).values_list("place", flat=True))


def _note(page: CrfPage, live: set[str]) -> None:
    required = plan().places(page.form, page.participant.number) or ("",)
    page.verified = "full" if "" in live or live.issuperset(required) else "part" if live else ""
    page.save(update_fields=["verified"])
