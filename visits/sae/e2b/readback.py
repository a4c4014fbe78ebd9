"""Reading a message back with a second library: what stands at the place of each element, by the guide's own paths."""

import re
from typing import Any, cast
from uuid import UUID

from lxml import etree

from visits.sae.e2b.elements import Address, Elements, Null, definitions, flat

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CASE = (
    "/MCCI_IN200100UV01/PORR_IN049016UV[1]/controlActProcess[@classCode='CACT'][@moodCode='EVN']"
    "/subject[@typeCode='SUBJ'][1]/investigationEvent[@classCode='INVSTG'][@moodCode='EVN']"
)
_ROLE = (
    f"{_CASE}/component[@typeCode='COMP'][adverseEventAssessment][1]"
    "/adverseEventAssessment[@classCode='INVSTG'][@moodCode='EVN']"
    "/subject1[@typeCode='SBJ'][1]/primaryRole[@classCode='INVSBJ']"
)
_STARTS = {"{case}": _CASE, "{role}": _ROLE}


class Unread(ValueError):
    """Values of a case that its message does not hold, by number and place."""


def require_readable(content: bytes, case: Elements) -> None:
    """Raises Unread where the message does not hold what the case says."""
    try:
        tree = _without_namespace(content)
    except etree.XMLSyntaxError as broken:
        raise Unread(str(broken)) from None
    wrong = [f"{number} {list(at)}" for (number, at), value in flat(case) if _read(tree, (number, at)) != value]
    if wrong:
        raise Unread(", ".join(wrong))


def _without_namespace(content: bytes) -> etree._ElementTree:
    """The tree with plain names, as the guide's paths have them."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    for node in root.iter():
        node.tag = etree.QName(node).localname
    return root.getroottree()


def _read(tree: etree._ElementTree, address: Address) -> "str | Null | None":
    """The value at the place of an element; None where there is none, or more than one."""
    number, at = address
    path = _path(tree, number, dict(zip(re.findall(r"(?<=\.)[ikr](?=\.|$)", number), at, strict=False)))
    values = _at(tree, path)
    if len(values) == 1:
        return str(values[0])
    holders = _at(tree, re.sub(r"/(@\w+|text\(\))$", "", path))
    null = holders[0].get("nullFlavor") if len(holders) == 1 and not values else None
    return Null(null) if null else None


def _at(tree: etree._ElementTree, path: str) -> list[Any]:
    """What stands at a path."""
    return cast(list[Any], tree.xpath(path, namespaces={"xsi": XSI}))


def _path(tree: etree._ElementTree, number: str, places: dict[str, int]) -> str:
    """The path of an element in this message: which block, and whose identifiers."""
    path = definitions()[number].path
    for name, start in _STARTS.items():
        path = path.replace(name, start)
    if "UUID of" in path:  # the identifiers say which drug and which event it is
        path = path.replace("][r]/", "]/") if number.startswith("G.k.9.i.2.r") else path
        path = path.replace("UUID of k-th drug", _id(tree, "G.k.2.2", {"k": places.get("k", 1)}))
        path = path.replace("UUID of i-th reaction", _id(tree, "E.i.2.1b", {"i": places.get("i", 1)}))
    for letter, place in places.items():
        path = path.replace(f"[{letter}]", f"[{place}]")
    return path


def _id(tree: etree._ElementTree, number: str, places: dict[str, int]) -> str:
    """The identifier of the block in which an element stands."""
    path = _path(tree, number, places)
    tag = "substanceAdministration" if number.startswith("G.k") else "observation"
    holder = path[: path.rindex(f"/{tag}[@classCode") + len(f"/{tag}")]
    return str(UUID(_at(tree, f"{holder}/id/@root")[0]))
