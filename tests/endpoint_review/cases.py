"""A case without a casebook behind it, for tests that need one to be there."""

from django.utils import timezone

from endpoint_review.models import ReviewCase, ReviewRound
from endpoint_review.packet import Packet, checksum_of
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import Participant


def blind_case(participant: Participant, opened_by: User, number: str = "23456789") -> ReviewCase:
    """A case with a scan on day 84 that nobody has read."""
    scan = {"day": 84, "mri_quality": "GOOD", "observations": []}
    packet: Packet = {"scans": [scan], "markers": [], "recurrences": []}
    days = {"anchor": timezone.localdate(), "through": timezone.localdate()}
    with acting(opened_by):
        case = ReviewCase.objects.create(participant=participant, number=number)
        ReviewRound.objects.create(case=case, packet=packet, sha256=checksum_of(packet), opened_by=opened_by, **days)
    return case
