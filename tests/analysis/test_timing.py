"""When time begins: the day of radical treatment as origin, and the start of peginterferon."""

from typing import Any

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
