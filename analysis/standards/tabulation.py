"""From collected records to the rows of SDTM datasets: subjects, days, visits, epochs, sequence numbers, relations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from analysis.standards.domains import DOMAINS, NUMBERS, variable_name
from analysis.standards.records import Collected, DraftRecord, Qualifier, Row, page_of
from analysis.standards.row_conversion import written_out
from analysis.standards.subjects import Subject, subject_rows, subjects
from analysis.standards.values import cut, number
from prtras.crf.schedule import SCHEDULE
from prtras.exports.standards.dataset import pieces
from prtras.exports.standards.xpt import TEXT_BYTES
from prtras.labels import T

#: What of a dose as collected is a dose given.
EXPOSURE = ("TRT", "CAT", "DOSE", "DOSU", "DOSFRM", "DOSFRQ", "ROUTE", "LOT", "LOC", "STDTC", "ENDTC", "TPT", "TPTNUM")
#: Domains in which a visit says nothing.
WITHOUT_VISIT = frozenset({"AE", "CM", "DD", "DM", "DS", "MH", "SU", "EX"})
UNSCHEDULED = "UNS"


@dataclass
class Tabulated:
    """The rows of every dataset by domain, of qualifiers by their domain, and of relations; where each row is found."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    qualifiers: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    relations: list[dict[str, Any]] = field(default_factory=list)
    places: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    by_page: dict[tuple[Any, ...], list[DraftRecord]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[str, Subject] = field(default_factory=dict)
    titles: dict[str, dict[str, T]] = field(default_factory=lambda: defaultdict(dict))


def tabulate(made: Collected, tables: Mapping[str, Sequence[Row]], study: str) -> Tabulated:
    """All rows, sorted and numbered."""
    _expose(made)
    done = Tabulated(subjects=subjects(made, tables, study))
    _code(made, tables)
    for domain in sorted(made.records):
        if domain != "DM":
            done.rows[domain] = _numbered(domain, made.records[domain], done)
    done.rows["DM"] = subject_rows(done.subjects, study)
    for records in made.records.values():
        for record in records:
            done.by_page[record.table, *page_of(record.row)].append(record)
            for name, text in _rests(record, done):
                made.qualifiers.append(Qualifier(name, T(name, name), text, record, record.row))
    _relate(made, done, study)
    _qualify(made.qualifiers, done, study)
    return done


def _expose(made: Collected) -> None:
    """EX: what of EC was given, in a dose that is known."""
    for record in list(made.records.get("EC", ())):
        parts = record.parts
        if parts.get("OCCUR") == "N" or not number(parts.get("DOSE")) or not parts.get("STDTC"):
            continue
        given = {part: parts[part] for part in EXPOSURE if parts.get(part) is not None}
        if record.table == "pegifn":
            given["ENDTC"] = given["STDTC"]
        made.records["EX"].append(DraftRecord("EX", given, record.table, record.row, None))


def _code(made: Collected, tables: Mapping[str, Sequence[Row]]) -> None:
    """MedDRA for what a person coded; a term that nobody coded has no decoded one."""
    coded = {(row["FORM"], *page_of(row)): row for row in tables.get("codings", ())}
    levels = {"LLT": "LLT", "PT": "DECOD", "HLT": "HLT", "HLGT": "HLGT", "SOC": "SOC"}
    numbers = {"LLT": "LLTCD", "PT": "PTCD", "HLT": "HLTCD", "HLGT": "HLGTCD", "SOC": "SOCCD"}
    for record in made.records.get("AE", ()):
        coding = coded.get(("ae", *page_of(record.row)))
        for level, part in levels.items() if coding else ():
            record.parts[part] = coding[f"{level}EN"] if coding else None
            record.parts[numbers[level]] = coding[f"{level}CD"] if coding else None
        record.parts["BODSYS"], record.parts["BDSYCD"] = record.parts.get("SOC"), record.parts.get("SOCCD")


def _numbered(domain: str, records: list[DraftRecord], done: Tabulated) -> list[dict[str, Any]]:
    """The rows of a domain, by subject and key, with their sequence number within the subject."""
    for record in records:
        _complete(domain, record, done.subjects[record.row["SUBJID"]])
    ordered = sorted(enumerate(records), key=lambda each: (*_key(each[1]), each[0]))
    if "LOBXFL" in DOMAINS[domain].always:
        _flag_last_before(record for _, record in ordered)
    rows, sequence, whose = [], 0, ""
    for _, record in ordered:
        subject = record.row["SUBJID"]
        sequence, whose = (sequence + 1 if subject == whose else 1), subject
        own = None if domain == "SV" else sequence
        done.places[id(record)] = domain, own
        rows.append(_row(domain, record, done.subjects[subject], own))
    return rows


def _key(record: DraftRecord) -> tuple[str, ...]:
    parts = record.parts
    visit = f"{parts['VISITNUM']:09.2f}" if parts.get("VISITNUM") is not None else "~"
    what = ("TESTCD", "CAT", "LNKID") if DOMAINS[record.domain].is_findings else ()
    named = [str(parts.get(part) or "") for part in what]
    day = str(parts.get("STDTC") or parts.get("DTC") or "~")
    return (record.row["SUBJID"], *named, visit, day, str(parts.get("TRT") or parts.get("TERM") or ""))


def _complete(domain: str, record: DraftRecord, subject: Subject) -> None:
    """Day with time, study days, visit, epoch."""
    parts = record.parts
    time = parts.pop("TIME", None)
    if time and len(parts.get("DTC") or "") == len("2026-01-01"):
        parts["DTC"] += f"T{time}"
    for day, studied in (("DTC", "DY"), ("STDTC", "STDY"), ("ENDTC", "ENDY")):
        if (known := study_day(parts.get(day), subject.reference)) is not None:
            parts[studied] = known
    if record.visit and domain not in WITHOUT_VISIT:
        sequence = record.row.get("VISITSEQ") if record.visit == record.row.get("VISIT") else 0
        parts |= visit_parts(record.visit, sequence or 0)
    if domain == "SV" and record.visit != UNSCHEDULED:
        parts["PRESP"] = "Y"
    if record.group:
        parts["GRPID"] = "-".join(str(each) for each in (record.table, *page_of(record.row)[1:]) if each is not None)
        if record.row.get("ROW") is not None:
            parts["GRPID"] += f"-{record.row['ROW']}"
    if domain != "SV" and (epoch := subject.epoch(parts.get("STDTC") or parts.get("DTC"))):
        parts["EPOCH"] = epoch


def study_day(text: str | None, reference: str | None) -> int | None:
    """Days from the reference day, which is day 1; the day before it is -1. None unless both are known to the day."""
    if not (text and reference and len(text) >= len(reference)):
        return None
    days = (date.fromisoformat(text[:10]) - date.fromisoformat(reference)).days
    return days + 1 if days >= 0 else days


def visit_parts(code: str, sequence: int) -> dict[str, Any]:
    """Number and name of a visit; an unscheduled one has its number behind the point. VISITDY has no day 0."""
    planned = next((schedule.visits[code] for schedule in reversed(list(SCHEDULE)) if code in schedule.visits), None)
    if planned is None:
        return {"VISIT": code}
    numbered = planned.position + sequence / 100 if sequence else planned.position
    parts: dict[str, Any] = {"VISITNUM": numbered, "VISIT": planned.title.en}
    if planned.day is not None and code != UNSCHEDULED:
        parts["VISITDY"] = planned.day + 1 if planned.day >= 0 else planned.day
    return parts


def _flag_last_before(records: Iterable[DraftRecord]) -> None:
    """The last result of each test up to Day 0."""
    last: dict[tuple[str, ...], DraftRecord] = {}
    for record in records:
        parts = record.parts
        if not (parts.get("STRESC") and (parts.get("DY") or 2) <= 1):
            continue
        key = (record.row["SUBJID"], *(str(parts.get(part) or "") for part in ("TESTCD", "CAT", "LNKID")))
        if key not in last or parts["DTC"] >= last[key].parts["DTC"]:
            last[key] = record
    for record in last.values():
        record.parts["LOBXFL"] = "Y"


def _row(domain: str, record: DraftRecord, subject: Subject, sequence: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {"STUDYID": subject.study, "DOMAIN": domain, "USUBJID": subject.usubjid}
    if sequence is not None:
        row[f"{domain}SEQ"] = sequence
    for part, value in record.parts.items():
        if value is None or value == "":
            continue
        if part in NUMBERS:
            row[variable_name(domain, part)] = number(value)
        else:
            row[variable_name(domain, part)] = pieces(str(value), TEXT_BYTES)[0]
    return row


def _rests(record: DraftRecord, done: Tabulated) -> list[tuple[str, str]]:
    """What a text has beyond 200 bytes, in qualifiers named as its variable with a number."""
    rests = []
    for part, value in record.parts.items():
        if isinstance(value, str) and len(value) * 10 > TEXT_BYTES:
            name = variable_name(record.domain, part)
            for place, piece in enumerate(pieces(value, TEXT_BYTES)[1:], start=1):
                rests.append((f"{name[: 8 - len(str(place))]}{place}", piece))
    return rests


def _relate(made: Collected, done: Tabulated, study: str) -> None:
    """Links between logs, where the record that is named is there; else the number as a qualifier."""
    numbered = {(record.table, record.row["SUBJID"], record.parts.get("SPID")): record
                for records in made.records.values() for record in records if record.parts.get("SPID")}  # fmt: skip
    for count, (record, placed, row) in enumerate(made.links, start=1):
        value = str(row[placed.name])
        other = numbered.get((placed.item.links, row["SUBJID"], value))
        if record is None or other is None:
            made.qualifiers.append(Qualifier(placed.name.upper().replace("_", "")[:8], placed.item.label,
                                             written_out(placed, row[placed.name]), record, row))  # fmt: skip
            continue
        for each in (record, other):
            domain, sequence = done.places[id(each)]
            done.relations.append(
                {"STUDYID": study, "RDOMAIN": domain, "USUBJID": done.subjects[row["SUBJID"]].usubjid,
                 "IDVAR": f"{domain}SEQ", "IDVARVAL": str(sequence), "RELID": f"R{count:05d}"}
            )  # fmt: skip


def _qualify(qualifiers: Iterable[Qualifier], done: Tabulated, study: str) -> None:
    """The supplemental qualifiers; one without a parent belongs to its visit, or to the subject."""
    visits = {(record.row["SUBJID"], record.row.get("VISIT"), record.row.get("VISITSEQ")): record
              for records in done.by_page.values() for record in records if record.domain == "SV"}  # fmt: skip
    seen: dict[tuple[str | None, ...], int] = {}
    for each in qualifiers:
        subject = done.subjects[each.row["SUBJID"]]
        parent = each.parent or visits.get((each.row["SUBJID"], each.row.get("VISIT"), each.row.get("VISITSEQ")))
        domain, variable, value = _reference(parent, each.grouped, done)
        origin = "Derived" if each.derived else "Collected"
        label = T(each.label.zh, each.label.en)
        for place, piece in enumerate(pieces(each.value, TEXT_BYTES)):
            name = each.name if not place else f"{each.name[:6]}{place:02d}"
            key = (domain, subject.usubjid, value, name)
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1:
                name = f"{name[:5]}{seen[key]:03d}"
            done.titles[domain].setdefault(name, label)
            done.qualifiers[domain].append(
                {"STUDYID": study, "RDOMAIN": domain, "USUBJID": subject.usubjid, "IDVAR": variable, "IDVARVAL": value,
                 "QNAM": name, "QLABEL": cut(label.en), "QVAL": piece, "QORIG": origin}
            )  # fmt: skip
    for rows in done.qualifiers.values():
        rows.sort(key=_in_order)


def _in_order(row: Mapping[str, Any]) -> tuple[str, ...]:
    return row["USUBJID"], row["IDVAR"] or "", (row["IDVARVAL"] or "").zfill(12), row["QNAM"]


def _reference(parent: DraftRecord | None, grouped: bool, done: Tabulated) -> tuple[str, str | None, str | None]:
    """How a qualifier names its parent: nothing in DM, the visit in SV, a group or a sequence number elsewhere."""
    if parent is None or parent.domain == "DM":
        return "DM", None, None
    if parent.domain == "SV":
        return "SV", "VISITNUM", f"{parent.parts.get('VISITNUM'):g}"
    if grouped and parent.parts.get("GRPID"):
        return parent.domain, f"{parent.domain}GRPID", parent.parts["GRPID"]
    return parent.domain, f"{parent.domain}SEQ", str(done.places[id(parent)][1])
