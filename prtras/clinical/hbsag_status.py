"""HBsAg loss and functional cure, one status per record.

Source: functional cure = sustained HBsAg loss with undetectable HBV DNA off treatment: Lok 2017
doi:10.1016/j.jhep.2017.05.008, ICE-HBV (https://ice-hbv.org/hep-b-cure/how/); 24 weeks, 77 and 161 days
from the project configuration (crf-spec E5 [default]; the study gives no definition).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypedDict

from prtras.clinical.constants import FUNCURE_OFFTX_DAYS, FUNCURE_RULE, HBSAG_CONFIRM_DAYS
from prtras.clinical.inputs import (
    YES_NO,
    BadInput,
    Day,
    MissingInput,
    Number,
    code,
    day,
    present,
    rows,
    whole,
)

HBSAG_Q = ("QUANT", "LT_LLOQ", "GT_RANGE", "GT_ULOQ", "INVALID")
HBVDNA_Q = ("TND", "LLOQ_DET", "QUANT", "GT_ULOQ", "INVALID")
UNDETECTABLE = ("TND", "LLOQ_DET")
DETECTABLE = ("QUANT", "GT_ULOQ")
RULES = ("OFF_ALL", "OFF_PEGIFN")


class HbsagRecord(TypedDict):
    """One sampling date with the qualifiers of its HBsAg and HBV DNA results (None: no result)."""

    date: Day
    hbsag_q: str | None
    hbvdna_q: str | None


@dataclass(frozen=True)
class _Sample:
    date: date
    hbsag_q: str | None
    hbvdna_q: str | None


@dataclass(frozen=True)
class _Criteria:
    """off_since: latest stop date of the treatments that must be off, None while on treatment."""

    off_since: date | None
    confirm_days: int
    offtx_days: int


def statuses(
    *,
    records: Sequence[HbsagRecord] | None,
    last_pg_date: Day | None = None,
    na_end_date: Day | None = None,
    na_ongoing: str | None,
    rule: str | None = None,
    confirm_days: Number | None = None,
    offtx_days: Number | None = None,
) -> tuple[str | None, ...]:
    """POSITIVE, LOSS_UNCONF, LOSS_CONF, FUNCURE, REVERTED or None (no valid HBsAg) for each record.

    Records in date order. rule OFF_ALL (default: NA and peginterferon stopped) or OFF_PEGIFN (NA may
    continue); confirm_days (77) between first negative and confirmation; offtx_days (161) off treatment.
    Raises BadInput (also "na_end_date" while na_ongoing is Y) and MissingInput.
    Source: Lok 2017 doi:10.1016/j.jhep.2017.05.008; crf-spec E5 [default].
    """
    samples = _samples(records)
    pg_stopped = day("last_pg_date", last_pg_date)
    na_stopped = day("na_end_date", na_end_date)
    code("na_ongoing", na_ongoing, YES_NO)
    rule = code("rule", rule, RULES) or FUNCURE_RULE.value
    confirm = whole("confirm_days", confirm_days, at_least=0)
    offtx = whole("offtx_days", offtx_days, at_least=0)
    if na_stopped is not None and na_ongoing == "Y":
        raise BadInput("na_end_date")
    if records is None or na_ongoing is None:
        raise MissingInput.among(records=records, na_ongoing=na_ongoing)
    criteria = _Criteria(
        _off_since(rule, na_ongoing, na_stopped, pg_stopped),
        HBSAG_CONFIRM_DAYS.value if confirm is None else confirm,
        FUNCURE_OFFTX_DAYS.value if offtx is None else offtx,
    )
    return tuple(_status_by_sample(samples, criteria))


def _samples(records: object) -> list[_Sample]:
    samples = [
        _Sample(
            present("records", day("records", row.get("date"))),
            code("records", row.get("hbsag_q"), HBSAG_Q),
            code("records", row.get("hbvdna_q"), HBVDNA_Q),
        )
        for row in rows("records", records)
    ]
    if any(later.date <= earlier.date for earlier, later in pairwise(samples)):
        raise BadInput("records")
    return samples


def _off_since(rule: str, na_ongoing: str, na_stopped: date | None, pg_stopped: date | None) -> date | None:
    if rule == "OFF_PEGIFN":
        return pg_stopped
    if na_ongoing == "Y" or na_stopped is None:
        return None
    return max(na_stopped, pg_stopped or na_stopped)


def _status_by_sample(samples: list[_Sample], criteria: _Criteria) -> Iterator[str | None]:
    run: list[_Sample] = []  # from the first negative of the current run, also records without a result
    negative_before = False
    for sample in samples:
        negative = sample.hbsag_q == "LT_LLOQ"
        if run or negative:
            run.append(sample)
        if sample.hbsag_q in (None, "INVALID"):
            yield None
        elif negative:
            negative_before = True
            yield _loss(run, criteria)
        else:
            run = []
            yield "REVERTED" if negative_before else "POSITIVE"


def _loss(run: list[_Sample], criteria: _Criteria) -> str:
    """The status of the last record of a negative run."""
    first, latest = run[0].date, run[-1]
    if (latest.date - first).days < criteria.confirm_days:
        return "LOSS_UNCONF"
    if criteria.off_since is None:
        return "LOSS_CONF"
    start = max(criteria.off_since, first)
    cured = (
        (latest.date - start).days >= criteria.offtx_days
        and latest.hbvdna_q in UNDETECTABLE
        and not any(sample.hbvdna_q in DETECTABLE for sample in run if sample.date >= start)
    )
    return "FUNCURE" if cured else "LOSS_CONF"
