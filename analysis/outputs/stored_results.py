"""Stored results back into their frozen dataclasses; `Result.to_dict` is the way out. Pure."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from analysis.survival.results import Result

R = TypeVar("R", bound=Result)
#: What JSON gives for each plain type: a whole number may stand for a float.
PLAIN: dict[type, tuple[type, ...]] = {float: (int, float), int: (int,), str: (str,), bool: (bool,)}


class BadResult(ValueError):
    """A stored value is not what the result's class declares; the message names the place."""


def from_json(kind: type[R], value: object, where: str) -> R:
    """The result of a class from its plain values; `where` begins every message. Raises BadResult.

    A field that was added later has a default, so that older runs still open; an unknown field is refused.
    """
    if not isinstance(value, Mapping):
        raise BadResult(f"{where}: an object of {kind.__name__} is expected, not {value!r}.")
    known = {field.name: field for field in fields(kind)}
    if unknown := set(value) - set(known):
        raise BadResult(f"{where}: {kind.__name__} has no field {', '.join(sorted(unknown))}.")
    hints = get_type_hints(kind)
    given = {
        name: _read(hints[name], value[name], f"{where}.{name}")
        for name, field in known.items()
        if name in value or _required(field, where)
    }
    return kind(**given)


def _required(field: "Field[Any]", where: str) -> bool:
    if field.default is MISSING and field.default_factory is MISSING:
        raise BadResult(f"{where}: the field {field.name} is missing.")
    return False


def _read(kind: Any, value: Any, where: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (types.UnionType, Union):
        return _read_optional(inner, value, where)
    if origin is tuple and isinstance(value, list | tuple):
        return _read_tuple(inner, value, where)
    if origin is dict and isinstance(value, Mapping):
        return {str(key): _read(inner[1], item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, str) and hasattr(kind, "from_text"):
        return kind.from_text(value)
    if isinstance(kind, type) and issubclass(kind, Result):
        return from_json(kind, value, where)
    if kind is date and isinstance(value, str):
        return _read_day(value, where)
    if isinstance(value, PLAIN.get(kind, ())) and isinstance(value, bool) == (kind is bool):
        return value
    raise BadResult(f"{where}: {getattr(kind, '__name__', kind)} is expected, not {value!r}.")


def _read_day(value: str, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadResult(f"{where}: date is expected, not {value!r}.") from None


def _read_optional(inner: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in inner:
        return None
    (kind,) = (one for one in inner if one is not type(None))
    return _read(kind, value, where)


def _read_tuple(inner: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
    if len(kinds) != len(value):
        raise BadResult(f"{where}: {len(kinds)} values are expected, not {len(value)}.")
    return tuple(_read(kind, item, f"{where}[{i}]") for i, (kind, item) in enumerate(zip(kinds, value, strict=True)))
