"""What the layers in .importlinter cannot say."""

import ast
import configparser
import re
import tomllib
from pathlib import Path

import grimp
import pytest

from tests.packages import PRODUCT

ACTING = "prtras.audit.acting"
ROOT = Path(__file__).resolve().parents[2]
FRAMEWORKS = ("django", "rest_framework", "celery")
#: Modules and folders that translate for a person or a program, and call acts.
DOORS = ("views", "api", "tasks")
#: Acts of a room that is named for its thing, not for what it does.
ROOMS = {
    "prtras.accounts.sessions": "sign in, renew, sign out, refuse, end",
    "prtras.accounts.second_factors": "add, accept and end a factor",
    "prtras.entry.nightly_checks": "runs the batch of edit checks",
    "prtras.trail.data_review": "signs off the review",
}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Who imports whom."""
    return grimp.build_graph(*PRODUCT, include_external_packages=True, cache_dir=None)


def is_act(module: str) -> bool:
    """Acts are named for what they do: saving, querying, locking."""
    return module.endswith("ing") or module in ROOMS


def is_door(module: str) -> bool:
    """Doors are known by their folder, their name, or the end of their name."""
    parts = module.split(".")
    return bool(set(parts) & {*DOORS, "commands"}) or parts[-1].endswith(tuple(f"_{door}" for door in DOORS))


def test_only_acts_write(imports: grimp.ImportGraph) -> None:
    others = [module for module in imports.find_modules_that_directly_import(ACTING) if not is_act(module)]

    assert not others, f"{others} write; only modules whose names end in -ing may import {ACTING}"


def test_acts_know_no_door(imports: grimp.ImportGraph) -> None:
    acts = imports.find_modules_that_directly_import(ACTING)
    doors = [module for module in imports.modules if is_door(module)]
    actual = [chain for act in acts for door in doors if (chain := imports.find_shortest_chain(act, door))]

    assert not actual, f"an act reaches a door: {' -> '.join(actual[0])}"


def pure_modules() -> list[str]:
    """The modules, packages left out, whose docstring says that they are pure."""
    modules = []
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("[!_]*.py")):
            text = ast.get_docstring(ast.parse(path.read_text())) or ""
            if re.search(r"\bPure\b", text):
                modules.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return modules


@pytest.mark.parametrize("module", pure_modules())
def test_a_pure_module_knows_no_framework_no_act_and_no_door(imports: grimp.ImportGraph, module: str) -> None:
    known = imports.find_modules_directly_imported_by(module)
    frameworks = {name for name in known if name.split(".")[0] in FRAMEWORKS}
    others = {name for name in known if is_door(name) or (ACTING in imports.find_modules_directly_imported_by(name))}

    assert frameworks | others == set()


def test_a_pure_module_that_reaches_no_framework_is_in_the_contract_that_keeps_it_so(
    imports: grimp.ImportGraph,
) -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    covered = contract["importlinter:contract:pure"]["source_modules"].split()
    strict = [module for module in pure_modules() if not set(FRAMEWORKS) & imports.find_upstream_modules(module)]
    outside = [m for m in strict if not any(m == name or m.startswith(f"{name}.") for name in covered)]
    assert strict
    assert outside == []


def test_every_package_is_known_to_the_tools_that_keep_a_list_of_their_own() -> None:
    layers = configparser.ConfigParser()
    layers.read(ROOT / ".importlinter")
    types = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["files"]
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_in = re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert set(layers["importlinter"]["root_packages"].split()) == set(PRODUCT)
    for known in (types, copied, let_in):
        assert set(PRODUCT) <= set(known)
