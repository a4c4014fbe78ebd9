"""Recurrence, its adjudication, and what was done about it. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from prtras.demo.cohort.course import Course
from prtras.demo.cohort.imaging import Findings, findings_of, treated_again
from prtras.demo.cohort.typed_pages import Sheet, Values

DETAILS = {
    "ABLATION": "超声引导下经皮微波消融",
    "RERESECT": "腹腔镜下肝部分切除",
    "TACE": "TACE(表柔比星+碘化油)",
    "TKI": "仑伐替尼 8 mg qd",
    "ICI": "信迪利单抗+贝伐珠单抗",
    "LT": "原位肝移植",
}
ONGOING = ("TKI", "ICI")


def pages(course: Course, today: date) -> Iterator[Sheet]:
    """The recurrence page (pending until the MDT has met) and the therapy that followed."""
    rng = course.rng("recurrence")
    if course.detected is None or course.detected.on is None:
        yield from _adjuvant(rng, course)
        return
    detected_on = course.detected.on
    adjudicated = detected_on + timedelta(days=rng.randint(8, 20))
    written = detected_on + timedelta(days=rng.randint(3, 6))
    values = _event(rng, course, findings_of(course))
    if adjudicated < today:
        values |= {"rec_adj": "CONFIRMED", "rec_adj_date": adjudicated}
        written = adjudicated
    else:
        values["rec_adj"] = "PENDING"
    yield Sheet("recur", "", detected_on, written, values, repeat=1, by="investigator")
    started = adjudicated + timedelta(days=rng.randint(4, 18))
    if rng.random() < 0.96 and not (course.end and course.end.on <= started + timedelta(days=2)):
        yield Sheet(
            "subtx", "", started, started + timedelta(days=rng.randint(1, 6)), _therapy(course, started), repeat=1
        )


def _event(rng: Random, course: Course, findings: Findings) -> Values:
    assert course.detected
    local = findings.zone and findings.local
    spread = not local and rng.random() < 0.08
    number = 1 if local else rng.choices((1, 2, 3, 4), (64, 20, 10, 6))[0]
    values: Values = {
        "rec_date": course.detected.on, "rec_visit": course.detected.code,
        "rec_site": "LOCAL" if local else "IH_EH" if spread else "IHD",
        "rec_basis": ["LRTRV"] if local else ["LR5", "EHIMG"] if spread else ["LR5"],
        "rec_obs": "1" if local else "3", "rec_n": number, "rec_mm": 14.0 if local else findings.tumour_mm,
        "rec_vasc": "PV" if spread and rng.random() < 0.4 else "NONE", "rec_biopsy": "N",
        "rec_afp": round(min(8000.0, rng.lognormvariate(3.6, 1.6)), 2),
    }  # fmt: skip
    if spread:
        values["rec_eh"] = [rng.choice(("LUNG", "BONE", "LN"))]
    if rng.random() < 0.12:
        assert course.detected.on
        values |= {"rec_biopsy": "Y", "rec_biopsy_date": course.detected.on + timedelta(days=5), "rec_histo": "HCC",
                   "rec_basis": [*values["rec_basis"], "PATH"]}  # fmt: skip
    values["rec_bclc"] = "C" if spread or values["rec_vasc"] == "PV" else _stage(number, float(values["rec_mm"]))
    return values


def _stage(number: int, largest: float) -> str:
    if number == 1:
        return "0" if largest <= 20 else "A"
    return "A" if number <= 3 and largest <= 30 else "B"


def _therapy(course: Course, started: date) -> Values:
    kind = treated_again(course)
    values: Values = {"st_type": kind, "st_intent": "RECURRENCE", "st_detail": DETAILS[kind],
                      "st_start": started, "st_ongoing": "Y" if kind in ONGOING else "N", "st_rec_no": 1}  # fmt: skip
    if kind not in ONGOING:
        values["st_end"] = started
    return values


def _adjuvant(rng: Random, course: Course) -> Iterator[Sheet]:
    """Rarely, a prophylactic TACE after Day 0, which censors the primary endpoint."""
    if rng.random() < 0.012:
        day = course.day0 + timedelta(days=rng.randint(20, 80))
        if course.end is None or day < course.end.on:
            values: Values = {"st_type": "TACE", "st_intent": "ADJUVANT", "st_detail": "预防性TACE",
                              "st_start": day, "st_ongoing": "N", "st_end": day}  # fmt: skip
            yield Sheet("subtx", "", day, day + timedelta(days=rng.randint(2, 20)), values, repeat=1)
