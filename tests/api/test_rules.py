"""What holds at every address: tokens only, JSON only, refusals as problems, a limit, a description."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from prtras.accounts.models import TokenUse
from tests.conftest import page_of

PROBLEM = "application/problem+json"


def test_a_session_opens_nothing(lin, client_of):
    answer = client_of(lin).get("/api/v1/participants")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["Content-Type"] == PROBLEM


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "未找到"), ("en", "Not found")])
def test_a_refusal_is_a_problem_in_the_readers_language(lin, token_of, language, title):
    client = Client(headers={"Authorization": f"Bearer {token_of(lin)}", "Accept-Language": language})
    for address in ("/api/v1/participants/99-999", "/api/v1/nowhere"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Content-Type"], answer.json()["title"]) == (404, PROBLEM, title)


def test_only_json_of_a_bounded_size_is_read(lin, program, participant, settings):
    of_lin, address = program(lin), f"pages/{page_of(participant, 'consent').id}/validate"
    sent = of_lin.client.post(f"/api/v1/{address}", {"values": "{}"})  # a form
    assert sent.status_code == 415
    for text in ("{", '{"values": {}, "values": {}}', '{"values": {"icf_date": NaN}}', '"\\u0000"', "[" * 100_000):
        sent = of_lin.client.post(f"/api/v1/{address}", text, content_type="application/json")
        assert sent.status_code == 400, text[:20]
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 50
    assert of_lin.send("post", address, {"values": {"icf_date": "x" * 50}}).status_code == 413


def test_a_name_that_is_not_known_is_an_error(lin, program, participant):
    address = f"pages/{page_of(participant, 'consent').id}/validate"
    answer = program(lin).send("post", address, {"valeus": {}, "values": {"icf_day": "2026-01-01"}})
    assert answer.json()["errors"] == [
        {"item": "valeus", "check": "unknown", "zh": "没有该名称。", "en": "No such name."}
    ]
    answer = program(lin).send("post", address, {"values": {"icf_day": "2026-01-01"}})
    assert [each["item"] for each in answer.json()["errors"]] == ["icf_day"]
    assert program(lin).get("participants?stat=died").status_code == 422


def test_no_other_origin_is_let_in_and_no_cookie_is_set(lin, program):
    answer = program(lin).get("participants", origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert not answer.cookies


def test_a_token_makes_so_many_requests_a_minute(lin, program, settings):
    settings.API_REQUESTS_A_MINUTE = 3
    of_lin = program(lin)
    assert [of_lin.get("schedule").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = of_lin.get("schedule")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert TokenUse.objects.count() == 3
    assert program(lin).get("schedule").status_code == 200


def test_the_page_of_the_api_needs_no_script_and_no_other_host(lin, client_of):
    page = client_of(lin).get(reverse("api:docs"))
    text = page.content.decode()
    assert "/api/v1/pages/{page_id}" in text
    assert "Save a page" in text
    assert "<script>" not in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_description_is_openapi_3_1_and_whole(lin, client_of):
    schema = json.loads(client_of(lin).get(reverse("api:schema")).content)
    assert schema["openapi"] == "3.1.0"
    components = schema["components"]["schemas"]
    referred = {text.split('"')[0] for text in json.dumps(schema).split("#/components/schemas/")[1:]}
    assert referred <= set(components)
    ids = [each["operationId"] for methods in schema["paths"].values() for each in methods.values()]
    assert len(ids) == len(set(ids))
    assert all("4XX" in each["responses"] for methods in schema["paths"].values() for each in methods.values())


def test_a_failure_is_a_problem_too(lin, program, monkeypatch):
    monkeypatch.setattr("prtras.api.views.casebook.participants_visible_to", None)
    answer = program(lin).get("participants")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)


def test_a_key_that_is_no_uuid_or_belongs_to_another_request_is_refused(lin, program):
    of_lin, key = program(lin), str(uuid.uuid4())
    sent = {"site": "01"}
    assert of_lin.send("post", "registrations", sent, idempotency_key="1").status_code == 422
    assert of_lin.send("post", "registrations", sent, idempotency_key=key).status_code == 201
    other = of_lin.send("post", "registrations", sent | {"number": "01-009"}, idempotency_key=key)
    assert other.status_code == 422
