"""One row of DM for each participant, and what other domains need of them: reference days, arm, epoch. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.standards.records import Collected, Row
from analysis.standards.values import number

#: The arms by their code in the casebook: code and name in SDTM, where nobody was randomized.
ARMS = {
    "A1": ("NA", "Nucleos(t)ide analogues"),
    "A2": ("NAPEG", "Nucleos(t)ide analogues + peginterferon alfa-2b"),
}
BY_SDTM = dict(ARMS.values())
SCREEN_FAILURE, NOT_ASSIGNED = "SCREEN FAILURE", "NOT ASSIGNED"
COUNTRY, AGE_UNIT = "CHN", "YEARS"


@dataclass
class Subject:
    """A participant: `reference` is Day 0, `parts` the variables of DM."""

    study: str
    subject: str
    site: str
    state: str
    arm: str | None
    reference: str | None
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def usubjid(self) -> str:
        """Study, site and number: the number of the casebook begins with the site's."""
        return f"{self.study}-{self.subject}"

    def epoch(self, day: str | None) -> str | None:
        """SCREENING from the consent up to Day 0, then TREATMENT up to the end; None where the day does not say."""
        start, consent, end = self.reference, self.parts.get("RFICDTC"), self.parts.get("RFPENDTC")
        if not day or not consent or _before(day, consent) is not False:
            return None
        if start is None:
            return "SCREENING"
        early = _before(day, start)
        if early is None or (not early and end and _before(end, day)):
            return None
        return "SCREENING" if early else "TREATMENT"


def _before(one: str, other: str) -> bool | None:
    """Whether a day, month or year is before another; None where the shorter one does not say."""
    size = min(len(one[:10]), len(other[:10]))
    if one[:size] != other[:size]:
        return one[:size] < other[:size]
    return False if len(one[:10]) == len(other[:10]) else None


def subjects(made: Collected, tables: Mapping[str, Sequence[Row]], study: str) -> dict[str, Subject]:
    """Every participant of the cut by number."""
    merged: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in made.records.get("DM", ()):
        merged[record.row["SUBJID"]].update({part: value for part, value in record.parts.items() if value is not None})
    given: dict[str, list[str]] = defaultdict(list)
    for record in made.records.get("EX", ()):
        if len(record.parts["STDTC"]) == len("2026-01-01"):
            given[f"{record.table} {record.row['SUBJID']}"].append(record.parts["STDTC"])
    ends = {row["SUBJID"]: row.get("eos_date") for row in tables.get("eos", ())}
    listed = {}
    for row in tables["participants"]:
        number_ = row["SUBJID"]
        subject = Subject(study, number_, row["SITEID"], row["STATE"], row.get("ARMCD") or None, row.get("DAY0"))
        subject.parts = merged[number_]
        _complete(subject, given, ends.get(number_))
        listed[number_] = subject
    return listed


def _complete(subject: Subject, given: Mapping[str, list[str]], end: str | None) -> None:
    """What follows from other records: the reference period, the first and last study drug, the arms."""
    parts = subject.parts
    if subject.reference:
        parts["RFSTDTC"] = subject.reference
    doses = given.get(f"{'pegifn' if subject.arm == 'A2' else 'na'} {subject.subject}", [])
    if subject.arm and doses:
        parts.setdefault("RFXSTDTC", min(doses))
        if subject.arm == "A2":
            parts["RFXENDTC"] = max(doses)
    stopped = end or parts.get("DTHDTC")
    if stopped:
        parts["RFPENDTC"] = stopped
        if subject.reference:
            parts["RFENDTC"] = stopped
    if parts.get("DTHDTC"):
        parts["DTHFL"] = "Y"
    if subject.arm:
        parts["ARMCD"], parts["ARM"] = ARMS[subject.arm]
        if actual := parts.get("ACTARMCD"):
            parts["ACTARM"] = BY_SDTM[actual]
    else:
        parts.pop("ACTARMCD", None)
        parts["ARMNRS"] = SCREEN_FAILURE if subject.state == "screen_failure" else NOT_ASSIGNED
    if parts.get("AGE") is not None:
        parts |= {"AGE": number(parts["AGE"]), "AGEU": AGE_UNIT}
    parts |= {"SUBJID": subject.subject, "SITEID": subject.site, "COUNTRY": COUNTRY}


def subject_rows(listed: Mapping[str, Subject], study: str) -> list[dict[str, Any]]:
    """DM, one row each."""
    return [
        {"STUDYID": study, "DOMAIN": "DM", "USUBJID": subject.usubjid} | subject.parts
        for subject in sorted(listed.values(), key=lambda each: each.usubjid)
    ]
