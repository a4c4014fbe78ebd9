"""What holds of one page: verification, holds, signatures, and what this person may do about them. Reads only."""

from dataclasses import dataclass
from typing import Any

from prtras.accounts.access import may
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.crf.models import HOLDS, CrfPage
from prtras.crf.registry import Form, all_forms
from prtras.labels import T
from prtras.review.models import Signature, Verification
from prtras.review.plan import plan
from prtras.review.signing import MEANINGS, misfits


@dataclass(frozen=True)
class Signed:
    """A signature as it is shown: by whom, when, what it means, and whether it still holds."""

    signature: Signature
    meaning: T
    holds: bool
    fits: bool


def trust_of(user: User, page: CrfPage, form: Form) -> dict[str, Any]:
    """Everything that the page says about its own trustworthiness."""
    site = page.participant.site
    live = list(Verification.objects.filter(page=page, dropped_at=None).select_related("by"))
    marks = {mark.place: mark for mark in live}
    places_to_verify = plan().places(page.form, page.participant.number)
    places = [(place, form.label_of(place), marks.get(place)) for place in places_to_verify if place]
    signatures = signatures_of(page) if page.version else []
    may_verify = may(user, Action.VERIFY, site) and page.state == "submitted"
    return {
        "hold": HOLDS.codes.get(page.hold),
        "whole": marks.get(""),
        "places": places,
        "to_verify": places_to_verify,
        "signatures": signatures,
        "may_verify": may_verify,
        "next_to_verify": next_to_verify(page) if may_verify and page.verified == "full" else None,
        "may_hold": may(user, Action.HOLD, site),
        "may_sign": may(user, Action.SIGN, site) and page.state == "submitted" and not page.signed,
    }


def next_to_verify(page: CrfPage) -> CrfPage | None:
    """The participant's next page, in the order of the casebook, on which the plan leaves something to verify."""
    codes = [form.code for form in all_forms()]
    open_pages = CrfPage.objects.filter(participant=page.participant_id, state="submitted").exclude(verified="full")
    waiting = [each for each in open_pages.select_related("visit") if plan().places(each.form, page.participant.number)]

    def order(each: CrfPage) -> tuple[int, int, int]:
        return (each.visit.position if each.visit else len(codes), codes.index(each.form), each.repeat)

    later = [each for each in waiting if order(each) > order(page)]
    return min(later or waiting, key=order, default=None)


def signatures_of(page: CrfPage) -> list[Signed]:
    """The signatures ever given on a page, newest first."""
    signatures = list(Signature.objects.filter(page=page).select_related("page"))
    wrong = misfits(signatures)
    return [
        Signed(each, MEANINGS.text(each.meaning), each.broken_at is None and each.pk not in wrong, each.pk not in wrong)
        for each in signatures
    ]
