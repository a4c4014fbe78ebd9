"""Programs verify, hold, release, assign and close as people do on the pages, and are refused as they are."""

from datetime import date

import pytest

from prtras.audit.acting import acting
from prtras.review.models import HoldAct, Query
from prtras.review.querying import answer, raise_query


@pytest.fixture
def consent(participant, fill):
    return fill(participant, "consent").page


def test_a_page_is_verified_as_of_the_version_that_was_seen(consent, program, wang):
    of_wang = program(wang)
    address = f"pages/{consent.id}/verification"
    assert of_wang.send("put", address).status_code == 428
    assert of_wang.send("put", address, if_match="9").status_code == 412
    done = of_wang.send("put", address, if_match=str(consent.version))
    assert (done.status_code, done.json()["verified"]) == (200, "full")
    withdrawn = of_wang.send("delete", address, {"reason": "Wrong source."})
    assert (withdrawn.status_code, withdrawn.json()["verified"]) == (200, "")


def test_places_that_the_plan_does_not_name_are_refused(consent, program, wang):
    answer = program(wang).send(
        "put", f"pages/{consent.id}/verification", {"places": ["nothing"]}, if_match=str(consent.version)
    )
    assert (answer.status_code, answer.json()["errors"][0]["item"]) == (422, "places")


def test_a_page_is_frozen_and_released_and_both_are_listed(consent, program, wang):
    of_wang = program(wang)
    frozen = of_wang.send("post", "holds", {"act": "frozen", "reason": "Interim.", "page": str(consent.id)})
    assert (frozen.status_code, frozen.json()["pages"], frozen.json()["by"]) == (201, 1, "wang")
    assert of_wang.get(f"pages/{consent.id}").json()["hold"] == "frozen"
    again = of_wang.send("post", "holds", {"act": "frozen", "reason": "Interim.", "page": str(consent.id)})
    assert again.status_code == 409
    released = of_wang.send("post", "holds", {"act": "release", "reason": "Over.", "page": str(consent.id)})
    assert (released.status_code, released.json()["state"]) == (201, "done")
    listed = of_wang.get("holds?participant=01-001").json()["items"]
    assert [each["act"] for each in listed] == ["frozen", "release"]


@pytest.mark.parametrize(
    ("sent", "status", "item"),
    [
        ({"reason": " "}, 422, "reason"),
        ({"act": "melt"}, 422, "act"),
        ({"page": None}, 422, "page"),
        ({"study": True}, 422, "page"),
        ({"act": "locked"}, 409, ""),
        ({"act": "locked", "page": None, "participant": "01-001"}, 409, ""),
        ({"page": None, "participant": "01-999"}, 404, ""),
    ],
    ids=["no reason", "no act", "nothing named", "two named", "not ready", "still followed", "nobody"],
)
def test_what_cannot_be_held_is_refused_with_the_reason(consent, program, wang, sent, status, item):
    body = {"act": "frozen", "reason": "Interim.", "page": str(consent.id)} | sent
    answer = program(wang).send("post", "holds", {name: value for name, value in body.items() if value is not None})
    assert answer.status_code == status
    assert [each["item"] for each in answer.json()["errors"]] == ([item] if item else [])
    assert not HoldAct.objects.exists()


def test_nobody_grants_their_own_release(participant, program, wang, zhao):
    with acting(wang):
        mine, theirs = (
            HoldAct.objects.create(act="release", state="requested", participant=participant, by=by, reason="Late.")
            for by in (wang, zhao)
        )
    of_wang = program(wang)
    assert of_wang.send("post", f"holds/{mine.pk}/grant").status_code == 409
    assert of_wang.send("post", f"holds/{theirs.pk}/shrug").status_code == 404
    refused = of_wang.send("post", f"holds/{theirs.pk}/refuse")
    assert (refused.json()["state"], refused.json()["second"]) == ("refused", "wang")


def test_a_query_is_assigned_to_somebody_who_may_answer_it(consent, program, wang, lin, chen):
    query = raise_query(consent, "icf_date", "Right?", user=wang)
    of_wang, address = program(wang), f"queries/{query.pk}/assignment"
    assert of_wang.send("put", address, {"assignee": "lin", "due": "2030-01-01"}).status_code == 200
    query.refresh_from_db()
    assert (query.assignee, query.due) == (lin, date(2030, 1, 1))
    for name in ("chen", "nobody"):
        answer = of_wang.send("put", address, {"assignee": name})
        assert (answer.status_code, answer.json()["errors"][0]["item"]) == (422, "assignee")


def test_of_many_queries_those_that_are_answered_are_closed(consent, program, wang, lin):
    answered, waiting = (raise_query(consent, place, "Right?", user=wang) for place in ("icf_date", "icf_version"))
    answer(answered.pk, "Yes.", user=lin)
    closed = program(wang).send("post", "queries/close", {"queries": [answered.pk, waiting.pk, 999999]})
    assert closed.json() == {"closed": 1}
    assert set(Query.objects.values_list("state", flat=True)) == {"open", "closed"}
