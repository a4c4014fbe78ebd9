"""Finished casebooks are compared with the source (in bulk), signed and locked (by the acts of the screens)."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from prtras.audit.acting import acting
from prtras.crf.models import FOLLOWED, CrfPage
from prtras.demo.cohort.people import Cast
from prtras.demo.cohort.stored_pages import Binder
from prtras.review.holding import NotReady, Scope, hold
from prtras.review.models import Verification
from prtras.review.signing import MEANINGS, pages_to_sign, sign_pages

#: How long after the last entry a casebook is through with its queries, verified and signed.
CLOSED_AFTER = timedelta(days=60)
#: How many of the finished casebooks are locked already.
LOCKED = 4
WHY_LOCKED = "数据已清理完毕，病例报告表锁定。"


def is_finished(binder: Binder, today: date) -> bool:
    """Nothing more is to come, and the last entry was a while ago."""
    last = max((filled.sheet.entered for filled in binder.filled), default=today)
    return binder.participant.state not in FOLLOWED and last + CLOSED_AFTER < today


def review_finished(binders: Iterable[Binder], *, cast: Cast, today: date, tell: Callable[[str], None]) -> int:
    """Verify and sign every finished casebook, lock the first that are ready; how many were signed."""
    finished = [binder for binder in binders if is_finished(binder, today)]
    tell(f"signing {len(finished)} finished casebooks")
    _verify(finished, cast)
    locked = 0
    for binder in finished:
        pages = pages_to_sign(cast.investigator).filter(participant=binder.participant)
        sign_pages(dict(pages.values_list("id", "version")), next(iter(MEANINGS.codes)), user=cast.investigator)
        if binder.participant.arm and locked < LOCKED:
            locked += _lock(binder, cast)
    return len(finished)


def _verify(finished: Iterable[Binder], cast: Cast) -> None:
    """The monitor compared every page, as a whole."""
    pages = [filled.page for binder in finished for filled in binder.filled]
    with acting(cast.monitor, source="verification"):
        Verification.objects.bulk_create(Verification(page=page, place="", by=cast.monitor) for page in pages)
        CrfPage.objects.filter(pk__in=[page.pk for page in pages]).update(verified="full")


def _lock(binder: Binder, cast: Cast) -> bool:
    try:
        hold(Scope(participant=binder.participant), "locked", WHY_LOCKED, user=cast.monitor)
    except NotReady:
        return False
    return True
