"""The HL7 message of a case: one batch with one report. Source: ICH E2B(R3) Implementation Guide, appendix I.

What stands where, and in which order, is the guide's; values come from the elements of the case by their numbers.
"""

from uuid import NAMESPACE_OID, UUID, uuid5
from xml.etree import ElementTree

from visits.sae.e2b.elements import Elements
from visits.sae.e2b.nodes import (
    BATCH,
    CASE,
    CODES,
    COUNTRY,
    MESSAGE,
    Node,
    boolean,
    coded,
    element,
    id_of,
    identifier,
    observed,
    valued,
)  # fmt: skip
from visits.sae.e2b.patient import patient

ATTRIBUTES = {
    "xmlns": "urn:hl7-org:v3",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "ITSVersion": "XML_1.0",
}


def message(case: Elements) -> bytes:
    """The batch as XML in UTF-8."""
    batch = element(
        "MCCI_IN200100UV01",
        id_of(BATCH, case["N.1.2"]),
        valued("creationTime", case["N.1.5"]),
        element("responseModeCode", code="D"),
        identifier("interactionId", "2.16.840.1.113883.1.6", "MCCI_IN200100UV01"),
        coded("name", case["N.1.1"], f"{CODES}.1", displayName="ichicsr"),
        _message(case),
        _device("receiver", "RCV", "2.16.840.1.113883.3.989.2.1.3.14", case["N.1.4"]),
        _device("sender", "SND", "2.16.840.1.113883.3.989.2.1.3.13", case["N.1.3"]),
        **ATTRIBUTES,
    )
    ElementTree.indent(batch, space=" ")
    content: bytes = ElementTree.tostring(batch, encoding="utf-8", xml_declaration=True)
    return content


def _device(tag: str, kind: str, root: str, value: object) -> Node:
    return element(tag, element("device", id_of(root, value), cls="DEV", det="INSTANCE"), kind=kind)


def _message(case: Elements) -> Node:
    return element(
        "PORR_IN049016UV",
        id_of(MESSAGE, case["N.2.r.1"]),
        valued("creationTime", case["N.2.r.4"]),
        identifier("interactionId", "2.16.840.1.113883.1.6", "PORR_IN049016UV"),
        element("processingCode", code="P"),
        element("processingModeCode", code="T"),
        element("acceptAckCode", code="AL"),
        _device("receiver", "RCV", "2.16.840.1.113883.3.989.2.1.3.12", case["N.2.r.3"]),
        _device("sender", "SND", "2.16.840.1.113883.3.989.2.1.3.11", case["N.2.r.2"]),
        element(
            "controlActProcess",
            element("code", code="PORR_TE049016UV", codeSystem="2.16.840.1.113883.1.18"),
            valued("effectiveTime", case["C.1.2"]),
            element("subject", _investigation(case), kind="SUBJ"),
            cls="CACT", mood="EVN",
        ),
    )  # fmt: skip


def _investigation(case: Elements) -> Node:
    """The case: what was reported by whom, about whom, and who sends it."""
    return element(
        "investigationEvent",
        id_of(MESSAGE, case["C.1.1"]),
        id_of(CASE, case["C.1.8.1"]),
        element("code", code="PAT_ADV_EVNT", codeSystem="2.16.840.1.113883.5.4"),
        element("text", text=case["H.1"]),
        element("statusCode", code="active"),
        element("effectiveTime", valued("low", case["C.1.4"])),
        valued("availabilityTime", case["C.1.5"]),
        element("component", _assessment(case), kind="COMP"),
        _characteristic("component", "observationEvent", "COMP", "1", "19", boolean(case["C.1.6.1"])),
        _characteristic("component", "observationEvent", "COMP", "23", "19", boolean(case["C.1.7"])),
        _first_sender(case),
        *(_source(report) for report in case["C.2.r"]),
        _sender(case),
        _characteristic("subjectOf2", "investigationCharacteristic", "SUBJ", "1", "23",
                        coded("value", case["C.1.3"], f"{CODES}.2", type="CE")),
        _characteristic("subjectOf2", "investigationCharacteristic", "SUBJ", "2", "23", boolean(case["C.1.9.1"])),
        cls="INVSTG", mood="EVN",
    )  # fmt: skip


def _characteristic(tag: str, inner: str, kind: str, code: str, codes: str, value: Node) -> Node:
    """A fact about the report itself."""
    fact = element(inner, element("code", code=code, codeSystem=f"{CODES}.{codes}"), value, cls="OBS", mood="EVN")
    return element(tag, fact, kind=kind)


def _related(code: str, act: Node, *before: Node) -> Node:
    related = element(
        "relatedInvestigation",
        element("code", code=code, codeSystem=f"{CODES}.22"),
        element("subjectOf2", act, kind="SUBJ"),
        cls="INVSTG", mood="EVN",
    )  # fmt: skip
    return element("outboundRelationship", *before, related, kind="SPRT")


def _act(entity: Node) -> Node:
    return element("controlActEvent", element("author", entity, kind="AUT"), cls="CACT", mood="EVN")


def _first_sender(case: Elements) -> Node:
    entity = element("assignedEntity", coded("code", case["C.1.8.2"], f"{CODES}.3"), cls="ASSIGNED")
    return _related("1", _act(entity))


def _source(report: Elements) -> Node:
    """Who reported the event: name withheld, qualification, country, organisation."""
    entity = element(
        "assignedEntity",
        element(
            "assignedPerson",
            element("name", element("family", text=report["C.2.r.1.4"])),
            element("asQualifiedEntity", coded("code", report["C.2.r.4"], f"{CODES}.6"), cls="QUAL"),
            _located(report["C.2.r.3"]),
            cls="PSN", det="INSTANCE",
        ),
        _organisation(report["C.2.r.2.1"]) if "C.2.r.2.1" in report else None,
        cls="ASSIGNED",
    )  # fmt: skip
    return _related("2", _act(entity), valued("priorityNumber", report["C.2.r.5"]))


def _located(country: object) -> Node:
    place = element("location", coded("code", country, COUNTRY), cls="COUNTRY", det="INSTANCE")
    return element("asLocatedEntity", place, cls="LOCE")


def _organisation(name: object) -> Node:
    """The outer organisation would be the department."""
    inner = element("representedOrganization", element("name", text=name), cls="ORG", det="INSTANCE")
    entity = element("assignedEntity", inner, cls="ASSIGNED")
    return element("representedOrganization", entity, cls="ORG", det="INSTANCE")


def _sender(case: Elements) -> Node:
    entity = element(
        "assignedEntity",
        coded("code", case["C.3.1"], f"{CODES}.7"),
        element("assignedPerson", _located(case["C.3.4.5"]), cls="PSN", det="INSTANCE"),
        _organisation(case["C.3.2"]),
        cls="ASSIGNED",
    )
    return element("subjectOf1", _act(entity), kind="SUBJ")


def _assessment(case: Elements) -> Node:
    """The person with events, tests and drugs; then the role of each drug, and what was thought of each."""
    drugs, events, uses = case["G.k"], _ids(case, "E.i"), _ids(case, "G.k")
    return element(
        "adverseEventAssessment",
        element("subject1", patient(case, events, uses), kind="SBJ"),
        *(_role(drug["G.k.1"], use) for drug, use in zip(drugs, uses, strict=True)),
        *(
            _relation(relation, event, use)
            for drug, use in zip(drugs, uses, strict=True)
            for assessed, event in zip(drug.get("G.k.9.i", []), events, strict=False)
            for relation in assessed.get("G.k.9.i.2.r", [])
        ),
        cls="INVSTG", mood="EVN",
    )  # fmt: skip


def _ids(case: Elements, block: str) -> list[UUID]:
    """An identifier for each block of the case, the same wherever it is referred to."""
    return [uuid5(NAMESPACE_OID, f"{case['N.1.2']} {block} {n}") for n, _ in enumerate(case[block])]


def _used(use: UUID) -> Node:
    reference = element("productUseReference", identifier("id", str(use)), cls="SBADM", mood="EVN")
    return element("subject2", reference, kind="SUBJ")


def _role(role: object, use: UUID) -> Node:
    assessed = observed("causalityAssessment", "20", coded("value", role, f"{CODES}.13", type="CE"), _used(use))
    return element("component", assessed, kind="COMP")


def _relation(relation: Elements, event: UUID, use: UUID) -> Node:
    """Who thought what of an event and a drug."""
    by = element("code", element("originalText", text=relation["G.k.9.i.2.r.1"]))
    effect = element("adverseEffectReference", identifier("id", str(event)), cls="OBS", mood="EVN")
    assessed = observed(
        "causalityAssessment", "39",
        element("value", text=relation["G.k.9.i.2.r.3"], type="ST"),
        element("author", element("assignedEntity", by, cls="ASSIGNED"), kind="AUT"),
        element("subject1", effect, kind="SUBJ"),
        _used(use),
    )  # fmt: skip
    return element("component", assessed, kind="COMP")
