"""Vital signs, examination and pregnancy tests of invented people. Pure."""

from collections.abc import Iterator
from datetime import date
from random import Random

from prtras.demo.cohort.course import Course
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

SYSTEMS = ("pe_general", "pe_skin", "pe_heart", "pe_lung", "pe_abdomen", "pe_neuro", "pe_thyroid")
TESTED_LATER = ("W0", "W12", "W24", "W36", "W48")
NOT_MEASURED, WHY_NOT = 0.02, ("REFUSED", "SITE", "OTHER")


def pages(course: Course, visits: list[tuple[str, date]]) -> Iterator[Sheet]:
    """At every visit that took place."""
    rng = course.rng("examination")
    man = course.person.sex == "M"
    height = round(min(190.0, max(146.0, rng.gauss(170 if man else 158, 6))), 1)
    weight = (height / 100) ** 2 * min(31.0, max(18.6, rng.gauss(23.4, 2.6)))
    for code, day in visits:
        entered = typed(rng, day, 3)
        values = _vital_signs(rng, code, day, height, weight)
        missing = _not_measured(course, code, values)
        yield Sheet("vs", code, day, entered, values, missing=missing)
        yield Sheet("pe", code, day, entered, _examination(rng, course, code, day))
        if _fertile(course) and (code == "SCR" or (course.arm == "A2" and code in TESTED_LATER)):
            test: Values = {"pt_done": "Y", "pt_date": day, "pt_result": "NEG"}
            yield Sheet("pregtest", code, day, entered, test)


def _fertile(course: Course) -> bool:
    return course.person.sex == "F" and course.person.age < 50


def _vital_signs(rng: Random, code: str, day: date, height: float, weight: float) -> Values:
    pressure = round(min(172, max(96, rng.gauss(126, 12))))
    values: Values = {
        "vs_date": day, "weight": round(weight * rng.uniform(0.965, 1.035), 1),
        "temp": round(rng.uniform(36.1, 37.0), 1),
        "pulse": round(min(108, max(52, rng.gauss(74, 8)))), "resp": rng.randint(14, 20), "sbp": pressure,
        "dbp": min(108, max(52, pressure - rng.randint(38, 56))),
    }  # fmt: skip
    if code in ("SCR", "W0"):
        values["height"] = height
    return values


def _not_measured(course: Course, code: str, values: Values) -> dict[str, str]:
    """Now and then a sign was not measured and is taken out: mostly someone says why, sometimes nobody does."""
    rng = course.rng(f"not measured {code}")
    if rng.random() >= NOT_MEASURED:
        return {}
    sign = rng.choice(("temp", "pulse"))
    del values[sign]
    return {sign: rng.choice(WHY_NOT)} if rng.random() < 0.75 else {}


def _examination(rng: Random, course: Course, code: str, day: date) -> Values:
    values: Values = {
        "pe_date": day,
        "ecog": "1" if rng.random() < 0.12 else "0",
        "ascites": "NONE",
        "he_grade": "NONE",
    }
    values |= {system: "ABN_NCS" if rng.random() < 0.02 else "NORMAL" for system in SYSTEMS}
    if course.arm == "A2":
        values |= {"depress": rng.choices(("NONE", "MILD"), (92, 8))[0], "suicidal": "N", "visual_sx": "N"}
    if code in ("W24", "W48"):
        values["fundus"] = "NORMAL"
    return values
