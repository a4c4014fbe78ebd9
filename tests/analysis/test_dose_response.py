"""Cumulative dose of peginterferon against the decline of HBsAg: who counts, and what is said of them."""

from typing import Any

import pytest

from analysis import results
from analysis.outputs import dose_response
from analysis.outputs.dose_response import AtWeek, correlation, cumulative
from analysis.outputs.output import View
from prtras.datacut.snapshot import Row
from tests.analysis.studies import CUTOFF, on, study


def treated(doses: int, log: float = 2.0, **more: Any) -> dict[str, Any]:
    """Someone with so many weekly doses of 180 µg, and HBsAg of 3 log10 at baseline and `log` at week 24."""
    return {"arm": "A2", "hbsag": 3.0, "virology": {24: (log, "TND")}, "doses": doses} | more


def week_24(people: list[dict[str, Any]], *more: dict[str, Any]) -> AtWeek:
    doses = [
        {"SUBJID": f"01-{n:03d}", "pg_status": "GIVEN", "pg_date": on(week), "pg_dose": 180}
        for n, person in enumerate(people, start=1)
        for week in range(person["doses"])
    ]
    computed = results.compute(study(people, pegifn=[*doses, *more]), CUTOFF)
    return computed[dose_response.OUTPUT].weeks[0]


def test_the_more_doses_the_further_it_falls() -> None:
    """Ranks 1 to 12, two neighbours exchanged: rho = 1 - 6 * 2 / (12 * 143)."""
    falls = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2]
    read = week_24([treated(2 * n, 3 - fall) for n, fall in enumerate(falls, start=1)])
    assert (read.week, read.n, read.unknown) == (24, 12, 0)
    assert read.rho == pytest.approx(-(1 - 12 / 1716))
    assert read.lower < read.rho < read.upper < -0.9
    assert [(third.n, third.least, third.dose, third.most) for third in read.thirds] == [
        (4, 360, 900, 1440), (4, 1800, 2340, 2880), (4, 3240, 3780, 4320),
    ]  # fmt: skip
    assert [third.median for third in read.thirds] == pytest.approx([-0.25, -0.65, -1.05])


def test_a_dose_counts_up_to_the_sample_and_when_it_was_given() -> None:
    later = {"SUBJID": "01-001", "pg_status": "GIVEN", "pg_date": on(25), "pg_dose": 180}
    held = {"SUBJID": "01-001", "pg_status": "HELD", "pg_date": on(3), "pg_dose": 180}
    read = week_24([treated(3)], later, held)
    assert [third.dose for third in read.thirds if third.n] == [540]


@pytest.mark.parametrize("lacking", [{"pg_date": None}, {"pg_date": "2024-02"}, {"pg_dose": None}])
def test_who_has_a_dose_of_unknown_day_or_amount_is_counted_apart(lacking: dict[str, Any]) -> None:
    dose = {"SUBJID": "01-001", "pg_status": "GIVEN", "pg_date": on(2), "pg_dose": 180} | lacking
    read = week_24([treated(3), treated(3)], dose)
    assert (read.n, read.unknown) == (1, 1)


def test_who_was_never_treated_or_lacks_a_result_is_not_in_it() -> None:
    people = [treated(0), treated(3, hbsag=None), treated(3, virology={}), treated(3, day_0=None)]
    assert (week_24(people).n, week_24(people).unknown) == (0, 0)


@pytest.mark.parametrize(
    "pairs", [[(n, n) for n in range(9)], [(180, n) for n in range(20)], [(n, -0.5) for n in range(20)], []]
)
def test_too_few_or_all_alike_have_no_correlation(pairs: list[tuple[float, float]]) -> None:
    assert correlation(pairs) is None


def test_ties_share_their_mean_rank() -> None:
    """As R: cor(c(1,1,2,2,3,3,4,4,5,5), c(1:9, 9), method = "spearman") is 0.9877295966."""
    pairs = list(zip([1, 1, 2, 2, 3, 3, 4, 4, 5, 5], [*range(1, 10), 9], strict=True))
    assert correlation(pairs) == pytest.approx(0.9877295966, abs=1e-10)


def test_a_dose_after_the_day_may_lack_its_amount() -> None:
    given = [Row(pg_date="2024-01-05", pg_dose=90), Row(pg_date="2024-02-05", pg_dose=None)]
    assert cumulative(given, "2024-01-31") == 90
    assert cumulative(given, "2024-02-29") is None


def test_it_says_that_it_is_exploratory_and_gives_no_p_value() -> None:
    computed = results.compute(study([treated(n, 3 - n / 20) for n in range(1, 21)]), CUTOFF)
    shown = dose_response.show(computed[dose_response.OUTPUT], View.REPORT)
    table = shown.tables[0]
    assert "Exploratory" in table.note.en
    assert "p" not in [str(head) for head in table.heads]
