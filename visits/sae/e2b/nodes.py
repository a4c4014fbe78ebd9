"""Nodes of the HL7 message: an element with its attributes, a code, an identifier, an observation; what is null."""

from typing import Any
from xml.etree.ElementTree import Element

from visits.sae.e2b.elements import Null

Node = Element
#: Code lists and identifiers of ICH, by their number behind this; those of others.
CODES = "2.16.840.1.113883.3.989.2.1.1"
MESSAGE, CASE, BATCH = (f"2.16.840.1.113883.3.989.2.1.3.{number}" for number in (1, 2, 22))
MEDDRA, COUNTRY, SEX = "2.16.840.1.113883.6.163", "1.0.3166.1.2.2", "1.0.5218"
_NAMES = {"cls": "classCode", "mood": "moodCode", "det": "determinerCode", "kind": "typeCode", "type": "xsi:type"}


def element(tag: str, *children: Node | None, text: Any = None, **attributes: Any) -> Node:
    """An element; children that are None are not there. A text that is null makes a null element."""
    node = Element(tag, {_NAMES.get(name, name): str(value) for name, value in attributes.items()})
    if isinstance(text, Null):
        node.set("nullFlavor", text.flavour)
    elif text is not None:
        node.text = str(text)
    node.extend(child for child in children if child is not None)
    return node


def valued(tag: str, value: Any, **attributes: Any) -> Node:
    """An element with its value in an attribute."""
    if isinstance(value, Null):
        return element(tag, nullFlavor=value.flavour, **attributes)
    return element(tag, value=value, **attributes)


def optional(tag: str, value: Any, **attributes: Any) -> Node | None:
    """The same where there is a value; a null one is there and says so."""
    return None if value is None else valued(tag, value, **attributes)


def boolean(value: Any) -> Node:
    """`true`, `false` or null."""
    return valued("value", value, type="BL")


def coded(tag: str, value: Any, system: str, *children: Node | None, **attributes: Any) -> Node:
    """A code of a list."""
    if isinstance(value, Null):
        return element(tag, *children, nullFlavor=value.flavour, codeSystem=system, **attributes)
    return element(tag, *children, code=value, codeSystem=system, **attributes)


def identifier(tag: str, root: str, extension: str = "") -> Node:
    """An identifier: a root, and what it identifies below it."""
    return element(tag, root=root, extension=extension) if extension else element(tag, root=root)


def id_of(root: str, value: Any) -> Node:
    """An `id` below one of the roots."""
    return identifier("id", root, str(value))


def observed(tag: str, code: str, *parts: Node | None) -> Node:
    """An observation by its number in ICH's list of observations."""
    return element(tag, element("code", code=code, codeSystem=f"{CODES}.19"), *parts, cls="OBS", mood="EVN")


def about(tag: str, kind: str, code: str, *parts: Node | None) -> Node:
    """An observation behind a relationship."""
    return element(tag, observed("observation", code, *parts), kind=kind)


def quantity(value: Any, unit: Any, tag: str = "value", **attributes: Any) -> Node:
    """A number with its unit."""
    return element(tag, value=value, unit=unit, **({"type": "PQ"} if tag == "value" else {}), **attributes)


def interval(low: Any, high: Any) -> Node | None:
    """From when to when, as far as it is known; None where neither is."""
    if low is None and high is None:
        return None
    return element("effectiveTime", optional("low", low), optional("high", high), type="IVL_TS")
