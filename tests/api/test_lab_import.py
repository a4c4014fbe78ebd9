"""A laboratory file by program: tried by a saved mapping, its report, then imported."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from labs import importing
from labs.mapping_saving import save_mapping
from labs.models import LabImport
from tests.conftest import page_of

GOOD = b"SUBJID,date,alt\r\n01-001,2025-05-25,30\r\n"
BAD = b"SUBJID,date,alt\r\n99-999,2025-05-25,30\r\n"
MESSAGE = (
    b"MSH|^~\\&|LIS|H|E|S|20250525||ORU^R01|1|P|2.5\rPID|1||01-001\rOBR|1||||||20250525\r"
    b"OBX|1|NM|ALT||30|U/L|9-50||||F\r"
)
MAPPING = {"participant": "SUBJID", "date": "date", "results": {"alt": ["alt", "U/L"]}}


@pytest.fixture
def upload(enrolled, lin, program):
    """Send a file for a dry run, and let the worker do it."""
    save_mapping(enrolled.site, "hospital", MAPPING, user=lin)
    of_lin = program(lin)

    def send(content, mapping="hospital", site="01"):
        sent = {"file": SimpleUploadedFile("results.csv", content), "mapping": mapping, "site": site}
        return of_lin, of_lin.client.post("/api/v1/lab-imports", sent)

    return send


def test_a_file_is_tried_reported_and_imported(enrolled, upload):
    of_lin, answer = upload(GOOD)
    assert (answer.status_code, answer.json()["dry_run"]) == (201, True)
    tried = answer.json()["id"]
    assert of_lin.send("post", f"lab-imports/{tried}/commit").status_code == 409
    importing.run(LabImport.objects.get(id=tried).id)
    report = of_lin.get(f"lab-imports/{tried}").json()
    assert (report["status"], report["applied"], report["report"]["problems"]) == ("done", False, [])
    committed = of_lin.send("post", f"lab-imports/{tried}/commit").json()
    importing.run(LabImport.objects.get(id=committed["id"]).id)
    assert of_lin.get(f"lab-imports/{committed['id']}").json()["applied"] is True
    page = page_of(enrolled, "lbchem", "SCR")
    assert of_lin.get(f"pages/{page.id}").json()["rows"]["alt"]["orres"] == "30"


def test_the_report_says_what_is_wrong_in_both_languages(upload):
    of_lin, answer = upload(BAD)
    importing.run(LabImport.objects.get(id=answer.json()["id"]).id)
    problems = of_lin.get(f"lab-imports/{answer.json()['id']}").json()["report"]["problems"]
    assert problems[0]["line"] == 2
    assert problems[0]["zh"]
    assert problems[0]["en"]


def test_the_meaning_of_the_columns_may_come_with_the_file(upload, lin, program):
    of_lin = program(lin)

    def send(content: bytes, **more: str) -> Any:
        sent = {"file": SimpleUploadedFile("results.csv", content), "site": "01"} | more
        return of_lin.client.post("/api/v1/lab-imports", sent)

    assert send(GOOD, columns=json.dumps(MAPPING)).status_code == 201
    unknown = send(GOOD, columns=json.dumps(MAPPING | {"sheat": "1"}))
    assert (unknown.status_code, "unknown keys: sheat" in unknown.json()["errors"][0]["en"]) == (422, True)
    for more in ({}, {"columns": "[]"}, {"columns": "nothing"}, {"columns": json.dumps(MAPPING), "mapping": "other"}):
        assert send(GOOD, **more).status_code == 422, more


def test_hl7_messages_need_no_meaning_of_columns(upload, lin, program):
    sent = {"file": SimpleUploadedFile("m.hl7", MESSAGE), "site": "01"}
    answer = program(lin).client.post("/api/v1/lab-imports", sent)
    assert answer.status_code == 201, answer.json()
    assert importing.run(LabImport.objects.get(id=answer.json()["id"]).id).status == "done"


def test_a_part_of_the_participants_is_imported(enrolled, upload):
    of_lin, answer = upload(GOOD)
    tried = answer.json()["id"]
    importing.run(LabImport.objects.get(id=tried).id)
    assert of_lin.send("post", f"lab-imports/{tried}/commit", {"participants": ["01-999"]}).status_code == 422
    committed = of_lin.send("post", f"lab-imports/{tried}/commit", {"participants": ["01-001"]})
    assert committed.status_code == 201
    assert LabImport.objects.get(id=committed.json()["id"]).participants == ["01-001"]


def test_an_unknown_mapping_site_or_file_is_refused(upload):
    for sent, name in (((GOOD, "other"), "mapping"), ((GOOD, "hospital", "02"), "site"), ((b"\0\0",), "file")):
        answer = upload(*sent)[1]
        assert answer.status_code == 422, sent
        assert answer.json()["errors"][0]["item"] == name
    assert LabImport.objects.count() == 0


def test_a_file_that_is_too_large_is_refused(upload, settings):
    settings.UPLOAD_LIMIT = 10
    assert upload(GOOD)[1].status_code == 413
