"""The bundle's programs compute every number that is shown again, from the CSV files alone, and forgive nothing."""

import json
import math
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis import bundle, results
from analysis.bundle.recomputation.comparison import Comparison, agree
from analysis.outputs import OUTPUTS
from analysis.outputs.output import Output, View
from tests.analysis.bundles import (
    Ended,
    by_python,
    by_python_here,
    by_r,
    by_r_here,
    unexpected,
    with_numbers,
    with_rows,
    written,
)
from tests.analysis.studies import CUTOFF, Tables, cohort, on, study
from tests.packages import PRODUCT

NUMBER = re.compile(r"\d")
R = pytest.param(by_r_here, id="R")
Program = Callable[..., Ended]
PROGRAMS = pytest.mark.parametrize("program", [pytest.param(by_python_here, id="Python"), R])


def full_study() -> Tables:
    """A study in which nothing that an output shows is missing: everybody is followed for three years or has an event.

    Deaths, new therapies, missed scans, unevaluable scans, adverse events, doses and screening failures occur.
    """
    people: list[dict[str, Any]] = []
    for n in range(120):
        arm = "A1" if n % 2 else "A2"
        last = 12 * (1 + n % 13) if n % 5 == 0 else 168 if n % 5 < 3 else 156
        recurs = (n * 7) % (2 if arm == "A1" and n % 3 else 4) in (0, 1)
        weeks = [week for week in range(12, last + 1, 12) if (n * week) % 11]
        person = {
            "arm": arm, "scans": weeks or [12], "age": 40 + (n * 7) % 31, "bclc": "A0"[n % 7 in (0, 2, 5)],
            "hbsag": 1 + (n * 13) % 37 / 10, "treated": -(n % 9) if n % 17 else None, "sex": "MF"[n % 3 == 0],
        }  # fmt: skip
        if n % 19 == 7:  # not everybody has every covariate
            person["hbsag" if n % 2 else "age"] = None
        if recurs:
            person["recurrence"] = person["scans"][-1 - n % len(person["scans"]) // 2]
        elif n % 9 == 0:
            person["death"] = person["scans"][-1] + 3
        elif n % 13 == 0:
            person["new_therapy"] = person["scans"][-1] - 5
        if n % 4:
            drop = 0.02 if arm == "A1" else 0.05
            person["virology"] = {
                week: (
                    max(-1.61, round(1.2 + n % 9 / 4 - drop * week / 1.5, 2)),
                    ("TND", "LLOQ_DET", "QUANT")[n * week % 5 // 2],
                    {
                        "hbsag_status": ("LOSS_CONF", "FUNCURE", "REVERTED")[(n + week) % 13 % 3],
                        "hbsab_val": (None, 3, 10, 250)[n % 11 % 4],
                    },
                )
                for week in (12, 24, 48, 72, 96, 120, 144, 156) if (n + week) % 7 and week <= last
            }  # fmt: skip
        people.append(person | {"forms": _forms(n, recurs)})
    people += [{"arm": "A1", "death": on(9)[:7]}, {"arm": "A2", "scans": [12], "recurrence": 40, "death": 20}]
    people += [{"arm": "A1"}, {"arm": None, "day_0": None}]
    people += [{"arm": "A2", "scans": [12, 60], "recurrence": 61} for _ in range(3)]
    doses = [
        {
            "SUBJID": f"01-{n:03d}", "pg_status": "GIVEN" if k else "REDUCED", "pg_date": on(n % 30 + 3 * k),
            "pg_dose": None if (n, k) == (41, 1) else (180, 135, 90)[(n + k) % 3],
        }
        for n in range(1, 121, 2)
        for k in range(1 + n % 9)
    ]  # fmt: skip
    events = [
        {
            "SUBJID": f"01-{n:03d}", "REPEAT": 1 + n % 2, "ae_start": on(n % 40 - 1)[: (10, 7)[n % 5 == 0]],
            "ae_grade": str(1 + n % 4),
            "ae_ser": "YN"[n % 4 > 0], "ae_out": "FATAL" if n == 60 else None, "ae_rel_na": ("POSSIBLE", "NOT")[n % 2],
        }
        for n in range(1, 121, 3)
    ]  # fmt: skip
    alloc = [{"SUBJID": "01-001", "arm_actual": "A1"}]
    deviations = [{"SUBJID": f"01-{n:03d}", "dv_excl": "Y" if n % 2 else "N"} for n in range(1, 120, 7)]
    return study(people, ae=events, pegifn=doses, alloc=alloc, dv=deviations, **blind_review(people), **data_review())


def data_review() -> dict[str, list[dict[str, Any]]]:
    """Visits of every state, queries of every state and age, pages verified and signed once or for a time."""
    visits, queries, marks = [], [], []
    for n in range(1, 121):
        who = {"SUBJID": f"01-{n:03d}"}
        state = ("done", "missed", "planned", "dropped")[n % 4]
        day = on(24) if state == "done" else None
        visits.append(
            who | {"VISIT": "W24", "OPENS": on(23), "CLOSES": on(25), "SVSTDTC": day, "STATE": state}
        )  # fmt: skip
        page = who | {"VISIT": None, "VISITSEQ": 0, "FORM": ("ae", "mri", "alloc")[n % 3], "REPEAT": 1 + n % 2}
        opened = (CUTOFF - timedelta(days=(3, 7, 8, 30, 31)[n % 5])).isoformat() + "T01:02:03+00:00"
        queries.append(page | {"STATE": ("open", "answered", "closed")[n % 7 % 3], "OPENED": opened})
        ended = None if n % 4 else "2026-01-01T00:00:00+00:00"
        marks += [page | {"DROPPED": ended, "BROKEN": ended}, page | {"DROPPED": None, "BROKEN": ended}]
    return {"visits": visits, "queries": queries, "verifications": marks, "signatures": marks[::3]}


def blind_review(people: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Who has a scan is a case: agreed, adjudicated, waiting, not assessable, by a scan that is gone, read again."""
    rounds, readings = [], []
    for n, person in enumerate(people, start=1):
        if not person.get("scans"):
            continue
        number, scans, again = f"01-{n:03d}", person["scans"], n % 17 == 0
        recurs = person.get("recurrence") in scans
        own = ("Y", on(person["recurrence"])) if recurs else ("N", None)
        other = ("N", None) if recurs and n % 8 == 0 else ("Y", on(scans[0])) if n % 10 == 0 else own
        other = ("NE", None) if n % 31 == 0 else other
        own = ("Y", on(1)) if n == 50 else ("NE", None) if n == 62 else own
        for ordinal in (1, 2) if again else (1,):
            shown = scans[-1] if ordinal == 1 + again else scans[0]
            rounds.append({"SUBJID": number, "ROUND": ordinal, "THROUGH": on(shown)})
            parts = {"first": own, "second": own if n in (50, 62) else other}
            if own != other and n % 40 and n not in (50, 62):
                parts["final"] = own
            readings += [
                {"SUBJID": number, "ROUND": ordinal, "PART": part, "VERDICT": verdict, "EVIDENCE": evidence}
                for part, (verdict, evidence) in parts.items()
            ]
    return {"blind_rounds": rounds, "blind_readings": readings}


def _forms(n: int, recurs: bool) -> dict[str, dict[str, Any]]:
    """What else the forms of a participant hold; now and then something is missing."""
    multiple, site = 1 + n % 4, ("LOCAL", "IHD", "EHM", "IH_EH")[n % 4]
    forms: dict[str, dict[str, Any]] = {
        "dm": {"sex": "MF"[n % 3 == 0]},
        "hcc": {
            "n_tumours": multiple, "largest_mm": f"{12 + n % 47 / 2}", "cp_pre": "A",
            "pre_afp": None if n % 10 == 0 else f"{(n * 37) % 700 + 0.5}",
        },
        "path": {"mvi": ("M0", "M1", "M2", None)[n % 4]},
        "radtx": {"tx_type": ("RESECTION", "ABLATION")[n % 5 == 1], "days_to_w0": 14 + n % 60},
        "hbvhx": {"cirrhosis": ("NONE", "COMP")[n % 7 in (1, 2)]},
        "lbviro": {"hbvdna_log": f"{n % 9 / 3:.3f}", "hbeag_res": ("NEG", "POS")[n % 8 == 3]},
    }  # fmt: skip
    if recurs:
        forms["recur"] = {
            "rec_visit": "W24", "rec_site": site, "rec_basis": ["LR5", "PATH"][: 1 + n % 2], "rec_n": multiple,
            "rec_mm": None if n % 6 == 0 else f"{8 + n % 30}.5", "rec_vasc": "NONE", "rec_bclc": "0A"[n % 2],
        }  # fmt: skip
    return forms


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("whole"), full_study())


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return shutil.copytree(whole, tmp_path / "bundle")


@pytest.fixture(scope="module")
def computed() -> results.Results:
    return results.compute(full_study(), CUTOFF)


def shows_numbers(output: Output[Any], result: Any) -> bool:
    """Does it show a number in any view?"""
    for view in View:
        shown = output.show(result, view)
        tables = (*shown.tables, *(panel.table for panel in shown.panels if panel.table))
        cells = [str(cell) for table in tables for row in table.rows for cell in row.cells]
        cells += [value for tile in shown.tiles for value in tile.values]
        if any(panel.drawings for panel in shown.panels) or any(map(NUMBER.search, cells)):
            return True
    return False


#: Not computed again by the programs: a seeded simulation, and arithmetic of the Cox term that they do compare.
NOT_RECOMPUTED = ("design_monitor", "conditional_power")
RECOMPUTED = [output for output in OUTPUTS if output.code not in NOT_RECOMPUTED]


@pytest.mark.parametrize("output", RECOMPUTED, ids=lambda output: output.code)
def test_an_output_that_shows_numbers_expects_them(output: Output[Any], computed: results.Results) -> None:
    result = computed[output]
    assert shows_numbers(output, result)
    assert output.expected is not None
    expected = output.expected(result)
    assert expected
    assert any(number is not None for number in expected.values())
    for place, number in expected.items():
        assert number is None or (type(number) in (int, float) and math.isfinite(number)), place


@pytest.mark.parametrize("output", RECOMPUTED, ids=lambda output: output.code)
def test_every_number_of_a_table_is_an_expected_one_rounded(output: Output[Any], computed: results.Results) -> None:
    result = computed[output]
    assert output.expected is not None
    for view in (View.REPORT, View.BY_ARM if output.by_arm else View.POOLED):
        for table in output.show(result, view).tables:
            assert unexpected(table, output.expected(result)) == []


@pytest.mark.parametrize("program", [pytest.param(by_python, id="Python"), pytest.param(by_r, id="R")])
def test_all_numbers_agree_and_are_counted(folder: Path, program: Program) -> None:
    ended = program(folder)
    assert ended.differences == []
    assert (ended.status, ended.lines[-1]) == (0, f"All {sum(ended.compared.values())} numbers agree.")
    expected = json.loads((folder / "expected.json").read_text())["numbers"]
    assert {name: len(numbers) for name, numbers in expected.items()} == {
        name: n for name, n in ended.compared.items() if name not in ("adtte", "files")
    }
    assert set(expected) == {output.code for output in RECOMPUTED}
    assert ended.compared["adtte"] == 1 + 14 * ((folder / "adtte.csv").read_bytes().count(b"\r\n") - 1)


def test_the_study_of_this_test_leaves_little_out(folder: Path) -> None:
    numbers = json.loads((folder / "expected.json").read_text())["numbers"]
    for name in ("contrasts", "hazard_ratios", "cox_model", "proportional_hazards", "balance", "sensitivity", "safety"):
        assert None not in [number for place, number in numbers[name].items() if not place.startswith("OS")], name
    assert all(numbers["participants"][f"not analysed {why}"] for why in ("ended", "contradiction", "no_scan"))
    assert numbers["safety"]["not emergent"]


ODD: dict[str, list[dict[str, Any]]] = {
    "nobody": [], "one": cohort()[:1], "two": cohort()[:2], "one arm": cohort()[:20],
    "everybody recurs at once": cohort(recurrence=12), "no recurrence": cohort(recurrence=None),
    "no scan": cohort(scans=[]), "everybody dead": cohort(death=4), "HBsAg missing": cohort(hbsag=None),
    "BCLC 0 only": cohort(bclc="0"), "BCLC A only": cohort(bclc="A"), "BCLC unknown": cohort(bclc=None),
    "age missing": cohort(age=None), "one age": cohort(age=50), "combination only": cohort(arm="A2"),
    "an unknown arm": cohort(arm="A3"), "year of death only": cohort(death="2024"),
    "no date of death": cohort(death="not a date"), "Day 0 in the future": cohort(day_0=on(500)),
    "no month of therapy": cohort(new_therapy="2024-13"), "year of therapy only": cohort(new_therapy="2024"),
    "one scan": cohort(scans=[12], recurrence=12), "event on Day 0": cohort(scans=[0, 12], recurrence=1),
    "arm and event are one": [each | {"arm": "A1" if each.get("recurrence") else "A2"} for each in cohort()],
    "separation": [each | {"hbsag": 3.0 if each["arm"] == "A1" else 1.0} for each in cohort()],
    "three arms": [each | {"arm": ("A1", "A2", "A3")[n % 3]} for n, each in enumerate(cohort())],
    "no event at a stage": [each | {"bclc": "A" if each.get("recurrence") else "0"} for each in cohort()],
    "three stages": [each | {"bclc": "0AB"[n % 3]} for n, each in enumerate(cohort())],
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
@PROGRAMS
def test_of_an_odd_study_they_agree_that_there_is_nothing(tmp_path: Path, program: Program, name: str) -> None:
    ended = program(written(tmp_path, study(ODD[name])))
    assert ended.differences == []
    assert ended.status == 0


def test_of_nobody_nothing_is_a_number(tmp_path: Path) -> None:
    numbers = json.loads((written(tmp_path, study([])) / "expected.json").read_text())["numbers"]
    assert not any(number for values in numbers.values() for number in values.values())


def nulled(numbers: dict[str, dict[str, Any]]) -> None:
    for values in numbers.values():
        values.update(dict.fromkeys(values))


def set_to(table: str, place: str, value: object) -> Callable[[dict[str, dict[str, Any]]], None]:
    return lambda numbers: numbers[table].update({place: value})


@PROGRAMS
def test_nothing_against_a_number_is_a_difference(folder: Path, program: Program) -> None:
    numbers = json.loads((folder / "expected.json").read_text())["numbers"]
    with_numbers(folder, nulled)
    ended = program(folder)
    assert ended.status == 1
    there = [f"{table}: {place}" for table, values in numbers.items() for place, v in values.items() if v is not None]
    assert {line.removeprefix("DIFFERS  ").split(": expected NA")[0] for line in ended.differences} == set(there)
    assert ended.lines[-1].startswith(f"NOT ALL NUMBERS AGREE: {len(there)} differences")


CHANGED: dict[str, tuple[Callable[[dict[str, dict[str, Any]]], Any], str]] = {
    "a coefficient in its eighth digit": (
        lambda n: n["cox_model"].update({"AGE coef": n["cox_model"]["AGE coef"] * (1 + 3e-8)}), "cox_model: AGE coef"
    ),
    "a count": (lambda n: n["events"].update({"events": n["events"]["events"] + 1}), "events: events"),
    "a number for nothing": (set_to("recurrence_pooled", "all week 0 lower", 0.5), "pooled: all week 0 lower"),
    "a number that is no longer expected": (lambda n: n["safety"].pop("any A1"), "safety: any A1: expected nothing"),
    "a number that nobody computes": (set_to("imaging", "all late", 3), "all late: expected 3, computed nothing"),
    "a table that is no longer expected": (lambda n: n.pop("balance"), "balance: score minimum: expected nothing"),
    "a table that nobody computes": (lambda n: n.update(more={"x": 1}), "more: x: expected 1, computed nothing"),
    "a text": (set_to("events", "n", "116"), "events: n: expected 116"),
}  # fmt: skip


def about(named: str) -> str:
    """The output of which a difference is named: the others need not be computed again to see it."""
    elsewhere = {"pooled": "recurrence_pooled", "all late": "imaging", " OS ADT": "adtte"}
    output = named.split(":")[0]
    return "listings" if output.startswith("expected nothing") else elsewhere.get(output, output)


@pytest.mark.parametrize("name", CHANGED)
@PROGRAMS
def test_a_changed_number_is_named(folder: Path, program: Program, name: str) -> None:
    change, named = CHANGED[name]
    with_numbers(folder, change)
    ended = program(folder, about(named))
    assert ended.status == 1
    assert any(named in line for line in ended.differences), ended.differences


def person(rows: list[dict[str, str]], number: str, **values: str) -> list[dict[str, str]]:
    own = [row for row in rows if row["SUBJID"] == number]
    for row in own:
        row.update({name.lower() if name.lower() in row else name: value for name, value in values.items()})
    return own


TAMPERED: dict[str, tuple[str, Callable[[list[dict[str, str]]], Any], str]] = {
    "300 days more": (
        "adtte.csv", lambda rows: rows[0].update(AVAL=str(int(rows[0]["AVAL"]) + 300)), "adtte: 01-001 TTR AVAL"
    ),
    "a row less": ("adtte.csv", lambda rows: rows.pop(0), "adtte: 01-001 TTR ADT: expected nothing"),
    "a row twice": ("adtte.csv", lambda rows: rows.append(rows[4]), "adtte: rows"),
    "another arm": ("adtte.csv", lambda rows: person(rows, "01-002", ARMCD="A2"), "adtte: 01-002 TTR ARMCD"),
    "another age": ("data/dm.csv", lambda rows: person(rows, "01-003", age_consent="18"), "adtte: 01-003 TTR AGE"),
    "a recurrence moved": (
        "data/recur.csv", lambda rows: rows[0].update(rec_date=on(13)), "adtte: 01-001 TTR ADT"
    ),
    "a recurrence removed": ("data/recur.csv", lambda rows: rows.pop(0), "adtte: 01-001 TTR CNSR"),
    "a scan not evaluable": (
        "data/mri.csv", lambda rows: person(rows, "01-003", mri_quality="NONDIAG"), "adtte: 01-003 TTR FASFL"
    ),
    "a death moved": ("data/death.csv", lambda rows: rows[0].update(dth_date=on(5)), " OS ADT"),
    "an adverse event less": ("data/ae.csv", lambda rows: rows.pop(3), "safety: any all"),
    "a participant less": ("data/participants.csv", lambda rows: rows.pop(9), "participants: screened"),
    "another tumour size": (
        "data/hcc.csv", lambda rows: person(rows, "01-003", largest_mm="90"), "baseline: size A2 mean"
    ),
    "a sex removed": ("data/dm.csv", lambda rows: person(rows, "01-003", sex=""), "baseline: sex A2 missing"),
    "a recurrence elsewhere": (
        "data/recur.csv", lambda rows: rows[0].update(rec_site="EHM"), "recurrence_pattern: extent extrahepatic"
    ),
    "another serious event": (
        "data/ae.csv", lambda rows: rows[1].update(ae_ser="N"), "listings: serious: expected"
    ),
    "another cause of death": (
        "data/death.csv", lambda rows: rows[0].update(dth_cause="HCC"), "expected nothing at this place"
    ),
    "another end of the study": (
        "data/eos.csv", lambda rows: rows.append({"SUBJID": "01-001", "eos_status": "DEATH"}),
        "participant_flow: A2 ended DEATH",
    ),
    "a visit less": ("data/visits.csv", lambda rows: rows.pop(3), "imaging: all due"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
@PROGRAMS
def test_a_changed_table_is_named(folder: Path, program: Program, name: str) -> None:
    file, change, named = TAMPERED[name]
    with_rows(folder, file, change)
    ended = program(folder, about(named))
    assert ended.status == 1
    assert any(named in line for line in ended.differences), ended.differences


@pytest.mark.parametrize("name", ["adtte.csv", "data/ae.csv", "data/mri.csv", "data/participants.csv", "expected.json"])
@PROGRAMS
def test_a_table_that_is_gone_is_named(folder: Path, program: Program, name: str) -> None:
    (folder / name).unlink()
    ended = program(folder, "adtte", "safety")
    assert ended.status == 1
    assert any("could not be computed" in line and Path(name).name in line for line in ended.differences)


@PROGRAMS
def test_a_file_of_the_manifest_that_is_gone_is_named(folder: Path, program: Program) -> None:
    manifest = {"files": {"data/na.csv": {"bytes": 7}, "adtte.csv": {"bytes": (folder / "adtte.csv").stat().st_size}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    ended = program(folder, "files")
    assert (ended.status, ended.compared["files"]) == (1, 2)
    assert ended.differences == ["DIFFERS  files: data/na.csv: expected 7, computed nothing at this place"]


@PROGRAMS
def test_to_compare_nothing_is_no_success(folder: Path, program: Program) -> None:
    for path in (folder / "data").iterdir():
        path.unlink()
    for name in ("adtte.csv", "expected.json"):
        (folder / name).unlink()
    ended = program(folder)
    assert (ended.status, ended.lines[-1]) == (1, "NOTHING WAS COMPARED.")
    assert Comparison().end() == 1


@PROGRAMS
def test_only_what_is_named_is_computed_and_what_is_none_is_refused(folder: Path, program: Program) -> None:
    ended = program(folder, "events", "adtte")
    assert (ended.status, set(ended.compared)) == (0, {"events", "adtte"})
    ended = program(folder, "events", "nothing")
    assert (ended.status, ended.lines) == (2, ["There is no nothing"])


@PROGRAMS
def test_a_program_never_runs_what_a_file_holds(folder: Path, program: Program) -> None:
    trap = folder / "trap"
    text = (folder / "expected.json").read_text()
    for code in (f'file.create("{trap}")', f'open("{trap}", "w")'):
        (folder / "expected.json").write_text(text.replace('"numbers": {', f'"numbers": {{{code}, ', 1))
        assert program(folder, "events").status == 1
    assert not trap.exists()


@pytest.mark.parametrize(
    ("there", "computed", "same"),
    [
        (None, None, True), (None, 0.0, False), (0.0, None, False), (1, 1, True), (1, 1.0, True), (1, 1.000001, False),
        (2.0, 2.0 + 1e-8, True), (2.0, 2.0 + 3e-8, False), (1e-15, -1e-15, True), (1e-3, 1e-3 + 2e-10, False),
        ("A1", "A1", True), ("A1", "A2", False), ("1", 1, False), (math.nan, math.nan, False),
        (math.inf, math.inf, False),
    ],
)  # fmt: skip
def test_two_values_agree_when_the_place_says_so(there: Any, computed: Any, same: bool) -> None:
    assert agree(there, computed) is same


def test_a_failing_computation_is_a_difference(capsys: pytest.CaptureFixture[str]) -> None:
    comparison = Comparison()
    comparison.attempt("x", lambda: 1 / 0)
    comparison.compare("x", {"a": 1}, {"a": 1})
    assert comparison.end() == 1
    assert "DIFFERS  x: could not be computed (ZeroDivisionError" in capsys.readouterr().out


OURS = re.compile(rf"^\s*(?:from|import) (?:{'|'.join(PRODUCT)})\b", re.MULTILINE)
PACKAGE = re.compile(r"(?:library|require|requireNamespace)\(\W*(\w+)|(\w+)::")


def test_the_programs_stand_alone_and_run_no_text() -> None:
    for name, content in bundle.programs().items():
        text = content.decode()
        assert not OURS.search(text), name
        assert not re.search(r"\beval\(|\bparse\(|\bexec\(", text), name
        if name.endswith(".R"):
            used = {package for pair in PACKAGE.findall(text) for package in pair if package}
            assert used <= {"survival", "splines"}, name  # splines is a part of R itself
