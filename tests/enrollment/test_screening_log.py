"""The screening log: everyone who was screened, what the criteria say, what was decided, why someone failed."""

import pytest

from enrollment.registering import NumberRefused, next_numbers, register_participant


@pytest.fixture
def failed(site, lin, fill):
    """Screened and out: HBsAg negative, and in another trial."""
    person = register_participant(site, *next_numbers(site), user=lin)
    fill(person, "consent")
    fill(person, "ie", inc02="N", exc15="Y", ie_eligible="N", scr_outcome="FAIL")
    return person


def line_of(html: str, person) -> str:
    return html.split(f">{person.screening_number}</th>")[1].split("</tr>")[0]


def test_it_works(enrolled, failed, wang, client_of):
    html = client_of(wang).get("/screening/").content.decode()
    assert "On study 1" in html
    assert "Screen failure 1" in html
    line = line_of(html, failed)
    assert all(
        words in line for words in ("2025-05-23", "2025-05-31", "not eligible", "INC02, EXC15", "Screen failure")
    )
    assert "differs" not in line
    assert "2025-06-02" in line_of(html, enrolled)


def test_a_decision_against_the_criteria_is_marked(participant, fill, wang, client_of):
    fill(participant, "consent")
    fill(participant, "ie", ie_eligible="N", scr_outcome="FAIL")
    html = client_of(wang).get("/screening/").content.decode()
    assert "differs" in line_of(html, participant)


def test_the_reasons_are_counted_and_the_list_filtered_by_state(enrolled, failed, wang, client_of):
    client = client_of(wang)
    assert "<b>1</b> × INC02 HBsAg positive" in client.get("/screening/").content.decode()
    only = client.get("/screening/", {"state": "screen_failure"}).content.decode()
    assert (failed.screening_number in only, enrolled.screening_number in only) == (True, False)


def test_another_site_is_not_in_it(enrolled, eve, client_of):
    assert enrolled.screening_number not in client_of(eve).get("/screening/").content.decode()


def test_the_number_of_a_failure_is_never_given_again(failed, site, lin):
    assert next_numbers(site)[0] > failed.number
    with pytest.raises(NumberRefused):
        register_participant(site, failed.number, "S777", user=lin)


def test_the_participants_page_tells_the_way(enrolled, fill, lin, client_of):
    fill(enrolled, "alloc", arm_switch="Y", arm_switch_date="2025-08-01", reason__all="NEW")
    fill(enrolled, "consent", withdraw_date="2025-09-30", reason__all="NEW")
    html = client_of(lin).get(f"/participants/{enrolled.number}/").content.decode()
    way = html.split('id="h-way"')[1].split("</ol>")[0]
    steps = ("Consent", "Eligibility", "Arm chosen", "Switch to the other arm", "Consent withdrawn")
    assert [way.index(f">{step}<") for step in steps] == sorted(way.index(f">{step}<") for step in steps)
