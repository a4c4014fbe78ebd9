"""The specification's condition language, read into the product's expressions, and one form in which both compare.

Grammar: section `dsl` of checks.yaml; its conditions are expressions of Python's own grammar.
"""

import ast
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from prtras.crf import conditions as words
from prtras.crf.expressions import (
    All,
    AnyRecord,
    Compared,
    Computed,
    Constant,
    Contains,
    Count,
    Either,
    Empty,
    Exists,
    Expression,
    Here,
    Lookup,
    Not,
    Previous,
    Reduced,
    Reference,
    Today,
    as_expression,
)

OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
MIRRORED = {">": "<", ">=": "<="}
OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Reader:
    """Reads conditions; `lists` are the configured lists by name, which a membership spells out."""

    def __init__(self, lists: dict[str, list[Any]]) -> None:
        self.lists = lists

    def read(self, dsl: str) -> Expression:
        return self._read(ast.parse(dsl, mode="eval").body, {})

    def _read(self, node: ast.expr, records: dict[str, str]) -> Any:
        """`records` says over which form a name of a generator runs."""
        match node:
            case ast.Constant(value=float() as number):
                return Decimal(str(number))
            case ast.Constant(value=value):
                return value
            case ast.List(elts=elements):
                return [self._read(element, records) for element in elements]
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self._read(value, records) for value in values)
                return All(parts) if isinstance(op, ast.And) else Either(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return ~self._read(operand, records)
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATORS[type(op)](as_expression(self._read(left, records)), self._read(right, records))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(op, self._read(left, records), right, records)
            case ast.Attribute(value=of, attr=item):
                return self._item(of, item, records)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments, records)
        raise SyntaxError(ast.dump(node))

    def _compare(self, op: ast.cmpop, left: Expression, right: ast.expr, records: dict[str, str]) -> Expression:
        if isinstance(op, ast.In | ast.NotIn):
            codes = self._members(right, records)
            return left.one_of(*codes) if isinstance(op, ast.In) else left.none_of(*codes)
        return OPERATORS[type(op)](left, self._read(right, records))  # type: ignore[no-any-return]

    def _members(self, node: ast.expr, records: dict[str, str]) -> list[Any]:
        if isinstance(node, ast.Call):
            return self.lists[ast.literal_eval(node.args[0])]
        return self._read(node, records)  # type: ignore[no-any-return]

    def _item(self, of: ast.expr, item: str, records: dict[str, str]) -> Expression:
        match of:
            case ast.Name(id=name) if name in records:
                return Reference(records[name], item)
            case ast.Name(id=form):
                return Here(Reference(form, item)) if records else Reference(form, item)
            case ast.Subscript(value=ast.Name(id=form), slice=ast.Constant(value=visit)):
                return Reference(form, item, visit)
            case ast.Call(func=ast.Name(id="prev"), args=[ast.Name(id=form)]):
                return Here(Previous(form, item)) if records else Previous(form, item)
            case ast.Call(func=ast.Name(id="lookup"), args=[ast.Name(id=form), ast.Constant(value=key), value]):
                return Lookup(form, key, self._read(value, records), item)
        raise SyntaxError(ast.dump(of))

    def _call(self, name: str, arguments: list[ast.expr], records: dict[str, str]) -> Expression:
        if isinstance(arguments[0] if arguments else None, ast.GeneratorExp):
            return self._over_records(name, arguments[0], records)  # type: ignore[arg-type]
        if name == "exists":
            return Exists(arguments[0].id)  # type: ignore[attr-defined]
        read = [self._read(argument, records) for argument in arguments]
        return FUNCTIONS[name](*read)

    def _over_records(self, name: str, generator: ast.GeneratorExp, records: dict[str, str]) -> Expression:
        (loop,) = generator.generators
        form, variable = loop.iter.id, loop.target.id  # type: ignore[attr-defined]
        inner = records | {variable: form}
        where = [self._read(condition, inner) for condition in loop.ifs]
        if name == "count":
            return Count(form, All(tuple(where)))
        operand = self._read(generator.elt, inner)
        if name == "any":
            return AnyRecord(form, All((operand, *where)))
        return Reduced({"minv": min, "maxv": max}[name], form, operand, All(tuple(where)))


FUNCTIONS: dict[str, Callable[..., Expression]] = {
    "cfg": lambda name: Constant(None, name),
    "null": words.empty,
    "notnull": words.given,
    "days": words.days,
    "adddays": words.add_days,
    "abs": words.magnitude,
    "match": words.matches,
    "contains": words.contains,
    "today": words.today,
    "num": words.number,
}


def normal(expression: Expression, depth: int = 0, over: str = "") -> Any:
    """An expression as nested tuples that are equal when two expressions say the same.

    Taken for the same: the order of a conjunction, a sum, an equality; `a > b` and `b < a`; a negation inside and
    outside; a code read as a number. `depth` counts the enclosing counts, `over` is the form of the innermost one.
    """
    match expression:
        case Constant(name=name) if name:
            return ("cfg", name)
        case Constant(constant=value):
            return _plain(value)
        case Here(reference=reference):
            return normal(reference)
        case Reference() | Previous() | Exists() | Today():
            return _looked_up(expression, depth, over)
        case All(conditions=conditions):
            return _joined("all", conditions, depth, over)
        case Either(conditions=conditions):
            return _joined("either", conditions, depth, over)
        case Not(condition=condition):
            return _negated(condition, depth, over)
        case Compared(sign=sign, left=left, right=right):
            return _compared(sign, normal(left, depth, over), normal(right, depth, over))
        case Empty(operand=operand):
            return ("empty", normal(operand, depth, over))
        case Contains(operand=operand, code=code):
            return ("contains", normal(operand, depth, over), code)
        case Computed(function=function, arguments=arguments):
            return _computed(function, [normal(argument, depth, over) for argument in arguments])
        case Lookup(form=form, key=key, key_value=value, item=item):
            return ("lookup", form, key, normal(value, depth, over), item)
    return _over_records(expression, depth + 1)


def _over_records(expression: Expression, depth: int) -> Any:
    match expression:
        case Count(form=form, where=where):
            return ("count", form, normal(where, depth, form))
        case AnyRecord(form=form, where=where):
            return ("any", form, normal(where, depth, form))
        case Reduced(function=function, form=form, operand=operand, where=where):
            return (function.__name__, form, normal(operand, depth, form), normal(where, depth, form))
    raise TypeError(repr(expression))


def _looked_up(expression: Reference | Previous | Exists | Today, depth: int, over: str) -> Any:
    match expression:
        case Reference(form=form, item=item, at=at):
            return ("record", depth, item) if form == over and at is None else ("the", form, item, at)
        case Previous(form=form, item=item):
            return ("previous", form, item)
        case Exists(form=form):
            return ("exists", form)
    return ("today",)


def _plain(value: Any) -> Any:
    if value is True:
        return ("all",)
    if isinstance(value, int | Decimal):
        return Decimal(value).normalize()
    return tuple(value) if isinstance(value, list) else value


def _joined(word: str, conditions: tuple[Expression, ...], depth: int, over: str) -> Any:
    parts: list[Any] = []
    for condition in conditions:
        part = normal(condition, depth, over)
        parts += part[1:] if isinstance(part, tuple) and part[:1] == (word,) else [part]
    return parts[0] if len(parts) == 1 else (word, *sorted(parts, key=repr))


def _negated(condition: Expression, depth: int, over: str) -> Any:
    match condition:
        case Not(condition=inner):
            return normal(inner, depth, over)
        case Compared(sign=sign, left=left, right=right):
            return normal(Compared(OPPOSITE[sign], left, right), depth, over)
        case All(conditions=conditions):
            return _joined("either", tuple(Not(each) for each in conditions), depth, over)
        case Either(conditions=conditions):
            return _joined("all", tuple(Not(each) for each in conditions), depth, over)
    return ("not", normal(condition, depth, over))


def _compared(sign: str, left: Any, right: Any) -> Any:
    if sign in MIRRORED:
        return (MIRRORED[sign], right, left)
    if sign in ("==", "!="):
        left, right = sorted((left, right), key=repr)
    return (sign, left, right)


def _computed(function: Callable[..., Any], arguments: list[Any]) -> Any:
    if function.__name__ == "_number":
        return arguments[0]
    if function in (operator.add, operator.mul):
        arguments.sort(key=repr)
    return (function.__name__, *arguments)
