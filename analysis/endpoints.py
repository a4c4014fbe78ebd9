"""Time-to-event rows (ADTTE) from the tables of a data cut. Pure: plain rows in, plain rows out.

Source: crf-spec section E (E1 baseline, E2 recurrence, E3 censoring, E6 parameters, E9 sets); nominal weeks by
statistics rule 2: an event and a censoring count at the nominal week of the MRI visit that decides them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from analysis import hbsag_loss
from analysis.blind_review import Review, reviews
from analysis.cautions import ParticipantCaution
from prtras.clinical import time_to_recurrence, visit_window
from prtras.clinical.constants import VISIT_INTERVAL_WEEKS
from prtras.clinical.inputs import BadInput, MissingInput
from prtras.crf.dates import PartialDate

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
CENSOR_CODES = {
    "LASTIMG": 1, "DEATH": 2, "NEWTX": 3, "NOIMG": 4, "CUTOFF": 5, "MISSED2": 6, "ALIVE": 7, "LASTHBS": 8,
}  # fmt: skip
COLUMNS = (
    "STUDYID", "SITEID", "SUBJID", "ARMCD", "PARAMCD", "PARAM", "STARTDT", "ADT", "ENTRY", "AVAL", "CNSR", "EVNTDESC",
    "NOMWEEK", "FASFL", "AGE", "SEX", "BCLC", "HBSAGLOG", "SRCDOM", "SRCVAR", "SRCSEQ", "SRCVISIT", "LASTNEG",
)  # fmt: skip
_NEEDED = ("mri", "recur", "death", "subtx", "dm", "hcc", "radtx", "lbviro", "visits", "eos")
NOT_EVALUABLE = "NONDIAG"


@dataclass(frozen=True)
class Parameter:
    """One endpoint: its title in ADTTE, how it is derived, and who is analysed.

    `population` "FAS" is everybody with an evaluable scan after Day 0 (E9); "ALL" is everybody with an arm and a Day 0,
    for an endpoint that a death before the first scan decides. `origin` is the day from which time runs.
    """

    title: str
    options: time_to_recurrence.Options
    population: Literal["FAS", "ALL"] = "FAS"
    origin: Literal["DAY0", "RADICAL"] = "DAY0"


PARAMETERS = {
    "TTR": Parameter("Time to recurrence", {}),
    "RFS": Parameter("Recurrence-free survival", {"death": "EVENT"}, "ALL"),
    "OS": Parameter("Overall survival", {}, "ALL"),
    "TTRGAP": Parameter("Time to recurrence, censored before two missed scans", {"missed_rule": "CENSOR"}),
    "TTRRAD": Parameter("Time to recurrence from radical treatment, delayed entry at Day 0", {}, origin="RADICAL"),
    "TTHBSL": Parameter("Time to confirmed HBsAg loss", {}, "ALL"),
    "TTRBICR": Parameter("Time to recurrence by blind review", {}),
}


class Contradiction(ValueError):
    """The dates of a participant contradict each other or are no dates; `parameter` and `field` say where."""

    def __init__(self, parameter: str, item: str) -> None:
        super().__init__(parameter, item)
        self.parameter, self.item = parameter, item


@dataclass(frozen=True)
class Source:
    """The record that decides an event or a censoring; its page where the rows name their pages."""

    form: str = ""
    item: str = ""
    repeat: int | None = None
    visit: str = ""
    page: str = ""


@dataclass(frozen=True)
class _Dates:
    """What the endpoints look at, up to the cut-off; the source of each day."""

    anchor: date
    cutoff: date
    scans: list[tuple[date, str, Source]]
    recurrences: list[tuple[date, str, Source]]
    death: tuple[date, Source] | None
    therapies: list[tuple[date, str, Source]]
    alive: tuple[date, Source]

    @property
    def evaluable(self) -> list[date]:
        """The days of evaluable scans after Day 0."""
        return [day for day, evaluable, _ in self.scans if evaluable == "Y" and day > self.anchor]


def adtte(tables: Tables, cutoff: date) -> tuple[list[dict[str, Any]], list[ParticipantCaution]]:
    """One row (COLUMNS) per participant with a chosen arm and a Day 0 up to the cut-off, and per parameter.

    AVAL in days with STARTDT as day 1: Day 0, for TTRRAD the day of radical treatment, without which it has no row; at
    risk on (ENTRY, AVAL]: ENTRY is the days from STARTDT to Day 0. TTRBICR, by the blind review, has rows of those with
    a final verdict of recurrence or none only. NOMWEEK in weeks from Day 0; CNSR 0 is an event. FASFL is Y with an
    evaluable scan after Day 0. SRC... name the record that decides the row, LASTNEG is the last evaluable scan before
    an event. Whoever's dates contradict each other has no row and a caution; nothing in one participant's data stops
    the others.
    """
    derived: list[dict[str, Any]] = []
    cautions: list[ParticipantCaution] = []
    grouped = {name: by_participant(tables.get(name, ())) for name in _NEEDED}
    blind = reviews(tables)
    for person in tables["participants"]:
        if not (person["DAY0"] and person["ARMCD"]):
            continue
        number = person["SUBJID"]
        records = {name: grouped[name].get(number, []) for name in _NEEDED}
        try:
            derived += _rows_of(person, records, cutoff, cautions, blind.get(number))
        except Contradiction as wrong:
            facts = {"parameter": wrong.parameter, "field": wrong.item}
            cautions.append(ParticipantCaution(number, "contradiction", facts))
    return derived, cautions


def by_participant(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each participant, by number."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["SUBJID"]].append(row)
    return grouped


def _rows_of(
    person: Row,
    records: Mapping[str, list[Row]],
    cutoff: date,
    cautions: list[ParticipantCaution],
    blind: Review | None,
) -> list[dict[str, Any]]:
    anchor = whole_day(person["DAY0"], "DAY0")
    if anchor > cutoff:
        return []
    by_site = _dates(person["SUBJID"], anchor, records, cutoff, cautions)
    by_review = _as_reviewed(by_site, blind)
    weeks = _nominal_weeks(by_site.scans)
    common = _common(person, records, bool(by_site.evaluable))
    origins = {"DAY0": anchor, "RADICAL": _treated(person["SUBJID"], records["radtx"], anchor, cautions)}
    rows = []
    for code, parameter in PARAMETERS.items():
        start, dates = origins[parameter.origin], by_review if code == "TTRBICR" else by_site
        if start is None or dates is None or code == "TTHBSL":
            continue
        outcome = _overall(dates) if code == "OS" else _recurrence(code, parameter, dates)
        source = _source(outcome, dates)
        negative = max((day for day in dates.evaluable if day < outcome.date), default=None)
        rows.append(
            common
            | {
                "PARAMCD": code, "PARAM": parameter.title, "STARTDT": start.isoformat(),
                "ADT": outcome.date.isoformat(), "ENTRY": (anchor - start).days,
                "AVAL": (outcome.date - start).days + 1,
                "CNSR": 0 if outcome.event else CENSOR_CODES[outcome.reason], "EVNTDESC": outcome.reason,
                "NOMWEEK": nominal_week(outcome.date, anchor, weeks), "SRCDOM": source.form, "SRCVAR": source.item,
                "SRCSEQ": source.repeat, "SRCVISIT": source.visit, "SRCPAGE": source.page,
                "LASTNEG": negative.isoformat() if outcome.event and negative else None,
            }
        )  # fmt: skip
    return [*rows, *(common | row for row in _hbsag_loss(anchor, records["lbviro"], cutoff))]


def _hbsag_loss(anchor: date, rows: Iterable[Row], cutoff: date) -> Iterator[dict[str, Any]]:
    """The row of TTHBSL, none for who is not at risk; LASTNEG has no meaning here."""
    samples = [(row, day) for row, day in _dated(rows, "viro_date", cutoff)]
    outcome = hbsag_loss.loss(anchor, [(day, hbsag_loss.reaction(row)) for row, day in samples])
    if outcome is None:
        return
    weeks = _nominal_weeks((day, "", _record("lbviro", "viro_date", row)) for row, day in samples)
    sources = [_record("lbviro", "viro_date", row) for row, day in samples if day == outcome.day > anchor]
    source = sources[-1] if sources else Source("participants", "DAY0")
    reason = "HBSAGLOSS" if outcome.lost else "LASTHBS"
    yield {
        "PARAMCD": "TTHBSL", "PARAM": PARAMETERS["TTHBSL"].title, "STARTDT": anchor.isoformat(), "ENTRY": 0,
        "ADT": outcome.day.isoformat(),
        "AVAL": (outcome.day - anchor).days + 1, "CNSR": 0 if outcome.lost else CENSOR_CODES[reason],
        "EVNTDESC": reason, "NOMWEEK": nominal_week(outcome.day, anchor, weeks), "SRCDOM": source.form,
        "SRCVAR": source.item, "SRCSEQ": source.repeat, "SRCVISIT": source.visit, "SRCPAGE": source.page,
        "LASTNEG": None,
    }  # fmt: skip


def _recurrence(code: str, parameter: Parameter, dates: _Dates) -> time_to_recurrence.Outcome:
    """Time to recurrence by the calculator's rules."""
    try:
        return time_to_recurrence.derive(
            dates.anchor,
            [{"date": day, "adj": judged} for day, judged, _ in dates.recurrences],
            [{"date": day, "evaluable": evaluable} for day, evaluable, _ in dates.scans],
            dates.death[0] if dates.death else None,
            [{"start": day, "type": kind} for day, kind, _ in dates.therapies],
            dates.cutoff,
            parameter.options,
        )
    except BadInput as wrong:
        raise Contradiction(code, wrong.field) from wrong
    except MissingInput as wrong:
        raise Contradiction(code, wrong.fields[0]) from wrong


def _as_reviewed(dates: _Dates, blind: Review | None) -> _Dates | None:
    """The dates as the blind review has them: its recurrence in the place of the site's, no scan that it did not see.

    None without a final verdict, where nothing could be assessed, or where a scan on which the verdict rests is not in
    the cut any more. A verdict of recurrence without a day is one by a scan after the cut-off date: no event yet.
    """
    final = blind.final if blind else None
    if blind is None or final is None or final["VERDICT"] not in ("Y", "N"):
        return None
    evidence, through = (whole_day(t, "EVIDENCE") if t else None for t in (final["EVIDENCE"], blind.through))
    if any(day is not None and day not in dates.evaluable for day in (evidence, through)):
        return None
    recurrences = [] if evidence is None else [(evidence, "CONFIRMED", Source("blind_readings", "EVIDENCE"))]
    scans = [scan for scan in dates.scans if through is None or scan[0] <= through]
    return replace(dates, recurrences=recurrences, scans=scans)


def _overall(dates: _Dates) -> time_to_recurrence.Outcome:
    """Death, or the last day on which the participant is known to have lived (E6)."""
    event, reason = (1, "DEATH") if dates.death else (0, "ALIVE")
    day, _ = dates.death or dates.alive
    if day < dates.anchor:
        raise Contradiction("OS", "death_date")
    return time_to_recurrence.Outcome(event, day, (day - dates.anchor).days + 1, reason)


def _dates(
    number: str, anchor: date, records: Mapping[str, list[Row]], cutoff: date, cautions: list[ParticipantCaution]
) -> _Dates:
    scans = [
        (day, "N" if row["mri_quality"] == NOT_EVALUABLE else "Y", _record("mri", "mri_date", row))
        for row, day in _dated(records["mri"], "mri_date", cutoff)
        if row["mri_quality"]
    ]
    recurrences = [
        (day, str(row["rec_adj"]), _record("recur", "rec_date", row))
        for row, day in _dated(records["recur"], "rec_date", cutoff)
        if row["rec_adj"]
    ]
    confirmed = [day for day, judged, _ in recurrences if judged == "CONFIRMED" and day > anchor]
    therapies = [
        (_begun(number, row["st_start"], anchor, confirmed, cautions), str(row["st_type"]),
         _record("subtx", "st_start", row))
        for row in records["subtx"] if row["st_start"] and row["st_type"]
    ]  # fmt: skip
    alive = max(_alive(anchor, records, cutoff), key=lambda each: each[0])
    death = _death(number, records["death"], alive[0], cutoff, cautions)
    return _Dates(anchor, cutoff, scans, recurrences, death, therapies, alive)


def _begun(number: str, text: str, anchor: date, confirmed: Iterable[date], cautions: list[ParticipantCaution]) -> date:
    """The first day of a therapy; known in part, the earliest that it may be, not before Day 0 or a recurrence in that
    time: that is treated once it is seen, and on one day it counts (E3).
    """
    known = _partial(text, "st_start")
    if known.earliest == known.latest:
        return known.earliest
    first = min((day for day in confirmed if day <= known.latest), default=anchor)
    day = min(known.latest, max(known.earliest, anchor, first))
    if day >= anchor:
        cautions.append(ParticipantCaution(number, "partial_start", {"field": "st_start", "date": text}))
    return day


def _alive(anchor: date, records: Mapping[str, list[Row]], cutoff: date) -> Iterator[tuple[date, Source]]:
    """Every day up to the cut-off on which the participant is known to have lived."""
    yield anchor, Source("participants", "DAY0")
    for form, item in (("visits", "SVSTDTC"), ("mri", "mri_date"), ("recur", "rec_date"), ("eos", "last_alive")):
        for row, day in _dated(records[form], item, cutoff):
            yield day, _record(form, item, row)


def _death(
    number: str, rows: Iterable[Row], alive: date, cutoff: date, cautions: list[ParticipantCaution]
) -> tuple[date, Source] | None:
    """The day of death up to the cut-off; one known to month or year is the earliest it may be, not before `alive`."""
    for row in rows:
        text = row["dth_date"]
        if text:
            known = _partial(text, "dth_date")
            day = max(known.earliest, min(alive, known.latest))
            if known.earliest != known.latest:
                cautions.append(ParticipantCaution(number, "partial", {"field": "dth_date", "date": text}))
            return (day, _record("death", "dth_date", row)) if day <= cutoff else None
    return None


def _treated(number: str, rows: Iterable[Row], anchor: date, cautions: list[ParticipantCaution]) -> date | None:
    """The day of radical treatment; None where it is not there, and with a caution where it cannot be an origin."""
    text = next((row["tx_date"] for row in rows if row["tx_date"]), None)
    try:
        day = whole_day(text, "tx_date") if text else None
    except Contradiction:
        day = date.max
    if day is None or day <= anchor:
        return day
    cautions.append(ParticipantCaution(number, "no_origin", {"field": "tx_date", "date": str(text)}))
    return None


def _dated(rows: Iterable[Row], item: str, cutoff: date) -> Iterator[tuple[Row, date]]:
    """The rows that have a day up to the cut-off."""
    for row in rows:
        if row[item] and (day := whole_day(row[item], item)) <= cutoff:
            yield row, day


def whole_day(text: str, item: str) -> date:
    """A day of the cut, as 2026-11-23 and in no other way. Raises Contradiction for what is none."""
    try:
        if len(text) != len("2026-11-23"):
            raise ValueError(text)
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Contradiction("", item) from None


def _partial(text: str, item: str) -> PartialDate:
    """A date known to the day, month or year. Raises Contradiction for anything else."""
    try:
        known = PartialDate(text)
        known.earliest  # noqa: B018 - a text that is no date fails here
    except (TypeError, ValueError, AttributeError):
        raise Contradiction("", item) from None
    return known


def _record(form: str, item: str, row: Row) -> Source:
    return Source(form, item, row["REPEAT"], row["VISIT"] or "", str(row["PAGE"] or ""))


def _source(outcome: time_to_recurrence.Outcome, dates: _Dates) -> Source:
    """The record that decides an outcome: of the event, or of the scan at which somebody is censored."""
    if outcome.reason == "DEATH" and outcome.event and dates.death:
        return dates.death[1]
    if outcome.reason == "ALIVE":
        return dates.alive[1]
    listed, decides = (dates.recurrences, "CONFIRMED") if outcome.event else (dates.scans, "Y")
    deciding = (source for day, kind, source in listed if kind == decides and day == outcome.date)
    return next(deciding, Source("participants", "DAY0"))


def _common(person: Row, records: Mapping[str, list[Row]], scanned: bool) -> dict[str, Any]:
    dm, hcc = _first(records["dm"]), _first(records["hcc"])
    return {
        "STUDYID": "PRTRAS-001",
        "SITEID": person["SITEID"],
        "SUBJID": person["SUBJID"],
        "ARMCD": person["ARMCD"],
        "FASFL": "Y" if scanned else "N",
        "AGE": dm.get("age_consent"),
        "SEX": dm.get("sex"),
        "BCLC": hcc.get("bclc_ent"),
        "HBSAGLOG": baseline_hbsag(records["lbviro"]),
    }


def _first(rows: list[Row]) -> Row:
    return rows[0] if rows else {}


def baseline_hbsag(rows: Sequence[Row]) -> float | None:
    """log10 IU/mL at the baseline."""
    value = at_baseline(rows, "hbsag_log")
    return None if value is None else float(value)


def at_baseline(rows: Iterable[Row], item: str) -> Any:
    """The value of a participant's item at W0, else at screening; None without one (crf-spec E1)."""
    at = {row["VISIT"]: row[item] for row in rows if row[item] is not None}
    return at.get("W0", at.get("SCR"))


def _nominal_weeks(scans: Iterable[tuple[date, str, Source]]) -> dict[date, int]:
    """The nominal week of each scan of a planned visit, by its date."""
    return {
        day: int(source.visit[1:]) for day, _, source in scans if source.visit[:1] == "W" and source.visit[1:].isdigit()
    }


def nominal_week(day: date, anchor: date, weeks: Mapping[date, int]) -> int:
    """The week of the planned visit whose scan was on that day; another day belongs to the nearest visit.

    The nearest visit is that of `visit_assign` (crf-spec D8; ties go to the earlier one); after the last planned visit
    the interval of the visits goes on.
    """
    known = weeks.get(day)
    if known is not None:
        return known
    visit = visit_window.assign(anchor, max(day, anchor)).visit
    if visit.startswith("W"):
        return int(visit[1:])
    apart = VISIT_INTERVAL_WEEKS.value  # weeks; half of it, in days, is where the next visit is nearer
    return apart * -(-(2 * (day - anchor).days - 7 * apart) // (14 * apart))
