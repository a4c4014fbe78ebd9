"""Histories, pathology, screening serology and tissue of invented people. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from prtras.demo.cohort.course import Course
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

#: Conditions that leave someone eligible: category, words, status.
CONDITIONS = (
    ("CARDIAC", "高血压", "CONTROLLED"), ("OTHER", "阑尾切除术后", "RESOLVED"), ("OTHER", "胆囊结石", "CONTROLLED"),
    ("HEPATIC", "脂肪肝", "CONTROLLED"), ("OTHER", "慢性胃炎", "CONTROLLED"), ("RENAL", "肾结石", "RESOLVED"),
)  # fmt: skip


def pages(course: Course, index: Values, treatment: Values, screened: date) -> Iterator[Sheet]:
    """What is asked once at screening."""
    rng, on = course.rng("history"), course.consented
    diabetic = rng.random() < 0.14
    yield Sheet("hbvhx", "SCR", on, typed(rng, on, 3), _hepatitis(rng, course, diabetic=diabetic))
    for number, values in enumerate(_conditions(rng, diabetic=diabetic), start=1):
        yield Sheet("mh", "", on, typed(rng, on, 3), values, repeat=number)
    yield Sheet("path", "SCR", on, typed(rng, on, 5), _pathology(rng, course, index, treatment))
    yield Sheet("scrlab", "SCR", screened, typed(rng, screened, 4), _serology(rng, course, screened))


def _hepatitis(rng: Random, course: Course, *, diabetic: bool) -> Values:
    drinks = rng.choices(("NEVER", "FORMER", "CURRENT"), (74, 18, 8))[0]
    smokes = rng.choices(("NEVER", "FORMER", "CURRENT"), (60, 18, 22))[0]
    values: Values = {
        "hbv_first_date": str(course.person.born.year + rng.randint(8, max(9, course.person.age - 2))),
        "hbv_route": rng.choices(("VERTICAL", "U"), (55, 45))[0],
        "fam_hbv": rng.choices(("Y", "N", "U"), (45, 45, 10))[0],
        "fam_hcc": "Y" if rng.random() < 0.2 else "N", "prior_na": "Y", "prior_na_drugs": [drug(course)],
        "prior_na_start": f"{course.treated - timedelta(days=rng.randint(200, 2800)):%Y-%m}", "na_resist": "N",
        "prior_ifn": "N", "cirrhosis": "COMP" if course.person.cirrhosis else "NONE",
        "varices": "Y" if course.person.cirrhosis and rng.random() < 0.15 else "N",
        "splenomeg": "Y" if course.person.cirrhosis and rng.random() < 0.3 else "N",
        "fatty_liver": "Y" if rng.random() < 0.2 else "N", "diabetes": "Y" if diabetic else "N",
        "hypertension": "Y" if rng.random() < 0.2 else "N", "alcohol": drinks, "drug_abuse": "N", "smoke": smokes,
    }  # fmt: skip
    if course.person.cirrhosis:
        values["cirrh_method"] = [rng.choice(("IMAGING", "HISTO", "LSM"))]
    if drinks != "NEVER":
        values["alcohol_g"] = rng.randint(4, 18)
    if smokes != "NEVER":
        values["pack_years"] = round(rng.uniform(2, 40), 1)
    if rng.random() < 0.6:
        values["lsm_kpa"] = round(rng.uniform(11, 24) if course.person.cirrhosis else rng.uniform(4.5, 10), 1)
        values["lsm_date"] = course.treated - timedelta(days=rng.randint(5, 60))
    return values


def drug(course: Course) -> str:
    """The nucleos(t)ide analogue that someone takes on Day 0."""
    return course.rng("drug").choices(("ETV", "TAF", "TDF", "TMF"), (46, 30, 16, 8))[0]


def _conditions(rng: Random, *, diabetic: bool) -> list[Values]:
    conditions = [("ENDO", "2型糖尿病", "CONTROLLED")] if diabetic else []
    conditions += rng.sample(CONDITIONS, rng.choices((0, 1, 2), (50, 38, 12))[0])
    return [
        {"mh_cat": category, "mh_term": term, "mh_start": str(rng.randint(2004, 2023)), "mh_status": status}
        | ({"mh_end": "2024"} if status == "RESOLVED" else {})
        for category, term, status in conditions
    ]


def _pathology(rng: Random, course: Course, index: Values, treatment: Values) -> Values:
    resected = treatment["tx_type"] == "RESECTION"
    values: Values = {
        "path_no": f"B{course.treated:%y}-{rng.randint(1000, 9999)}", "spec_type": "RESECT" if resected else "BIOPSY",
        "spec_date": course.treated, "path_date": course.treated + timedelta(days=rng.randint(4, 9)),
        "histo": "ICC" if course.failure == "inc03" else "HCC",
        "edmondson": rng.choice(("I_II", "II", "II_III", "III")),
        "diff": rng.choices(("WELL", "MOD", "POOR"), (20, 65, 15))[0], "mvi": rng.choices(("M0", "M1"), (72, 28))[0],
        "scheuer_g": rng.choice(("G1", "G2", "G3")),
        "scheuer_s": "S4" if course.person.cirrhosis else rng.choice(("S1", "S2", "S3")),
    }  # fmt: skip
    if values["mvi"] == "M1":
        values |= {"mvi_n": rng.randint(1, 5), "mvi_far": "N"}
    if resected:
        values |= {"path_mm": max(1.0, round(float(index["largest_mm"]) * rng.uniform(0.88, 1.0), 1)),
                   "path_n": index["n_tumours"], "satellite": "Y" if rng.random() < 0.06 else "N",
                   "path_margin": treatment["res_margin"], "capsule": rng.choice(("COMPLETE", "INCOMPLETE", "NONE")),
                   "ki67": rng.randint(5, 60)}  # fmt: skip
    return values


def _serology(rng: Random, course: Course, on: date) -> Values:
    values: Values = dict.fromkeys(("hav_igm", "hcv_ab", "hdv_ab", "hev_igm", "hiv_ab"), "NEG") | {
        "scr_date": on, "ana": "NEG", "ecg": "ABN_NCS" if rng.random() < 0.12 else "NORMAL",
        "fundus_scr": "ABN_NCS" if rng.random() < 0.06 else "NORMAL",
        "fundus_date": on + timedelta(days=rng.randint(0, 3)),
    }  # fmt: skip
    if course.failure == "exc04":
        values |= {"hcv_ab": "POS", "hcv_rna": "POS"}
    return values


def tissue(course: Course, treatment: Values, on: date) -> Sheet:
    """Stains of the tumour: done for most whose tumour was resected."""
    rng = course.rng("tissue")
    if treatment["tx_type"] != "RESECTION" or rng.random() < 0.08:
        return Sheet("tissue", "W0", on, typed(rng, on, 20), {"tis_avail": "N", "tis_nd_reason": "SAMPLE"})
    share = round(min(75.0, rng.expovariate(0.12)), 1)
    values: Values = {
        "tis_avail": "Y", "tis_block": f"B{rng.randint(1, 9)}", "tis_date": course.treated, "pdl1_done": "Y",
        "pdl1_clone": "22C3", "pdl1_date": on, "pdl1_adeq": "ADEQ", "tps": share,
        "cps": min(100.0, round(share + rng.uniform(0, 12), 1)), "tc_done": "Y", "tc_method": "SEMIQ",
        "tc_semi": rng.choices(("0", "1", "2", "3"), (10, 35, 38, 17))[0], "tc_reader": "WQ", "tc_blinded": "Y",
    }  # fmt: skip
    return Sheet("tissue", "W0", on, typed(rng, on, 20), values)
