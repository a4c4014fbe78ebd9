"""The form page as a person meets it: what was typed once need not be typed again, and the history is in words."""

import re

import pytest
from django.utils.html import strip_tags

from tests import casebook
from tests.conftest import page_of


@pytest.fixture
def page(participant, fill):
    fill(participant, "consent")
    return page_of(participant, "consent")


@pytest.fixture
def send(client_of, lin, page):
    """Submit the consent form with some places changed; the answer's status and text."""

    def post(**changes):
        sent = casebook.typed("consent", **changes) | {"version": [str(page.version)]}
        answer = client_of(lin).post(f"/pages/{page.id}/", sent)
        return answer.status_code, answer.content.decode()

    return post


def inputs(html: str, name: str) -> list[str]:
    return re.findall(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', html)


def test_who_gave_one_of_two_reasons_is_asked_for_both_and_finds_hers_filled_in(send):
    status, html = send(
        biobank_consent="N", copy_given="N", reason__biobank_consent="SOURCE", note__biobank_consent="seen"
    )
    assert status == 422
    assert [tag for tag in inputs(html, "reason.biobank_consent") if "checked" in tag and 'value="SOURCE"' in tag]
    assert 'value="seen"' in inputs(html, "note.biobank_consent")[0]
    assert len(inputs(html, "reason.copy_given")) == 4


def test_a_reason_survives_the_refusal_of_something_else(send):
    status, html = send(biobank_consent="N", reason__biobank_consent="ENTRY", icf_date="not a date")
    assert status == 422
    (carried,) = inputs(html, "reason.biobank_consent")
    assert 'type="hidden"' in carried
    assert 'value="ENTRY"' in carried


def test_why_an_unlikely_value_is_kept_survives_too(send):
    keep = {"keep__CON-004@inv_sign_date": "She was away."}
    status, html = send(inv_sign_date="2025-05-25", **keep)
    assert status == 422
    (field,) = inputs(html, "keep.CON-004@inv_sign_date")
    assert 'value="She was away."' in field


def test_reasons_are_not_carried_out_of_a_draft(send, client_of, lin, page):
    send(biobank_consent="N", reason__all="ENTRY", act="draft")
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert "draft of" in html
    assert inputs(html, "reason.all") == []


def test_the_history_says_codes_and_reasons_in_words(send, client_of, lin, page):
    assert send(biobank_consent="N", reason__biobank_consent="SOURCE", note__biobank_consent="form 3")[0] == 302
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    words = " ".join(strip_tags(html).split())
    assert "Yes → No Reason: Source data corrected: form 3" in words
    assert "· screen" in words


def test_who_may_only_read_is_not_told_how_to_submit(client_of, wang, page):
    html = client_of(wang).get(f"/pages/{page.id}/").content.decode()
    assert "Submitted" in html
    assert "<kbd>Ctrl</kbd><kbd>S</kbd>" not in html


def computed(html: str, name: str) -> str:
    (text,) = re.findall(rf'<output class="derived" id="f-{name}"[^>]*>(.*?)</output>', html, re.DOTALL)
    return " ".join(text.split())


def test_a_refused_page_shows_what_is_computed_from_what_was_typed(participant, client_of, lin, fill):
    for form in ("consent", "dm"):
        fill(participant, form)
    vital_signs = page_of(participant, "vs", "SCR")
    sent = casebook.typed("vs", height="170", weight="65", temp="hot") | {"version": ["0"]}
    answer = client_of(lin).post(f"/pages/{vital_signs.id}/", sent)
    assert answer.status_code == 422
    assert computed(answer.content.decode(), "bmi").startswith("22.5")


def test_a_draft_shows_what_is_computed_from_it_and_an_untouched_page_nothing(participant, client_of, lin, wang, fill):
    for form in ("consent", "dm"):
        fill(participant, form)
    vital_signs = page_of(participant, "vs", "SCR")
    address = f"/pages/{vital_signs.id}/"
    sent = casebook.typed("vs", height="170", weight="65") | {"version": ["0"], "act": ["draft"]}
    assert client_of(lin).post(address, sent).status_code == 302
    assert computed(client_of(lin).get(address).content.decode(), "bmi").startswith("22.5")
    assert computed(client_of(wang).get(address).content.decode(), "bmi") == "–"
