"""What the protocol forbids may have happened: a hard check about it passes with a reason, and becomes a query."""

import pytest
from django.urls import reverse

from prtras.crf.registry import all_checks, form_of
from prtras.entry.nightly_checks import run_checks
from prtras.entry.parsing import read
from prtras.entry.saving import ChecksFailed, save_page
from prtras.review import querying
from prtras.review.models import Query, QueryMessage
from tests import casebook
from tests.conftest import page_of
from visits.models import PegIfnDose

HELD = "PG-007@pg_status"
STATED = {f"keep__{HELD}": "the count came in after the injection", "pg_why": "given before the result was known"}


@pytest.fixture
def low_count(enrolled, fill):
    """Neutrophils of 0.4 on Day 0: no dose is to be given."""
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__neut__orres="0.4")
    return enrolled


def typed(**more: str) -> dict[str, list[str]]:
    texts = {name: value for name, value in more.items() if not name.startswith("keep")}
    stated = {"keep." + name.removeprefix("keep__"): [value] for name, value in more.items() if name.startswith("keep")}
    return casebook.typed("pegifn", **texts) | stated


def saved(person, lin, **more: str):
    page = page_of(person, "pegifn")
    submission = read(form_of("pegifn"), typed(**more))
    return save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)


def test_without_a_reason_nothing_is_written(low_count, lin):
    with pytest.raises(ChecksFailed) as refused:
        saved(low_count, lin)
    assert [(f.key, f.overridable) for f in refused.value.findings] == [(HELD, True)]
    assert not PegIfnDose.objects.exists()


def test_with_a_reason_it_is_saved_and_a_query_born_answered_goes_to_the_monitor(low_count, lin):
    saved(low_count, lin, **STATED)
    assert PegIfnDose.objects.get().pg_status == "GIVEN"
    query = Query.objects.get(check_id="PG-007")
    assert (query.state, query.place) == ("answered", "pg_status")
    assert QueryMessage.objects.get(query=query).text == STATED[f"keep__{HELD}"]


def test_a_dose_against_the_advice_has_its_deviation(low_count, lin):
    saved(low_count, lin, **STATED)
    (page,) = low_count.pages.filter(form="dv", state="expected", required=True)
    assert page.reason_code == "dose 1"


def test_it_is_not_asked_again_while_its_query_waits_or_after_it_was_accepted(low_count, lin, wang):
    saved(low_count, lin, **STATED)
    page = page_of(low_count, "pegifn")
    submission = read(form_of("pegifn"), typed(pg_why=STATED["pg_why"], pg_lot="B77") | {"reason.all": ["TYPO"]})

    def again():
        page.refresh_from_db()
        return save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)

    again()
    querying.close(Query.objects.get(check_id="PG-007").pk, "seen in source", user=wang)
    submission.content.values["pg_lot"] = "B78"
    again()
    assert Query.objects.filter(check_id="PG-007").count() == 1
    assert PegIfnDose.objects.get().pg_lot == "B78"


def test_a_count_that_comes_later_asks_and_leaves_the_page_open_to_its_reason(enrolled, fill, lin, system):
    fill(enrolled, "pegifn")
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__neut__orres="0.4")
    run_checks(user=system)
    assert Query.objects.get(check_id="PG-007").state == "open"
    page = page_of(enrolled, "pegifn")
    submission = read(form_of("pegifn"), typed(pg_why="not known yet") | {"reason.all": ["TYPO"]})
    save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)
    assert PegIfnDose.objects.get().pg_why == "not known yet"
    assert Query.objects.get(check_id="PG-007").state == "open"


def test_a_reason_overrides_no_check_of_what_cannot_be(low_count, lin):
    with pytest.raises(ChecksFailed) as refused:
        saved(low_count, lin, **STATED, pg_dose="135", **{"keep__PG-004@pg_status": "it is so"})
    assert ("PG-004@pg_status", False) in [(f.key, f.overridable) for f in refused.value.findings]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "If it did happen, state how"), ("zh-hans", "如确已发生，请说明情况")]
)
def test_the_page_asks_for_the_reason_beside_the_refusal_and_keeps_it(
    low_count, client_of, lin, settings, language, words
):
    browser = client_of(lin)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = page_of(low_count, "pegifn")
    address = reverse("entry:page", args=[page.id])
    texts = typed(pg_why=STATED["pg_why"]) | {"version": ["0"], "act": ["submit"]}
    refused = browser.post(address, texts)
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert f'name="keep.{HELD}"' in refused.content.decode()
    shown = refused.context["shown"]
    assert "PG-008@pg_dose" in shown, "what the soft checks ask is not a second refusal"
    sent = browser.post(address, texts | {f"keep.{HELD}": ["as it was"], "shown": [shown]})
    assert sent.status_code == 302
    assert Query.objects.get(check_id="PG-007").state == "answered"


def test_only_what_can_have_happened_may_be_overridden():
    assert {check.id for check in all_checks() if check.overridable} == {
        "ALC-001", "ALC-004", "ALC-006", "ALC-008", "CON-001", "CON-001C", "CON-002", "CON-002C", "CON-008", "CON-009",
        "CON-010", "CON-011", "CON-015", "CON-016", "DUP-002", "EOS-003", "IE-028", "IE-029", "IE-030", "LFN-005",
        "PG-002", "PG-006", "PG-007", "PG-009", "PG-013", "PG-015", "PG-016", "RAD-002",
    }  # fmt: skip
