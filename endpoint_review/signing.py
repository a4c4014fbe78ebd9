"""The act of signing a reading. What was signed is bound to the packet that was shown, and never changed."""

from datetime import timedelta

from django.utils import timezone

from endpoint_review.judgement import Judgement, part_for, problems
from endpoint_review.models import Reading, ReviewCase, ReviewRound
from endpoint_review.packet import evaluable_days
from endpoint_review.rights import ADJUDICATE, READ
from prtras.accounts.access import may, role_for
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.labels import T
from prtras.review.signing import SigningRests, checksum

MEANING = "BLIND_READING"


class NotYours(Exception):
    """The person has read this round, others have, it is over, or another round took its place."""


class Incomplete(ValueError):
    """Something is missing or contradicts itself; `problems` by field."""

    def __init__(self, problems: dict[str, T]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def sign_reading(seen: ReviewRound, judgement: Judgement, *, user: User) -> Reading:
    """Sign a reading of the round that was seen. Raises NotYours, Incomplete, SigningRests.

    The caller has asked for password and second factor just now.
    """
    with acting(user, source="endpoint review"):
        if user.signing_rests:
            raise SigningRests
        case = ReviewCase.objects.select_for_update(no_key=True, of=("self",)).get(pk=seen.case_id)
        latest = case.rounds.first()
        site = case.participant.site
        rights = {"may_read": may(user, READ, site), "may_adjudicate": may(user, ADJUDICATE, site)}
        part = part_for(user.pk, list(Reading.objects.filter(round=seen)), **rights)
        if part is None or latest != seen:
            raise NotYours
        if wrong := problems(judgement, evaluable_days(seen.packet)):
            raise Incomplete(wrong)
        evidence = None if judgement.day is None else seen.anchor + timedelta(days=judgement.day)
        reading = Reading(
            round=seen, part=part, verdict=judgement.verdict, day=judgement.day, evidence=evidence,
            category=judgement.category, confidence=judgement.confidence, comment=judgement.comment, user=user,
            name=user.display_name, role=role_for(user, ADJUDICATE if part == "final" else READ, site),
            at=timezone.now(),
        )  # fmt: skip
        reading.sha256 = checksum(reading.signed, user.pk, MEANING, reading.at)
        reading.save(force_insert=True)
    return reading


def fits(reading: Reading) -> bool:
    """Does the signature still fit what stands in the reading and in the packet of its round?"""
    return reading.sha256 == checksum(reading.signed, reading.user_id, MEANING, reading.at)
