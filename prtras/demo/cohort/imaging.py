"""MRI pages with their LI-RADS v2018 observations: ablation zones, small nodules, and the tumour that comes back. Pure.

The features of every tumour are such that the calculator of `prtras.clinical.lirads` says LR-5, and a nodule's features
say what `lr_cat` says, except where a radiologist disagrees and gives the reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from prtras.clinical import threshold_growth
from prtras.demo.cohort.course import Attendance, Course
from prtras.demo.cohort.screening_and_baseline import ablated
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

READERS = ("LJ", "ZWH", "CY", "XQ")
SEGMENTS = ("S2", "S3", "S4A", "S4B", "S5", "S6", "S7", "S8")
ZONE, NODULE, TUMOUR = 1, 2, 3
DISAGREEMENTS = {
    "LR-3": ("LR-4", "结合肝胆期低信号及肿瘤标志物升高,倾向LR-4"),
    "LR-4": ("LR-3", "考虑灌注异常,倾向LR-3,建议3个月复查"),
}


@dataclass(frozen=True)
class Findings:
    """What there is to be seen in one liver, decided once: `nodule_from` counts MRI examinations."""

    zone: bool
    local: bool
    tumour_mm: float
    precursor: bool
    segment: str
    nodule: str
    nodule_from: int
    nodule_mm: float
    disagrees: bool


@dataclass(frozen=True)
class Examination:
    """One MRI: at which visit, on which day, whether its images can be read."""

    code: str
    on: date
    evaluable: bool = True


def pages(course: Course, screening_day: date) -> Iterator[Sheet]:
    """The MRI pages of screening and follow-up, in order. Missed visits have theirs elsewhere."""
    rng, findings = course.rng("imaging"), findings_of(course)
    before: Examination | None = None
    for number, examination in enumerate(_examinations(rng, course, screening_day)):
        if isinstance(examination, Attendance):
            yield _not_done(rng, course, examination)
            continue
        rows = {}
        if examination.evaluable:
            seen = _observations(course, findings, number, examination, before)
            rows = {str(place): row for place, row in enumerate(seen, start=1)}
            before = examination
        longest = 2 if examination.code == "SCR" else 6
        yield Sheet("mri", examination.code, examination.on, typed(rng, examination.on + timedelta(days=2), longest),
                    _page(rng, course, examination, rows), rows)  # fmt: skip


def findings_of(course: Course) -> Findings:
    """What the MRIs of this person will show."""
    rng = course.rng("findings")
    zone = ablated(course)
    return Findings(
        zone=zone,
        local=zone and rng.random() < 0.35,
        tumour_mm=round(rng.uniform(11, 34), 1),
        precursor=rng.random() < 0.3,
        segment=rng.choice(SEGMENTS),
        nodule=rng.choices(("", "LR-3", "LR-4"), (86, 11, 3))[0],
        nodule_from=rng.choice((0, 1, 1, 2, 2, 3)),
        nodule_mm=round(rng.uniform(6, 9.5), 1),
        disagrees=rng.random() < 0.2,
    )


def treated_again(course: Course) -> str:
    """How a recurrence is treated: ABLATION or RERESECT cure it for the time being, the others do not."""
    return course.rng("treated again").choices(
        ("ABLATION", "RERESECT", "TACE", "TKI", "ICI", "LT"), (36, 20, 26, 10, 6, 2)
    )[0]


def _examinations(rng: Random, course: Course, screening_day: date) -> Iterator[Examination | Attendance]:
    yield Examination("SCR", screening_day)
    cured = treated_again(course) in ("ABLATION", "RERESECT")
    for visit in course.attended:
        if visit.mri and visit.on:
            after = course.detected and course.detected.on and visit.on > course.detected.on
            if visit.mri == "NOT_DONE" or (after and not cured):
                yield visit
            else:
                yield Examination(visit.code, visit.on, visit.mri == "DONE")


def _not_done(rng: Random, course: Course, visit: Attendance) -> Sheet:
    assert visit.on
    after = course.detected and course.detected.on and visit.on > course.detected.on
    reason = "OTHER" if after else rng.choice(("REFUSED", "SITE", "CONTRA"))
    return Sheet("mri", visit.code, visit.on, typed(rng, visit.on, 3), {"mri_done": "N", "mri_nd_reason": reason})


def _page(rng: Random, course: Course, examination: Examination, rows: dict[str, Values]) -> Values:
    read = examination.on + timedelta(days=rng.choice((0, 1, 1, 2)))
    suspicious = any(row.get("lr_cat") == "LR-4" for row in rows.values())
    recurs = course.detected is not None and examination.code == course.detected.code
    overall = "RECUR" if recurs else "SUSP" if suspicious else "NED"
    screening = examination.code == "SCR"
    quality = rng.choices(("GOOD", "ADEQUATE", "LIMITED"), (74, 22, 4))[0]
    return {
        "mri_done": "Y", "mri_date": examination.on,
        "mri_mod": "CT" if not screening and not rows and rng.random() < 0.015 else "MRI",
        "mri_contrast": rng.choices(("GADOXETATE", "ECA"), (62, 38))[0],
        "mri_quality": quality if examination.evaluable else "NONDIAG",
        "mri_nobs": len(rows), "mri_overall": overall if examination.evaluable else "NE",
        "mri_reader": rng.choice(READERS), "mri_read_date": read, "mri_blinded": "Y" if rng.random() < 0.93 else "N",
    }  # fmt: skip


def _observations(
    course: Course, findings: Findings, number: int, examination: Examination, before: Examination | None
) -> Iterator[Values]:
    """The rows of one examination."""
    detected = course.detected
    recurs = detected is not None and examination.code == detected.code
    after = detected is not None and detected.on is not None and examination.on > detected.on
    if findings.zone:
        yield _zone(ZONE, findings.segment, viable=recurs and findings.local)
    if findings.nodule and number >= findings.nodule_from and not recurs and not after:
        yield _nodule(course, findings, number, examination, before)
    if recurs and not (findings.zone and findings.local):
        yield _tumour(findings, examination, before if _foreseen(course, findings, before) else None)
    elif _foreseen(course, findings, examination):
        yield _precursor(findings)
    elif after and not (findings.zone and findings.local):
        yield _zone(TUMOUR, findings.segment, viable=False)


def _foreseen(course: Course, findings: Findings, examination: Examination | None) -> bool:
    """Was the tumour already to be seen, small, at the examination just before its detection?"""
    if not (findings.precursor and course.detected and examination and examination.code.startswith("W")):
        return False
    if findings.local and findings.zone:
        return False
    earlier = [
        v.code for v in course.attended if v.evaluable and v.on and course.detected.on and v.on < course.detected.on
    ]
    return earlier[-1:] == [examination.code]


def _untreated(number: int, segment: str, size: float) -> Values:
    return {
        "obs_no": number, "obs_type": "UNTREATED", "obs_new": "Y", "obs_seg": [segment], "size_mm": size,
        "path_proven": "N", "nc": "N", "tiv": "N", "benign": "NONE", "aphe": "NONRIM", "washout": "NONE",
        "capsule": "N", "tg": "N",
    }  # fmt: skip


def _tumour(findings: Findings, examination: Examination, before: Examination | None) -> Values:
    """LR-5: nonrim arterial enhancement with washout, at least 10 mm."""
    row = _untreated(TUMOUR, findings.segment, findings.tumour_mm) | {"washout": "NONPERIPH", "lr_cat": "LR-5"}
    if findings.tumour_mm > 20:
        row["capsule"] = "Y"
    return row | _compared(findings.tumour_mm, _precursor_mm(findings), examination, before) if before else row


def _precursor(findings: Findings) -> Values:
    """LR-3 the visit before: small, arterial enhancement alone."""
    return _untreated(TUMOUR, findings.segment, _precursor_mm(findings)) | {"lr_cat": "LR-3"}


def _precursor_mm(findings: Findings) -> float:
    return round(min(9.0, findings.tumour_mm * 0.55), 1)


def _nodule(
    course: Course, findings: Findings, number: int, examination: Examination, before: Examination | None
) -> Values:
    """A small nodule that hardly changes: LR-3 by arterial enhancement alone, LR-4 with washout below 10 mm."""
    rng = course.rng(f"nodule {number}")
    size = round(findings.nodule_mm + rng.uniform(-0.4, 0.4), 1)
    row = _untreated(NODULE, findings.segment, size)
    if findings.nodule == "LR-4":
        row["washout"] = "NONPERIPH"
    row["lr_cat"] = findings.nodule
    if findings.disagrees and number == findings.nodule_from:
        row["lr_cat"], row["lr_reason"] = DISAGREEMENTS[findings.nodule]
    if number > findings.nodule_from and before:
        row |= _compared(size, findings.nodule_mm, examination, before)
    elif number == 0:
        row["obs_new"] = "N"
    return row


def _compared(size: float, prior: float, examination: Examination, before: Examination) -> Values:
    growth = threshold_growth.growth(size_mm=size, prior_mm=prior, exam_date=examination.on, prior_date=before.on)
    return {"obs_new": "N", "prior_mm": prior, "prior_date": before.on, "tg": growth.tg}


def _zone(number: int, segment: str, *, viable: bool) -> Values:
    """A treated site: nonviable without enhancement, viable with nodular arterial enhancement."""
    row: Values = {"obs_no": number, "obs_type": "TREATED", "obs_new": "N", "obs_seg": [segment], "tr_eval": "Y",
                   "tr_pattern": "NOENH", "tr_morph": "N", "lrtr": "LR-TR-NV"}  # fmt: skip
    if viable:
        row |= {"tr_pattern": "OTHER", "tr_morph": "Y", "tr_aphe": "Y", "tr_wo": "Y", "tr_sim": "N",
                "tr_size": 14.0, "lrtr": "LR-TR-V"}  # fmt: skip
    return row
