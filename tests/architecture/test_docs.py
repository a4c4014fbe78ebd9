"""The documentation says what the code says: every name in it exists, and everything with a name is in it."""

import ast
import configparser
import importlib
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db.models.query_utils import DeferredAttribute

from docs import data_model, reference
from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATED = {"docs/data-model.md": data_model.page, "docs/reference.md": reference.page}
#: What a page names though it is still to come; a name that is there now has to go from this list.
NOT_YET: set[str] = set()
#: Numbers in capitals that bound nothing: medicine, statistics, drawing, the invented cohort, bits of a check.
NO_BOUNDS = ("prtras.clinical.", "analysis.survival.", "analysis.replication.", "prtras.ui.charts.",
             "analysis.bundle.recomputation.",
             "prtras.demo.cohort.", "prtras.demo.__main__.PR_SET_PDEATHSIG", "prtras.audit.checks.",
             "prtras.operations.manifests.VERSION", "labs.deriving.panels.PLACES", "prtras.crf.limits.STEP",
             "labs.deriving.virology.PROTECTED", "labs.course.", "labs.cohort.",
             "analysis.plan.",
             "analysis.outputs.competing_risks.", "prtras.files.png.SCALE", "analysis.outputs.balance_figures.",
             "analysis.outputs.interval_censored.WIDTH", "analysis.outputs.hbsag_loss.",
             "analysis.outputs.dose_response.",
             "analysis.outputs.virological_response.PROVEN", "analysis.report.chapters.ROWS_BESIDE_OTHERS",
             "analysis.outputs.follow_up.DAYS_PER_MONTH", "analysis.results.VERSION",
             "visits.schedule.AFTER_PEG_IFN", "visits.timeline.MOST",
             "analysis.standards.adam.WHOLE", "prtras.exports.standards.xpt.",
             "prtras.exports.verify.archive.LOCAL", "prtras.exports.verify.archive.CENTRAL",
             "prtras.exports.verify.archive.END", "prtras.exports.contents.MOST_OPEN",
             "analysis.outputs.data_quality.")  # fmt: skip


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# -- Generated pages, and what is named there ------------------------------------------------------------


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_what_the_code_says_now(name: str) -> None:
    assert text_of(name) == GENERATED[name](), "run `make docs`"


def test_nothing_is_explained_that_is_gone() -> None:
    written = reference.settings_written()
    assert reference.OWN_SETTINGS.keys() - written.keys() == set()
    assert reference.VARIABLES.keys() - reference.variables() == set()


def test_every_variable_that_a_hospital_fills_in_is_explained() -> None:
    given = set(re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))
    assert given <= reference.variables()


def test_every_command_has_words_of_its_own() -> None:
    assert [name for name, command in reference.commands().items() if not command.help] == []


# -- Names in the text -----------------------------------------------------------------------------------


def quoted(path: Path) -> Iterator[str]:
    """What stands in backquotes in a page, outside of blocks of code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", text)


def spelled_out(name: str) -> list[str]:
    """`a/{b,c}.py` as two names."""
    match = re.fullmatch(r"(.*)\{([^}]*)\}(.*)", name)
    return [f"{match[1]}{part.strip()}{match[3]}" for part in match[2].split(",")] if match else [name]


def is_path(name: str) -> bool:
    first = name.split("/")[0]
    return bool(re.fullmatch(r"[\w.*-]+(/[\w.*-]*)+", name)) and (first in TOP or name.endswith(SOURCES))


TOP = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var"}
SOURCES = (".py", ".sql", ".md", ".html", ".js", ".css")


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_every_path_that_a_page_names_is_there(path: Path) -> None:
    names = {each.partition("::")[0] for name in quoted(path) for each in spelled_out(name)}
    names = {re.sub(r"(\.\w+):\w+$", r"\1", name) for name in names}
    assert [name for name in sorted(names) if is_path(name) and name not in NOT_YET and not there(name)] == []


def there(name: str) -> bool:
    return any(True for _ in ROOT.glob(name.rstrip("/")))


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_every_decision_that_a_source_names_is_there_and_their_numbers_have_no_gap() -> None:
    decisions = sorted(path.name for path in (ROOT / "docs/decisions").iterdir())
    assert [name[:4] for name in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    folders = [ROOT / name for name in (*PRODUCT, "tests", "benchmarks", "docs", "templates", "static")]
    named = {
        (short(path), name)
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in SOURCES
        for name in re.findall(r"decisions/(\d{4}[\w-]*\.md)", path.read_text(encoding="utf-8"))
    }
    assert [each for each in sorted(named) if each[1] not in decisions] == []


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_every_module_function_and_class_that_a_page_names_is_there(path: Path) -> None:
    dotted = {
        each
        for name in quoted(path)
        for each in spelled_out(name.removesuffix("()"))
        if re.fullmatch(rf"(?:{'|'.join((*PRODUCT, 'tests', 'docs'))})(\.\w+)+", each)
    }
    assert [name for name in sorted(dotted - NOT_YET) if not resolves(name)] == []


@pytest.mark.parametrize("path", [path for path in PAGES if short(path) not in GENERATED], ids=short)
def test_every_word_of_code_that_a_page_names_is_in_the_sources(path: Path) -> None:
    named = {name.partition("(")[0] for name in quoted(path)}
    code = {name for name in named if re.fullmatch(r"[A-Za-z]\w*(_|[a-z][A-Z])\w*", name)}
    assert sorted(code - words_of_sources()) == []


@cache
def words_of_sources() -> frozenset[str]:
    """Every word of our sources, configuration and reference data."""
    kinds = ("py", "sql", "html", "js", "yml", "yaml", "toml", "sh", "R")
    folders = [ROOT / name for name in (*PRODUCT, "tests", "docs", "templates", "static", "docker", "benchmarks")]
    paths = [path for folder in folders for path in folder.rglob("*") if path.suffix[1:] in kinds]
    paths += [path for path in ROOT.iterdir() if path.is_file() and path.suffix not in (".md", ".lock")]
    return frozenset(word for path in paths for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))


def resolves(name: str) -> bool:
    try:
        resolve(name)
    except (ImportError, AttributeError):
        return False
    return True


def resolve(name: str) -> Any:
    """The module, or what stands in it, under a dotted name. Raises ImportError, AttributeError."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        module = ".".join(parts[:count])
        try:
            shown = importlib.import_module(module)
        except ModuleNotFoundError as missing:
            if missing.name is None or not f"{module}.".startswith(f"{missing.name}."):
                raise
            continue
        for part in parts[count:]:
            shown = getattr(shown, part)
        return shown
    raise ImportError(name)


@pytest.mark.parametrize("name", sorted(NOT_YET))
def test_what_is_said_to_be_still_to_come_is_not_there(name: str) -> None:
    assert not (there(name) if "/" in name else resolves(name)), (
        f"{name} is there now: say so in docs, and drop it here"
    )


@pytest.mark.parametrize("name", ["README", "docs/architecture"])
def test_both_languages_have_the_same_headings_and_lead_to_each_other(name: str) -> None:
    english, chinese = text_of(f"{name}.md"), text_of(f"{name}.zh.md")
    here = name.rpartition("/")[2]
    assert f"({here}.zh.md)" in english[:400]
    assert f"({here}.md)" in chinese[:400]
    assert headings(english) == headings(chinese)


#: Words that the glossary does not use, and the one that it does.
NOT_OUR_WORDS = {
    "化验": "检验",
    "编辑检查": "逻辑核查",
    "夜间检查": "夜间核查",
    "编码含义": "取值标签",
    "参考范围": "正常值",
}


@pytest.mark.parametrize("path", [path for path in PAGES if path.name.endswith(".zh.md")], ids=short)
def test_a_chinese_page_has_the_words_of_the_glossary_and_full_width_punctuation(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`|(?<=\])\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [word for word in NOT_OUR_WORDS if word in text] == []
    assert re.findall(r"[\u4e00-\u9fff）”][,;:?!()]|[,;:?!()][\u4e00-\u9fff（“]", text) == []


def headings(text: str) -> list[int]:
    """The levels of the headings, in order."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [len(marks) for marks in re.findall(r"^(#+) ", plain, re.MULTILINE)]


# -- The picture -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["docs/architecture.md", "docs/architecture.zh.md"])
def test_the_picture_has_the_layers_of_the_linter(name: str) -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    picture = re.search(r"```mermaid\n(flowchart.*?)```", text_of(name), re.DOTALL)
    assert picture
    boxes = re.findall(r'(?:^ *|--> )(\w+)\["([^"]+)', picture[1], re.MULTILINE)
    assert [label for _, label in boxes] == [layer.strip() for layer in layers if layer.strip()]
    order = [box for box, _ in boxes]
    for line in picture[1].splitlines():
        if "-->" in line:
            places = [order.index(box.strip()) for box in re.sub(r'\["[^"]*"\]', "", line).split("-->")]
            assert places == sorted(places), f"an arrow goes up: {line}"


# -- Limits ----------------------------------------------------------------------------------------------


def limits() -> list[list[str]]:
    """The rows of the tables in docs/limits.md: name, value, why, what people see, test."""
    rows = [line.strip("| ").split(" | ") for line in text_of("docs/limits.md").splitlines() if line.startswith("| `")]
    return [[cell.strip("` ") for cell in row] for row in rows]


def plain(value: Any) -> str:
    """A value as the table writes it."""
    if isinstance(value, DeferredAttribute):
        value = value.field.max_length
    if isinstance(value, timedelta):
        seconds, units = int(value.total_seconds()), ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
        number, unit = next((seconds // of, unit) for of, unit in units if seconds % of == 0)
        return f"{number} {unit}{'s' if number > 1 else ''}"
    if isinstance(value, range):
        return f"{value.start} to {value.stop - 1}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize("row", limits(), ids=lambda row: row[0])
def test_a_limit_has_the_value_and_the_test_that_the_page_says(row: list[str]) -> None:
    name, value, why, seen, test = row
    if ":" in name:
        script, _, constant = name.partition(":")
        assert f"const {constant} = {value};" in text_of(script)
    else:
        assert plain(resolve(name)) == value
    assert why
    assert seen
    if test != "no test yet":
        path, _, function = test.partition("::")
        assert f"def {function}(" in text_of(path)


def numbers() -> Iterator[str]:
    """Every number, span of time or range in capitals at the top of a module of ours."""
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" in path.parts or path.name == "settings.py":
                continue
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for name in constants(ast.parse(path.read_text(encoding="utf-8"))):
                value = getattr(importlib.import_module(module), name)
                if isinstance(value, int | float | Decimal | timedelta | range) and not isinstance(value, bool):
                    yield f"{module}.{name}"


def constants(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            for name in getattr(target, "elts", [target]):
                if isinstance(name, ast.Name) and name.id.isupper():
                    yield name.id


def test_every_number_in_capitals_is_a_limit_on_the_page_or_no_bound() -> None:
    listed = {row[0] for row in limits()}
    assert [name for name in numbers() if name not in listed and not name.startswith(NO_BOUNDS)] == []
