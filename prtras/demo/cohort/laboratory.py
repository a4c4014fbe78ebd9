"""Laboratory pages: haematology, biochemistry, HBV virology, as a hospital's laboratory reports them. Pure.

Peginterferon lowers neutrophils and platelets and raises ALT a little while it is given; HBsAg declines with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from labs.panels import PANELS
from prtras.demo.cohort.course import Course
from prtras.demo.cohort.typed_pages import Correction, Sheet, Values, typed

TREATED_DAYS = 336
#: Results that are possible but so unlikely that a person has to say that they are true.
UNLIKELY = (
    ("plt", 33, 39), ("neut", 0.42, 0.49), ("alt", 405, 620), ("creat", 185, 240), ("gluc", 16.5, 21.0),
    ("hgb", 62, 69), ("ggt", 620, 900),
)  # fmt: skip
NOT_MEASURED = ("ggt", "alp", "gluc")
TRUE_FIRST = "小数点录入错误,按检验报告单更正"


@dataclass(frozen=True)
class Baseline:
    """Levels around which one person's results move."""

    neutrophils: float
    lymphocytes: float
    haemoglobin: float
    platelets: float
    alt: float
    bilirubin: float
    albumin: float
    creatinine: float
    ggt: float
    glucose: float
    stops: int
    sensitivity: float
    decline: float
    hbeag: bool
    viraemic: bool
    suppressed: str


def pages(course: Course, visits: list[tuple[str, date]]) -> Iterator[Sheet]:
    """The laboratory pages of the visits (code, day) that took place; safety visits have no virology."""
    rng = course.rng("laboratory")
    base = _baseline(rng, course)
    for code, day in visits:
        drawn = day - timedelta(days=rng.choice((0, 0, 0, 1))) if code not in ("SCR", "W0") else day
        effect = _effect(base, course, drawn)
        values = _results(rng, course, base, effect)
        if code == "SCR" and course.failure == "exc07":
            values["creat"] = round(rng.uniform(150, 175))
        elif code not in ("SCR", "W0") and rng.random() < 0.03:
            _make_unlikely(rng, values)
        yield _haematology(rng, code, drawn, values)
        yield _biochemistry(rng, code, drawn, values)
        if not code.startswith("S") or code == "SCR":
            yield _virology(rng, course, base, code, drawn)


def _baseline(rng: Random, course: Course) -> Baseline:
    person, man = course.person, course.person.sex == "M"
    return Baseline(
        neutrophils=rng.lognormvariate(1.15, 0.2),
        lymphocytes=rng.lognormvariate(0.5, 0.18),
        haemoglobin=rng.gauss(147 if man else 131, 9),
        platelets=person.platelets,
        alt=rng.lognormvariate(3.2, 0.3),
        bilirubin=rng.lognormvariate(2.6, 0.25),
        albumin=rng.gauss(43 if person.cirrhosis else 45, 2),
        creatinine=rng.gauss(77 if man else 60, 8),
        ggt=rng.lognormvariate(3.5, 0.4),
        glucose=rng.gauss(5.3, 0.5),
        stops=rng.randint(60, 250) if rng.random() < 0.12 else TREATED_DAYS,
        sensitivity=min(1.25, max(0.6, rng.gauss(1, 0.13))),
        decline=_decline(rng, person.log10_hbsag),
        hbeag=rng.random() < 0.14,
        viraemic=rng.random() < 0.12,
        suppressed=rng.choice(("<10", "<10", "Target not detected")),
    )


def stops_after(course: Course) -> int:
    """Days after Day 0 at which peginterferon ends, planned or not."""
    return _baseline(course.rng("laboratory"), course).stops


def _decline(rng: Random, log10_hbsag: float) -> float:
    """Log10 IU/mL lost in 48 weeks of peginterferon; with little HBsAg, some lose it altogether."""
    if log10_hbsag < 2.5 and rng.random() < 0.4:
        return rng.uniform(3.0, 4.8)
    return min(2.5, max(0.0, rng.gauss(0.9, 0.5)))


def _effect(base: Baseline, course: Course, day: date) -> float:
    """0 without peginterferon, 1 at full effect; four weeks up, four weeks down."""
    days = course.days(day)
    if course.arm != "A2" or days <= 0:
        return 0.0
    return base.sensitivity * min(1.0, days / 28, max(0.0, (base.stops + 28 - days) / 28))


def _results(rng: Random, course: Course, base: Baseline, effect: float) -> dict[str, float]:
    neutrophils = round(max(0.52, base.neutrophils * (1 - 0.45 * effect) * rng.lognormvariate(0, 0.1)), 2)
    lymphocytes = round(max(0.4, base.lymphocytes * (1 - 0.28 * effect) * rng.lognormvariate(0, 0.08)), 2)
    others = rng.uniform(0.4, 0.65)
    white = round(neutrophils + lymphocytes + others, 2)
    alt = base.alt * (1 + 0.75 * effect) * rng.lognormvariate(0, 0.2)
    bilirubin = base.bilirubin * rng.lognormvariate(0, 0.15)
    least = 36.0 if bilirubin > 34 else 33.0  # nobody here leaves Child-Pugh class A
    albumin = round(min(53.0, max(least, base.albumin - effect + rng.gauss(0, 1.1))), 1)
    return {
        "wbc": white, "neut": neutrophils, "neutp": round(100 * neutrophils / white, 1), "lym": lymphocytes,
        "hgb": round(base.haemoglobin - 11 * effect + rng.gauss(0, 4)),
        "plt": round(max(44.0, base.platelets * (1 - 0.32 * effect) * rng.lognormvariate(0, 0.07))),
        "alt": round(min(240.0, max(6.0, alt))),
        "ast": round(min(240.0, max(9.0, 6 + 0.8 * alt * rng.lognormvariate(0, 0.12)))),
        "ggt": round(max(8.0, base.ggt * rng.lognormvariate(0, 0.15))),
        "alp": round(min(180.0, max(40.0, rng.gauss(84, 14)))),
        "tbil": round(min(45.0, max(4.0, bilirubin)), 1), "dbil": round(min(13.0, max(1.0, 0.3 * bilirubin)), 1),
        "tp": round(albumin + rng.uniform(24, 33), 1), "alb": albumin,
        "creat": round(min(118.0 if course.person.sex == "M" else 95.0, max(38.0, base.creatinine + rng.gauss(0, 4)))),
        "urea": round(max(2.2, rng.gauss(5.1, 0.9)), 1), "gluc": round(max(3.7, base.glucose + rng.gauss(0, 0.45)), 1),
    }  # fmt: skip


def _make_unlikely(rng: Random, values: dict[str, float]) -> None:
    code, low, high = rng.choice(UNLIKELY)
    places = 2 if code == "neut" else 1 if code == "gluc" else 0
    values[code] = round(rng.uniform(low, high), places) if places else round(rng.uniform(low, high))
    if code == "neut":
        values["wbc"] = round(values["neut"] + values["lym"] + 0.4, 2)
        values["neutp"] = round(100 * values["neut"] / values["wbc"], 1)


def _rows(rng: Random, form: str, values: dict[str, float]) -> dict[str, Values]:
    rows = {}
    for analyte in PANELS[form]:
        if analyte.code not in values:
            continue
        row: Values = {"analyte": analyte.code, "orres": str(values[analyte.code]), "orresu": analyte.unit}
        if analyte.code in NOT_MEASURED and rng.random() < 0.008:
            row = {"analyte": analyte.code, "reasnd": "SAMPLE"}
        rows[analyte.code] = row
    return rows


def _haematology(rng: Random, code: str, day: date, values: dict[str, float]) -> Sheet:
    rows, correction = _rows(rng, "lbhem", values), None
    if code.startswith("W") and values["plt"] >= 100 and rng.random() < 0.009:
        correction = Correction("plt", "orres", rows["plt"]["orres"], TRUE_FIRST)
        rows["plt"]["orres"] = str(values["plt"] / 10)
    return Sheet("lbhem", code, day, typed(rng, day, 4), {"hem_date": day}, rows, correction=correction)


def _biochemistry(rng: Random, code: str, day: date, values: dict[str, float]) -> Sheet:
    page = {"chem_date": day, "chem_fast": "Y" if rng.random() < 0.97 else "N"}
    return Sheet("lbchem", code, day, typed(rng, day, 4), page, _rows(rng, "lbchem", values))


def _virology(rng: Random, course: Course, base: Baseline, code: str, day: date) -> Sheet:
    hbsag = _hbsag(rng, course, base, code, day)
    lost = hbsag < 0.05
    antibody = round(rng.uniform(12, 180), 2) if lost and rng.random() < 0.5 else round(rng.uniform(0, 4), 2)
    values: Values = {
        "viro_date": day,
        "hbvdna_assay": "COBAS TaqMan HBV v2.0", "hbvdna_u": "IU/mL",
        "hbvdna_raw": _hbv_dna(rng, base, course.days(day)),
        "hbsag_assay": "ARCHITECT HBsAg QT", "hbsag_raw": "<0.05" if lost else f"{hbsag:.2f}",
        "hbsag_dil": 500 if hbsag > 250 else 1, "hbsag_res": "NEG" if lost else "POS",
        "hbsab_val": antibody, "hbsab_res": "POS" if antibody >= 10 else "NEG",
        "hbeag_res": "POS" if base.hbeag and not lost else "NEG", "hbeab_res": "NEG" if base.hbeag else "POS",
        "hbcab_res": "POS",
    }  # fmt: skip
    return Sheet("lbviro", code, day, typed(rng, day, 5), values)


def _hbsag(rng: Random, course: Course, base: Baseline, code: str, day: date) -> float:
    """IU/mL: the baseline at week 0, then a slow decline, a fast one with peginterferon."""
    days = max(0, course.days(day))
    fast = base.decline * min(days, base.stops) / TREATED_DAYS if course.arm == "A2" else 0.0
    noise = 0.0 if code == "W0" else rng.gauss(0, 0.03)
    return float(round(10 ** (course.person.log10_hbsag - fast - 0.06 * days / 365 + noise), 2))


def _hbv_dna(rng: Random, base: Baseline, days: int) -> str:
    """Suppressed by the nucleos(t)ide analogue, some only after a while; rarely a blip."""
    if (base.viraemic and days < 120) or rng.random() < 0.01:
        return str(rng.randint(11, 160))
    return base.suppressed if rng.random() < 0.9 else "<10"
