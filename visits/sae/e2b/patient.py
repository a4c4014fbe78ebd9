"""The person of a case: who they are, the study, their history, the events, tests and drugs.

Source: ICH E2B(R3) Implementation Guide, appendix I, `primaryRole`.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from visits.sae.e2b.elements import Elements
from visits.sae.e2b.nodes import (
    CODES,
    COUNTRY,
    MEDDRA,
    SEX,
    Node,
    about,
    boolean,
    coded,
    element,
    id_of,
    identifier,
    interval,
    observed,
    optional,
    quantity,
)  # fmt: skip

_IDS = "2.16.840.1.113883.3.989.2.1.3"
#: Number of the observation for each criterion of seriousness.
SERIOUSNESS = {"a": "34", "b": "21", "c": "33", "d": "35", "e": "12", "f": "26"}


def patient(case: Elements, events: Sequence[UUID], uses: Sequence[UUID]) -> Node:
    """The person with everything that is known of them."""
    return element(
        "primaryRole",
        _person(case),
        _study(case),
        *_measured(case),
        _organised("1", _history(case)),
        _autopsy(case),
        *(
            element("subjectOf2", _reaction(each, event), kind="SBJ")
            for each, event in zip(case["E.i"], events, strict=True)
        ),
        _organised("3", (_test(test) for test in case.get("F.r", []))),
        _organised("4", (_drug(drug, use, events) for drug, use in zip(case["G.k"], uses, strict=True))),
        cls="INVSBJ",
    )


def _organised(code: str, parts: Iterator[Node]) -> Node | None:
    """A category of facts, by its number in ICH's list; None where it is empty."""
    components = [element("component", part, kind="COMP") for part in parts]
    if not components:
        return None
    head = element("code", code=code, codeSystem=f"{CODES}.20")
    return element("subjectOf2", element("organizer", head, *components, cls="CATEGORY", mood="EVN"), kind="SBJ")


def _person(case: Elements) -> Node:
    number = element(
        "asIdentifiedEntity",
        id_of(f"{_IDS}.10", case["D.1.1.4"]),
        element("code", code="4", codeSystem=f"{CODES}.4"),
        cls="IDENT",
    )
    return element(
        "player1",
        element("name", text=case["D.1"]),
        coded("administrativeGenderCode", case["D.5"], SEX) if "D.5" in case else None,
        optional("deceasedTime", case.get("D.9.1")),
        number,
        cls="PSN", det="INSTANCE",
    )  # fmt: skip


def _study(case: Elements) -> Node:
    registered = [
        element(
            "authorization",
            element("studyRegistration", id_of(f"{_IDS}.6", each["C.5.1.r.1"]), cls="ACT", mood="EVN"),
            kind="AUTH",
        )
        for each in case["C.5.1.r"]
    ]
    study = element(
        "researchStudy",
        id_of(f"{_IDS}.5", case["C.5.3"]),
        coded("code", case["C.5.4"], f"{CODES}.8"),
        element("title", text=case["C.5.2"]),
        *registered,
        cls="CLNTRL", mood="EVN",
    )  # fmt: skip
    return element("subjectOf1", study, kind="SBJ")


def _measured(case: Elements) -> Iterator[Node]:
    """Age, weight, height."""
    if "D.2.2a" in case:
        yield about("subjectOf2", "SBJ", "3", quantity(case["D.2.2a"], case["D.2.2b"]))
    if "D.3" in case:
        yield about("subjectOf2", "SBJ", "7", quantity(case["D.3"], "kg"))
    if "D.4" in case:
        yield about("subjectOf2", "SBJ", "17", quantity(case["D.4"], "cm"))


def _history(case: Elements) -> Iterator[Node]:
    """Coded conditions, then the others as text."""
    for each in case.get("D.7.1.r", []):
        going_on = about("inboundRelationship", "REFR", "13", boolean(each["D.7.1.r.3"]))
        yield element(
            "observation",
            coded("code", each["D.7.1.r.1b"], MEDDRA, codeSystemVersion=each["D.7.1.r.1a"]),
            interval(each.get("D.7.1.r.2"), each.get("D.7.1.r.4")),
            going_on,
            cls="OBS", mood="EVN",
        )  # fmt: skip
    if "D.7.2" in case:
        yield observed("observation", "18", element("value", text=case["D.7.2"], type="ED"))


def _autopsy(case: Elements) -> Node | None:
    return about("subjectOf2", "SBJ", "5", boolean(case["D.9.3"])) if "D.9.3" in case else None


def _reaction(each: Elements, event: UUID) -> Node:
    """The event: when, what, where, how grave, how it ended."""
    reported = element("originalText", text=each["E.i.1.1a"], language=each["E.i.1.1b"])
    place = element("locatedPlace", coded("code", each["E.i.9"], COUNTRY), cls="COUNTRY", det="INSTANCE")
    return element(
        "observation",
        identifier("id", str(event)),
        element("code", code="29", codeSystem=f"{CODES}.19"),
        interval(each.get("E.i.4"), each.get("E.i.5")),
        coded("value", each["E.i.2.1b"], MEDDRA, reported, type="CE", codeSystemVersion=each["E.i.2.1a"]),
        element("location", element("locatedEntity", place, cls="LOCE"), kind="LOC"),
        about("outboundRelationship2", "PERT", "37", coded("value", each["E.i.3.1"], f"{CODES}.10", type="CE")),
        *(
            about("outboundRelationship2", "PERT", code, boolean(each[f"E.i.3.2{letter}"]))
            for letter, code in SERIOUSNESS.items()
        ),
        about("outboundRelationship2", "PERT", "27", coded("value", each["E.i.7"], f"{CODES}.11", type="CE")),
        cls="OBS", mood="EVN",
    )  # fmt: skip


def _test(test: Elements) -> Node:
    """A result: named in words, as a number with unit and normal range, or as text."""
    unit = test.get("F.r.3.3")
    return element(
        "observation",
        element("code", element("originalText", text=test["F.r.2.1"]), codeSystem=MEDDRA),
        optional("effectiveTime", test["F.r.1"]),
        _result(test),
        _limit(test.get("F.r.4"), unit, "L"),
        _limit(test.get("F.r.5"), unit, "H"),
        cls="OBS", mood="EVN",
    )  # fmt: skip


def _result(test: Elements) -> Node:
    if "F.r.3.4" in test:
        return element("value", text=test["F.r.3.4"], type="ED")
    return element("value", quantity(test["F.r.3.2"], test["F.r.3.3"], "center"), type="IVL_PQ")


def _limit(limit: Any, unit: Any, side: str) -> Node | None:
    if limit is None:
        return None
    which = element("interpretationCode", code=side, codeSystem="2.16.840.1.113883.5.83")
    span = element("observationRange", quantity(limit, unit), which, cls="OBS", mood="EVN.CRT")
    return element("referenceRange", span, kind="REFV")


def _drug(drug: Elements, use: UUID, events: Sequence[UUID]) -> Node:
    """A drug: what it is, how it was given, what was done with it."""
    action = coded("code", drug["G.k.8"], f"{CODES}.15") if "G.k.8" in drug else None
    return element(
        "substanceAdministration",
        identifier("id", str(use)),
        _product(drug),
        *_delays(drug, events),
        *(element("outboundRelationship2", _dosage(dosage), kind="COMP") for dosage in drug.get("G.k.4.r", [])),
        about("outboundRelationship2", "SUMM", "14", quantity(drug["G.k.5a"], drug["G.k.5b"]))
        if "G.k.5a" in drug else None,
        about("outboundRelationship2", "REFR", "2", element("value", text=drug["G.k.11"], type="ST"))
        if "G.k.11" in drug else None,
        element("inboundRelationship", element("act", action, cls="ACT", mood="EVN"), kind="CAUS")
        if action is not None else None,
        cls="SBADM", mood="EVN",
    )  # fmt: skip


def _product(drug: Elements) -> Node:
    substances = [
        element(
            "ingredient",
            element("ingredientSubstance", element("name", text=each["G.k.2.3.r.1"]), cls="MMAT", det="KIND"),
            cls="ACTI",
        )
        for each in drug.get("G.k.2.3.r", [])
    ]
    product = element("kindOfProduct", element("name", text=drug["G.k.2.2"]), *substances, cls="MMAT", det="KIND")
    return element("consumable", element("instanceOfKind", product, cls="INST"), kind="CSM")


def _delays(drug: Elements, events: Sequence[UUID]) -> Iterator[Node]:
    """From the first dose to each event."""
    for assessed, event in zip(drug.get("G.k.9.i", []), events, strict=False):
        if "G.k.9.i.3.1a" in assessed:
            reference = element("actReference", identifier("id", str(event)), cls="OBS", mood="EVN")
            delay = quantity(assessed["G.k.9.i.3.1a"], assessed["G.k.9.i.3.1b"], "pauseQuantity")
            yield element("outboundRelationship1", delay, reference, kind="SAS")


def _dosage(dosage: Elements) -> Node:
    """One way in which a drug was given: how, how often, how long, how much."""
    route = element("originalText", text=dosage.get("G.k.4.r.10.1"))
    return element(
        "substanceAdministration",
        element("text", text=dosage["G.k.4.r.8"]) if "G.k.4.r.8" in dosage else None,
        _when(dosage),
        element("routeCode", route, codeSystem=f"{CODES}.14") if "G.k.4.r.10.1" in dosage else None,
        quantity(dosage["G.k.4.r.1a"], dosage["G.k.4.r.1b"], "doseQuantity") if "G.k.4.r.1a" in dosage else None,
        cls="SBADM", mood="EVN",
    )  # fmt: skip


def _when(dosage: Elements) -> Node | None:
    """Interval between doses, from when to when: alone, or both as one expression."""
    span = interval(dosage.get("G.k.4.r.4"), dosage.get("G.k.4.r.5"))
    if "G.k.4.r.2" not in dosage:
        return span
    every = quantity(dosage["G.k.4.r.2"], dosage["G.k.4.r.3"], "period")
    if span is None:
        return element("effectiveTime", every, type="PIVL_TS")
    span.tag = "comp"
    span.set("operator", "A")
    return element("effectiveTime", element("comp", every, type="PIVL_TS"), span, type="SXPR_TS")
