"""The trigger's files: each names tables of its own room and of those below; what is installed is theirs."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from prtras import embedded
from prtras.audit.rules import register_rule, trigger_functions
from tests.audit.conftest import start_up_errors
from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
#: Each file, and the rooms whose tables it may name.
FILES = {
    "prtras/audit/triggers/trail.sql": ("audit",),
    "prtras/audit/triggers/seals.sql": ("audit",),
    "prtras/accounts/triggers/actor.sql": ("audit", "accounts"),
    "prtras/jobs/triggers/ended_jobs.sql": ("audit", "accounts", "jobs"),
    "prtras/crf/triggers/holds.sql": ("audit", "accounts", "crf"),
    "prtras/review/triggers/trust.sql": ("audit", "accounts", "crf", "review"),
    "endpoint_review/triggers/blind_reading.sql": ("audit", "accounts", "crf", "review", "endpoint_review"),
}


def _sql() -> list[Path]:
    return [path for room in PRODUCT for path in (ROOT / room).glob("**/*.sql")]


NAMES = [function.name for function in trigger_functions()]


def test_it_works():
    assert NAMES == [
        "prtras_difference", "prtras_audit", "prtras_refuse", "prtras_home", "prtras_unsealed", "prtras_seal_sha256",
        "prtras_seal", "prtras_actor", "prtras_ended_jobs", "prtras_holds", "prtras_changed_places",
        "prtras_refuse_resting_signer", "prtras_trust", "prtras_blind_reading", "prtras_rules",
    ]  # fmt: skip


def test_these_are_all_the_files_there_are():
    assert sorted(FILES) == sorted(str(path.relative_to(ROOT)) for path in _sql())


@pytest.mark.parametrize("path", FILES)
def test_a_file_names_no_table_of_a_room_above_and_has_no_long_line(path):
    text = (ROOT / path).read_text()
    tables = {model._meta.db_table: model._meta.app_label for model in apps.get_models(include_auto_created=True)}
    assert {tables[word] for word in re.findall(r"\w+", text) if word in tables} <= set(FILES[path])
    assert max(len(line) for line in text.splitlines()) <= 120


def test_a_rule_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        register_rule(ROOT / "prtras/crf/triggers/holds.sql")


def test_every_installed_function_of_ours_stands_in_a_file(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY oid")
        assert sorted(name for (name,) in cursor.fetchall()) == sorted(NAMES)


def test_what_runs_with_the_owners_rights_has_its_search_path_and_only_a_seal_may_be_called_for(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc "
            "WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname"
        )
        path = ["search_path=public, pg_temp"]
        assert cursor.fetchall() == [("prtras_audit", path), ("prtras_seal", path)]
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "AND (prosecdef OR prorettype = 'trigger'::regtype) AND has_function_privilege(%s, oid, 'EXECUTE')",
            [embedded.APP],
        )
        assert cursor.fetchall() == [("prtras_seal",)]


@pytest.mark.parametrize("name", NAMES)
def test_the_start_up_check_notices_a_function_that_was_replaced(owner, name):
    owner.execute("SELECT pg_get_functiondef(%s::regproc)", [f"public.{name}"])
    (definition,) = owner.fetchone()
    owner.execute(re.sub(r"(AS \$\w*\$)", "\\1\n-- not in the file\n", definition))
    assert start_up_errors(owner) == [f"audit.E005 The function {name} is not the one of this release."]


def test_the_start_up_check_notices_a_rule_that_is_skipped(owner):
    owner.execute(
        "CREATE OR REPLACE FUNCTION prtras_rules(event audit_auditevent, before jsonb, after jsonb, kind text, "
        "details text[]) RETURNS audit_auditevent LANGUAGE sql AS 'SELECT event'"
    )
    assert start_up_errors(owner) == ["audit.E005 The function prtras_rules is not the one of this release."]
