"""Another study on the same platform: whatever of PRTRAS it would need is a fault of the platform."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from prtras.crf.registry import all_forms
from prtras.crf.schedule import SCHEDULE
from tests.own_process import ROOT, environment
from tests.packages import STUDY

SETTINGS = "tests.second_study.settings"

pytestmark = pytest.mark.xdist_group("second_study")


def run(folder: Path, *arguments: str) -> str:
    """What Python says with HTN-002's settings, in a process of its own; its database is in a folder of its own."""
    given = environment(folder, PRTRAS_ENV="test", DJANGO_SETTINGS_MODULE=SETTINGS)
    command = [sys.executable, "-W", "ignore", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-4000:]
    return ended.stdout


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a PostgreSQL with empty tables of HTN-002."""
    folder = tmp_path_factory.mktemp("htn")
    run(folder, "manage.py", "migrate", "--verbosity", "0")
    return folder


@pytest.fixture(scope="module")
def day(migrated: Path) -> dict[str, Any]:
    """What one day of HTN-002 saw."""
    seen: dict[str, Any] = json.loads(run(migrated, "-m", "tests.second_study.a_day").splitlines()[-1])
    return seen


def test_nothing_of_prtras_is_loaded(day: dict[str, Any]) -> None:
    assert "prtras" in day["modules"]
    assert set(STUDY) & set(day["modules"]) == set()


def test_none_of_its_codes_would_serve_the_platform_by_chance(day: dict[str, Any]) -> None:
    tables = day["export"]["tables"]
    theirs = {code for form in all_forms() for code in (form.code, form.rows.code if form.rows else "")}
    assert {"agree", "bp", "bpread", "event"} <= set(tables)
    assert theirs & set(tables) == set()
    assert {row["VISIT"] for row in tables["visits"]} & set(SCHEDULE.visits) == set()


def test_the_migrations_of_the_platform_hold_for_every_study(migrated: Path) -> None:
    assert "No changes detected" in run(migrated, "manage.py", "makemigrations", "--check", "--dry-run")


def test_the_checks_of_the_project_pass_and_the_trail_is_in_force(migrated: Path) -> None:
    assert "no issues" in run(migrated, "manage.py", "check", "--database", "default")


def test_a_nurse_registers_someone_and_saves_pages(day: dict[str, Any]) -> None:
    seen = day["entry"]
    assert seen["first page"]
    assert seen["opens"] == [200, 200]
    assert (seen["agreement"], seen["saved"], seen["event"]) == (302, 302, 302)


def test_its_checks_refuse_and_ask(day: dict[str, Any]) -> None:
    seen = day["entry"]
    assert seen["refused"] == [422, True]
    assert seen["questioned"] == [422, True, "HTN-3@pulse"]
    assert seen["saved with a query"] == 302
    assert seen["queries"] == [["HTN-3", "open", "bp"]]


def test_its_role_is_offered_and_noted_and_its_action_belongs_to_it_alone(day: dict[str, Any]) -> None:
    seen = day["around"]
    assert seen["nurse is offered"]
    assert seen["roles in the trail"] == ["nurse"]
    assert seen["reminders"] == {"adam": 403, "nora": 200, "ivo": 403, "mona": 403, "stan": 403}
    assert day["entry"]["reminded of"]


def test_pages_are_verified_signed_and_locked(day: dict[str, Any]) -> None:
    seen = day["review"]
    assert (seen["query"], seen["sign"]) == ("closed", 302)
    assert seen["pages"] == [["full", True, "locked"]] * 4
    assert seen["unchanged when locked"]


def test_the_night_finds_nothing_new(day: dict[str, Any]) -> None:
    assert day["night"] == {"pages": 4, "opened": 0}


def test_a_bundle_holds_what_was_entered(day: dict[str, Any]) -> None:
    tables = day["export"]["tables"]
    agreed = timezone.localdate() - timedelta(days=30)
    assert day["export"]["requested"] == 302
    assert day["export"]["job"][0] == "done", day["export"]["job"]
    (agreement,) = tables["agree"]
    assert (agreement["agreed_on"], agreement["leaflet"]) == (f"{agreed}", "2.0")
    assert [(row["SUBJID"], row["VISIT"], row["VISITSEQ"], row["cuff"], row["pulse"]) for row in tables["bp"]] == [
        ("A-1", "V1", "0", "L", "70"),
        ("A-1", "X", "1", "R", "115"),
    ]
    assert [(row["VISIT"], row["ROW"], row["sbp"], row["dbp"], row["difference"]) for row in tables["bpread"]] == [
        ("V1", "1", "150", "92", "58"),
        ("V1", "2", "144", "88", "56"),
        ("X", "1", "139", "80", "59"),
    ]
    (event,) = tables["event"]
    assert (event["what"], event["began"], event["serious"]) == ("Dizzy", f"{agreed:%Y-%m}", "N")
    assert [row["STATE"] for row in tables["queries"]] == ["closed"]
    assert len(tables["signatures"]) == 4
    assert [(row["VISIT"], row["STATE"]) for row in tables["visits"]] == [
        ("V1", "done"),
        ("V2", "planned"),
        ("X", "done"),
    ]


def test_its_forms_are_in_odm_as_they_are_registered(day: dict[str, Any]) -> None:
    assert sorted(day["odm"]) == sorted(day["export"]["tables"])
    assert {"agree", "bp", "bpread", "event"} <= set(day["odm"])


def test_a_bundle_says_whose_it_is_and_holds_no_identifiers(day: dict[str, Any]) -> None:
    seen = day["export"]
    assert seen["study"] == "HTN-002 (NCT00000002)"
    assert "HTN-002-" in seen["file"]
    assert "initials" not in seen["tables"]["agree"][0]
    assert [name for name in seen["names"] if "/" not in name] == [
        "MANIFEST.sig",
        "README.txt",
        "SHA256SUMS",
        "codebook.csv",
        "codebook.xlsx",
        "manifest.json",
        "signing-key.pem",
        "value_labels.csv",
    ]


def test_a_study_without_arms_has_none_in_its_bundle_and_nobody_looked_at_any(day: dict[str, Any]) -> None:
    assert day["export"]["head"] == "SITEID,SUBJID,SCRNO,STATE,DAY0"
    assert day["export"]["looks at results by arm"] == 0


def test_every_screen_opens_and_names_this_study_only(day: dict[str, Any]) -> None:
    seen = day["around"]
    assert seen["start"] == {
        name: "/people/" if name == "adam" else "/people-in-study/"
        for name in ("adam", "nora", "ivo", "mona", "stan")
    }  # fmt: skip
    assert {address: code for address, code in seen["status"].items() if code != 200} == {"/nowhere/": 404}
    assert seen["words of PRTRAS"] == {}
    assert seen["names the study"]
    assert seen["links to the participant"]
    assert seen["printed"] == ["%PDF-", "%PDF-"]


def test_the_trail_explains_every_row(day: dict[str, Any]) -> None:
    assert day["trail explains every row"]


def test_beat_starts_the_tasks_of_the_platform_only(migrated: Path) -> None:
    code = "from prtras.celery import app; print(*sorted(e['task'] for e in app.conf.beat_schedule.values()))"
    assert run(migrated, "-c", code).split() == [
        "prtras.audit.tasks.seal",
        "prtras.entry.tasks.run_checks",
        "prtras.jobs.tasks.pick_up",
        "prtras.operations.tasks.back_up",
        "prtras.operations.tasks.prove_backup",
    ]
