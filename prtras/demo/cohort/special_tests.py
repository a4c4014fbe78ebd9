"""Coagulation, tumour markers, thyroid, immune profile and liver scores of invented people. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from enrollment.protocol import values_of
from labs.panels import PANELS
from prtras.clinical import child_pugh
from prtras.demo.cohort.course import Course
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

THYROID_AT = ("W12", "W24", "W36", "W48")
IMMUNE_AT = {f"W{week}" for week in values_of("pbmc_weeks")}


def pages(course: Course, chemistry: list[Sheet]) -> Iterator[Sheet]:
    """What goes with the biochemistry of a visit."""
    rng = course.rng("special")
    ratio, marker = rng.gauss(1.04, 0.05), min(14.0, max(1.2, rng.lognormvariate(1.2, 0.5)))
    thyroid = rng.uniform(1.0, 3.6)
    exhausted = rng.uniform(8, 22)
    for sheet in chemistry:
        code, day = sheet.visit, sheet.on
        if code == "SCR" or (code in THYROID_AT and course.arm == "A2"):
            yield _thyroid(rng, code, day, thyroid)
        if code.startswith("S") and code != "SCR":
            continue
        inr = round(min(1.28, max(0.9, ratio * rng.uniform(0.97, 1.03))), 2)
        yield _coagulation(rng, code, day, inr)
        yield _scores(rng, sheet, inr)
        if code != "W0":
            yield _markers(rng, course, code, day, marker)
        if code in IMMUNE_AT:
            yield _immune_profile(rng, code, day, exhausted)


def _results(form: str, values: dict[str, float]) -> dict[str, Values]:
    units = {analyte.code: analyte.unit for analyte in PANELS[form]}
    return {code: {"analyte": code, "orres": str(value), "orresu": units[code]} for code, value in values.items()}


def _coagulation(rng: Random, code: str, day: date, inr: float) -> Sheet:
    rows = _results("lbcoag", {"pt": round(11.4 * inr + rng.uniform(-0.2, 0.2), 1), "inr": inr})
    return Sheet("lbcoag", code, day, typed(rng, day, 4), {"coag_date": day, "pt_ctrl": 11.5}, rows)


def _scores(rng: Random, chemistry: Sheet, inr: float) -> Sheet:
    """The investigator scores what the results say."""
    score = child_pugh.score(
        bil=Decimal(chemistry.rows["tbil"]["orres"]), bil_unit="umol/L", alb=Decimal(chemistry.rows["alb"]["orres"]),
        alb_unit="g/L", inr=Decimal(str(inr)), ascites="NONE", he="NONE",
    )  # fmt: skip
    values: Values = {"cp_class_ent": score.class_, "cp_score_ent": score.score}
    on = chemistry.on
    return Sheet("liverfn", chemistry.visit, on, typed(rng, on, 4), values, by="investigator")


def _markers(rng: Random, course: Course, code: str, day: date, marker: float) -> Sheet:
    back = course.detected is not None and course.detected.code == code
    value = round(marker * (rng.uniform(4, 60) if back and rng.random() < 0.6 else rng.uniform(0.85, 1.2)), 1)
    rows = _results("lbtm", {"afp": value, "pivka": round(rng.uniform(14, 38) * (6 if back else 1), 1)})
    return Sheet("lbtm", code, day, typed(rng, day, 4), {"tm_date": day}, rows)


def _thyroid(rng: Random, code: str, day: date, usual: float) -> Sheet:
    rows = _results("lbthy", {
        "tsh": round(usual * rng.uniform(0.8, 1.25), 2), "ft4": round(rng.uniform(10.5, 17.5), 1),
        "ft3": round(rng.uniform(3.2, 5.2), 1),
    })  # fmt: skip
    return Sheet("lbthy", code, day, typed(rng, day, 4), {"thy_date": day}, rows)


def _immune_profile(rng: Random, code: str, day: date, exhausted: float) -> Sheet:
    values: Values = {
        "pbmc_date": day, "pbmc_viab": round(rng.uniform(86, 97), 1), "pbmc_events": rng.randint(20_000, 90_000),
        "cd3p": round(rng.uniform(58, 78), 1), "cd4p": round(rng.uniform(34, 52), 1),
        "cd8p": round(rng.uniform(22, 40), 1),
        "pd1cd8": round(min(60.0, max(2.0, exhausted * rng.uniform(0.8, 1.2))), 1),
    }  # fmt: skip
    return Sheet("lbpbmc", code, day, typed(rng, day, 14), values)
