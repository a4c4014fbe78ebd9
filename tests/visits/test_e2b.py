"""A serious event as case safety report (ICH E2B(R3)): what the casebook says is what another reader finds there."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from prtras.audit.acting import acting
from prtras.coding.accepting import accept
from prtras.coding.importing import import_release, put_in_force
from prtras.crf.models import CrfPage
from prtras.files import storing
from tests.coding.release import archive
from tests.visits.test_sae import UNREPORTED, made
from visits.planning import add_log_page
from visits.sae import reporting
from visits.sae.e2b.case import missing
from visits.sae.e2b.elements import Null, faults, flat, plain
from visits.sae.e2b.message import message
from visits.sae.e2b.readback import Unread, require_readable

AGREED = {"sender": "SZHOSP", "receiver": "CDE", "organisation": "Shenzhen Invented Hospital", "kind": "6"}
SUSPECTED = UNREPORTED | {"ae_term": "发热", "ae_rel_pg": "PROBABLE", "ae_rel_na": "UNLIKELY"}
#: The order of the children of each element. Source: ICH E2B(R3) Implementation Guide, appendix I.
ORDER = {
    "MCCI_IN200100UV01": "id creationTime responseModeCode interactionId name PORR_IN049016UV receiver sender",
    "PORR_IN049016UV": "id creationTime interactionId processingCode processingModeCode acceptAckCode receiver sender"
    " controlActProcess",
    "controlActProcess": "code effectiveTime subject",
    "investigationEvent": "id code text statusCode effectiveTime availabilityTime reference component"
    " outboundRelationship subjectOf1 subjectOf2",
    "adverseEventAssessment": "subject1 component component1",
    "primaryRole": "player1 subjectOf1 subjectOf2",
    "player1": "name administrativeGenderCode birthTime deceasedTime asIdentifiedEntity role",
    "observation": "id code effectiveTime value interpretationCode location performer referenceRange"
    " outboundRelationship1 outboundRelationship2 inboundRelationship",
    "substanceAdministration": "id text effectiveTime routeCode doseQuantity consumable outboundRelationship1"
    " outboundRelationship2 inboundRelationship",
    "kindOfProduct": "code name formCode asManufacturedProduct ingredient",
    "causalityAssessment": "code value methodCode author subject1 subject2",
    "assignedEntity": "code addr telecom assignedPerson representedOrganization",
    "assignedPerson": "name asQualifiedEntity asLocatedEntity",
    "researchStudy": "id code title authorization",
    "outboundRelationship": "priorityNumber relatedInvestigation",
    "outboundRelationship1": "pauseQuantity actReference",
    "observationRange": "value interpretationCode",
    "referenceRange": "observationRange",
    "effectiveTime": "low width high period comp",
    "comp": "period low width high",
    "asIdentifiedEntity": "id code",
    "observationEvent": "code value author",
    "investigationCharacteristic": "code value",
    "relatedInvestigation": "code subjectOf2",
    "studyRegistration": "id author",
    "organizer": "code component",
    "value": "originalText low center high",
    "representedOrganization": "name assignedEntity",
}


@pytest.fixture
def coded(wang, settings):
    """A release in force, and a sender that was agreed on."""
    settings.ICSR = AGREED
    put_in_force(import_release(archive(), user=wang), user=wang)


@pytest.fixture
def log(enrolled, fill, lin):
    """Adds a page of a log."""

    def add(form, **typed):
        add_log_page(enrolled, form, user=lin)
        return fill(enrolled, form, **typed).page

    return add


@pytest.fixture
def event(coded, enrolled, fill, log, lin, wang):
    """A coded event, probably related to peginterferon, with history, treatment, medication and results around it."""
    fill(enrolled, "vs", "SCR", vs_date="2025-05-26", height="172", weight="68.5")
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-08", row__alt__orres="400", row__creat__orres="1.8",
         row__creat__orresu="mg/dL")  # fmt: skip
    log("pegifn")
    log("mh", mh_term="头痛", mh_status="ACTIVE", mh_end="")
    log("cm", cm_ind="x", cm_dose="2", cm_doseu="TABLET")
    page = log("ae", **SUSPECTED)
    for form, text, code in (("ae", "发热", 90000001), ("mh", "头痛", 90000011)):
        accept(form, text, code, user=wang)
    return page


def case_in(report):
    return json.loads(storing.content(report.e2b_json))["elements"]


def test_the_report_says_what_the_casebook_says(event, enrolled, lin):
    case = case_in(made(event, "initial", user=lin))
    assert (case["C.1.1"], case["N.1.2"]) == ("CN-SZHOSP-PRTRAS-001/01-001/AE1", "CN-SZHOSP-PRTRAS-001/01-001/AE1/1")
    assert (case["C.1.3"], case["C.1.4"], case["C.1.7"], case["C.5.4"]) == ("2", "202506121530+0800", "false", "1")
    assert (case["D.1"], case["D.1.1.4"]) == ({"nullFlavor": "MSK"}, enrolled.number)
    assert (case["D.2.2b"], case["D.3"], case["D.4"], case["D.5"]) == ("a", "68.5", "172", "1")
    (reaction,) = case["E.i"]
    assert {name: reaction[f"E.i.{name}"] for name in ("1.1a", "1.1b", "2.1a", "2.1b", "4", "5", "7")} == {
        "1.1a": "发热", "1.1b": "zho", "2.1a": "90.1", "2.1b": "90000001", "4": "20250610", "5": "20250612", "7": "1",
    }  # fmt: skip
    assert (reaction["E.i.3.2b"], reaction["E.i.3.2a"]) == ("true", {"nullFlavor": "NI"})


def test_history_is_coded_and_treatment_stands_with_its_days_and_judgements(event, lin):
    case = case_in(made(event, "initial", user=lin))
    (condition,) = case["D.7.1.r"]
    assert (condition["D.7.1.r.1b"], condition["D.7.1.r.2"], condition["D.7.1.r.3"]) == ("90000011", "2001", "true")
    peg, analogue, other = case["G.k"]
    assert (peg["G.k.1"], peg["G.k.2.2"], peg["G.k.5a"], peg["G.k.8"]) == ("1", "Peginterferon alfa-2b", "180", "4")
    assert peg["G.k.4.r"] == [
        {"G.k.4.r.1a": "180", "G.k.4.r.1b": "ug", "G.k.4.r.10.1": "Subcutaneous", "G.k.4.r.4": "20250602",
         "G.k.4.r.8": "doses given: 1"}
    ]  # fmt: skip
    assert peg["G.k.9.i"] == [
        {"G.k.9.i.2.r": [{"G.k.9.i.2.r.1": "Investigator", "G.k.9.i.2.r.3": "Probably related"}],
         "G.k.9.i.3.1a": "9", "G.k.9.i.3.1b": "d"}
    ]  # fmt: skip
    assert (analogue["G.k.1"], analogue["G.k.2.2"]) == ("2", "Entecavir")
    assert analogue["G.k.4.r"][0] == {
        "G.k.4.r.1a": "0.5", "G.k.4.r.1b": "mg", "G.k.4.r.2": "1", "G.k.4.r.3": "d", "G.k.4.r.4": "202305",
    }  # fmt: skip
    assert (other["G.k.1"], other["G.k.2.2"]) == ("2", "Paracetamol")
    assert other["G.k.4.r"][0]["G.k.4.r.8"] == "2 TABLET, As needed"


def test_results_are_sent_in_the_standard_unit_with_their_range(event, lin):
    tests = {test["F.r.2.1"]: test for test in case_in(made(event, "initial", user=lin))["F.r"]}
    assert tests["Alanine aminotransferase"] == {
        "F.r.1": "20250608", "F.r.2.1": "Alanine aminotransferase", "F.r.3.2": "400", "F.r.3.3": "U/L", "F.r.4": "9",
        "F.r.5": "50",
    }  # fmt: skip
    assert (tests["Creatinine"]["F.r.3.2"], tests["Creatinine"]["F.r.3.3"]) == ("159.12", "umol/L")


def test_another_reader_finds_every_element_of_the_json_in_the_message(event, lin):
    report = made(event, "initial", user=lin)
    content = storing.content(report.e2b_xml)
    case = as_case(case_in(report))
    assert len(list(flat(case))) > 90
    require_readable(content, case)


def as_case(listed):
    """The elements of a JSON as they were before."""
    return {
        number: [as_case(block) for block in value] if isinstance(value, list)
        else Null(value["nullFlavor"]) if isinstance(value, dict) else value
        for number, value in listed.items()
    }  # fmt: skip


def test_a_value_that_is_not_where_it_belongs_is_noticed(event, lin):
    report = made(event, "initial", user=lin)
    case, content = as_case(case_in(report)), storing.content(report.e2b_xml)
    for right, wrong in ((b"90000001", b"90000002"), (b"MSK", b"UNK"), (b"SBADM", b"SBADN"), (b"<low", b"<high")):
        with pytest.raises(Unread):
            require_readable(content.replace(right, wrong), case)


def test_every_element_has_its_children_in_the_order_of_the_guide(event, lin):
    root = etree.fromstring(storing.content(made(event, "initial", user=lin).e2b_xml))
    looked_at = set()
    for node in root.iter():
        children = [etree.QName(child).localname for child in node]
        name = etree.QName(node).localname
        if len(set(children)) > 1:
            order = ORDER[name].split()
            assert [order.index(child) for child in children] == sorted(order.index(child) for child in children), name
            looked_at.add(name)
    assert looked_at > {"MCCI_IN200100UV01", "investigationEvent", "primaryRole", "substanceAdministration"}


def test_identifiers_of_events_and_drugs_are_those_that_others_refer_to(event, lin):
    root = etree.fromstring(storing.content(made(event, "initial", user=lin).e2b_xml))
    names = {"h": "urn:hl7-org:v3"}
    drugs = root.xpath("//h:organizer//h:substanceAdministration/h:id/@root", namespaces=names)
    events = root.xpath("//h:observation/h:id/@root", namespaces=names)
    assert len(set(drugs)) == 3
    assert set(root.xpath("//h:productUseReference/h:id/@root", namespaces=names)) == set(drugs)
    assert set(root.xpath("//h:adverseEffectReference/h:id/@root", namespaces=names)) == set(events)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ae_susar": "U"}, "Say in the event whether it is a SUSAR"),
        ({"ae_rel_pg": "UNRELATED", "ae_rel_na": "UNRELATED"}, "No drug is suspected"),
        ({"ae_term": "忽冷忽热"}, "not coded by MedDRA"),
    ],
)
def test_without_what_a_case_needs_there_is_none_and_the_report_says_why(
    event, enrolled, fill, lin, client_of, change, words
):
    fill(enrolled, "ae", **SUSPECTED | change, reason__all="NEW")
    event.refresh_from_db()
    report = made(event, "initial", user=lin)
    assert (report.status, report.e2b_xml) == ("done", None)
    assert [words in en for _, en in report.e2b_missing] == [True]
    assert words in client_of(lin).get(reverse("visits:sae", args=[event.pk])).content.decode().partition("Reports")[2]


def test_without_a_sender_there_is_no_case_and_its_page_says_so(event, lin, client_of, settings):
    settings.ICSR = AGREED | {"receiver": ""}
    page = client_of(lin).get(reverse("visits:sae", args=[event.pk])).content.decode()
    assert "Sender and receiver are not set" in page


def test_a_condition_that_is_not_coded_is_sent_as_text(event, enrolled, fill, lin):
    fill(enrolled, "mh", mh_term="胆囊结石", mh_status="ACTIVE", mh_end="", reason__all="NEW")
    case = case_in(made(event, "initial", user=lin))
    assert ("D.7.1.r" in case, case["D.7.2"]) == (False, "胆囊结石")


def test_a_case_has_one_version_of_meddra_what_was_coded_by_another_is_sent_as_text(event, enrolled, lin, wang):
    with acting(wang, role="monitor", reason="interim"):
        CrfPage.objects.filter(form="mh", participant=enrolled).update(hold="locked")
    put_in_force(import_release(archive(version="91.0"), user=wang), user=wang)
    case = case_in(made(event, "initial", user=lin))
    assert (case["E.i"][0]["E.i.2.1a"], "D.7.1.r" in case, case["D.7.2"]) == ("91.0", False, "头痛")


def test_a_fatal_event_gives_the_day_of_death_and_whether_there_was_an_autopsy(event, enrolled, fill, log, lin):
    fatal = {"ae_grade": "5", "ae_out": "FATAL", "ae_sdth": "Y"}
    fill(enrolled, "ae", **SUSPECTED | fatal, reason__all="NEW")
    log("death", dth_date="2025-06-12", dth_ae_no="1")
    event.refresh_from_db()
    case = case_in(made(event, "initial", user=lin))
    assert (case["D.9.1"], case["D.9.3"], case["E.i"][0]["E.i.7"]) == ("20250612", {"nullFlavor": "UNK"}, "5")


def test_what_the_standard_does_not_allow_is_named(event, lin):
    case = as_case(case_in(made(event, "initial", user=lin)))
    assert faults(case) == []
    wrong = dict(case) | {"C.1.3": "9", "C.1.2": "20250612", "D.1": Null("NI"), "D.1.1.4": "x" * 21, "D.3": "heavy",
                          "X.1": "?"}  # fmt: skip
    del wrong["H.1"]
    assert [text.en for text in faults(wrong)] == [
        "Required element H.1 is missing.",
        "C.1.2: “20250612” is no date of the needed precision.",
        "C.1.3: “9” is not one of its codes.",
        "D.1 does not allow the null flavour NI.",
        "D.1.1.4 is longer than 20 characters.",
        "D.3: “heavy” is no number.",
        "X.1 is no known element.",
    ]


def test_signs_of_xml_in_what_people_typed_stay_what_they_are(event, lin):
    case = dict(as_case(case_in(made(event, "initial", user=lin)))) | {"H.1": 'ALT > 5 & <b>"3 × ULN"</b> ]]>'}
    content = message(case)
    require_readable(content, case)
    assert b"<b>" not in content


def test_both_files_are_downloads_of_who_sees_the_event(event, lin, chen, eve, client_of):
    report = made(event, "initial", user=lin)
    for ending in ("xml", "json"):
        address = reverse("visits:sae_case", args=[report.pk, ending])
        answer = client_of(lin).get(address)
        assert (answer.status_code, b"".join(answer)) == (200, storing.content(getattr(report, f"e2b_{ending}")))
        assert re.search(rf"PRTRAS-001-01-001-AE1-1-e2b\.{ending}", answer["Content-Disposition"])
        assert client_of(eve).get(address).status_code == 404
    assert client_of(lin).get(reverse("visits:sae_case", args=[report.pk, "pdf"])).status_code == 404
    assert plain({"D.1": Null("MSK")}) == {"D.1": {"nullFlavor": "MSK"}}


def change(event, fill, **typed):
    fill(event.participant, "ae", **SUSPECTED | typed, reason__all="NEW")
    event.refresh_from_db()
    return event


def test_a_narrative_with_lines_as_browsers_send_them_and_stray_signs_is_sent(event, fill, lin):
    report = made(change(event, fill, ae_narr="First day.\r\nSecond day.\x0b"), "initial", user=lin)
    assert case_in(report)["H.1"] == "First day.\nSecond day."


def test_a_drug_that_was_stopped_before_the_event_is_sent_where_it_is_suspected(event, fill, lin):
    fill(event.participant, "na", na_ongoing="N", na_end="2025-06-01", na_end_reason="OTHER", reason__all="NEW")
    ended = {each["G.k.2.2"]: each["G.k.1"] for each in case_in(made(event, "initial", user=lin))["G.k"]}
    assert "Entecavir" not in ended
    report = made(change(event, fill, ae_rel_na="PROBABLE"), "followup", "Judged anew.", user=lin)
    drugs = {each["G.k.2.2"]: each for each in case_in(report)["G.k"]}
    assert (drugs["Entecavir"]["G.k.1"], drugs["Entecavir"]["G.k.4.r"][0]["G.k.4.r.5"]) == ("1", "20250601")


def test_a_suspected_drug_without_a_record_is_asked_for_before_there_is_a_case(coded, enrolled, fill, log, lin, wang):
    fill(enrolled, "na", na_start="2025-07", reason__all="SOURCE")
    page = log("ae", **SUSPECTED | {"ae_rel_pg": "NA", "ae_rel_na": "PROBABLE", "ae_acn_pg": "NOT APPLICABLE"})
    accept("ae", "发热", 90000001, user=wang)
    assert [text.en for text in missing(page)] == [
        "There is no record that the suspected drug was given before the event."
    ]


def test_treatment_that_goes_on_has_no_last_day_and_one_that_was_withdrawn_has(event, fill, lin):
    def last_day(report):
        return case_in(report)["G.k"][0]["G.k.4.r"][-1].get("G.k.4.r.5")

    assert last_day(made(event, "initial", user=lin)) is None
    report = made(change(event, fill, ae_acn_pg="DRUG WITHDRAWN"), "followup", "Stopped.", user=lin)
    assert last_day(report) == "20250602"


def test_a_dose_that_is_not_known_leaves_the_sum_out(event, fill, lin):
    fill(event.participant, "pegifn", pg_dose="", missing__pg_dose="OTHER", reason__all="NEW")
    peg = case_in(made(event, "initial", user=lin))["G.k"][0]
    assert "G.k.5a" not in peg


def test_the_most_recent_information_is_the_last_change_of_the_event(event, fill, lin):
    first = case_in(made(event, "initial", user=lin))["C.1.5"]
    assert first == timezone.localdate().strftime("%Y%m%d")
    assert event.submitted_at is not None


def test_an_event_without_the_day_of_awareness_has_its_report_and_no_case(event, fill, lin):
    unaware = change(event, fill, ae_aware="", missing__ae_aware="OTHER", ae_aware_time="")
    report = made(unaware, "initial", user=lin)
    assert (report.status, report.e2b_xml, bool(report.file_zh)) == ("done", None, True)
    assert "when the site became aware" in report.e2b_missing[0][1]


def test_a_hospital_with_a_name_that_is_too_long_is_left_out_and_the_case_is_sent(event, lin, site):
    with acting(lin):
        site.name_en = "The First Affiliated Hospital of an Invented University, Shenzhen"
        site.save(update_fields=["name_en"])
    assert "C.2.r.2.1" not in case_in(made(event, "initial", user=lin))["C.2.r"][0]


def test_a_message_that_does_not_read_back_is_no_file_and_the_pdfs_stay(event, lin, monkeypatch):
    monkeypatch.setattr(reporting, "message", lambda case: message(dict(case) | {"H.1": "Something else."}))
    report = made(event, "initial", user=lin)
    assert (report.status, report.e2b_xml, bool(report.file_en)) == ("done", None, True)
    assert "does not read back: H.1" in report.e2b_missing[0][1]
