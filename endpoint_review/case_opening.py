"""Acts: participants become cases, and a case whose data changed is opened for another round."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from endpoint_review.case_packets import packets_of, without_case
from endpoint_review.models import ReviewCase, ReviewRound
from endpoint_review.packet import Packet, checksum_of, evaluable_days
from endpoint_review.rights import ADJUDICATE
from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import Participant

#: Characters of case numbers: none that is read as another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SOURCE = "endpoint review"
LONGEST_REASON = 200


class NothingChanged(Exception):
    """The case is as it was read: there is no reason for another round."""


class NoReason(ValueError):
    """Another round needs a reason."""


def number_of(participant: Participant) -> str:
    """Eight characters from a keyed checksum: without the key of this installation they lead to nobody."""
    digest = salted_hmac("endpoint review case", str(participant.pk)).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:8])


def open_cases(*, user: User) -> int:
    """Make a case, with its first round, of everybody who has an evaluable scan; how many. Raises PermissionDenied."""
    require(user, ADJUDICATE)
    with acting(user, source=SOURCE):
        people = list(without_case(user).order_by("pk").select_for_update(no_key=True, of=("self",)))
        packets = {pk: packet for pk, packet in packets_of(people).items() if evaluable_days(packet)}
        cases = [ReviewCase(participant=each, number=number_of(each)) for each in people if each.pk in packets]
        ReviewCase.objects.bulk_create(sorted(cases, key=lambda case: case.number))
        ReviewRound.objects.bulk_create(_round(case, packets[case.participant_id], user) for case in cases)
    return len(cases)


def reopen(case: ReviewCase, reason: str, *, user: User) -> ReviewRound:
    """Another round with the data of now; it takes the place of the one before.

    Raises PermissionDenied, NoReason, NothingChanged.
    """
    require(user, ADJUDICATE, case.participant.site)
    if not reason.strip():
        raise NoReason
    with acting(user, source=SOURCE, reason=reason.strip()):
        ReviewCase.objects.select_for_update(no_key=True).get(pk=case.pk)
        before = case.rounds.first()
        packet = packets_of([case.participant]).get(case.participant_id)
        assert before is not None
        if packet is None or not evaluable_days(packet) or checksum_of(packet) == before.sha256:
            raise NothingChanged
        again = _round(case, packet, user)
        again.ordinal, again.reason = before.ordinal + 1, reason.strip()
        again.save()
    return again


def _round(case: ReviewCase, packet: Packet, user: User) -> ReviewRound:
    anchor = case.participant.anchor
    assert anchor is not None
    through = anchor + timedelta(days=evaluable_days(packet)[-1])
    return ReviewRound(
        case=case, packet=packet, sha256=checksum_of(packet), anchor=anchor, through=through, opened_by=user
    )
