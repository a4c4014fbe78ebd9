"""`manage.py analyse`: the night run's own functions over any table given by path, against R's answers beside it."""

import json
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
COPIED = ROOT / "tests" / "reference"
PRIVATE = Path(os.environ.get("PRTRAS_ORACLE", ROOT.parent / "shared" / "oracle" / "public"))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def cases(kind: str) -> list[Any]:
    actual = []
    for folder, name in ((PRIVATE, "hcc_resection"), (COPIED, "veteran"), (COPIED, "prtras_synth_a")):
        path = folder / f"{name}.json"
        if not path.exists():
            actual.append(pytest.param(None, None, marks=pytest.mark.skip(reason=f"{name} is not on this machine")))
            continue
        for analysis in json.loads(path.read_text())["analyses"]:
            plain = not analysis["spec"].get("filter") and not analysis["spec"].get("weights")
            if analysis["type"] == kind and plain:
                actual.append(pytest.param(path.with_suffix(".csv"), analysis, id=f"{name}-{analysis['id']}"))
    return actual


def analyse(table: Path, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    out = StringIO()
    options = {"time": spec["time"], "event": spec["event"], "arm": spec.get("group"), "json": True} | more
    call_command("analyse", str(table), stdout=out, **options)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(("table", "case"), cases("km"))
def test_the_curves_are_those_of_r(table, case):
    spec = case["spec"]
    result = analyse(table, spec, times=spec["times"], tau=spec.get("tau"))
    for want, got in zip(case["expected"].values(), result["curves"], strict=True):
        assert (got["n"], got["n_events"]) == (want["n"], want["n_events"])
        at = want["at"]
        for i, row in enumerate(got["at"]):
            assert row["n_risk"] == listed(at["n_risk"])[i]
            if row["surv"] is not None:
                assert row["surv"] == pytest.approx(listed(at["surv"])[i], abs=1e-10)
            assert (row["surv"] is None) == (listed(at["beyond_last_followup"])[i] and listed(at["surv"])[i] > 0)


@pytest.mark.parametrize(("table", "case"), cases("logrank"))
def test_the_log_rank_test_is_that_of_r(table, case):
    spec = case["spec"]
    got = analyse(table, spec, strata=listed(spec.get("strata")), rho=spec.get("rho", 0))["logrank"]
    assert got["chi2"] == pytest.approx(case["expected"]["chisq"], rel=1e-9)
    assert got["p"] == pytest.approx(case["expected"]["p"], rel=1e-6)


@pytest.mark.parametrize(("table", "case"), cases("cox"))
def test_the_cox_model_is_that_of_r(table, case):
    spec, want = case["spec"], case["expected"]
    more = {"covariates": listed(spec["covars"]), "strata": listed(spec.get("strata")), "cluster": spec.get("cluster")}
    got = analyse(table, spec, ties=spec.get("ties", "efron"), robust=bool(spec.get("robust")), **more)
    coefs = [term["coef"] for term in got["cox"]["terms"]]
    assert coefs == pytest.approx(listed(want["coef"]), abs=1e-8)
    assert [term["se"] for term in got["cox"]["terms"]] == pytest.approx(listed(want["se"]), abs=1e-8)
    assert got["cox"]["n"] == want["n"]
    if want.get("zph"):
        assert {test["transform"] for test in got["ph"]} == {"km", "rank", "identity", "log"}


def test_it_prints_what_a_person_reads():
    out = StringIO()
    call_command(
        "analyse", str(COPIED / "veteran.csv"), time="time", event="status", arm="trt", covariates=["age"], stdout=out
    )
    assert "log-rank: chi2" in out.getvalue()
    assert "PH test, km" in out.getvalue()


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="There is no column weeks; there are trt"):
        call_command("analyse", str(COPIED / "veteran.csv"), time="weeks", event="status")


def test_a_table_that_is_none_is_refused(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\x00\x01\x02")
    with pytest.raises(CommandError):
        call_command("analyse", str(tmp_path / "x.csv"), time="a", event="b")


def test_an_event_column_with_other_values_needs_the_value_named(tmp_path):
    (tmp_path / "x.csv").write_text("t,s,g\n1,dead,a\n2,alive,b\n3,dead,b\n4,alive,a\n")
    with pytest.raises(CommandError):
        call_command("analyse", str(tmp_path / "x.csv"), time="t", event="s", stdout=StringIO())
    out = StringIO()
    call_command("analyse", str(tmp_path / "x.csv"), time="t", event="s", event_value="dead", arm="g", stdout=out)
    assert "a: n 2, events 1" in out.getvalue()


# -- Nothing is lost, nothing is made up -----------------------------------------------------------------

CASES = Path(__file__).parent / "cases"


def table(folder: Path, text: str) -> str:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def printed(path: str | Path, **options: Any) -> str:
    out = StringIO()
    call_command("analyse", str(path), **({"time": "days", "event": "status"} | options), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "value", "missing", "in_a"),
    [("08-event-value-missing.csv", "1", 1, 1), ("08-event-value-missing.csv", "2.0", 1, 1),
     ("08-event-value-text.csv", "dead", 2, 1)],
)  # fmt: skip
def test_a_row_without_a_status_is_dropped_and_counted_and_a_value_is_not_its_spelling(name, value, missing, in_a):
    text = printed(CASES / name, event_value=value, arm="arm")
    for step in ("Kaplan-Meier", "log-rank"):
        assert f"{step}: {6 - missing} of 6 rows used; dropped {missing}, missing values: status {missing}" in text
    assert f"A: n 2, events {in_a}" in text


@pytest.mark.parametrize("value", ["Dead", "3", "deceased"])
def test_an_event_value_that_never_occurs_is_refused_by_name(value):
    with pytest.raises(CommandError, match=f"No row has the value “{value}” in column status; it holds alive, dead"):
        printed(CASES / "08-event-value-text.csv", event_value=value)


def test_delayed_entry_reaches_the_log_rank_test():
    """R: coxph(Surv(start, stop, event) ~ transplant, heart)$score is 0.174 within the difference of the variances."""
    heart, spec = CASES / "09-entry-logrank.csv", {"time": "stop", "event": "event", "group": "transplant"}
    with_entry, without = analyse(heart, spec, entry="start"), analyse(heart, spec)
    assert with_entry["logrank"]["chi2"] == pytest.approx(0.174, abs=5e-3)
    assert without["logrank"]["chi2"] == pytest.approx(4.03, abs=5e-3)
    assert "log-rank: chi2 0.17" in printed(heart, entry="start", time="stop", event="event", arm="transplant")


@pytest.mark.parametrize(
    "levels", [("NA", "NA+IFN"), ("None", "null"), ("01", "1"), ("1", "1.0"), ("nan", "N/A"), ("A", "a")]
)
def test_no_level_is_lost_whatever_its_spelling(tmp_path, levels):
    rows = "".join(f"{10 * i + j},1,{level}\n" for i in range(1, 4) for j, level in enumerate(levels))
    result = printed(table(tmp_path, "days,status,arm\n" + rows), arm="arm")
    assert all(f"\n{level}: n 3, events 3" in result for level in levels)
    assert "log-rank: 6 of 6 rows used" in result


def test_a_level_called_na_is_a_level_of_a_covariate_and_a_missing_number(tmp_path):
    rows = "".join(f"{i},{i % 2},{'NA' if i % 3 else 'IFN'},{'NA' if i == 9 else i % 4}\n" for i in range(1, 20))
    text = printed(table(tmp_path, "days,status,drug,n\n" + rows), covariates=["drug", "n"])
    assert "Cox: 18 of 19 rows used; dropped 1, missing values: n 1" in text
    assert "drugNA: HR NE: fewer than 5 events (IFN 2), reference IFN" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [({"ties": "breslow"}, "--ties has no effect without --covariates"),
     ({"rho": 1.0}, "--rho has no effect without --arm"),
     ({"robust": True}, "--robust"), ({"cluster": "id"}, "--cluster"), ({"strata": ["arm"]}, "--strata"),
     ({"covariates": ["id"], "reference": ["arm=A"]}, "--reference arm=A"),
     ({"covariates": ["arm"], "reference": ["arm"]}, "--reference arm")],
)  # fmt: skip
def test_an_option_that_no_step_can_honour_is_refused(options, words):
    with pytest.raises(CommandError, match=words):
        printed(CASES / "08-event-value-missing.csv", event_value="1", **options)


def test_a_step_that_cannot_honour_an_option_says_that_it_is_not_computed(tmp_path):
    rows = "".join(f"{i},{i % 2},{'AB'[i % 3 == 0]},{i % 5}\n" for i in range(1, 30))
    text = printed(
        table(tmp_path, "days,status,arm,n\n" + rows), arm="arm", covariates=["n"], ties="breslow", robust=True
    )
    assert "warning: log-rank: not computed" in text
    assert "warning: PH test: not computed with breslow ties" in text


def test_an_ambiguous_number_is_refused_and_a_decimal_comma_is_read(tmp_path):
    assert "median 2.5" in printed(table(tmp_path, "days;status\n2,5;1\n1;0\n"))
    with pytest.raises(CommandError, match="ambiguous"):
        printed(table(tmp_path, "days;status\n1,234;1\n2;0\n"))
