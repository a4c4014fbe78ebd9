"""Screening and Day 0: consent, demographics, index tumour, radical treatment, eligibility, choice of arm. Pure."""

from datetime import date, timedelta
from random import Random
from typing import Any

from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.demo.cohort.course import Course
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

#: Reasons for failing screening: the criterion that is not met, and how often.
FAILURES = {"inc04": 5, "exc07": 4, "exc04": 4, "exc10": 4, "exc05": 2, "exc09": 2, "exc14": 3, "exc03": 1}
DETAILS = {"exc04": "丙型肝炎抗体阳性,HCV RNA阳性", "exc14": "距研究中心过远,无法按期随访"}
SEGMENTS = ("S2", "S3", "S4A", "S5", "S6", "S7", "S8")
INVESTIGATORS = ("赵明远", "刘志诚")


def screening(course: Course) -> list[Sheet]:
    """The pages of the screening visit that are not laboratory or imaging."""
    rng = course.rng("entrance")
    consented = course.consented
    assessed = consented + timedelta(days=rng.randint(5, 8))
    while assessed.weekday() > 4:
        assessed += timedelta(days=1)
    index = _index_tumour(course.rng("index tumour"), course)
    return [
        Sheet("consent", "SCR", consented, consented, _consent(rng, course)),
        Sheet("visit", "SCR", consented, consented,
              {"visit_status": "DONE", "visit_date": consented, "visit_mode": "CLINIC"}),
        Sheet("dm", "SCR", consented, consented, _demographics(rng, course)),
        Sheet("hcc", "SCR", consented, typed(rng, consented, 4), index, lesions(course.rng("lesions"), course, index)),
        Sheet("radtx", "SCR", consented, typed(rng, consented, 4), _radical_treatment(rng, course)),
        Sheet("ie", "SCR", assessed, assessed, _eligibility(course, assessed), by="investigator"),
    ]  # fmt: skip


def day_zero(course: Course) -> list[Sheet]:
    """The baseline visit's record and the choice of the arm."""
    rng = course.rng("day zero")
    seen = course.day0 - timedelta(days=rng.choice((0, 0, 0, 1, 2)))
    while seen.weekday() > 4:
        seen -= timedelta(days=1)
    reasons = _reasons(rng, course)
    choice: Values = {"alloc_date": course.day0, "arm": course.arm, "alloc_reason": reasons, "arm_switch": "N",
                      "alloc_by": rng.choice(INVESTIGATORS)}  # fmt: skip
    if "OTHER" in reasons:
        choice["alloc_other"] = "家属协商后决定"
    return [
        Sheet("alloc", "W0", course.day0, course.day0, choice, by="investigator"),
        Sheet("visit", "W0", seen, course.day0, {"visit_status": "DONE", "visit_date": seen, "visit_mode": "CLINIC"}),
    ]


def baseline_day(sheets: list[Sheet]) -> date:
    """The day of the baseline visit."""
    return next(s.on for s in sheets if (s.form, s.visit) == ("visit", "W0"))


def _consent(rng: Random, course: Course) -> Values:
    old = course.consented < date(2026, 3, 1)
    values: Values = {
        "icf_version": "2.0" if old else "2.1",
        "icf_version_date": min(course.consented, date(2025, 2, 17) if old else date(2026, 2, 9)),
        "icf_date": course.consented, "signer": "SUBJECT", "witness_needed": "N", "comply_agree": "Y",
        "copy_given": "Y", "biobank_consent": "Y" if rng.random() < 0.93 else "N",
        "inv_sign_date": course.consented + timedelta(days=int(rng.random() < 0.02)),
    }  # fmt: skip
    if rng.random() < 0.015:
        values |= {"signer": "AGENT", "incap_reason": "ILLITERATE", "signer_rel": "CHILD", "signer_auth_doc": "Y",
                   "signer_assent": "Y", "witness_needed": "Y", "witness_date": course.consented}  # fmt: skip
    if course.end and course.end.status == "WITHDRAWAL BY SUBJECT":
        values["withdraw_date"] = course.end.on
    return values


def _demographics(rng: Random, course: Course) -> Values:
    person = course.person
    values: Values = {
        "initials": person.initials, "brthdat": person.born, "sex": person.sex, "ethnic": person.ethnic,
        "edu": rng.choices(("PRIMARY", "JUNIOR", "SENIOR", "COLLEGE", "POSTGRAD"), (10, 28, 30, 27, 5))[0],
    }  # fmt: skip
    if person.sex == "F":
        values["childbear"] = "POSTMENO" if person.age >= 50 else "WOCBP"
        if person.age < 50:
            values |= {"contracep": [rng.choice(("IUD", "BARRIER", "STERIL"))], "lactating": "N"}
    return values


def _index_tumour(rng: Random, course: Course) -> Values:
    number, largest = _burden(rng, course)
    imaged = course.treated - timedelta(days=rng.randint(4, 25))
    values: Values = {
        "dx_date": imaged + timedelta(days=rng.randint(0, 3)), "dx_basis": "BOTH" if rng.random() < 0.2 else "IMAGING",
        "first_hcc": "N" if rng.random() < 0.01 else "Y", "img_mod": ["MRI"] if rng.random() < 0.7 else ["MRI", "CEUS"],
        "img_date": imaged, "n_tumours": number, "largest_mm": largest, "vasc_inv": "NONE", "extrahep": "N",
        "ecog_pre": "0", "cp_pre": "A", "bclc_ent": "B" if course.failure == "inc04" else course.person.bclc,
        "cnlc": "Ia" if number == 1 and largest <= 50 else "IIa" if number > 3 else "Ib",
    }  # fmt: skip
    if rng.random() < 0.97:
        values["pre_afp"] = round(min(9000.0, max(1.2, rng.lognormvariate(3.2, 1.8))), 2)
    if rng.random() < 0.7:
        values["pre_pivka"] = round(min(9000.0, max(10.0, rng.lognormvariate(4.6, 1.3))), 1)
    return values


def _burden(rng: Random, course: Course) -> tuple[int, float]:
    """Number and largest diameter in mm that make the stage."""
    if course.failure == "inc04":
        return rng.randint(4, 5), round(rng.uniform(18, 45), 1)
    if course.person.bclc == "0":
        return 1, round(rng.uniform(8, 20), 1)
    if rng.random() < 0.22:
        return rng.randint(2, 3), round(rng.uniform(12, 30), 1)
    return 1, round(rng.uniform(21, 68), 1)


def ablated(course: Course) -> bool:
    """Smaller tumours are ablated more often; an ablation zone stays visible on every later MRI."""
    return course.rng("treatment").random() < (0.5 if course.person.bclc == "0" else 0.3)


def lesions(rng: Random, course: Course, index: Values) -> dict[str, Values]:
    """One row per index lesion; the largest is the one that the index form names."""
    largest = float(index["largest_mm"])
    sizes = [largest, *(round(largest * rng.uniform(0.4, 0.9), 1) for _ in range(int(index["n_tumours"]) - 1))]
    treated = "ABLATION" if ablated(course) else "RESECTION"
    return {
        str(number): {
            "les_no": number, "les_seg": [rng.choice(SEGMENTS)], "les_mm": size, "les_tx": treated,
            "les_path": "Y" if number == 1 else "N",
        }
        for number, size in enumerate(sizes, start=1)
    }  # fmt: skip


def _radical_treatment(rng: Random, course: Course) -> Values:
    imaged = course.consented + timedelta(days=rng.randint(0, 2))
    values: Values = {"complete": "COMPLETE", "complete_date": imaged, "clavien": "Y" if rng.random() < 0.06 else "N",
                      "adj_tace": "Y" if rng.random() < 0.12 else "N"}  # fmt: skip
    if values["adj_tace"] == "Y":
        values["adj_tace_date"] = course.treated + timedelta(days=rng.randint(3, 10))
    if ablated(course):
        return values | {
            "tx_type": "ABLATION", "abl_date": course.treated,
            "abl_mod": rng.choices(("MWA", "RFA", "CRYO"), (60, 36, 4))[0],
            "abl_approach": rng.choices(("PERC", "LAP"), (88, 12))[0], "abl_guide": [rng.choice(("US", "CEUS", "CT"))],
            "abl_sessions": 1, "abl_margin5": rng.choices(("Y", "N", "U"), (84, 11, 5))[0],
        }  # fmt: skip
    return values | {
        "tx_type": "RESECTION", "res_date": course.treated,
        "res_kind": rng.choice(("ANATOMIC", "NONANATOMIC")), "res_extent": rng.choices(("MINOR", "MAJOR"), (80, 20))[0],
        "res_approach": rng.choices(("LAP", "OPEN", "ROBOT"), (62, 32, 6))[0],
        "res_margin": "R1" if rng.random() < 0.015 else "R0", "res_margin_mm": round(rng.uniform(2, 20), 1),
        "blood_loss": 10 * rng.randint(5, 80), "transfusion": "Y" if rng.random() < 0.05 else "N",
    }  # fmt: skip


def _eligibility(course: Course, assessed: date) -> Values:
    values: dict[str, Any] = dict.fromkeys(INCLUSION, "Y") | dict.fromkeys(EXCLUSION, "N")
    values["exc13"] = "NA" if course.person.sex == "M" else "N"
    if course.failure:
        values[course.failure] = "N" if course.failure in INCLUSION else "Y"
        if course.failure in DETAILS:
            values[f"{course.failure}_detail"] = DETAILS[course.failure]
    return values | {
        "ie_date": assessed, "ie_sign_date": assessed, "ie_eligible": "N" if course.failure else "Y",
        "scr_outcome": "FAIL" if course.failure else "ELIGIBLE",
    }  # fmt: skip


def _reasons(rng: Random, course: Course) -> list[str]:
    """Why this arm, as the investigator ticks it."""
    if course.arm == "A2":
        low = ["LOW_HBSAG"] if course.person.log10_hbsag < 2.7 else []
        return [*low, *rng.choice((["PT_PREF"], ["INV_ADVICE"], ["PT_PREF", "INV_ADVICE"]))]
    return rng.choice((["PT_PREF"], ["TOLERANCE"], ["COST"], ["LOGISTICS"], ["INV_ADVICE"], ["PT_PREF"], ["OTHER"]))
