"""No pattern of the product backtracks: each reads 100 kB of its worst, the way it is used, in the blink of an eye."""

import ast
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from time import perf_counter
from typing import Any

import pytest
from django.apps import apps

from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
SIZE = 100_000
SECONDS = 1.0
METHODS = {"fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer"}
#: Calls whose pattern is a parameter; what is given to them is collected where it is given.
PASSED_ON = {"prtras/crf/conditions.py": "matches", "prtras/entry/judging.py": "pattern of an item"}
#: What any pattern may meet, whatever its own letters are.
LETTERS = ("1", "a", "A", " ", "1,", "1.", "<", "^", "⁵", "×10", "一", "-", "UK", "\n", "1 ", "a1")


def used() -> Iterator[tuple[str, str, int, str]]:
    """(where, pattern, flags, method) of every pattern that is written in the product."""
    for package in PRODUCT:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in(path)
    for model in apps.get_models():
        for field in model._meta.fields:
            if pattern := getattr(field, "pattern", ""):
                yield f"{model.__name__}.{field.name}", pattern, 0, "fullmatch"


def _in(path: Path) -> Iterator[tuple[str, str, int, str]]:
    source, where = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
    tree = ast.parse(source)
    names = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = ast.unparse(call.func)
        if function == "matches":
            yield where, _text(call.args[0], where), 0, "fullmatch"
        elif function.startswith("re.") and function[3:] in METHODS | {"compile"} and where not in PASSED_ON:
            pattern, method = _text(call.args[0], where), function[3:]
            flags = eval(ast.unparse(call.args[-1])) if "re." in ast.unparse(call.args[-1]) else 0
            methods = [method]
            if method == "compile":
                methods = sorted(set(re.findall(rf"\b{names[id(call)]}\.({'|'.join(METHODS)})\(", source)))
            for each in methods:
                yield where, pattern, flags, each


def _text(argument: ast.expr, where: str) -> str:
    value = ast.literal_eval(argument)
    assert isinstance(value, str), f"{where}: a pattern has to stand where it is used"
    return value


def worst(pattern: str, flags: int) -> Iterator[str]:
    """Texts that begin as the pattern wants, go on in one of its repeats for ever, and end as it does not want."""
    for head, unit in _repeats(_parser.parse(pattern, flags)):
        text = (head + unit * SIZE)[:SIZE]
        yield text
        yield text + "\x00"
    for letters in LETTERS:
        yield (letters * SIZE)[:SIZE] + "\x00"


def _repeats(parsed: Any, head: str = "") -> Iterator[tuple[str, str]]:
    for operator, argument in parsed:
        for inner in _parts(operator, argument):
            yield from _repeats(inner, head)
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and (unit := _sample(argument[2])):
            yield head, unit
        head += _sample([(operator, argument)])


def _parts(operator: Any, argument: Any) -> list[Any]:
    if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        return [argument[2]]
    if operator is _constants.SUBPATTERN:
        return [argument[3]]
    return argument[1] if operator is _constants.BRANCH else []


def _sample(parsed: Any) -> str:
    """The shortest text that fits, but for what looks around."""
    return "".join(_letter(operator, argument) for operator, argument in parsed)


def _letter(operator: Any, argument: Any) -> str:
    if operator is _constants.LITERAL:
        return chr(argument)
    if operator is _constants.IN:
        return next(letter for letter in "1aA<⁵ -一\"'\x00" + chr(_first(argument)) if _fits(argument, letter))
    if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
        return _sample(argument[2]) * max(argument[0], 1)
    if operator is _constants.SUBPATTERN:
        return _sample(argument[3])
    if operator is _constants.BRANCH:
        return _sample(argument[1][0])
    return "a" if operator in (_constants.ANY, _constants.NOT_LITERAL) else ""


def _first(members: Any) -> int:
    return next((m[1] if m[0] is _constants.LITERAL else m[1][0] for m in members
                 if m[0] in (_constants.LITERAL, _constants.RANGE)), 97)  # fmt: skip


CATEGORIES = {
    _constants.CATEGORY_DIGIT: str.isdigit, _constants.CATEGORY_SPACE: str.isspace,
    _constants.CATEGORY_WORD: str.isalnum,
    _constants.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdigit(),
    _constants.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    _constants.CATEGORY_NOT_WORD: lambda letter: not letter.isalnum(),
}  # fmt: skip


def _fits(members: Any, letter: str) -> bool:
    inside = any(
        ord(letter) == argument if operator is _constants.LITERAL
        else argument[0] <= ord(letter) <= argument[1] if operator is _constants.RANGE
        else CATEGORIES[argument](letter) if operator is _constants.CATEGORY
        else False
        for operator, argument in members
    )  # fmt: skip
    return inside != any(operator is _constants.NEGATE for operator, _ in members)


def seconds(pattern: str, flags: int, method: str, text: str) -> float:
    """How long one use takes; whatever takes ten times too long is interrupted."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"{pattern!r} does not come back")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 3 * SECONDS)
    start = perf_counter()
    try:
        compiled = re.compile(pattern, flags)
        if method in ("sub", "subn"):
            getattr(compiled, method)("", text)
        else:
            list(getattr(compiled, method)(text) or ()) if method == "finditer" else getattr(compiled, method)(text)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return perf_counter() - start


PATTERNS = sorted(set(used()))


def test_the_patterns_are_collected():
    assert len(PATTERNS) > 30
    assert {"labs/files/cells.py", "prtras/crf/dates.py", "visits/checks/safety.py"} <= {
        where for where, *_ in PATTERNS
    }


@pytest.mark.parametrize(("where", "pattern", "flags", "method"), PATTERNS)
def test_a_pattern_reads_its_worst_in_linear_time(where, pattern, flags, method):
    slow = {text[:20]: taking for text in worst(pattern, flags)
            if (taking := seconds(pattern, flags, method, text)) > SECONDS}  # fmt: skip
    assert slow == {}


@pytest.mark.parametrize("pattern", [r"(a+)+", r"[^x]*1[^x]*?\s*[a-z][^1\s]*", r"(\d+,?)+x"])
def test_a_pattern_that_backtracks_is_noticed(pattern):
    with pytest.raises((TimeoutError, AssertionError)):
        assert all(seconds(pattern, 0, "fullmatch", text) < SECONDS for text in worst(pattern, 0))
