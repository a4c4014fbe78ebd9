"""Names are the field's: what a module may do follows from its name, and words without a meaning of their own go."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
#: Words that say nothing of what they name. The field has a noun for each (docs/glossary.md).
WORDS = ("said", "asked", "kept", "taken", "found", "told", "wanted", "standing", "coming", "proving")
#: An item of the CRF specification, and the error that everybody knows.
ALLOWED = {"dv_found", "not_found"}
#: Subjects of the field and of statistics that end in -ing and declare or compute.
SUBJECTS = {"imaging", "screening", "competing", "weighting", "typesetting", "mailing", "treatment_timing"}
#: Steps that are named for what they do though they only read or decide, and why they exist.
STEPS = {
    "prtras.entry.parsing": "from what a browser sent to the content of a page",
    "prtras.entry.judging": "what the checks say of a page before it is saved",
    "prtras.trail.reading": "which rows of the trail someone reads",
    "prtras.accounts.onboarding": "what a person has to do before the work",
    "prtras.accounts.reauthenticating": "password and second factor once more",
}
WRITES = re.compile(
    r"audit\.acting|audit import acting|import \w+ing\b|"
    r"\.(save|create|bulk_create|bulk_update|update|update_or_create|get_or_create|delete|execute)\("
)


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def names_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if not name.startswith("test_"):
                yield name
            case ast.keyword(arg=str(name)):
                yield name


@pytest.mark.parametrize("package", [*PRODUCT, "tests", "benchmarks"])
def test_no_name_is_a_word_without_a_meaning(package: str) -> None:
    words = re.compile(rf"(^|_)({'|'.join(WORDS)})(_|$)", re.IGNORECASE)
    misnamed = {
        f"{module_of(path)}: {name}"
        for path in sources(package)
        for name in names_in(ast.parse(path.read_text()))
        if words.search(name) and name not in ALLOWED
    }
    assert misnamed == set()


@pytest.mark.parametrize("package", PRODUCT)
def test_no_module_is_named_by_a_word_without_a_meaning(package: str) -> None:
    assert [module_of(path) for path in sources(package) if path.stem in WORDS] == []


@pytest.mark.parametrize("package", PRODUCT)
def test_a_module_in_ing_writes_or_is_a_known_step(package: str) -> None:
    idle = [
        module_of(path)
        for path in sources(package)
        if path.stem.endswith("ing") and path.stem not in SUBJECTS and module_of(path) not in STEPS
        if not WRITES.search(path.read_text())
    ]
    assert idle == [], "these write nothing: name them by a noun"


def test_every_known_step_is_there_and_writes_nothing() -> None:
    paths = {module_of(path): path for path in sources(*PRODUCT)}
    assert set(STEPS) <= set(paths)
    assert [module for module in STEPS if "acting(" in paths[module].read_text()] == []
