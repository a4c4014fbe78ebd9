"""Which cases a reviewer sees, and what is to be done with each. Nobody sees another's reading before both signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from endpoint_review.case_packets import packets_of
from endpoint_review.changes import changes
from endpoint_review.judgement import INDEPENDENT, agree, final_of, part_for
from endpoint_review.models import Reading, ReviewCase, ReviewRound
from endpoint_review.packet import EMPTY, Packet, checksum_of
from endpoint_review.rights import ADJUDICATE, READ
from prtras.accounts.access import sites_where
from prtras.accounts.models import User
from prtras.crf.models import Participant
from prtras.labels import T

STATES = {
    "to_read": T("待评审", "to be read"),
    "to_adjudicate": T("待裁定", "to be adjudicated"),
    "waits": T("已签名，待另一位评审者", "signed; waits for the other reader"),
    "reading": T("评审中", "being read"),
    "differ": T("两次评审不一致，待裁定", "the readings differ; to be adjudicated"),
    "agreed": T("两次评审一致", "both readings agree"),
    "adjudicated": T("已裁定", "adjudicated"),
}


@dataclass(frozen=True)
class CaseLine:
    """A case in the list: its newest round, what it waits for, whether it waits for this person, what changed since."""

    round: ReviewRound
    state: str
    waits_for_me: bool
    changed: tuple[T, ...] = ()

    @property
    def title(self) -> T:
        return STATES[self.state]


def reviews(user: User) -> bool:
    """May this person see cases at all?"""
    return bool(_sites(user))


def cases_visible_to(user: User) -> QuerySet[ReviewCase]:
    """The cases of the sites where the person reads or adjudicates."""
    return ReviewCase.objects.filter(participant__site__in=_sites(user))


def case_for(user: User, number: str) -> ReviewCase:
    """The case, if the person may see it. Raises Http404."""
    return get_object_or_404(cases_visible_to(user).select_related("participant__site"), number=number)


def lines_for(user: User) -> list[CaseLine]:
    """Every case with its newest round, by case number. Packets are not loaded."""
    rounds = ReviewRound.objects.filter(case__in=cases_visible_to(user)).defer("packet").select_related("case")
    newest = rounds.order_by("case__number", "-ordinal").distinct("case__number").prefetch_related("readings")
    reads, adjudicates = bool(sites_where(user, READ)), bool(sites_where(user, ADJUDICATE))
    return [_line(each, user, reads, adjudicates) for each in newest]


def line_for(user: User, case: ReviewCase) -> CaseLine:
    """A case with its newest round."""
    newest = case.rounds.prefetch_related("readings").first()
    assert newest is not None
    site = case.participant.site_id
    return _line(newest, user, site in sites_where(user, READ), site in sites_where(user, ADJUDICATE))


def changed_lines(lines: Sequence[CaseLine]) -> list[CaseLine]:
    """The cases whose data are not what was read; what came after a scan that shows a recurrence does not count."""
    cases = ReviewCase.objects.filter(pk__in=[line.round.case_id for line in lines]).select_related("participant")
    people = {case.pk: case.participant for case in cases}
    now = _packets(people)
    differing = [line for line in lines if checksum_of(now[line.round.case_id]) != line.round.sha256]
    read = dict(ReviewRound.objects.filter(pk__in=[line.round.pk for line in differing]).values_list("pk", "packet"))
    compared = []
    for line in differing:
        final = final_of(list(line.round.readings.all()))
        texts = changes(read[line.round.pk], now[line.round.case_id], final.day if final else None)
        compared += [replace(line, changed=tuple(texts))] if texts else []
    return compared


def _packets(people: Mapping[int, Participant]) -> dict[int, Packet]:
    """The packets of now by case; an empty one of who has no Day 0 any more."""
    now = packets_of(list(people.values()))
    return {case: now.get(person.pk, EMPTY) for case, person in people.items()}


def readings_shown(user: User, line: CaseLine, *, adjudicates: bool) -> list[Reading]:
    """One's own reading; to the adjudicator all of them, once both independent ones are signed."""
    readings = list(line.round.readings.all())
    both = len({each.part for each in readings} & set(INDEPENDENT)) == len(INDEPENDENT)
    return [each for each in readings if each.user_id == user.pk or (adjudicates and both)]


def _sites(user: User) -> set[int]:
    return {*sites_where(user, READ), *sites_where(user, ADJUDICATE)}


def _line(newest: ReviewRound, user: User, reads: bool, adjudicates: bool) -> CaseLine:
    readings = list(newest.readings.all())
    part = part_for(user.pk, readings, may_read=reads, may_adjudicate=adjudicates)
    signed = {each.part for each in readings}
    if part is not None:
        state = "to_adjudicate" if part == "final" else "to_read"
    elif final_of(readings) is not None:
        state = "agreed" if agree(readings) else "adjudicated"
    elif signed >= set(INDEPENDENT):
        state = "differ"
    else:
        state = "waits" if any(each.user_id == user.pk for each in readings) else "reading"
    return CaseLine(newest, state, part is not None)
