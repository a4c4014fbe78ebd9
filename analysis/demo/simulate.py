"""The whole cohort: who is screened when, and what stands on whose pages today. Pure, and the same for the same seed."""

from datetime import date, timedelta
from random import Random

from analysis.demo.course import ACCRUAL_DAYS, STUDY_OPENED_BEFORE, Course, enrolled, working_day

TODAY, PARTICIPANTS, SEED = date(2026, 11, 23), 332, 20261123


def courses(participants: int = PARTICIPANTS, seed: int = SEED, today: date = TODAY, opened: date | None = None) -> list[Course]:
    rng = Random(f"{seed}:accrual")
    opened = opened or today - timedelta(days=STUDY_OPENED_BEFORE)
    days = sorted(int(ACCRUAL_DAYS * rng.random() ** 0.85) for _ in range(participants))
    return [enrolled(f"{seed}:{i}", working_day(opened + timedelta(days=d)), today) for i, d in enumerate(days)]
