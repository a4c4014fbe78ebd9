"""Trial design: arms, elements, visits, criteria, summary; and which elements each subject passed. Source: protocol."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.standards import terms
from analysis.standards.domains import DOMAINS
from analysis.standards.records import Row
from analysis.standards.sdtm import fixed
from analysis.standards.subjects import ARMS, Subject
from analysis.standards.tabulation import study_day
from enrollment.protocol import ANCHOR_RULE, value_of
from prtras.crf.registry import form_of
from prtras.crf.schedule import SCHEDULE
from prtras.crf.study import StudyProtocol
from prtras.exports.standards.dataset import Dataset
from prtras.labels import T

SCREEN, NA, NAPEG = "SCRN", "NA", "NAPEG"
ELEMENTS = {
    SCREEN: ("Screening", "Informed consent signed", "SCREENING"),
    NA: ("Nucleos(t)ide analogues", "Day 0 of those who chose nucleos(t)ide analogues", "TREATMENT"),
    NAPEG: ("NA + peginterferon alfa-2b", "Day 0 of those who chose the combination", "TREATMENT"),
}
_STRUCTURES = {
    "SE": "One record per actual Element per subject", "TA": "One record per planned Element per Arm",
    "TE": "One record per planned Element", "TV": "One record per planned Visit per Arm",
    "TI": "One record per I/E criterion", "TS": "One record per trial summary parameter value",
}  # fmt: skip
_LABELS = {
    "SE": DOMAINS["SE"].label, "TA": T("试验分组", "Trial Arms"), "TE": T("试验阶段要素", "Trial Elements"),
    "TV": T("试验访视", "Trial Visits"), "TI": T("入选与排除标准", "Trial Inclusion/Exclusion Criteria"),
    "TS": T("试验概要", "Trial Summary"),
}  # fmt: skip
_PARTS = {
    "SE": "STUDYID DOMAIN USUBJID SEQ ETCD ELEMENT TAETORD EPOCH STDTC ENDTC STDY ENDY",
    "TA": "STUDYID DOMAIN ARMCD ARM TAETORD ETCD ELEMENT TABRANCH TATRANS EPOCH",
    "TE": "STUDYID DOMAIN ETCD ELEMENT TESTRL TEENRL TEDUR",
    "TV": "STUDYID DOMAIN VISITNUM VISIT VISITDY ARMCD ARM TVSTRL",
    "TI": "STUDYID DOMAIN IETESTCD IETEST IECAT TIVERS",
    "TS": "STUDYID DOMAIN SEQ TSPARMCD TSPARM TSVAL TSVALNF TSVALCD TSVCDREF TSVCDVER",
}
_KEYS = {
    "SE": "STUDYID USUBJID SESEQ", "TA": "STUDYID ARMCD TAETORD", "TE": "STUDYID ETCD", "TV": "STUDYID VISITNUM ARMCD",
    "TI": "STUDYID IETESTCD", "TS": "STUDYID TSPARMCD TSSEQ",
}  # fmt: skip


def trial_datasets(
    protocol: StudyProtocol, listed: Mapping[str, Subject], tables: Mapping[str, Sequence[Row]], cutoff: str
) -> list[Dataset]:
    """TA, TE, TV, TI, TS and SE."""
    study = protocol.code
    rows = {
        "SE": _elements_of(listed), "TA": _arms(study), "TE": _elements(study), "TV": _visits(study),
        "TI": _criteria(protocol), "TS": _summary(protocol, tables, cutoff),
    }  # fmt: skip
    return [_dataset(name, named) for name, named in rows.items() if named]


def _dataset(name: str, rows: list[dict[str, Any]]) -> Dataset:
    rows = [{column: value for column, value in row.items() if value is not None} for row in rows]
    return Dataset(
        name, _LABELS[name], "SPECIAL PURPOSE" if name == "SE" else "TRIAL DESIGN",
        T(_STRUCTURES[name], _STRUCTURES[name]), tuple(_KEYS[name].split()), fixed(name, _PARTS[name].split(), rows),
        rows, name, reference=name != "SE",
    )  # fmt: skip


def _elements_of(listed: Mapping[str, Subject]) -> list[dict[str, Any]]:
    """Screening from the consent to Day 0, then the element of the arm up to the end, empty while it goes on."""
    rows = []
    for subject in sorted(listed.values(), key=lambda each: each.usubjid):
        consent, start, end = subject.parts.get("RFICDTC"), subject.reference, subject.parts.get("RFPENDTC")
        passed = [(SCREEN, consent, start or end)] if consent else []
        if subject.arm and start:
            passed.append((ARMS[subject.arm][0], start, end))
        for order, (code, first, last) in enumerate(passed, start=1):
            rows.append(
                {"STUDYID": subject.study, "DOMAIN": "SE", "USUBJID": subject.usubjid, "SESEQ": order, "ETCD": code,
                 "ELEMENT": ELEMENTS[code][0], "TAETORD": 1 if code == SCREEN else 2, "EPOCH": ELEMENTS[code][2],
                 "SESTDTC": first, "SEENDTC": last, "SESTDY": study_day(first, start), "SEENDY": study_day(last, start)}
            )  # fmt: skip
    return rows


def _arms(study: str) -> list[dict[str, Any]]:
    return [
        {"STUDYID": study, "DOMAIN": "TA", "ARMCD": code, "ARM": name, "TAETORD": order, "ETCD": element,
         "ELEMENT": ELEMENTS[element][0], "EPOCH": ELEMENTS[element][2],
         "TABRANCH": f"Chosen by participant and physician, not randomized: {code}" if element == SCREEN else None}
        for code, name in ARMS.values()
        for order, element in enumerate((SCREEN, code), start=1)
    ]  # fmt: skip


def _elements(study: str) -> list[dict[str, Any]]:
    return [
        {"STUDYID": study, "DOMAIN": "TE", "ETCD": code, "ELEMENT": name, "TESTRL": start,
         "TEENRL": "Day 0" if code == SCREEN else "End of study"}
        for code, (name, start, _) in ELEMENTS.items()
    ]  # fmt: skip


def _visits(study: str) -> list[dict[str, Any]]:
    """The planned visits of each arm."""
    rows = []
    for planned in sorted(SCHEDULE.visits.values(), key=lambda each: each.position):
        for arm, (code, name) in ARMS.items():
            if planned.arm not in ("", arm) or planned.code == "UNS":
                continue
            day = planned.day
            rule = f"Day {day} after Day 0, window {planned.first} to {planned.last}" if day is not None else None
            rows.append(
                {"STUDYID": study, "DOMAIN": "TV", "VISITNUM": planned.position, "VISIT": planned.title.en,
                 "VISITDY": None if day is None else day + 1 if day >= 0 else day, "ARMCD": code, "ARM": name,
                 "TVSTRL": rule or planned.title.en}
            )  # fmt: skip
    return rows


def _criteria(protocol: StudyProtocol) -> list[dict[str, Any]]:
    """The criteria as the form asks them."""
    rows = []
    for item in form_of("ie").items.values():
        code = item.sdtm.removeprefix("IE.IETESTCD=")
        if code != item.sdtm:
            rows.append(
                {"STUDYID": protocol.code, "DOMAIN": "TI", "IETESTCD": code, "IETEST": item.label.en,
                 "IECAT": "INCLUSION" if code.startswith("INC") else "EXCLUSION", "TIVERS": protocol.specification}
            )  # fmt: skip
    return rows


def _summary(protocol: StudyProtocol, tables: Mapping[str, Sequence[Row]], cutoff: str) -> list[dict[str, Any]]:
    """What is known of the trial; a parameter of which nothing is known is not made."""
    consents = [row["icf_date"] for row in tables.get("consent", ()) if row.get("icf_date")]
    stated: list[tuple[str, str, str | None]] = [
        ("ACTSUB", "Actual Number of Subjects", str(sum(bool(row.get("ARMCD")) for row in tables["participants"]))),
        ("AGEMAX", "Planned Maximum Age of Subjects", f"P{value_of('age_max')}Y"),
        ("AGEMIN", "Planned Minimum Age of Subjects", f"P{value_of('age_min')}Y"),
        ("DCUTDESC", "Data Cutoff Description", f"Day 0 by rule {ANCHOR_RULE.value}; data up to the cut-off date"),
        ("DCUTDTC", "Data Cutoff Date", cutoff),
        ("INTMODEL", "Intervention Model", "PARALLEL"),
        ("INTTYPE", "Intervention Type", "DRUG"),
        ("NARMS", "Planned Number of Arms", str(len(ARMS))),
        ("PLANSUB", "Planned Number of Subjects", str(value_of("n_planned"))),
        ("RANDOM", "Trial is Randomized", "N"),
        ("REGID", "Registry Identifier", protocol.registration),
        ("SDTIGVER", "SDTM IG Version", "3.4"),
        ("SDTMVER", "SDTM Version", "2.0"),
        ("SSTDTC", "Study Start Date", min(consents, default=None)),
        ("STYPE", "Study Type", "INTERVENTIONAL"),
        ("TITLE", "Trial Title", protocol.title.en),
        ("TRT", "Investigational Therapy or Treatment", "PEGINTERFERON ALFA-2B"),
    ]
    return [
        {"STUDYID": protocol.code, "DOMAIN": "TS", "TSSEQ": 1, "TSPARMCD": code, "TSPARM": name, "TSVAL": value,
         "TSVCDREF": "CDISC CT" if code in ("INTMODEL", "INTTYPE", "RANDOM", "STYPE") else None,
         "TSVCDVER": terms.VERSION if code in ("INTMODEL", "INTTYPE", "RANDOM", "STYPE") else None}
        for code, name, value in stated if value is not None
    ]  # fmt: skip
