"""The simulated cohort, without a database."""

from collections import Counter
from datetime import date, timedelta

import pandas as pd
import pytest

from analysis.survival.cox import cox
from analysis.survival.kaplan_meier import product_limit
from prtras.clinical import lirads
from prtras.demo.cohort.course import PLANTED_HAZARD_RATIO, Course
from prtras.demo.cohort.simulate import SEED, STAGES, TODAY, courses, simulate
from prtras.demo.cohort.typed_pages import Cohort, Sheet


@pytest.fixture(scope="module")
def everyone() -> Cohort:
    return simulate()


def sheets_of(cohort: Cohort, form: str) -> list[Sheet]:
    return [sheet for story in cohort.stories for sheet in story.sheets if sheet.form == form]


def test_the_same_seed_gives_the_same_cohort_and_another_seed_another() -> None:
    assert simulate(40, 7) == simulate(40, 7)
    assert simulate(40, 7) != simulate(40, 8)


def test_a_cohort_seen_a_week_later_is_the_same_distance_into_the_study() -> None:
    later = simulate(40, 7, TODAY + timedelta(days=7))
    assert min(story.course.consented for story in later.stories) > date(2025, 3, 1)
    assert max(sheet.entered for story in later.stories for sheet in story.sheets) < later.today


def test_the_planted_hazard_ratio_is_recovered_by_the_adjusted_model_and_not_by_the_crude_one() -> None:
    people = courses(12_000, seed=1, today=date(2030, 6, 1), opened=date(2025, 4, 1))
    frame = pd.DataFrame([time_to_recurrence(course) for course in people])
    adjusted = cox(frame, "days", "event", ["combination", "age", "bclc_a", "log10_hbsag"]).terms[0]
    crude = cox(frame, "days", "event", ["combination"]).terms[0]
    assert adjusted.hr == pytest.approx(PLANTED_HAZARD_RATIO, abs=0.05)
    assert adjusted.lower is not None
    assert adjusted.upper is not None
    assert adjusted.lower < PLANTED_HAZARD_RATIO < adjusted.upper
    assert crude.hr is not None
    assert crude.hr < 0.52


def test_a_study_near_its_read_out_shows_the_end_point_and_the_planted_ratio_in_its_interval() -> None:
    today = date(2026, 11, 23)
    people = courses(today=today, opened=today - timedelta(days=STAGES["readout"]))
    followed = sum(course.days(today) >= 156 * 7 for course in people)
    frame = pd.DataFrame([time_to_recurrence(course) for course in people])
    assert (len(people), 0.28 < followed / len(people) < 0.4) == (332, True)
    assert 90 < frame["event"].sum() < 125
    adjusted = cox(frame, "days", "event", ["combination", "age", "bclc_a", "log10_hbsag"]).terms[0]
    crude = cox(frame, "days", "event", ["combination"]).terms[0]
    assert adjusted.lower < PLANTED_HAZARD_RATIO < adjusted.upper  # type: ignore[operator]
    assert crude.hr < adjusted.hr  # type: ignore[operator]  # who is younger, with low HBsAg, chose the combination


def test_a_study_that_recruits_has_fewer_than_planned_and_people_in_screening() -> None:
    cohort = simulate(60, 7, stage="accrual")
    with_arm = [story for story in cohort.stories if story.course.arm]
    assert 20 < len(with_arm) < 55
    assert max(story.course.day0 for story in with_arm) < cohort.today
    assert any(not story.course.arm and not story.course.failure for story in cohort.stories)


def test_when_recruitment_has_long_ended_nobody_is_in_screening() -> None:
    cohort = simulate(12, 7, stage="readout")
    assert all(story.course.arm or story.course.failure for story in cohort.stories)


def test_half_of_the_controls_recur_within_three_years() -> None:
    people = courses(6_000, seed=1, today=date(2030, 6, 1), opened=date(2025, 4, 1))
    times = [course.time_to_recurrence for course in people if course.arm == "A1"]
    frame = pd.DataFrame(times, columns=["days", "event"]).astype(float)
    steps = product_limit(frame["days"].to_numpy(), frame["event"].to_numpy() == 1)
    recurred = 1 - steps.surv[steps.time <= 156 * 7 + 8][-1]
    assert recurred == pytest.approx(0.5, abs=0.04)


def time_to_recurrence(course: Course) -> dict[str, float]:
    days, event = course.time_to_recurrence
    person = course.person
    return {
        "days": days,
        "event": int(event),
        "combination": int(course.arm == "A2"),
        "age": person.age,
        "bclc_a": int(person.bclc == "A"),
        "log10_hbsag": person.log10_hbsag,
    }


def test_332_have_an_arm_and_others_failed_or_are_still_in_screening(everyone: Cohort) -> None:
    arms = Counter(story.course.arm for story in everyone.stories)
    assert arms["A1"] + arms["A2"] == 332
    assert 0.43 < arms["A2"] / 332 < 0.52
    assert sum(bool(story.course.failure) for story in everyone.stories) == 25
    assert arms[""] == 30


def test_numbers_are_given_once_in_the_order_of_consent(everyone: Cohort) -> None:
    assert [story.number for story in everyone.stories] == [f"01-{n:03d}" for n in range(1, 363)]
    consented = [story.course.consented for story in everyone.stories]
    assert consented == sorted(consented)
    assert consented[0] < date(2025, 5, 1)


def test_the_arm_is_chosen_for_younger_people_with_less_hbsag(everyone: Cohort) -> None:
    def mean(arm: str, item: str) -> float:
        chosen: list[float] = [getattr(s.course.person, item) for s in everyone.stories if s.course.arm == arm]
        return sum(chosen) / len(chosen)

    assert mean("A2", "log10_hbsag") < mean("A1", "log10_hbsag") - 0.2
    assert mean("A2", "age") < mean("A1", "age") - 2
    assert mean("A2", "cirrhosis") < mean("A1", "cirrhosis") - 0.05


def test_radical_treatment_lies_14_to_84_days_before_day_0_but_for_a_few(everyone: Cohort) -> None:
    gaps = [(s.course.day0 - s.course.treated).days for s in everyone.stories if s.course.arm]
    assert min(gaps) >= 14
    assert 0 < sum(gap > 84 for gap in gaps) < 10


def test_nothing_is_typed_today_or_before_it_happened(everyone: Cohort) -> None:
    for story in everyone.stories:
        for sheet in story.sheets:
            assert sheet.on <= sheet.entered < everyone.today


def test_every_recurrent_tumour_is_lr_5_for_the_calculator_unless_the_treated_site_is_viable(everyone: Cohort) -> None:
    actual = [sheet for sheet in sheets_of(everyone, "mri") if sheet.values.get("mri_overall") == "RECUR"]
    assert len(actual) > 25
    for sheet in actual:
        tumours = [row for row in sheet.rows.values() if row.get("lr_cat") == "LR-5"]
        viable = [row for row in sheet.rows.values() if row.get("lrtr") == "LR-TR-V"]
        assert len(tumours) + len(viable) == 1
        assert all(computed(row) == "LR-5" for row in tumours)


def test_some_radiologists_disagree_with_the_calculator_and_say_why(everyone: Cohort) -> None:
    rows = [
        row for sheet in sheets_of(everyone, "mri") for row in sheet.rows.values() if row["obs_type"] == "UNTREATED"
    ]
    disagreed = [row for row in rows if computed(row) != row["lr_cat"]]
    assert 3 <= len(disagreed) <= 15
    assert all(row["lr_reason"] for row in disagreed)


def computed(row: dict[str, object]) -> str:
    names = ("path_proven", "nc", "tiv", "benign", "size_mm", "aphe", "washout", "capsule", "tg")
    return lirads.category(lirads.Observation(**{name: row[name] for name in names})).base  # type: ignore[arg-type]


def test_interferon_has_more_adverse_events_and_some_are_serious(everyone: Cohort) -> None:
    per_arm = Counter(s.course.arm for s in everyone.stories for sheet in s.sheets if sheet.form == "ae")
    assert per_arm["A2"] > 2 * per_arm["A1"]
    events = sheets_of(everyone, "ae")
    assert 5 < sum(sheet.values["ae_ser"] == "Y" for sheet in events) < 30
    assert sum(sheet.values["ae_ongoing"] == "Y" for sheet in events) > 20


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_one_serious_event_is_known_since_yesterday_and_not_reported(seed: int) -> None:
    cohort = simulate(24, seed)
    waiting = [s for s in sheets_of(cohort, "ae") if s.values["ae_ser"] == "Y" and "ae_report" not in s.values]
    assert len(waiting) == 1
    assert waiting[0].values["ae_aware"] == cohort.today - timedelta(days=1)
    assert waiting[0].missing == {"ae_report": "OTHER"}


def test_people_died_left_and_were_lost(everyone: Cohort) -> None:
    ended = Counter(sheet.values["eos_status"] for sheet in sheets_of(everyone, "eos"))
    assert set(ended) == {"DEATH", "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT"}
    assert len(sheets_of(everyone, "death")) >= ended["DEATH"] > 0


def test_visits_are_missed_early_and_late_about_as_often_as_planned(everyone: Cohort) -> None:
    visits = [visit for story in everyone.stories for visit in story.course.attended]
    missed = sum(visit.on is None for visit in visits) / len(visits)
    assert missed == pytest.approx(0.04, abs=0.015)


def test_hbsag_becomes_undetectable_in_a_few_with_interferon_only(everyone: Cohort) -> None:
    lost = {
        story.course.arm
        for story in everyone.stories
        for sheet in story.sheets
        if sheet.form == "lbviro" and sheet.values["hbsag_raw"] == "<0.05"
    }
    assert lost == {"A2"}
