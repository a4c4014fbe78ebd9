"""From loss of HBsAg to functional cure: what the samples say, and since when no antiviral is taken."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from labs.deriving.virology import virology
from prtras.crf.context import ParticipantContext
from prtras.crf.dates import PartialDate
from prtras.crf.records import Stored

#: Two negative samples with undetectable HBV DNA; the second, 24 weeks on, is the page in hand.
FIRST, SECOND = date(2026, 1, 5), date(2026, 6, 22)
NEGATIVE = {"hbvdna_raw": "Target not detected", "hbvdna_u": "IU/mL", "hbsag_raw": "<0.05", "hbsag_res": "NEG"}
EARLIER = {"viro_date": FIRST, "hbsag_q": "LT_LLOQ", "hbsag_res": "NEG", "hbvdna_q": "TND"}
ONGOING = {"na_ongoing": "Y", "na_end": None}
ENOUGH = timedelta(161)


def stopped(before: timedelta) -> dict:
    return {"na_ongoing": "N", "na_end": PartialDate(str(SECOND - before))}


def status(*regimens: dict, doses: tuple[date, ...] = ()) -> str:
    records = {
        "na": list(regimens),
        "lbviro": [EARLIER],
        "pegifn": [{"pg_status": "GIVEN", "pg_date": day, "row": n} for n, day in enumerate(doses)],
    }
    context = ParticipantContext(lambda code: [Stored(UUID(int=1), "", 0, 0, values) for values in records[code]])
    return virology(NEGATIVE | {"viro_date": SECOND}, context)["hbsag_status"]


@pytest.mark.parametrize(
    ("regimens", "expected"),
    [
        ([stopped(ENOUGH)], "FUNCURE"),
        ([stopped(ENOUGH), stopped(ENOUGH + timedelta(400))], "FUNCURE"),
        ([stopped(ENOUGH - timedelta(1))], "LOSS_CONF"),
        ([stopped(ENOUGH), stopped(ENOUGH - timedelta(1))], "LOSS_CONF"),
        ([ONGOING], "LOSS_CONF"),
        ([stopped(ENOUGH), ONGOING], "LOSS_CONF"),
        ([], "LOSS_CONF"),
    ],
)
def test_functional_cure_needs_every_antiviral_stopped_for_long_enough(regimens, expected):
    assert status(*regimens) == expected


def test_an_antiviral_that_stopped_nobody_knows_when_may_have_stopped_yesterday():
    assert status(stopped(ENOUGH), {"na_ongoing": "N", "na_end": None}) == "LOSS_CONF"


@pytest.mark.parametrize(("month", "expected"), [("2025-12", "FUNCURE"), ("2026-01", "LOSS_CONF")])
def test_an_antiviral_that_stopped_in_a_month_counts_from_its_last_day(month, expected):
    assert status({"na_ongoing": "N", "na_end": PartialDate(month)}) == expected


def test_the_last_injection_counts_too():
    assert status(stopped(ENOUGH), doses=(SECOND - ENOUGH,)) == "FUNCURE"
    assert status(stopped(ENOUGH), doses=(SECOND - timedelta(30),)) == "LOSS_CONF"
