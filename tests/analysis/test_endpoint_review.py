"""Agreement of the blind readers, the endpoint by their verdict, and what the analysis says of it."""

from typing import Any

import pytest

from analysis import results
from analysis.endpoints import adtte
from analysis.outputs import endpoint_review, sensitivity
from analysis.outputs.data import AnalysisData
from analysis.outputs.output import View
from analysis.survival.agreement import cohen_kappa
from prtras.datacut.snapshot import Row
from tests.analysis.studies import CUTOFF, cohort, on, study

#: Counts; observed agreement, kappa and its standard error. The first is table 18.1 of Fleiss, Levin & Paik,
#: Statistical Methods for Rates and Proportions (2003). R 4, another way than ours, by the delta method with a
#: numerical gradient:
#:   kap <- function(m) { n <- sum(m); p <- m / n; po <- sum(diag(p)); pe <- sum(rowSums(p) * colSums(p))
#:     f <- function(v) { q <- matrix(v, nrow(m)); q <- q / sum(q); b <- sum(rowSums(q) * colSums(q))
#:       (sum(diag(q)) - b) / (1 - b) }
#:     g <- sapply(seq_along(p), function(i) { h <- 1e-6; u <- l <- p; u[i] <- u[i] + h; l[i] <- l[i] - h
#:       (f(u) - f(l)) / (2 * h) })
#:     v <- as.vector(p); c(po, (po - pe) / (1 - pe), sqrt(t(g) %*% (diag(v) - v %*% t(v)) %*% g / n)) }
KAPPAS = (
    ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], (0.89, 0.6764705882, 0.0877029535)),
    ([[20, 5], [10, 15]], (0.7, 0.4, 0.1269960629)),
    ([[40, 3], [6, 51]], (0.91, 0.8179611650, 0.0577674829)),
    ([[0, 3], [2, 0]], (0.0, -0.9230769231, 0.3240961879)),
)


@pytest.mark.parametrize(("table", "expected"), KAPPAS)
def test_kappa_and_its_standard_error_are_those_of_r(table: list[list[int]], expected: tuple[float, ...]) -> None:
    kappa = cohen_kappa(table)
    assert kappa is not None
    assert (kappa.observed, kappa.value, kappa.se) == pytest.approx(expected, abs=1e-8)
    assert -1 <= kappa.lower <= kappa.value <= kappa.upper <= 1


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 0], [0, 0]]])
def test_kappa_is_not_defined_without_pairs_or_with_one_category(table: list[list[int]]) -> None:
    assert cohen_kappa(table) is None


@pytest.mark.parametrize("table", [[[1, 2]], [[1, -1], [0, 2]]])
def test_kappa_is_of_a_square_table_of_counts(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="square table"):
        cohen_kappa(table)


# -- The endpoint ---------------------------------------------------------------------------------------


def read(number: str, *readings: tuple[str, float | None], through: float = 48, ordinal: int = 1) -> dict[str, Any]:
    """Rows of a round and its readings in order: verdict and week of the evidence."""
    who = {"SUBJID": number, "ROUND": ordinal}
    parts = zip(("first", "second", "final"), readings, strict=False)
    rows = [who | {"PART": part, "VERDICT": verdict, "EVIDENCE": None if week is None else on(week)}
            for part, (verdict, week) in parts]  # fmt: skip
    return {"blind_rounds": [Row(who | {"THROUGH": on(through)})], "blind_readings": list(map(Row, rows))}


def derived(person: dict[str, Any], *reviews: dict[str, Any]) -> tuple[Any, ...] | None:
    """Day, CNSR and reason of the endpoint by review."""
    tables = study([person])
    for review in reviews:
        tables |= {name: [*tables.get(name, []), *rows] for name, rows in review.items()}
    rows, cautions = adtte(tables, CUTOFF)
    assert cautions == []
    return next(((r["ADT"], r["CNSR"], r["EVNTDESC"]) for r in rows if r["PARAMCD"] == "TTRBICR"), None)


PERSON = {"scans": [12, 24, 36, 48], "recurrence": 48}
Y24, Y36, N, NE = ("Y", 24), ("Y", 36), ("N", None), ("NE", None)


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (read("01-001", Y24, Y24), (on(24), 0, "RECURRENCE")),
        (read("01-001", N, N), (on(48), 5, "CUTOFF")),
        (read("01-001", N, N, through=36), (on(36), 5, "CUTOFF")),
        (read("01-001", Y24, Y36, Y36), (on(36), 0, "RECURRENCE")),
        (read("01-001", Y24, Y36), None),
        (read("01-001", N), None),
        (read("01-001", NE, NE), None),
        (read("01-001", ("Y", 25), ("Y", 25)), None),
        (read("01-001", N, N, through=40), None),
    ],
    ids=["event", "none", "scans it saw", "adjudicated", "differ", "once", "not assessable", "scan gone", "last gone"],
)
def test_the_endpoint_by_review_is_the_final_verdict_on_the_scans_that_it_saw(review: Any, expected: Any) -> None:
    assert derived(PERSON, review) == expected


def test_the_newest_round_counts_and_the_sites_endpoint_stays_what_it_is() -> None:
    older, newer = read("01-001", Y24, Y24), read("01-001", N, N, ordinal=2)
    assert derived(PERSON, older, newer) == (on(48), 5, "CUTOFF")
    rows, _ = adtte(study([PERSON]) | older, CUTOFF)
    assert next(row["ADT"] for row in rows if row["PARAMCD"] == "TTR") == on(48)


def reviewed(people: list[dict[str, Any]], share: float) -> AnalysisData:
    """A study in which the first of the participants are reviewed, as the site judged them."""
    tables = study(people)
    for n, person in enumerate(people[: round(share * len(people))], start=1):
        verdict = ("Y", person["recurrence"]) if "recurrence" in person else N
        for name, rows in read(f"01-{n:03d}", verdict, verdict, through=person["scans"][-1]).items():
            tables[name] = [*tables.get(name, []), *rows]
    return AnalysisData.of(tables, CUTOFF)


def test_it_is_compared_by_arm_once_four_fifths_are_reviewed() -> None:
    both = [sensitivity.compute(reviewed(cohort(), share)).lines for share in (0.775, 0.8)]
    lines = [line for each in both for line in each if line.parameter == "TTRBICR"]
    assert [(line.parameter, line.n, bool(line.curves)) for line in lines] == [
        ("TTRBICR", 31, False), ("TTRBICR", 32, True),
    ]  # fmt: skip
    assert lines[0].refused[0].code == "few_reviewed"
    assert "31 of 40" in str(sensitivity.warn(sensitivity.Sensitivity((lines[0],)))[0])


def test_without_a_review_there_is_no_such_line() -> None:
    lines = sensitivity.compute(AnalysisData.of(study(cohort()), CUTOFF)).lines
    assert [line.parameter for line in lines] == ["TTR", "RFS", "OS", "TTRGAP", "TTRPP", "TTRAT"]


@pytest.mark.parametrize("view", View)
def test_every_view_says_which_judgement_the_analysis_uses(view: View) -> None:
    none = results.compute(study(cohort()), CUTOFF).show(view)
    assert [str(text) for _, text in none.facts] == ["recurrence as confirmed by the site; no blind review"]
    some = endpoint_review.show(endpoint_review.compute(reviewed(cohort(), 0.5)), view)
    assert [(str(name), str(text)) for name, text in some.facts] == [
        (
            "Endpoint",
            "recurrence as confirmed by the site (primary analysis); blind review complete for 20 of 40 "
            "(sensitivity analysis)",
        )
    ]
