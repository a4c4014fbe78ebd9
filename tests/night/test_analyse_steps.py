"""`manage.py analyse`: the steps beside each other. One that fails is a refusal; no ratio is printed from chance."""

import json
import os
import re
import subprocess
import sys
import warnings
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analysis.exploration import curve_steps, model_steps
from analysis.survival.survival_data import BadTable

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "tests" / "reference"


def write(folder: Path, content: str) -> Path:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    return path


def outcome(path: Path, **options: Any) -> tuple[str, str]:
    """What is printed, and what the command says at its end; empty if it is content."""
    out, end = StringIO(), ""
    try:
        call_command("analyse", str(path), **({"time": "days", "event": "status"} | options), stdout=out)
    except CommandError as wrong:
        end = str(wrong)
    return out.getvalue(), end


def cohort(events_in_b: int, codes: str = "1") -> str:
    """Forty rows of two arms: twelve events in A, as many as requested in B, and two competing events in each."""
    lines = ["days,status,arm,age,left,right"]
    for i in range(40):
        arm, turn = "AB"[i % 2], i // 2
        events = 12 if arm == "A" else events_in_b
        status = codes if turn < events else "2" if turn >= 18 else "0"
        seen = status == codes
        lines.append(f"{10 + 7 * i},{status},{arm},{40 + (i * 7) % 30},{3 + 7 * i},{10 + 7 * i if seen else ''}")
    return "\n".join([*lines, ""])


EVERYTHING = {"competing": "2", "arm": "arm", "covariates": "arm,age", "at": "100", "tau": "150", "treatment": "arm",
              "confounders": "age", "interval": ["left", "right"], "visit_spacing": "7", "visits": "40"}  # fmt: skip
#: What every estimator prints before the ratio of the arms.
RATIOS = ("  armB: coef", "  armB: HR", "subdistribution HR", "stabilised weights: HR", "overlap weights: HR",
          "Klein's limits)")  # fmt: skip


def test_with_five_events_in_every_arm_each_estimator_prints_its_ratio(tmp_path):
    text, end = outcome(write(tmp_path, cohort(5)), **EVERYTHING)
    assert end == ""
    assert "fewer than 5 events" not in text
    assert text.count("  armB: coef") == 4
    assert "stabilised weights: HR " in text
    assert "E-value" in text


def test_with_four_events_in_an_arm_each_estimator_prints_not_estimable_and_the_reason(tmp_path):
    text, end = outcome(write(tmp_path, cohort(4)), **EVERYTHING)
    assert end == ""
    reason = "NE: fewer than 5 events (B 4)"
    for line in ("armB: HR", "armB: subdistribution HR", "stabilised weights: HR", "truncated: HR",
                 "inverse probability weights: HR", "overlap weights: HR", "weights of the treated: HR"):  # fmt: skip
        assert f"{line} {reason}" in text, line
    assert text.count(f"armB: HR {reason}") == 3  # Cox, Weibull, hazards grouped by visit
    assert f"ratio of cumulative hazards (Klein's limits) {reason}" in text
    assert "armB: coef" not in text
    assert "E-value" not in text
    assert "do not show" not in text
    assert text.count("  age: coef") == 4


def test_a_reference_level_with_few_events_takes_the_ratio_of_every_level_away(tmp_path):
    stages = ["II", "III", "II", "III", "I"]
    lines = [
        f"{i},{1 if i % 4 == 0 and (i % 5 or i % 40 == 0) else 2 if i % 9 == 0 else 0},{stages[i % 5 - 1]}"
        for i in range(1, 81)
    ]
    text, _ = outcome(write(tmp_path, "\n".join(["days,status,stage", *lines])), covariates="stage", competing="2")
    for line in ("  stageII: HR", "  stageIII: HR", "  stageII: subdistribution HR", "  stageIII: subdistribution HR"):
        assert f"{line} NE: fewer than 5 events (I 2)" in text


def test_with_fewer_than_five_events_in_all_no_ratio_is_printed(tmp_path):
    lines = [f"{i},{int(i % 9 == 0)},{i % 7}" for i in range(1, 41)]
    text, _ = outcome(write(tmp_path, "\n".join(["days,status,x", *lines])), covariates="x")
    assert "  x: HR NE: fewer than 5 events in all (4)" in text


def test_every_step_prints_its_rows_its_events_and_what_was_dropped_for_which_column(tmp_path):
    lines = cohort(8).splitlines()
    lines[2] = lines[2].replace(",B,", ",,")
    lines[5] = ",".join([*lines[5].split(",")[:3], "", *lines[5].split(",")[4:]])
    lines[8] = "," + lines[8].partition(",")[2]
    text, _ = outcome(write(tmp_path, "\n".join(lines)), **EVERYTHING)
    no_arm = "38 of 40 rows used; dropped 2, missing values: days 1, arm 1; events 18"
    both = "37 of 40 rows used; dropped 3, missing values: days 1, arm 1, age 1; events 17"
    for step in ("Kaplan-Meier", "log-rank", "B against A", "cumulative incidence"):
        assert f"{step}: {no_arm}" in text
    for step in ("Cox", "Fine-Gray", "weights"):
        assert f"{step}: {both}" in text
    assert "Turnbull: 39 of 40 rows used; dropped 1, missing values: arm 1; events 19" in text
    assert "Weibull: 38 of 40 rows used; dropped 2, missing values: arm 1, age 1; events 18" in text
    assert "grouped hazards: 38 of 40 rows used; dropped 2, missing values: arm 1, age 1; events 18" in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(BadTable("The table is bad"), "log-rank: refused: The table is bad."),
     (np.linalg.LinAlgError("Singular matrix"), "log-rank: refused: the computation failed (LinAlgError: Singular"),
     (FloatingPointError("overflow"), "log-rank: refused: the computation failed (FloatingPointError: overflow"),
     (ZeroDivisionError("division by zero"), "log-rank: refused: the computation failed (ZeroDivisionError")],
)  # fmt: skip
def test_a_step_that_fails_is_its_refusal_and_the_others_run(monkeypatch, tmp_path, wrong, words):
    def failing(*args: Any, **options: Any) -> None:
        raise wrong

    monkeypatch.setattr(curve_steps, "logrank", failing)
    text, end = outcome(write(tmp_path, cohort(8)), **EVERYTHING)
    assert words in text
    assert end == "1 of 10 steps refused: log-rank."
    assert "  armB: coef" in text
    assert "Gray's test" in text


def test_a_refused_step_is_in_the_json_too_and_the_exit_status_says_so(tmp_path):
    one_arm = cohort(8).replace(",B,", ",A,")
    text, end = outcome(write(tmp_path, one_arm), event_value="1", arm="arm", at="100", covariates="age", json=True)
    result = json.loads(text)
    assert result["refused"] == ["contrasts: Column arm holds only one group: nothing can be compared."]
    assert "contrasts" not in result
    assert result["cox"]["n"] == 40
    assert end == "1 of 4 steps refused: contrasts."


@pytest.mark.parametrize("option", [{"entry": "start"}, {"cluster": "arm"}])
def test_a_step_never_passes_over_an_option_that_changes_its_result(tmp_path, option):
    content = cohort(8).replace("days,", "start,days,").replace("\n", "\n0,").rstrip("0,")
    text, end = outcome(write(tmp_path, content), **(EVERYTHING | {"interval": None, "visits": None,
                                                                     "visit_spacing": None} | option))  # fmt: skip
    for step in ("cumulative incidence", "Fine-Gray", "weights"):
        assert f"{step}: refused: " in text
    assert end.endswith("cumulative incidence, Fine-Gray, weights.")


def test_a_warning_of_python_becomes_a_caution_with_the_name_of_its_step(monkeypatch, tmp_path):
    fitted = model_steps.cox

    def warning(*args: Any, **options: Any) -> Any:
        np.log(np.zeros(1))
        return fitted(*args, **options)

    monkeypatch.setattr(model_steps, "cox", warning)
    with warnings.catch_warnings(), np.errstate(all="ignore"):  # as lifelines leaves it behind
        warnings.simplefilter("error")
        text, _ = outcome(write(tmp_path, cohort(8)), event_value="1", covariates="age")
    assert "warning: Cox: the computation reported “divide by zero encountered in log”; check these numbers." in text


@pytest.mark.parametrize("events", ["none", "all at once", "separated", "one row"])
def test_no_warning_and_no_traceback_leaves_a_table_of_extremes(tmp_path, events):
    contents = {
        "none": cohort(8).replace(",1,", ",0,"),
        "all at once": re.sub(r"^[0-9]+,", "5,", cohort(8), flags=re.MULTILINE),
        "separated": cohort(0),
        "one row": "\n".join(cohort(8).split("\n")[:2]),
    }  # fmt: skip
    options = EVERYTHING | {"competing": None, "event_value": "1", "tau": None}
    if events == "none":
        options |= {"event_value": None, "event": "zero"}
        contents["none"] = contents["none"].replace("days,status", "days,zero").replace(",2,", ",0,")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text, _ = outcome(write(tmp_path, contents[events]), **options)
    assert "Kaplan-Meier: " in text
    assert "nan" not in text
    assert "inf" not in text.replace("its coefficient is infinite", "")


def test_a_ratio_beyond_all_numbers_is_not_estimable_and_no_failure(tmp_path):
    tiny = [line if not i else f"{line},{i % 7}e-9" for i, line in enumerate(cohort(8).split()[:41])]
    text, end = outcome(write(tmp_path, "\n".join([tiny[0] + ",x", *tiny[1:]])), **(EVERYTHING | {"covariates": "x"}))
    assert end == ""
    for label in ("", "subdistribution "):
        assert re.search(rf"  x: coef \S+, {label}HR (NE|0|\S+) \(", text), label


def test_the_reference_of_the_arm_decides_who_is_compared_with_whom(tmp_path):
    path = write(tmp_path, cohort(8))
    text, _ = outcome(path, **(EVERYTHING | {"reference": "arm=B"}))
    assert "A against B: 40 of 40 rows used" in text
    assert "A against B; " in text
    assert "  armA: coef" in text
    compared = {"event_value": "1", "arm": "arm", "at": "100", "json": True}
    forwards, _ = outcome(path, **compared)
    backwards, _ = outcome(path, reference="arm=B", **compared)
    first, second = (json.loads(each)["contrasts"][0]["surv"]["difference"] for each in (forwards, backwards))
    assert first == -second != 0
    weights = {"event_value": "1", "treatment": "arm", "confounders": "age", "json": True}
    as_it_is, _ = outcome(path, **weights)
    turned, _ = outcome(path, reference="arm=B", **weights)
    ratios = [json.loads(each)["weighting"]["effects"][0]["hazard"]["hr"] for each in (as_it_is, turned)]
    assert ratios[0] == pytest.approx(1 / ratios[1], rel=1e-6)


def test_the_time_of_a_contrast_and_the_end_of_the_restricted_mean_are_two_things(tmp_path):
    text, _ = outcome(write(tmp_path, cohort(8)), event_value="1", arm="arm", at="50,100", tau="150", json=True)
    contrasts = json.loads(text)["contrasts"]
    assert [(each["t0"], each["tau"]) for each in contrasts] == [(50, 150), (100, 150)]
    assert contrasts[0]["rmst"] == contrasts[1]["rmst"]
    assert contrasts[0]["surv"] != contrasts[1]["surv"]


def test_of_three_groups_each_is_compared_with_the_first():
    path = REFERENCE / "colon.csv"
    text, _ = outcome(
        path, time="crtime", event="cr", competing="2", arm="rx", reference="rx=Obs", at="1096", tau="1096"
    )
    assert "Lev against Obs: 625 of 625 rows used" in text
    assert "Lev+5FU against Obs: 619 of 619 rows used" in text
    assert text.count("Klein's limits)") == 2
    assert text.count("restricted mean to 1096: difference") == 2


def test_a_group_without_a_complete_row_is_no_group_and_the_others_are_compared(tmp_path):
    content = cohort(8) + ",1,C,50,,\n,1,0,50,,\n"
    text, end = outcome(write(tmp_path, content), event_value="1", arm="arm", at="100")
    assert end == ""
    assert "B against A: 40 of 40 rows used" in text
    assert "C against" not in text


def test_a_group_that_is_not_followed_so_long_has_no_difference_and_says_why(tmp_path):
    text, _ = outcome(write(tmp_path, cohort(8)), event_value="1", arm="arm", at="5000")
    assert "difference of S NE (NE-NE), p NE" in text
    assert "warning: Group A: follow-up ends at 276, no survival at 5000." in text


def test_at_the_command_line_warnings_stay_away_and_the_exit_status_is_that_of_the_steps(tmp_path):
    path = write(tmp_path, cohort(8))
    command = [sys.executable, "manage.py", "analyse", str(path), "--time", "days", "--event", "status"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *options], cwd=ROOT, env=environment, capture_output=True, text=True)

    good = run("--event-value", "1", "--arm", "arm", "--covariates", "arm,age", "--tau", "100", "--at", "50,100")
    assert (good.returncode, good.stderr) == (0, "")
    assert "restricted mean to 100: difference" in good.stdout
    bad = run("--event-value", "1", "--treatment", "age", "--confounders", "arm")
    assert (bad.returncode, bad.stderr) == (1, "CommandError: 1 of 2 steps refused: weights.\n")
    assert "weights: refused: Column 'age' must hold exactly two arms." in bad.stdout
    assert "Traceback" not in run("--arm", "nowhere").stderr
    assert run("--arm", "nowhere").returncode == 1


def test_the_help_names_every_option_and_gives_examples(capsys):
    with pytest.raises(SystemExit):
        call_command("analyse", "--help")
    text = capsys.readouterr().out
    for option in ("--sheet", "--decimal-comma", "--categorical", "--at", "--tau", "--competing", "--treatment",
                   "--confounders", "--interval LEFT RIGHT", "--visit-spacing", "--json"):  # fmt: skip
        assert option in text
    assert "analyse trial.csv --time days --event status --arm arm" in text


@pytest.mark.parametrize("more", [0, 7])
def test_of_many_intervals_twenty_are_printed_and_the_others_counted(tmp_path, more):
    """Everybody's event lies in an interval of their own."""
    rows = "".join(f"{10 * n},{10 * n + 5}\n" for n in range(20 + more))
    path = write(tmp_path, f"left,right\n{rows}")
    text, end = outcome(path, time=None, event=None, interval=["left", "right"])
    assert (end, text.count("]: probability ")) == ("", 20)
    assert ("(190, 195]" in text, "(200, 205]" in text) == (True, False)
    assert re.findall(r"and (\d+) more intervals", text) == (["7"] if more else [])
