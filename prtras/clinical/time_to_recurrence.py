"""Event or censoring for time to recurrence (primary endpoint and its sensitivity rules).

Source: FDA Clinical Trial Endpoints for the Approval of Cancer Drugs, Appendix 3 (events after two or more
missed visits censored at the last visit;
https://www.yumpu.com/en/document/view/33548289/clinical-trial-endpoints-for-the-approval-of-cancer-drugs-scimega/20);
gap 182 = 2 x 84 + 2 x 7 from the project configuration (crf-spec E2, E3, E6 [default]).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from prtras.clinical.constants import MISSED_IMG_GAP_DAYS
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

ADJUDICATIONS = ("CONFIRMED", "NOTREC", "PENDING")
NOT_ANTI_TUMOUR = ("TCM", "BSC")
THERAPIES = (
    "RERESECT",
    "ABLATION",
    "TACE",
    "HAIC",
    "RT",
    "TARE",
    "LT",
    "TKI",
    "ICI",
    "CHEMO",
    *NOT_ANTI_TUMOUR,
    "OTHER",
)


class Recurrence(TypedDict):
    """Date of the first diagnostic evidence, and the adjudication CONFIRMED, NOTREC or PENDING."""

    date: Day
    adj: str


class Imaging(TypedDict):
    """Date of the scan, and whether it was evaluable (Y, N)."""

    date: Day
    evaluable: str


class Therapy(TypedDict):
    """Start and type of a subsequent therapy."""

    start: Day
    type: str


class Options(TypedDict, total=False):
    """death CENSOR | EVENT; new_therapy CENSOR | IGNORE; missed_rule IGNORE | CENSOR (with gap_days)."""

    death: str | None
    new_therapy: str | None
    missed_rule: str | None
    gap_days: Number | None


@dataclass(frozen=True)
class Outcome:
    """event 1 or 0 (censored) on a date, after days (the anchor is day 1), and the reason."""

    event: int
    date: date
    days: int
    reason: str


@dataclass(frozen=True)
class _Rules:
    death_is_event: bool
    new_therapy_censors: bool
    missed_censors: bool
    gap_days: int


def derive(
    anchor_date: Day | None,
    recurrences: Sequence[Recurrence] | None = None,
    imaging: Sequence[Imaging] | None = None,
    death_date: Day | None = None,
    therapies: Sequence[Therapy] | None = None,
    cutoff_date: Day | None = None,
    options: Options | None = None,
) -> Outcome:
    """The first confirmed recurrence after the anchor, or the censoring at the last evaluable imaging.

    Reasons: RECURRENCE or DEATH of an event; NEWTX, DEATH, CUTOFF, LASTIMG, NOIMG or MISSED2 of a censoring.
    Only anchor_date is needed. Raises MissingInput, and BadInput (also for death or cut-off before the
    anchor, and "recurrences" for one confirmed after death).
    Source: crf-spec E2, E3 [default]; FDA Clinical Trial Endpoints, Appendix 3 (missed visits).
    """
    anchor = day("anchor_date", anchor_date)
    confirmed = _dates("recurrences", recurrences, "date", "adj", ADJUDICATIONS, ("CONFIRMED",))
    scans = _dates("imaging", imaging, "date", "evaluable", YES_NO, ("Y",))
    death = _not_before("death_date", death_date, anchor)
    anti_tumour = [code for code in THERAPIES if code not in NOT_ANTI_TUMOUR]
    starts = _dates("therapies", therapies, "start", "type", THERAPIES, anti_tumour)
    cutoff = _not_before("cutoff_date", cutoff_date, anchor)
    rules = _rules(options)
    if death is not None and any(recurrence > death for recurrence in confirmed):
        raise BadInput("recurrences")
    if anchor is None:
        raise MissingInput("anchor_date")

    new_therapy = min((start for start in starts if start >= anchor), default=None)
    if not rules.new_therapy_censors:
        new_therapy = None
    scans = [scan for scan in scans if scan >= anchor]
    event = _event([recurrence for recurrence in confirmed if recurrence > anchor], death, rules)
    if event is None or any(limit is not None and event[0] > limit for limit in (new_therapy, cutoff)):
        limits = {"NEWTX": new_therapy, "DEATH": death, "CUTOFF": cutoff}
        return _outcome(anchor, 0, *_censoring(anchor, scans, limits))
    last_scan = max((scan for scan in scans if scan < event[0]), default=anchor)
    if rules.missed_censors and (event[0] - last_scan).days > rules.gap_days:
        return _outcome(anchor, 0, last_scan, "MISSED2")
    return _outcome(anchor, 1, *event)


def _dates(
    field: str,
    value: object,
    date_key: str,
    code_key: str,
    allowed: Sequence[str],
    counted: Sequence[str],
) -> list[date]:
    """The dates of the records whose code counts; BadInput naming the list for any bad record."""
    dates = [
        (
            present(field, day(field, row.get(date_key))),
            present(field, code(field, row.get(code_key), allowed)),
        )
        for row in rows(field, value)
    ]
    return [when for when, what in dates if what in counted]


def _not_before(field: str, value: Day | None, anchor: date | None) -> date | None:
    date_read = day(field, value)
    if date_read is not None and anchor is not None and date_read < anchor:
        raise BadInput(field)
    return date_read


def _rules(options: object) -> _Rules:
    if options is None:
        options = {}
    if not isinstance(options, Mapping):
        raise BadInput("options")
    gap_days = whole("gap_days", options.get("gap_days"), at_least=1)
    return _Rules(
        death_is_event=code("death", options.get("death"), ("CENSOR", "EVENT")) == "EVENT",
        new_therapy_censors=code("new_therapy", options.get("new_therapy"), ("CENSOR", "IGNORE")) != "IGNORE",
        missed_censors=code("missed_rule", options.get("missed_rule"), ("IGNORE", "CENSOR")) == "CENSOR",
        gap_days=MISSED_IMG_GAP_DAYS.value if gap_days is None else gap_days,
    )


def _event(recurrences: list[date], death: date | None, rules: _Rules) -> tuple[date, str] | None:
    """The earliest candidate event; on the same day recurrence comes before death."""
    candidates = [(on, "RECURRENCE") for on in recurrences]
    if death is not None and rules.death_is_event:
        candidates.append((death, "DEATH"))
    return min(candidates, key=lambda candidate: candidate[0], default=None)


def _censoring(anchor: date, scans: list[date], limits: Mapping[str, date | None]) -> tuple[date, str]:
    """The last evaluable imaging up to the earliest limit, ties in the order of the limits."""
    reached = {reason: limit for reason, limit in limits.items() if limit is not None}
    reason = min(reached, key=lambda name: reached[name], default="LASTIMG")
    limit = reached.get(reason, date.max)
    last_scan = max((scan for scan in scans if scan <= limit), default=None)
    return (anchor, "NOIMG") if last_scan is None else (last_scan, reason)


def _outcome(anchor: date, event: int, when: date, reason: str) -> Outcome:
    return Outcome(event, when, (when - anchor).days + 1, reason)
