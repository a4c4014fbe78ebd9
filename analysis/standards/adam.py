"""ADSL, ADTTE, ADLB and ADAE: from the rows of SDTM and the endpoints of the analysis, each row with its source.

Source: ADaMIG 1.3, BDS for time to event 1.0, OCCDS 1.1; endpoints: `analysis.endpoints`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.endpoints import adtte
from analysis.outputs.safety import emergence_windows, received
from analysis.outputs.sensitivity import proposed_for_exclusion
from analysis.standards.analysis_variables import ADAE, ADLB, ADSL, ADTTE
from analysis.standards.records import DraftRecord, Row
from analysis.standards.subjects import ARMS, Subject
from analysis.standards.tabulation import Tabulated, study_day
from analysis.standards.values import number
from prtras.clinical.treatment_emergent import is_emergent
from prtras.exports.standards.dataset import Dataset

#: Where the day of an analysis row stands in SDTM: by form and item, the domain and its variable.
TRACED = {
    ("participants", "DAY0"): ("DM", "RFSTDTC"),
    ("visits", "SVSTDTC"): ("SV", "SVSTDTC"),
    ("mri", "mri_date"): ("PR", "PRSTDTC"),
    ("recur", "rec_date"): ("RS", "RSDTC"),
    ("death", "dth_date"): ("DM", "DTHDTC"),
    ("eos", "last_alive"): ("DS", "SUPPDS.LASTALIV"),
    ("lbviro", "viro_date"): ("MB", "MBDTC"),
    ("blind_readings", "EVIDENCE"): ("", ""),  # the blind review is no domain of SDTM
}
WHOLE = len("2026-01-01")
#: log10 values that the virology form derives, with the test of MB that they come from.
LOGARITHMS = {"hbvdna_log": ("HBDNALOG", "HBV DNA (log10 IU/mL)", "HBDNA"),
              "hbsag_log": ("HBSAGLOG", "HBsAg (log10 IU/mL)", "HBSAG")}  # fmt: skip


def adam_datasets(done: Tabulated, tables: Mapping[str, Sequence[Row]], cutoff: date) -> list[Dataset]:
    """The four datasets."""
    times, _ = adtte(tables, cutoff)
    people = dict(_people(done, tables, times))
    return [
        ADSL.of(list(people.values())),
        ADTTE.of(list(_times(times, people, done))),
        ADLB.of(list(_laboratory(done, tables, people))),
        ADAE.of(list(_events(done, tables, people))),
    ]


def _day(text: str | None) -> str | None:
    """A date that is known to the day; nothing is imputed."""
    return text[:WHOLE] if text and len(text) >= WHOLE else None


def _people(
    done: Tabulated, tables: Mapping[str, Sequence[Row]], times: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """ADSL by number of participant."""
    analysed = {row["SUBJID"]: row for row in times}
    ended = {row["SUBJID"]: row for row in tables.get("eos", ())}
    excluded = proposed_for_exclusion(tables)
    treated = {row["SUBJID"]: row.get("tx_date") for row in tables.get("radtx", ())}
    for subject in sorted(done.subjects.values(), key=lambda each: each.usubjid):
        parts, times_of = subject.parts, analysed.get(subject.subject, {})
        end = ended.get(subject.subject, {})
        row = {name: parts.get(name) for name in ("AGE", "AGEU", "SEX", "ARM", "ACTARM", "DTHFL", "ARMCD")}
        row |= {
            "STUDYID": subject.study, "USUBJID": subject.usubjid, "SUBJID": subject.subject, "SITEID": subject.site,
            "TRT01P": parts.get("ARM"), "TRT01A": parts.get("ACTARM"), "TRTSDT": _day(parts.get("RFXSTDTC")),
            "TRTEDT": _day(parts.get("RFXENDTC")), "RFICDT": _day(parts.get("RFICDTC")),
            "STARTDT": subject.reference, "INDEXDT": _day(treated.get(subject.subject)),
            "ENRLFL": "Y" if subject.arm else "N", "SAFFL": "Y" if subject.arm and subject.reference else "N",
            "FASFL": times_of.get("FASFL") or "N",
            "PPROTFL": "Y" if times_of.get("FASFL") == "Y" and subject.subject not in excluded else "N",
            "DTHDT": _day(parts.get("DTHDTC")),
            "EOSSTT": _state(subject, end), "EOSDT": _day(end.get("eos_date")),
            "DCSREAS": end.get("eos_status") if end.get("eos_status") != "COMPLETED" else None,
            "LSTALVDT": _day(end.get("last_alive")), "BCLC": times_of.get("BCLC"), "HBSAGLOG": times_of.get("HBSAGLOG"),
        }  # fmt: skip
        yield subject.subject, _without_empty(row)


def _state(subject: Subject, end: Mapping[str, Any]) -> str | None:
    """COMPLETED or DISCONTINUED by what the end of study says; ONGOING while a participant is on study."""
    status = end.get("eos_status")
    if status:
        return "COMPLETED" if status == "COMPLETED" else "DISCONTINUED"
    return "ONGOING" if subject.state == "on_study" else None


def _without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None and value != ""}


def _times(
    times: Iterable[Mapping[str, Any]], people: Mapping[str, Mapping[str, Any]], done: Tabulated
) -> Iterator[dict[str, Any]]:
    """ADTTE: the endpoints as they are computed, each with the record of SDTM that decides it."""
    pages: dict[tuple[Any, ...], list[DraftRecord]] = defaultdict(list)
    for (table, subject, visit, _, repeat), records in done.by_page.items():
        pages[table, subject, visit or "", repeat] += records
    numbers: dict[str, int] = defaultdict(int)
    for row in sorted(times, key=lambda each: (each["SUBJID"], each["PARAMCD"])):
        person = people[row["SUBJID"]]
        numbers[row["SUBJID"]] += 1
        domain, variable, sequence = _trace(row, pages, done)
        reason = "EVNTDESC" if row["CNSR"] == 0 else "CNSDTDSC"
        yield _without_empty(
            {name: person.get(name) for name in ("STUDYID", "USUBJID", "SUBJID", "SITEID", "AGE", "SEX", "BCLC")}
            | {
                "TRTP": person.get("TRT01P"), "TRTA": person.get("TRT01A"), "ARMCD": ARMS[row["ARMCD"]][0],
                "PARAM": f"{row['PARAM']} (days)", "PARAMCD": row["PARAMCD"], "AVAL": row["AVAL"], "CNSR": row["CNSR"],
                "STARTDT": row["STARTDT"], "ADT": row["ADT"], "ENTRY": row["ENTRY"], "NOMWEEK": row["NOMWEEK"],
                reason: row["EVNTDESC"], "FASFL": row["FASFL"], "HBSAGLOG": row["HBSAGLOG"], "LNEGDT": row["LASTNEG"],
                "SRCDOM": domain, "SRCVAR": variable, "SRCSEQ": sequence, "SRCVISIT": row["SRCVISIT"],
                "ASEQ": numbers[row["SUBJID"]],
            }
        )  # fmt: skip


def _trace(
    row: Mapping[str, Any], pages: Mapping[tuple[Any, ...], Sequence[DraftRecord]], done: Tabulated
) -> tuple[str, str, int | None]:
    """Domain, variable and sequence number of the record of SDTM; DM and SV have no such number."""
    domain, variable = TRACED[row["SRCDOM"], row["SRCVAR"]]
    if domain in ("", "DM", "SV"):
        return domain, variable, None
    records = [record for record in pages.get((row["SRCDOM"], row["SUBJID"], row["SRCVISIT"], row["SRCSEQ"]), ())
               if record.domain == domain]  # fmt: skip
    part = variable.removeprefix(domain)
    dated = [record for record in records if str(record.parts.get(part) or "")[:WHOLE] == row["ADT"]]
    chosen = next(iter(dated or records), None)
    whole, _, qualifier = variable.partition(".")
    if qualifier:
        domain, variable = whole, qualifier
    return domain, variable, done.places[id(chosen)][1] if chosen is not None else None


def _laboratory(
    done: Tabulated, tables: Mapping[str, Sequence[Row]], people: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """ADLB: every result of LB, and the logarithms of virology, with baseline and change from it."""
    whose = {person["USUBJID"]: person for person in people.values()}
    rows = [_result(row, whose[row["USUBJID"]]) for row in done.rows.get("LB", ()) if row.get("LBSTRESC")]
    rows += _logarithms(done, tables, people)
    rows.sort(key=lambda row: (row["USUBJID"], row["PARAMCD"], row.get("ADT") or "~", row.get("SRCSEQ") or 0))
    base = {(row["USUBJID"], row["PARAMCD"]): row.get("AVAL") for row in rows if row.get("ABLFL")}
    for number_, row in enumerate(rows, start=1):
        first = number_ == 1 or rows[number_ - 2]["USUBJID"] != row["USUBJID"]
        row["ASEQ"] = 1 if first else rows[number_ - 2]["ASEQ"] + 1
        before = base.get((row["USUBJID"], row["PARAMCD"]))
        if before is not None:
            row["BASE"] = before
            if row.get("AVAL") is not None:
                row["CHG"] = round(row["AVAL"] - before, 10)
        yield row


def _result(row: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    unit = row.get("LBSTRESU")
    day = _day(row.get("LBDTC"))
    return _without_empty(
        _of(person)
        | {
            "PARAM": f"{row['LBTEST']} ({unit})" if unit else row["LBTEST"], "PARAMCD": row["LBTESTCD"],
            "PARCAT1": row.get("LBCAT"), "AVAL": row.get("LBSTRESN"), "AVALC": row["LBSTRESC"], "ADT": day,
            "ADY": row.get("LBDY"), "AVISIT": row.get("VISIT"), "AVISITN": row.get("VISITNUM"),
            "ABLFL": row.get("LBLOBXFL"), "ANRIND": row.get("LBNRIND"), "ANRLO": row.get("LBSTNRLO"),
            "ANRHI": row.get("LBSTNRHI"), "ATOXGR": row.get("LBTOXGR"), "SRCDOM": "LB", "SRCVAR": "LBSTRESC",
            "SRCSEQ": row["LBSEQ"],
        }
    )  # fmt: skip


def _of(person: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: person.get(name) for name in ("STUDYID", "USUBJID", "SUBJID", "SITEID", "SAFFL", "FASFL")}
    return row | {"TRTP": person.get("TRT01P"), "TRTA": person.get("TRT01A")}


def _logarithms(
    done: Tabulated, tables: Mapping[str, Sequence[Row]], people: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The log10 of the form's derivation; the baseline is the last one on or before Day 0."""
    sources = {(id(record.row), record.parts["TESTCD"]): record for records in done.by_page.values()
               for record in records if record.domain == "MB"}  # fmt: skip
    rows, last = [], dict[tuple[str, str], dict[str, Any]]()
    for row in tables.get("lbviro", ()):
        subject = done.subjects[row["SUBJID"]]
        for item, (code, title, test) in LOGARITHMS.items():
            record = sources.get((id(row), test))
            if row.get(item) is None or record is None:
                continue
            day = study_day(row.get("viro_date"), subject.reference)
            made = _without_empty(
                _of(people[row["SUBJID"]])
                | {
                    "PARAM": title, "PARAMCD": code, "PARCAT1": "HBV VIROLOGY", "AVAL": number(row[item]),
                    "AVALC": str(row[item]), "ADT": _day(row.get("viro_date")), "ADY": day,
                    "AVISIT": record.parts.get("VISIT"), "AVISITN": record.parts.get("VISITNUM"), "SRCDOM": "MB",
                    "SRCVAR": "MBSTRESN", "SRCSEQ": done.places[id(record)][1],
                }
            )  # fmt: skip
            rows.append(made)
            before = last.get((row["SUBJID"], code))
            if day is not None and day <= 1 and (before is None or made["ADT"] >= before["ADT"]):
                last[row["SUBJID"], code] = made
    for made in last.values():
        made["ABLFL"] = "Y"
    return rows


def _events(
    done: Tabulated, tables: Mapping[str, Sequence[Row]], people: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """ADAE: every row of AE; treatment-emergent by the one rule of the analysis."""
    whose = {person["USUBJID"]: person for person in people.values()}
    within = dict(emergence_windows(tables, received(tables)))
    copied = ("AESEQ", "AETERM", "AELLT", "AEDECOD", "AEBODSYS", "AESOC", "AESTDTC", "AEENDTC", "AESTDY", "AEENDY",
             "AESER", "AEREL", "AEACN", "AEOUT", "AETOXGR")  # fmt: skip
    for row in done.rows.get("AE", ()):
        person = whose[row["USUBJID"]]
        window = within.get(person["SUBJID"])
        emergent = window is not None and is_emergent(row.get("AESTDTC"), window)
        yield _without_empty(
            _of(person)
            | {name: row.get(name) for name in copied}
            | {
                "ASTDT": _day(row.get("AESTDTC")), "AENDT": _day(row.get("AEENDTC")), "ASTDY": row.get("AESTDY"),
                "AENDY": row.get("AEENDY"), "ATOXGR": row.get("AETOXGR"), "TRTEMFL": "Y" if emergent else None,
                "SRCDOM": "AE", "SRCSEQ": row["AESEQ"],
            }
        )  # fmt: skip
