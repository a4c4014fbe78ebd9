"""What a program writes goes the way of the screen: the same checks, reasons, versions, queries."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from prtras.api.models import Answer
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.review.holding import Scope, hold
from prtras.review.models import Query
from prtras.review.querying import raise_query
from tests.conftest import page_of


@pytest.fixture
def saved(enrolled):
    """A page that was submitted."""
    return page_of(enrolled, "dm")


def body_of(program, page):
    """The page as it is, to be sent back."""
    answer = program.get(f"pages/{page.id}")
    data = answer.json()
    return {name: data[name] for name in ("values", "rows", "missing")}, answer.headers["ETag"]


def put(program, page, body, etag, **headers):
    return program.send("put", f"pages/{page.id}", body, if_match=etag, **headers)


def test_a_page_that_is_sent_back_as_it_was_changes_nothing(enrolled, lin, program):
    of_lin = program(lin)
    before = AuditEvent.objects.exclude(table="accounts_tokenuse").count()
    for page in CrfPage.objects.filter(version__gt=0):
        body, etag = body_of(of_lin, page)
        answer = put(of_lin, page, body, etag)
        assert (answer.status_code, answer.json().get("changed")) == (200, []), (page.form, answer.json())
    assert AuditEvent.objects.exclude(table="accounts_tokenuse").count() == before


def test_a_result_given_as_a_limit_is_read_and_sent_back_with_its_sign(enrolled, fill, lin, program):
    page = fill(enrolled, "lbviro", "W12", hbsab_val="<2.00").page
    of_lin = program(lin)
    body, etag = body_of(of_lin, page)
    assert body["values"]["hbsab_val"] == "<2"
    answer = put(of_lin, page, body, etag)
    assert (answer.status_code, answer.json()["changed"]) == (200, [])


def test_a_change_needs_a_reason_and_then_is_a_new_version(saved, lin, program):
    of_lin = program(lin)
    body, etag = body_of(of_lin, saved)
    body["values"]["ethnic"] = "HUI"
    answer = put(of_lin, saved, body, etag)
    assert answer.status_code == 422
    assert [(e["item"], e["check"]) for e in answer.json()["errors"]] == [("ethnic", "reason")]
    answer = put(of_lin, saved, body | {"reasons": {"ethnic": "ENTRY"}}, etag)
    assert (answer.status_code, answer.json()["changed"]) == (200, ["ethnic"])
    assert answer.headers["ETag"] == f'"{saved.version + 1}"'
    event = AuditEvent.objects.filter(table="enrollment_demographics").latest("id")
    assert event.source.startswith("api ")
    assert event.actor_name == "lin"


def test_the_version_that_was_seen_counts(saved, lin, program):
    of_lin = program(lin)
    body, _ = body_of(of_lin, saved)
    body["values"]["ethnic"] = "HUI"
    assert of_lin.send("put", f"pages/{saved.id}", body).status_code == 428
    for etag in ('"0"', '"99"', "x"):
        assert put(of_lin, saved, body, etag).status_code == 412
    saved.refresh_from_db()
    assert saved.version == 1


def test_a_hard_check_refuses_with_its_id_and_both_languages(participant, lin, program):
    page = page_of(participant, "consent")
    answer = put(program(lin), page, {"values": {"icf_date": "2026-02-30"}}, '"0"')
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["item"], error["check"]) == (422, "icf_date", "unreadable")
    answer = put(program(lin), page, {"values": {}}, '"0"')
    assert ("icf_date", "REQ-icf_date") in {(e["item"], e["check"]) for e in answer.json()["errors"]}
    assert all(e["zh"] and e["en"] for e in answer.json()["errors"])
    page.refresh_from_db()
    assert page.version == 0


def test_validating_says_the_same_and_stores_nothing(participant, lin, program):
    page = page_of(participant, "consent")
    before = AuditEvent.objects.exclude(table="accounts_tokenuse").count()
    checked = program(lin).send("post", f"pages/{page.id}/validate", {"values": {}}).json()
    refused = put(program(lin), page, {"values": {}}, '"0"').json()
    assert [e["check"] for e in checked["refused"]] == [e["check"] for e in refused["errors"]]
    assert AuditEvent.objects.exclude(table__in=("accounts_tokenuse", "accounts_apitoken")).count() == before


def test_a_derived_item_is_not_sent(enrolled, lin, program):
    of_lin = program(lin)
    page = next(p for p in CrfPage.objects.filter(version__gt=0) if of_lin.get(f"pages/{p.id}").json()["derived"])
    place = next(name for name in of_lin.get(f"pages/{page.id}").json()["derived"] if ":" not in name)
    body, etag = body_of(of_lin, page)
    body["values"][place] = 1
    assert [e["check"] for e in put(of_lin, page, body, etag).json()["errors"]] == ["derived"]


def test_a_save_that_is_sent_again_has_the_same_answer(saved, lin, program):
    of_lin, key = program(lin), str(uuid.uuid4())
    body, etag = body_of(of_lin, saved)
    body["values"]["ethnic"] = "HUI"
    body["reasons"] = {"all": "ENTRY"}
    first, second = (put(of_lin, saved, body, etag, idempotency_key=key) for _ in range(2))
    assert (second.status_code, second.json(), second.headers["ETag"]) == (200, first.json(), first.headers["ETag"])
    saved.refresh_from_db()
    assert saved.version == 2


def test_a_registration_that_is_sent_again_is_one(lin, program):
    of_lin, key = program(lin), str(uuid.uuid4())
    answers = [of_lin.send("post", "registrations", {"site": "01"}, idempotency_key=key).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Participant.objects.count() == 1
    refused = of_lin.send("post", "registrations", {"site": "01", "number": "01-001"})
    assert [(e["item"], e["check"]) for e in refused.json()["errors"]] == [("number", "number")]
    assert of_lin.send("post", "registrations", {"site": "02"}).status_code == 422


def test_a_held_page_is_not_saved(saved, lin, wang, program):
    hold(Scope(page=saved), "frozen", "Interim.", user=wang)
    of_lin = program(lin)
    body, etag = body_of(of_lin, saved)
    assert put(of_lin, saved, body, etag).status_code == 409


def test_an_unscheduled_visit_and_a_log_page(enrolled, lin, program):
    address = f"participants/{enrolled.number}/pages"
    added = program(lin).send("post", address, {"form": "UNS"})
    assert (added.status_code, Visit.objects.filter(code="UNS").count()) == (201, 1)
    assert program(lin).send("post", address, {"form": "ae"}).json()["form"] == "ae"
    assert program(lin).send("post", address, {"form": "dm"}).status_code == 422


def test_a_page_is_voided_and_comes_back(enrolled, lin, program):
    of_lin = program(lin)
    page = of_lin.send("post", f"participants/{enrolled.number}/pages", {"form": "ae"}).json()["id"]
    assert of_lin.send("post", f"pages/{page}/void", {"reason": "Twice."}).json()["state"] == "void"
    assert of_lin.send("post", f"pages/{page}/void", {"reason": "Twice."}).status_code == 409
    assert of_lin.send("post", f"pages/{page}/restore", {"reason": "After all."}).json()["state"] == "expected"
    assert of_lin.send("post", f"pages/{page}/void").status_code == 422


def test_a_query_from_question_to_close(saved, lin, wang, program):
    of_wang, of_lin = program(wang), program(lin)
    raised = of_wang.send("post", "queries", {"page": str(saved.id), "place": "ethnic", "text": "Right?"})
    assert raised.status_code == 201
    number = raised.json()["id"]
    assert of_lin.send("post", f"queries/{number}/answer").status_code == 422
    assert of_lin.send("post", f"queries/{number}/answer", {"text": "Yes."}).json()["state"] == "answered"
    assert of_wang.send("post", f"queries/{number}/close").json()["state"] == "closed"
    assert of_wang.send("post", f"queries/{number}/close").status_code == 409
    thread = of_lin.get(f"queries?page={saved.id}").json()["items"][0]["messages"]
    assert [message["act"] for message in thread] == ["ask", "answer", "close"]
    wrong = of_wang.send("post", "queries", {"page": str(saved.id), "place": "nothing", "text": "?"})
    assert wrong.status_code == 422


def test_a_token_that_only_reads_writes_nothing(saved, lin, wang, program):
    query = raise_query(saved, "ethnic", "Right?", user=wang)
    reads = program(lin, "read")
    body, etag = body_of(reads, saved)
    answers = [
        put(reads, saved, body, etag),
        reads.send("post", f"pages/{saved.id}/validate", body),
        reads.send("post", f"queries/{query.id}/answer", {"text": "Yes."}),
        reads.send("post", "registrations", {"site": "01"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert (Query.objects.get(pk=query.pk).state, Participant.objects.count()) == ("open", 1)


def test_what_the_protocol_forbids_is_saved_with_a_reason_and_is_said_to_be_overridable(enrolled, fill, lin, program):
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__neut__orres="0.4")
    page = page_of(enrolled, "pegifn")
    values = {"pg_week": "1", "pg_status": "GIVEN", "pg_date": "2025-06-02", "pg_dose": "180", "pg_site": "ABDOMEN",
              "pg_by": "STAFF"}  # fmt: skip
    answer = put(program(lin), page, {"values": values}, '"0"')
    refused = {error["check"]: error.get("overridable", False) for error in answer.json()["errors"]}
    assert refused["PG-007"]
    assert not any(overridable for check, overridable in refused.items() if check.startswith("REQ-"))


def test_a_save_that_is_sent_again_after_a_week_is_carried_out_anew_on_top_of_its_version(
    saved, enrolled, fill, lin, program
):
    of_lin, key = program(lin), str(uuid.uuid4())
    body, etag = body_of(of_lin, saved)
    body["values"]["ethnic"] = "HUI"
    body["reasons"] = {"all": "ENTRY"}
    first = put(of_lin, saved, body, etag, idempotency_key=key)
    fill(enrolled, "dm", **{"reason.all": "ENTRY"})
    Answer.objects.update(at=timezone.now() - timedelta(days=7, minutes=-1))
    again = put(of_lin, saved, body, etag, idempotency_key=key)
    assert (again.status_code, again.json()) == (200, first.json())
    Answer.objects.update(at=timezone.now() - timedelta(days=7, minutes=1))
    assert put(of_lin, saved, body, etag, idempotency_key=key).status_code == 412
