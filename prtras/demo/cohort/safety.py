"""Adverse events: more with peginterferon, some ongoing, a few serious, one serious one known since yesterday. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from prtras.demo.cohort.course import YEAR, Course, planned_in
from prtras.demo.cohort.laboratory import stops_after
from prtras.demo.cohort.typed_pages import Sheet, Values, typed

RESOLVED, NOT_RESOLVED, RESOLVING, FATAL = (
    "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING", "FATAL",
)  # fmt: skip
CRITERIA = ("ae_sdth", "ae_slife", "ae_shosp", "ae_sdisab", "ae_scong", "ae_smie")
TREATED_DAYS = 350
#: Events per year: with either treatment, and in addition while peginterferon is given.
PER_YEAR, PER_YEAR_ON_INTERFERON = 0.55, 3.0
SERIOUS = 0.022


@dataclass(frozen=True)
class Kind:
    """An event as it is reported and coded, with its usual grades, length and special interest."""

    term: str
    preferred: str
    organ: str
    weight: int
    grades: tuple[int, ...]
    days: tuple[int, int]
    interest: str = "NONE"
    analyte: str = ""


GENERAL, BLOOD, TESTS, GUT = (
    "General disorders and administration site conditions", "Blood and lymphatic system disorders", "Investigations",
    "Gastrointestinal disorders",
)  # fmt: skip
COMMON = (
    Kind("上呼吸道感染", "Upper respiratory tract infection", "Infections and infestations", 20, (1, 1, 2), (4, 12)),
    Kind("乏力", "Fatigue", GENERAL, 16, (1, 1, 1, 2), (14, 120)),
    Kind("右上腹隐痛", "Abdominal pain upper", GUT, 14, (1, 1, 2), (7, 60)),
    Kind("腹胀", "Abdominal distension", GUT, 12, (1,), (7, 40)),
    Kind("失眠", "Insomnia", "Psychiatric disorders", 9, (1, 1, 2), (20, 120)),
    Kind("丙氨酸氨基转移酶升高", "Alanine aminotransferase increased", TESTS, 10, (1, 1, 2), (20, 90), "FLARE", "ALT"),
    Kind("血压升高", "Hypertension", "Vascular disorders", 8, (1, 2, 2), (60, 400)),
    Kind("带状疱疹", "Herpes zoster", "Infections and infestations", 3, (2,), (14, 30)),
    Kind("肾功能轻度下降", "Blood creatinine increased", TESTS, 4, (1,), (30, 120), "NONE", "CREAT"),
)
INTERFERON = (
    Kind("发热", "Pyrexia", GENERAL, 22, (1, 1, 1, 2), (1, 5)),
    Kind("乏力", "Fatigue", GENERAL, 18, (1, 1, 2), (30, 200)),
    Kind("中性粒细胞计数降低", "Neutrophil count decreased", TESTS, 20, (1, 2, 2, 3), (14, 90), "CYTOPENIA", "NEUT"),
    Kind("血小板计数降低", "Platelet count decreased", TESTS, 16, (1, 1, 2, 3), (20, 150), "CYTOPENIA", "PLT"),
    Kind("白细胞计数降低", "White blood cell count decreased", TESTS, 10, (1, 2), (20, 120), "CYTOPENIA", "WBC"),
    Kind("丙氨酸氨基转移酶升高", "Alanine aminotransferase increased", TESTS, 9, (1, 1, 2), (20, 120), "FLARE", "ALT"),
    Kind("肌痛", "Myalgia", "Musculoskeletal and connective tissue disorders", 9, (1,), (2, 30)),
    Kind("头痛", "Headache", "Nervous system disorders", 8, (1,), (1, 14)),
    Kind("脱发", "Alopecia", "Skin and subcutaneous tissue disorders", 8, (1, 1, 2), (90, 260)),
    Kind("食欲减退", "Decreased appetite", "Metabolism and nutrition disorders", 8, (1, 1, 2), (20, 150)),
    Kind("注射部位红斑", "Injection site erythema", GENERAL, 6, (1,), (2, 10)),
    Kind("情绪低落", "Depressed mood", "Psychiatric disorders", 5, (1, 2), (30, 160), "PSYCH"),
    Kind("甲状腺功能减退", "Hypothyroidism", "Endocrine disorders", 3, (1, 2), (90, 300), "THYROID"),
    Kind("皮疹", "Rash", "Skin and subcutaneous tissue disorders", 5, (1, 1, 2), (5, 40)),
)
GRAVE = (
    Kind("肺部感染", "Pneumonia", "Infections and infestations", 3, (3,), (8, 20)),
    Kind("上消化道出血", "Upper gastrointestinal haemorrhage", GUT, 2, (3,), (6, 14)),
    Kind("急性胆囊炎", "Cholecystitis acute", "Hepatobiliary disorders", 2, (3,), (6, 14)),
    Kind("腹股沟疝修补住院", "Inguinal hernia", GUT, 1, (2,), (3, 6)),
)
FATAL_KINDS = {
    "CARDIO": Kind("急性心肌梗死", "Acute myocardial infarction", "Cardiac disorders", 1, (5,), (0, 2)),
    "GIBLEED": Kind("食管胃静脉曲张破裂出血", "Oesophageal varices haemorrhage", GUT, 1, (5,), (0, 3)),
    "INFECT": Kind("重症肺炎", "Pneumonia", "Infections and infestations", 1, (5,), (6, 15)),
    "ACCIDENT": Kind("交通事故致多发伤", "Road traffic accident", "Injury, poisoning and procedural complications", 1,
                     (5,), (0, 1)),
}  # fmt: skip
YESTERDAY = Kind("重度中性粒细胞减少伴发热", "Febrile neutropenia", BLOOD, 1, (3,), (5, 10), "CYTOPENIA", "NEUT")


def pages(course: Course, today: date, *, known_since_yesterday: bool = False) -> list[Sheet]:
    """The adverse event log, in the order in which it was typed."""
    rng = course.rng("safety")
    until = min(today, course.end.on) if course.end else today
    events = [(start, kind, kind in GRAVE) for start, kind in _beginnings(rng, course, until)]
    if course.end and course.end.cause in FATAL_KINDS:
        kind = FATAL_KINDS[course.end.cause]
        events.append((course.end.on - timedelta(days=rng.randint(*kind.days)), kind, True))
    if known_since_yesterday:
        events.append((today - timedelta(days=2), YESTERDAY, True))
    sheets = [_page(rng, course, start, kind, serious, today) for start, kind, serious in events]
    sheets.sort(key=lambda sheet: (sheet.entered, sheet.on))
    return [replace(sheet, repeat=number) for number, sheet in enumerate(sheets, start=1)]


def _beginnings(rng: Random, course: Course, until: date) -> Iterator[tuple[date, Kind]]:
    """When something happens, and what."""
    day = course.day0
    while True:
        treated = course.arm == "A2" and course.days(day) < TREATED_DAYS
        rate = PER_YEAR + PER_YEAR_ON_INTERFERON * treated
        day += timedelta(days=1 + int(rng.expovariate(rate) * YEAR))
        if day >= until:
            return
        if rng.random() < SERIOUS:
            yield day, rng.choices(GRAVE, [kind.weight for kind in GRAVE])[0]
        else:
            kinds = INTERFERON if treated and rng.random() < PER_YEAR_ON_INTERFERON / rate else COMMON
            yield day, rng.choices(kinds, [kind.weight for kind in kinds])[0]


def _page(rng: Random, course: Course, start: date, kind: Kind, serious: bool, today: date) -> Sheet:
    grade = rng.choice(kind.grades)
    end = start + timedelta(days=rng.randint(*kind.days))
    if grade == 5 and course.end:
        end = course.end.on
    last = min(today, course.end.on) if course.end else today
    lasts = end >= last and grade != 5
    values: Values = {
        "ae_term": kind.term, "ae_pt": kind.preferred, "ae_llt": kind.preferred, "ae_soc": kind.organ,
        "ae_start": start if grade == 5 or serious or rng.random() > 0.07 else f"{start:%Y-%m}",
        "ae_ongoing": "Y" if lasts else "N", "ae_grade": str(grade), "ae_aesi": kind.interest,
        "ae_rel_proc": "UNRELATED", "ae_tx_given": "Y" if serious or rng.random() < 0.3 else "N",
        "ae_out": FATAL if grade == 5 else rng.choice((NOT_RESOLVED, RESOLVING)) if lasts else RESOLVED,
        "ae_ser": "Y" if serious else "N",
    } | _causality(rng, course, kind, grade, start)  # fmt: skip
    if not lasts:
        values["ae_end"] = end
    if kind.analyte:
        values |= {"ae_lab": kind.analyte, "ae_lab_visit": _nearest_visit(course, start)}
    missing: dict[str, str] = {}
    entered = typed(rng, start, 12)
    if serious:
        entered = _make_serious(rng, course, values, start, end, last, kind)
        if kind is YESTERDAY:
            missing = {"ae_report": "OTHER"}
    return Sheet("ae", "", start, entered, values, missing=missing)


def _causality(rng: Random, course: Course, kind: Kind, grade: int, start: date) -> Values:
    """Relationship to both treatments and what was done with them; nothing is done with injections that are over."""
    if course.arm != "A2":
        return {"ae_rel_pg": "NA", "ae_acn_pg": "NOT APPLICABLE", "ae_acn_na": "DOSE NOT CHANGED",
                "ae_rel_na": rng.choice(("UNRELATED", "UNLIKELY", "UNRELATED", "POSSIBLE"))}  # fmt: skip
    caused = kind in INTERFERON or kind is YESTERDAY
    action = (
        "DRUG INTERRUPTED"
        if grade >= 3
        else "DOSE REDUCED"
        if grade == 2 and rng.random() < 0.25
        else "DOSE NOT CHANGED"
    )
    return {
        "ae_rel_pg": rng.choice(("PROBABLE", "POSSIBLE", "DEFINITE") if caused else ("UNLIKELY", "UNRELATED")),
        "ae_acn_pg": "NOT APPLICABLE" if _injected_last(course) < start else action if caused else "DOSE NOT CHANGED",
        "ae_acn_na": "DOSE NOT CHANGED", "ae_rel_na": "UNLIKELY",
    }  # fmt: skip


def _injected_last(course: Course) -> date:
    """Eight days before the injections end: one is still to come on which something can be done."""
    ends = (course.detected.on if course.detected else None, course.end.on if course.end else None)
    return min(day for day in (course.day0 + timedelta(days=stops_after(course)), *ends) if day) - timedelta(days=8)


def _make_serious(rng: Random, course: Course, values: Values, start: date, end: date, last: date, kind: Kind) -> date:
    """Add what a serious event needs; gives the day on which it is typed."""
    fatal = values["ae_grade"] == "5"
    aware = start + timedelta(days=1 if kind is YESTERDAY else rng.choice((0, 1, 1, 2)))
    admitted = start + timedelta(days=1 if kind is YESTERDAY else 0)
    story = f"受试者于{start:%Y-%m-%d}因{kind.term}入院,给予对症支持治疗。"
    values |= dict.fromkeys(CRITERIA, "N") | {
        "ae_sdth": "Y" if fatal else "N", "ae_shosp": "Y", "ae_hosp_start": admitted, "ae_aware": aware,
        "ae_aware_time": "23:40" if kind is YESTERDAY else f"{9 + aware.day % 8:02d}:{aware.day * 7 % 60:02d}",
        "ae_susar": "N", "ae_narr": f"{story}经抢救无效死亡。" if fatal else story,
    }  # fmt: skip
    if kind is not YESTERDAY:
        later = rng.choices((0, 1, 3), (60, 34, 6))[0]
        hour = 9 + aware.day % 8 + (-1 if later else 1)  # on the next day an hour earlier: 23 hours
        values["ae_report"] = aware + timedelta(days=later)
        values["ae_report_time"] = f"{hour:02d}:{aware.day * 7 % 60:02d}"
    if "ae_end" in values and not fatal:
        values["ae_hosp_end"] = end
    return aware if kind is YESTERDAY else max(aware, end if fatal else aware) + timedelta(days=rng.choice((0, 1)))


def _nearest_visit(course: Course, day: date) -> str:
    """The planned visit closest to a day, whose laboratory shows the worst value."""
    return min(planned_in(course.arm), key=lambda visit: abs((visit.day or 0) - course.days(day))).code
