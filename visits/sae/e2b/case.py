"""The elements of a case from the casebook: what is known is said, what is not is left out or said to be unknown.

In English where the product has words of its own; what people typed stays as they typed it. Reads; writes nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone

from enrollment.codelists.history import NADRUG
from enrollment.deriving.consent import completed_years
from prtras.audit.models import AuditEvent
from prtras.coding.models import Coding
from prtras.coding.open_terms import codings_in_force
from prtras.crf.dates import PartialDate, days_of
from prtras.crf.models import CrfPage
from prtras.crf.numbers import plain
from prtras.crf.records import Source, Stored, source_of
from prtras.crf.study import protocol
from prtras.labels import T
from visits.codelists.medication import FREQ, ROUTE
from visits.codelists.safety import AEACN, AEREL
from visits.sae.e2b.elements import Elements, Null
from visits.sae.expectedness import SUSPECTED
from visits.sae.facts import injections, latest_value, overlaps, results_around

Values = Mapping[str, Any]

SUSPECT, CONCOMITANT = "1", "2"
OUTCOMES = {"RECOVERED/RESOLVED": "1", "RECOVERING/RESOLVING": "2", "NOT RECOVERED/NOT RESOLVED": "3",
            "RECOVERED/RESOLVED WITH SEQUELAE": "4", "FATAL": "5", "UNKNOWN": "0"}  # fmt: skip
#: The guide has no code for a drug that was interrupted: it is said in words (G.k.11).
ACTIONS = {"DRUG WITHDRAWN": "1", "DOSE REDUCED": "2", "DOSE INCREASED": "3", "DOSE NOT CHANGED": "4", "UNKNOWN": "0",
           "NOT APPLICABLE": "9"}  # fmt: skip
CRITERIA = {"a": "ae_sdth", "b": "ae_slife", "c": "ae_shosp", "d": "ae_sdisab", "e": "ae_scong", "f": "ae_smie"}
#: How often: number and unit of the interval between two doses (a dose twice a day: half a day).
INTERVALS = {"QD": ("1", "d"), "BID": ("0.5", "d"), "TID": ("8", "h"), "QOD": ("2", "d"), "Q3D": ("3", "d"),
             "QW": ("1", "wk"), "Q2W": ("2", "wk"), "Q3W": ("3", "wk"), "QM": ("1", "mo")}  # fmt: skip
#: Units of the casebook in UCUM; a result in another one is sent as text.
UCUM = {"%": "%", "1": "1", "10^12/L": "10*12/L", "10^9/L": "10*9/L", "IU/mL": "[iU]/mL", "U/L": "U/L", "U/mL": "U/mL",
        "g/L": "g/L", "mIU/L": "m[iU]/L", "mmol/L": "mmol/L", "ng/mL": "ng/mL", "pmol/L": "pmol/L", "s": "s",
        "umol/L": "umol/L", "mg": "mg", "ug": "ug", "g": "g", "mL": "mL"}  # fmt: skip
PEG, ANALOGUE = "Peginterferon alfa-2b", "Nucleos(t)ide analogue"
LONGEST_ORGANISATION = 60
_LINE_END = re.compile(r"\r\n?")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NO_SENDER = T(
    "未设置发送方和接收方（PRTRAS_ICSR_*），请联系管理员。",
    "Sender and receiver are not set (PRTRAS_ICSR_*); ask the administrator.",
)
NOT_CODED = T("不良事件尚未用 MedDRA 编码。", "The event is not coded by MedDRA yet.")
NO_SUSPECT = T(
    "没有任何药物被判定为有关：ICSR 仅用于可疑不良反应。",
    "No drug is suspected: a case safety report is for suspected reactions.",
)
NO_AWARE = T("不良事件中未填写获知日期。", "The event does not say when the site became aware of it.")
NO_DRUG = T(
    "被判定有关的药物在发生前没有用药记录。",
    "There is no record that the suspected drug was given before the event.",
)
NO_SUSAR = T(
    "请在不良事件中填写是否为 SUSAR（“不详”不能上报）。", "Say in the event whether it is a SUSAR (not “unknown”)."
)


@dataclass(frozen=True)
class Sender:
    """Who sends to whom, as both agreed: settings `ICSR`."""

    sender: str
    receiver: str
    organisation: str
    kind: str


def sender() -> Sender | None:
    """The sender of this installation; None while something is not set."""
    agreed = Sender(**settings.ICSR)
    return agreed if all(vars(agreed).values()) else None


def missing(page: CrfPage) -> list[T]:
    """What has to be settled before there is a case of an event, in words for its page."""
    event = page.adverseevent
    obstacles = {
        NO_SENDER: sender() is None,
        NOT_CODED: not codings_in_force().filter(page=page).exists(),
        NO_SUSPECT: not {event.ae_rel_pg, event.ae_rel_na} & set(SUSPECTED),
        NO_SUSAR: event.ae_susar not in ("Y", "N"),
        NO_AWARE: event.ae_aware is None,
    }
    if not obstacles[NO_SUSPECT]:
        source = source_of(page.participant_id)
        values = next(record.values for record in source("ae") if record.page == page.pk)
        drugs = _drugs(source, values, *days_of(values.get("ae_start")))
        obstacles[NO_DRUG] = all(drug["G.k.1"] != SUSPECT for drug in drugs)
    return [text for text, is_missing in obstacles.items() if is_missing]


def case_of(page: CrfPage, report: int, now: datetime) -> Elements:
    """The elements of a report on the event of a page, of which nothing is missing. `report` is its number."""
    agreed, source = sender(), source_of(page.participant_id)
    assert agreed
    event = next(record.values for record in source("ae") if record.page == page.pk)
    codings = _codings(page)
    began, latest = days_of(event.get("ae_start"))
    number = f"CN-{agreed.sender}-{protocol().code}/{page.participant.number}/AE{page.repeat}"
    moment = _moment(now)
    case = {
        "N.1.1": "1", "N.1.2": f"{number}/{report}", "N.1.3": agreed.sender, "N.1.4": agreed.receiver, "N.1.5": moment,
        "N.2.r.1": number, "N.2.r.2": agreed.sender, "N.2.r.3": agreed.receiver, "N.2.r.4": moment,
        "C.1.1": number, "C.1.2": moment, "C.1.3": "2", "C.1.4": _aware(event), "C.1.5": _changed(page, event),
        "C.1.6.1": "false", "C.1.7": "true" if event.get("ae_susar") == "Y" else "false",
        "C.1.8.1": number, "C.1.8.2": "2", "C.1.9.1": Null("NI"),
        "C.2.r": [{"C.2.r.1.4": Null("MSK"), "C.2.r.3": "CN", "C.2.r.4": "1", "C.2.r.5": "1"} | _organisation(page)],
        "C.3.1": agreed.kind, "C.3.2": agreed.organisation, "C.3.4.5": "CN",
        "C.5.1.r": [{"C.5.1.r.1": protocol().registration}], "C.5.2": protocol().title.en, "C.5.3": protocol().code,
        "C.5.4": "1",
        "D.1": Null("MSK"), "D.1.1.4": page.participant.number,
        **dict(_person(source, began)), **_history(source, codings), **_death(source, event),
        "E.i": [_reaction(event, codings[page.pk])],
        "F.r": list(_tests(source, began, latest)),
        "G.k": list(_drugs(source, event, began, latest)),
        "H.1": event.get("ae_narr") or event["ae_term"],
    }  # fmt: skip
    return _clean(case)


def _codings(page: CrfPage) -> dict[Any, Coding]:
    """The participant's codings by page, of the release by which the event is coded: a case has one MedDRA version."""
    listed = codings_in_force().filter(page__participant=page.participant).select_related("dictionary")
    by_page = {coding.page_id: coding for coding in listed}
    release = by_page[page.pk].dictionary_id
    return {each: coding for each, coding in by_page.items() if coding.dictionary_id == release}


def _clean(elements: Elements) -> Elements:
    """The elements as XML can hold them: one kind of line end, no signs that are none."""
    cleaned: dict[str, Any] = {}
    for number, value in elements.items():
        if isinstance(value, list):
            cleaned[number] = [_clean(block) for block in value]
        else:
            cleaned[number] = value if isinstance(value, Null) else _NOT_XML.sub("", _LINE_END.sub("\n", value))
    return cleaned


def _organisation(page: CrfPage) -> dict[str, str]:
    """The reporter's hospital; one whose name is too long for the element is left out."""
    name = page.participant.site.name_en
    return {"C.2.r.2.1": name} if len(name) <= LONGEST_ORGANISATION else {}


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y%m%d%H%M%S%z")


def _day(value: Any) -> str | None:
    """A date as far as it is known: 20251103, 202511, 2025."""
    text = value.text if isinstance(value, PartialDate) else value.isoformat() if isinstance(value, date) else value
    return str(text).replace("-", "") if text else None


def _aware(event: Values) -> str:
    """When the site first knew of it, to the minute where that was written down."""
    day = str(_day(event["ae_aware"]))
    at = event.get("ae_aware_time")
    offset = timezone.localtime().strftime("%z")
    return f"{day}{at.replace(':', '')}{offset}" if at else day


def _changed(page: CrfPage, event: Values) -> str:
    """The day of the most recent information: when the event's page last changed, not before the site knew of it."""
    last = AuditEvent.objects.filter(page=page.pk, table="visits_adverseevent").order_by("-id").first()
    changed = timezone.localtime(last.at).date() if last else event["ae_aware"]
    return str(_day(max(changed, event["ae_aware"])))


def _person(source: Source, began: date | None) -> Iterator[tuple[str, str]]:
    """Age at onset, weight and height at the last measurement before it, sex."""
    demographics: Values = next((record.values for record in source("dm")), {})
    born = demographics.get("brthdat")
    if born and began and born <= began:
        yield "D.2.2a", str(completed_years(born, began))
        yield "D.2.2b", "a"
    for number, item, places in (("D.3", "weight", None), ("D.4", "height", 0)):
        value = latest_value(source("vs"), "vs_date", item, began)
        if value is not None:
            yield number, plain(value if places is None else round(value, places))
    if sex := {"M": "1", "F": "2"}.get(demographics.get("sex", "")):
        yield "D.5", sex


def _history(source: Source, codings: Mapping[Any, Coding]) -> dict[str, Any]:
    """Conditions with their codes, those that are not coded as text; none only where somebody said so."""
    records = source("mh")
    coded = [record for record in records if record.page in codings]
    uncoded = "; ".join(str(r.values["mh_term"]) for r in records if r.page not in codings and r.values.get("mh_term"))
    history: dict[str, Any] = {}
    if coded:
        history["D.7.1.r"] = [_condition(record.values, codings[record.page]) for record in coded]
    if uncoded:
        history["D.7.2"] = uncoded
    elif not coded:
        none_known = any(record.values.get("mh_yn") == "N" for record in source("logs"))
        history["D.7.2"] = "None" if none_known else Null("UNK")
    return history


def _condition(values: Values, coding: Coding) -> Elements:
    status = values.get("mh_status")
    going_on = {"ACTIVE": "true", "CONTROLLED": "true", "RESOLVED": "false"}.get(status or "")
    dates = {"D.7.1.r.2": _day(values.get("mh_start")), "D.7.1.r.4": _day(values.get("mh_end"))}
    return {
        "D.7.1.r.1a": coding.dictionary.version, "D.7.1.r.1b": str(coding.llt),
        "D.7.1.r.3": going_on or Null("UNK"), **_known(dates),
    }  # fmt: skip


def _known(values: Mapping[str, str | None]) -> dict[str, str]:
    return {number: value for number, value in values.items() if value is not None}


def _death(source: Source, event: Values) -> dict[str, Any]:
    """Date of death and autopsy, where the event was fatal and the death is on record."""
    death: Values | None = next((record.values for record in source("death")), None)
    if event.get("ae_out") != "FATAL" or death is None or death.get("dth_date") is None:
        return {}
    autopsy = {"Y": "true", "N": "false"}.get(death.get("dth_autopsy") or "")
    return {"D.9.1": str(_day(death["dth_date"])), "D.9.3": autopsy or Null("UNK")}


def _reaction(event: Values, coding: Coding) -> Elements:
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in event["ae_term"])
    return {
        "E.i.1.1a": event["ae_term"], "E.i.1.1b": "zho" if chinese else "eng",
        "E.i.2.1a": coding.dictionary.version, "E.i.2.1b": str(coding.llt),
        "E.i.3.1": "3",  # pointed out by the reporter, serious
        **{f"E.i.3.2{letter}": "true" if event.get(item) == "Y" else Null("NI") for letter, item in CRITERIA.items()},
        **_known({"E.i.4": _day(event.get("ae_start")), "E.i.5": _day(event.get("ae_end"))}),
        "E.i.7": OUTCOMES[event.get("ae_out") or "UNKNOWN"], "E.i.9": "CN",
    }  # fmt: skip


def _tests(source: Source, began: date | None, latest: date | None) -> Iterator[Elements]:
    """Results outside their range around the beginning of the event, in the standard unit."""
    for day, title, row, unit in results_around(source, began, latest):
        test: dict[str, Any] = {"F.r.1": _day(day), "F.r.2.1": title.en}
        value = row.get("stresn")
        if value is None or row.get("qualifier") or unit not in UCUM:
            own = row.get("orresu") or unit
            yield test | {"F.r.3.4": f"{row.get('orres') or ''} {own if own != '1' else ''}".strip()}
            continue
        limits = {"F.r.4": row.get("stnrlo"), "F.r.5": row.get("stnrhi")}
        test |= {"F.r.3.2": plain(value), "F.r.3.3": UCUM[unit]}
        yield test | {number: plain(limit) for number, limit in limits.items() if limit is not None}


def _drugs(source: Source, event: Values, began: date | None, latest: date | None) -> Iterator[Elements]:
    """Peginterferon if it was ever given, the analogues and other medication that were taken at the onset."""
    if doses := injections(source, latest):
        yield _peginterferon(doses, event, began)
    for record in source("na"):
        going_on = overlaps(record.values, began, "na_start", "na_end")
        if going_on or (event.get("ae_rel_na") in SUSPECTED and _before(record.values, "na_start", latest)):
            yield _analogue(record, event, began)
    for record in source("cm"):
        if record.values.get("cm_name") and overlaps(record.values, began, "cm_start", "cm_end"):
            yield _medication(record)


def _before(values: Values, start: str, until: date | None) -> bool:
    """Whether a drug was begun up to a day; one that was stopped before an event may still have caused it."""
    first, _ = days_of(values.get(start))
    return first is not None and (until is None or first <= until)


def _judged(event: Values, drug: str, first: Any, began: date | None) -> dict[str, Any]:
    """Role of a study drug, what was done with it, what the investigator thinks, how long after its first dose."""
    relation, action = event.get(f"ae_rel_{drug}"), event.get(f"ae_acn_{drug}")
    judged: dict[str, Any] = {"G.k.1": SUSPECT if relation in SUSPECTED else CONCOMITANT}
    if action in ACTIONS:
        judged["G.k.8"] = ACTIONS[action]
    elif action:
        judged["G.k.11"] = f"Action taken: {AEACN.text(action).en}"
    assessed: dict[str, Any] = {}
    if relation and relation != "NA":
        assessed["G.k.9.i.2.r"] = [{"G.k.9.i.2.r.1": "Investigator", "G.k.9.i.2.r.3": AEREL.text(relation).en}]
    earliest, latest = days_of(first)
    if began and earliest and earliest == latest and earliest <= began and _day(event.get("ae_start")) == _day(began):
        assessed |= {"G.k.9.i.3.1a": str((began - earliest).days + 1), "G.k.9.i.3.1b": "d"}
    return judged | ({"G.k.9.i": [assessed]} if assessed else {})


def _peginterferon(doses: Sequence[Values], event: Values, began: date | None) -> Elements:
    """Each run of equal doses with its days, and how much it was in all."""
    runs = [list(run) for _, run in groupby(doses, key=lambda dose: (dose.get("pg_dose"), dose.get("pg_route")))]
    amounts = [dose.get("pg_dose") for dose in doses]
    total = {} if None in amounts else {"G.k.5a": str(sum(each or 0 for each in amounts)), "G.k.5b": "ug"}
    stopped = event.get("ae_acn_pg") == "DRUG WITHDRAWN"  # else it goes on, and has no last day
    return {
        "G.k.2.2": PEG, "G.k.2.3.r": [{"G.k.2.3.r.1": PEG}],
        "G.k.4.r": [
            _dose(run[0].get("pg_dose"), "ug", run[0].get("pg_route"))
            | _known({
                "G.k.4.r.4": _day(run[0]["pg_date"]),
                "G.k.4.r.5": _day(run[-1]["pg_date"]) if stopped or run is not runs[-1] else None,
            })
            | {"G.k.4.r.8": f"doses given: {len(run)}"}
            for run in runs
        ],
        **total, **_judged(event, "pg", doses[0]["pg_date"], began),
    }  # fmt: skip


def _dose(amount: Any, unit: str | None, route: str | None) -> dict[str, Any]:
    """An amount with its unit, in words where the unit has no code; the route."""
    dose: dict[str, Any] = {}
    if amount is not None and unit in UCUM:
        dose = {"G.k.4.r.1a": plain(amount), "G.k.4.r.1b": UCUM[unit]}
    elif amount is not None:
        dose = {"G.k.4.r.8": f"{plain(amount)} {unit or ''}".strip()}
    return dose | ({"G.k.4.r.10.1": ROUTE.text(route).en} if route else {})


def _often(frequency: str | None) -> dict[str, str]:
    every = INTERVALS.get(frequency or "")
    return {"G.k.4.r.2": every[0], "G.k.4.r.3": every[1]} if every else {}


def _analogue(record: Stored, event: Values, began: date | None) -> Elements:
    values = record.values
    drug = values.get("na_drug")
    name = (values.get("na_other") if drug == "OTHER" else NADRUG.text(drug).en if drug else None) or ANALOGUE
    dosage = _dose(values.get("na_dose"), "mg", None) | _often(values.get("na_freq"))
    dosage |= _known({"G.k.4.r.4": _day(values.get("na_start")), "G.k.4.r.5": _day(values.get("na_end"))})
    return {
        "G.k.2.2": name, "G.k.2.3.r": [{"G.k.2.3.r.1": name}], "G.k.4.r": [dosage],
        **_judged(event, "na", values.get("na_start"), began),
    }  # fmt: skip


def _medication(record: Stored) -> Elements:
    values = record.values
    dosage = _dose(values.get("cm_dose"), values.get("cm_doseu"), values.get("cm_route")) | _often(
        values.get("cm_freq")
    )
    dosage |= _known({"G.k.4.r.4": _day(values.get("cm_start")), "G.k.4.r.5": _day(values.get("cm_end"))})
    if values.get("cm_freq") in FREQ and values["cm_freq"] not in INTERVALS:
        words = (dosage.get("G.k.4.r.8"), FREQ.text(values["cm_freq"]).en)
        dosage["G.k.4.r.8"] = ", ".join(filter(None, words))
    return {"G.k.1": CONCOMITANT, "G.k.2.2": str(values["cm_name"])} | ({"G.k.4.r": [dosage]} if dosage else {})
