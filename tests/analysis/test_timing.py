"""When time begins: the day of radical treatment as origin, and the start of peginterferon."""

import math
from typing import Any

import numpy as np
import pandas as pd

from analysis.outputs import peginterferon, sensitivity_fits
from analysis.outputs.data import AnalysisData
from tests.analysis.studies import CUTOFF, cohort, on, study


def data_of(people: list[dict[str, Any]], **more: list[dict[str, Any]]) -> AnalysisData:
    return AnalysisData.of(study(people, **more), CUTOFF)


def test_from_radical_treatment_a_participant_counts_from_day_0_on() -> None:
    data = data_of([{"scans": [12], "recurrence": 24, "treated": -5}])
    first, shifted = (data.endpoint(name).iloc[0] for name in ("TTR", "TTRRAD"))
    assert (first["STARTDT"], first["ENTRY"], first["AVAL"]) == (on(0), 0, 169)
    assert (shifted["STARTDT"], shifted["ENTRY"], shifted["AVAL"]) == (on(-5), 35, 35 + 169)
    assert (shifted["ADT"], shifted["EVENT"], shifted["NOMWEEK"]) == (first["ADT"], 1, 24)


def test_without_a_whole_day_of_treatment_up_to_day_0_there_is_no_origin_and_a_caution_names_it() -> None:
    person = {"scans": [12], "recurrence": 24}
    days = ["2023-12", "2023", "unknown", on(1), None, on(0)]
    data = data_of([person | {"treated": day} for day in days])
    assert list(data.endpoint("TTRRAD")["SUBJID"]) == ["01-006"]
    assert len(data.primary) == len(days)
    assert [(each.participant, each.code, each.facts["date"]) for each in data.cautions] == [
        (f"01-{n:03d}", "no_origin", day) for n, day in enumerate(days[:4], start=1)
    ]


def test_who_was_treated_on_day_0_counts_as_in_the_primary_analysis() -> None:
    data = data_of(cohort(treated=0))
    columns = ["SUBJID", "ENTRY", "AVAL", "EVENT"]
    assert data.endpoint("TTRRAD")[columns].equals(data.primary[columns])


def dose(n: int, day: str | None, status: str = "GIVEN") -> dict[str, Any]:
    return {"SUBJID": f"01-{n:03d}", "pg_status": status, "pg_date": day}


PEOPLE = [{"arm": "A2", "scans": [12, 24], "recurrence": 36, "hbsag": 2.0} for _ in range(7)]
DOSES = [
    dose(1, on(0)), dose(2, on(14)), dose(2, on(13)), dose(3, on(60)), dose(4, None), dose(5, on(2), "MISSED"),
    dose(6, "2024-02"), dose(6, on(30)),
]  # fmt: skip


def with_start() -> pd.DataFrame:
    data = data_of(PEOPLE, pegifn=DOSES)
    return peginterferon.with_start(data.primary, data.tables, data.cutoff)


def test_peginterferon_starts_with_the_first_dose_that_was_given_and_a_dose_without_a_day_is_no_guess() -> None:
    starts = list(with_start()["START"])
    assert starts[:3] == [1, 92, 421]
    assert math.isnan(starts[3])
    assert starts[4:] == [math.inf, 211, math.inf]


def test_time_before_the_first_dose_is_untreated_and_an_event_belongs_to_the_time_in_which_it_happened() -> None:
    rows = peginterferon.by_time(with_start().dropna(subset="START"))
    spells = rows[["SUBJID", "SINCE", "UNTIL", "PEG", "EVENT"]].sort_values(["SUBJID", "SINCE"]).to_numpy().tolist()
    assert spells == [
        ["01-001", 0, 1, 0, 0], ["01-001", 1, 253, 1, 1], ["01-002", 0, 92, 0, 0], ["01-002", 92, 253, 1, 1],
        ["01-003", 0, 253, 0, 1], ["01-005", 0, 253, 0, 1], ["01-006", 0, 211, 0, 0], ["01-006", 211, 253, 1, 1],
        ["01-007", 0, 253, 0, 1],
    ]  # fmt: skip


def test_a_landmark_has_who_is_still_at_risk_grouped_by_what_was_given_by_then() -> None:
    rows = with_start().dropna(subset="START")
    at_14 = peginterferon.from_landmark(rows, 14)
    assert dict(zip(at_14["SUBJID"], at_14["PEG"], strict=True))["01-002"] == 1
    assert set(peginterferon.from_landmark(rows, 12)["PEG"]) == {0.0, 1.0}
    assert list(at_14["SINCE"].unique()) == [253 - 99]
    assert peginterferon.from_landmark(rows, 36).empty
    assert peginterferon.gone_before(rows, 36) == {"event_before": 6, "censored_before": 0}


def test_treatment_that_does_nothing_looks_good_from_day_0_and_not_by_landmark_or_by_time() -> None:
    """400 participants, hazard the same for all; who is still free of recurrence is treated at some day of the year."""
    draw = np.random.default_rng(4)
    until = np.minimum(np.ceil(draw.exponential(400, 400)), 1000) + 1
    rows = pd.DataFrame({
        "SUBJID": [f"01-{n:03d}" for n in range(400)], "AVAL": until, "EVENT": (until < 1001).astype(int),
        "START": draw.integers(2, 365, 400), "AGE": draw.integers(40, 70, 400), "BCLC": draw.choice(["0", "A"], 400),
        "HBSAGLOG": draw.normal(2.5, 1, 400),
    })  # fmt: skip
    naive = sensitivity_fits.estimate(peginterferon.ever_started(rows), "AVAL", exposure="PEG").term
    by_time = sensitivity_fits.estimate(peginterferon.by_time(rows), "UNTIL", exposure="PEG", entry="SINCE").term
    at_24 = sensitivity_fits.estimate(peginterferon.from_landmark(rows, 24), "SINCE", exposure="PEG").term
    assert naive
    assert by_time
    assert at_24
    assert naive.upper
    assert naive.upper < 0.5
    for honest in (by_time, at_24):
        assert honest.lower
        assert honest.upper
        assert honest.lower < 1 < honest.upper
