"""Who can be a case, and the packets of participants as the casebook stands now. Reads only."""

from collections.abc import Collection

from django.db.models import F, QuerySet

from endpoint_review.models import ReviewCase
from endpoint_review.packet import EVALUABLE, FORMS, Packet, packet_of
from endpoint_review.rights import ADJUDICATE
from prtras.accounts.access import sites_where
from prtras.accounts.models import User
from prtras.crf.models import Participant
from prtras.crf.records import records_of
from visits.models import Mri


def without_case(user: User) -> QuerySet[Participant]:
    """The participants with an evaluable scan after Day 0 who are no case yet, where the person opens cases."""
    scans = Mri.objects.filter(
        page__state="submitted", mri_done="Y", mri_date__gt=F("page__participant__anchor"), mri_quality__in=EVALUABLE
    )
    people = Participant.objects.filter(
        site__in=sites_where(user, ADJUDICATE), pk__in=scans.values("page__participant")
    )
    return people.exclude(pk__in=ReviewCase.objects.values("participant"))


def packets_of(people: Collection[Participant]) -> dict[int, Packet]:
    """The packet of each participant who has a Day 0, by participant. A few statements for all of them."""
    known = {person.pk: person.anchor for person in people if person.anchor is not None}
    records = {form: records_of(form, list(known)) for form in FORMS}
    return {
        pk: packet_of(anchor, {form: of_all.get(pk, []) for form, of_all in records.items()})
        for pk, anchor in known.items()
    }
