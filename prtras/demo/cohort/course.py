"""What happens to invented people: who they are, which arm is chosen, when tumours come back, which visits they keep.

Pure and seeded. The hazard of recurrence is Weibull with proportional hazards in age, BCLC stage, log10 HBsAg and arm,
so the planted hazard ratio is the one that the planned Cox model must recover. The choice of the arm depends on the
same covariates (and on cirrhosis), so the crude comparison is confounded, as in a study where nobody is randomized.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from prtras.crf.schedule import PlannedVisit
from visits.schedule import follow_up, safety

#: What the analysis must find again.
PLANTED_HAZARD_RATIO = 0.6
#: Log hazard ratios per year of age, for BCLC A against 0, per log10 IU/mL of HBsAg.
PER_YEAR, BCLC_A, PER_LOG10 = 0.02, 0.45, 0.30
#: Weibull shape below 1 (recurrence comes early), and the cumulative hazard at week 156 of the average person: about
#: half of those on nucleos(t)ide analogues alone recur within 3 years.
SHAPE, HAZARD_AT_WEEK_156 = 0.8, 0.42
TYPICAL_AGE, TYPICAL_LOG10_HBSAG = 53, 2.8

ACCRUAL_DAYS = 596
STUDY_OPENED_BEFORE = 600
YEAR = 365.25
DROPOUTS_PER_YEAR, OTHER_DEATHS_PER_YEAR, DEATHS_AFTER_RECURRENCE_PER_YEAR = 0.03, 0.009, 0.22
MISSED, LATE, EARLY = 0.04, 0.04, 0.02
MRI_NOT_DONE, MRI_NOT_DIAGNOSTIC = 0.02, 0.01


def stream(name: str) -> Random:
    """Chance with a name: the same name gives the same story."""
    return Random(name)  # noqa: S311 - invents people, guards nothing


@dataclass(frozen=True)
class Person:
    """Baseline facts of one invented person. `bclc` is 0 or A."""

    sex: str
    age: int
    born: date
    initials: str
    ethnic: str
    bclc: str
    cirrhosis: bool
    log10_hbsag: float
    platelets: float


@dataclass(frozen=True)
class Attendance:
    """One planned visit that took place (`on`) or was missed (None); `mri` is DONE, NOT_DONE, NONDIAG or empty."""

    code: str
    target: date
    closes: date
    on: date | None
    mri: str = ""

    @property
    def evaluable(self) -> bool:
        """Does the MRI say whether there is a tumour?"""
        return self.on is not None and self.mri == "DONE"


@dataclass(frozen=True)
class End:
    """Why and when someone left the study; `cause` of a death."""

    status: str
    on: date
    cause: str = ""


@dataclass(frozen=True)
class Course:
    """One person's way through the study. Without an arm: still in screening, or failed because of `failure`."""

    key: str
    person: Person
    consented: date
    treated: date
    day0: date
    arm: str = ""
    failure: str = ""
    attended: tuple[Attendance, ...] = ()
    detected: Attendance | None = None
    end: End | None = None

    def rng(self, topic: str) -> Random:
        """A stream of its own for every topic, so that one topic never disturbs another."""
        return stream(f"{self.key}:{topic}")

    def days(self, on: date) -> int:
        """Days after Day 0."""
        return (on - self.day0).days

    @property
    def time_to_recurrence(self) -> tuple[int, bool]:
        """Days from Day 0 (day 1) to the detection, or to the last evaluable MRI; and whether it is an event."""
        if self.detected and self.detected.on:
            return self.days(self.detected.on) + 1, True
        seen = [visit.on for visit in self.attended if visit.evaluable and visit.on]
        return self.days(max(seen, default=self.day0)) + 1, False


def working_day(day: date) -> date:
    """The day itself, Friday for a Saturday, Monday for a Sunday."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def enrolled(key: str, day0: date, today: date) -> Course:
    """Someone for whom an arm was chosen on Day 0, as far as today."""
    rng = stream(f"{key}:course")
    person, consented, treated = _entry(rng, day0)
    arm = "A2" if rng.random() < _chance_of_combination(person) else "A1"
    recurs = day0 + timedelta(days=_days_to_recurrence(rng, person, arm))
    leaves = _leaves(rng, day0)
    attended = _attended(rng, arm, day0, min(leaves.on, today))
    detected = next((v for v in attended if v.evaluable and v.on and v.on >= recurs), None)
    if detected and detected.on:
        death = detected.on + timedelta(days=14 + int(_years(rng, DEATHS_AFTER_RECURRENCE_PER_YEAR)))
        leaves = min(leaves, End("DEATH", death, "HCC"), key=lambda end: end.on)
    attended = tuple(v for v in attended if (v.on or v.target) < leaves.on)
    return Course(
        key, person, consented, treated, day0, arm,
        attended=attended, detected=detected, end=leaves if leaves.on < today else None,
    )  # fmt: skip


def screened(key: str, consented: date, failure: str = "") -> Course:
    """Someone in screening, or who failed it for a reason."""
    rng = stream(f"{key}:course")
    person, earlier, treated = _entry(rng, consented + timedelta(days=16))
    shift = consented - earlier
    return Course(key, person, consented, treated + shift, consented + timedelta(days=16), failure=failure)


def _entry(rng: Random, day0: date) -> tuple[Person, date, date]:
    """The person, the day of consent, the day of radical treatment (14 to 84 days before Day 0, rarely more)."""
    consented = working_day(day0 - timedelta(days=rng.randint(9, 24)))
    least = max(14, (day0 - consented).days + 3)
    gap = rng.randint(88, 100) if rng.random() < 0.012 else rng.randint(least, 84)
    return _person(rng, consented), consented, working_day(day0 - timedelta(days=gap + 1)) + timedelta(days=1)


def _person(rng: Random, consented: date) -> Person:
    age = round(min(70, max(22, rng.gauss(TYPICAL_AGE, 10))))
    cirrhosis = rng.random() < 0.58
    platelets = min(380.0, max(62.0, rng.gauss(128 if cirrhosis else 192, 38)))
    return Person(
        sex="M" if rng.random() < 0.84 else "F",
        age=age,
        born=consented - timedelta(days=int(age * YEAR) + rng.randint(5, 355)),
        initials="".join(rng.choice("BCDFGHJLMQSTWXYZ") for _ in range(rng.choice((2, 3, 3)))),
        ethnic=rng.choices(("HAN", "ZHUANG", "HUI", "MIAO"), (95, 3, 1, 1))[0],
        bclc="A" if rng.random() < 0.72 else "0",
        cirrhosis=cirrhosis,
        log10_hbsag=round(min(4.3, max(0.1, rng.gauss(TYPICAL_LOG10_HBSAG, 0.8))), 2),
        platelets=platelets,
    )


def _chance_of_combination(person: Person) -> float:
    """Interferon is chosen for the younger, with low HBsAg, without cirrhosis, with the smaller tumour."""
    logit = (
        0.7
        - 0.75 * (person.log10_hbsag - TYPICAL_LOG10_HBSAG)
        - 0.045 * (person.age - TYPICAL_AGE)
        - 0.65 * person.cirrhosis
        - 0.45 * (person.bclc == "A")
    )
    return 0.05 if person.platelets < 80 else 1 / (1 + math.exp(-logit))


def _days_to_recurrence(rng: Random, person: Person, arm: str) -> int:
    linear = (
        PER_YEAR * (person.age - TYPICAL_AGE)
        + BCLC_A * (person.bclc == "A")
        + PER_LOG10 * (person.log10_hbsag - TYPICAL_LOG10_HBSAG)
        + math.log(PLANTED_HAZARD_RATIO) * (arm == "A2")
    )
    hazard = -math.log(1 - rng.random()) / (HAZARD_AT_WEEK_156 * math.exp(linear))
    return min(20_000, 1 + int(7 * 156 * hazard ** (1 / SHAPE)))


def _years(rng: Random, per_year: float) -> float:
    """Days until an event of this yearly rate."""
    return min(20_000.0, rng.expovariate(per_year) * YEAR)


def _leaves(rng: Random, day0: date) -> End:
    """When and why someone leaves before a recurrence decides otherwise."""
    dropout = day0 + timedelta(days=20 + int(_years(rng, DROPOUTS_PER_YEAR)))
    death = day0 + timedelta(days=20 + int(_years(rng, OTHER_DEATHS_PER_YEAR)))
    status = rng.choice(("WITHDRAWAL BY SUBJECT", "LOST TO FOLLOW-UP"))
    cause = rng.choice(("CARDIO", "GIBLEED", "INFECT", "ACCIDENT"))
    return min(End(status, dropout), End("DEATH", death, cause), key=lambda end: end.on)


@cache
def planned_in(arm: str) -> tuple[PlannedVisit, ...]:
    """The visits at which someone in an arm is expected, from week 2 on."""
    return (*follow_up(), *(safety() if arm == "A2" else ()))


def _attended(rng: Random, arm: str, day0: date, until: date) -> tuple[Attendance, ...]:
    attended = []
    for visit in sorted(planned_in(arm), key=lambda visit: visit.day or 0):
        target, opens, closes = visit.dates(day0)
        assert target
        assert opens
        assert closes
        on = None if rng.random() < MISSED else _day_of_visit(rng, target, opens, closes)
        if (on or closes) < until:
            attended.append(Attendance(visit.code, target, closes, on, _mri(rng) if "mri" in visit.required else ""))
        elif target >= until:
            break
    return tuple(attended)


def _day_of_visit(rng: Random, target: date, opens: date, closes: date) -> date:
    """Mostly on a working day inside the window; sometimes early or late."""
    half, chance = (closes - target).days, rng.random()
    if chance < LATE:
        return closes + timedelta(days=rng.randint(1, max(2, half - 1)))
    if chance < LATE + EARLY:
        return opens - timedelta(days=rng.randint(1, max(2, half - 3)))
    day = target + timedelta(days=max(-half, min(half, round(rng.gauss(0, half / 2.4)))))
    if day.weekday() < 5:
        return day
    moved = working_day(day)
    return moved if opens <= moved <= closes else target + (target - moved)


def _mri(rng: Random) -> str:
    chance = rng.random()
    if chance < MRI_NOT_DONE:
        return "NOT_DONE"
    return "NONDIAG" if chance < MRI_NOT_DONE + MRI_NOT_DIAGNOSTIC else "DONE"
