"""The blind endpoint review of the demo under way: some cases agreed, some adjudicated, some waiting, most not read.

By the acts of the screens; what a reader says follows from the packet that they are shown, but for planted slips.
"""

from collections.abc import Callable, Mapping
from typing import Any

from endpoint_review.case_opening import open_cases
from endpoint_review.judgement import Judgement
from endpoint_review.models import ReviewRound
from endpoint_review.packet import Packet, evaluable_days
from endpoint_review.signing import sign_reading
from prtras.demo.cohort.people import Cast

#: How many cases are read (of few, one half), how many of them by the first reader only.
READ, ONCE = 60, 6
#: Every so many-th case the second reader sees otherwise; the first of these waits for the adjudicator, the next does
#: not any more, and so on.
DIFFERS = 5


def review_blind(*, cast: Cast, tell: Callable[[str], None]) -> int:
    """Open every case, read the first ones by case number; how many readings were signed."""
    opened = open_cases(user=cast.adjudicator)
    rounds = list(ReviewRound.objects.select_related("case").order_by("case__number")[: min(READ, opened // 2)])
    tell(f"reading {len(rounds)} of {opened} cases blind")
    differing = [each for place, each in enumerate(rounds[:-ONCE]) if place % DIFFERS == DIFFERS - 1]
    signed = 0
    for each in rounds:
        judgement = _judged(each.packet)
        sign_reading(each, judgement, user=cast.readers[0])
        signed += 1
        if each in rounds[-ONCE:]:
            continue
        sign_reading(each, _otherwise(judgement, each.packet) if each in differing else judgement, user=cast.readers[1])
        signed += 1
        if each in differing[1::2]:
            sign_reading(each, judgement, user=cast.adjudicator)
            signed += 1
    return signed


def _judged(packet: Packet) -> Judgement:
    """A recurrence at the first scan with an LR-5 observation or viable treated tumour."""
    for scan in packet["scans"]:
        for row in scan["observations"] if scan["day"] in evaluable_days(packet) else ():
            if shows := _shows(row):
                return Judgement("Y", scan["day"], shows, "HIGH", "")
    return Judgement("N", None, "", "HIGH", "")


def _shows(row: Mapping[str, Any]) -> str:
    return "LR5" if row.get("lr_cat") == "LR-5" else "LRTRV" if row.get("lrtr") == "LR-TR-V" else ""


def _otherwise(judgement: Judgement, packet: Packet) -> Judgement:
    """A slip of the kind that happens: a recurrence that is not seen, or one where a lesion is only suspicious."""
    if judgement.verdict == "Y":
        return Judgement("N", None, "", "LOW", "病灶边界不清，倾向良性")
    return Judgement("Y", evaluable_days(packet)[-1], "OTHER", "LOW", "末次影像见可疑强化")
