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
