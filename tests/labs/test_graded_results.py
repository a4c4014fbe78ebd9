"""From a graded result to an adverse event: the list of what no event covers, and the event with one key."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from labs.event_proposing import NotGraded, propose_event
from labs.graded import graded_without_event, unjudged
from labs.models import LabResult
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, Visit
from prtras.crf.planning import add_page
from prtras.entry.models import Draft
from tests import casebook
from tests.conftest import page_of

W12, ONGOING = "2025-08-25", "NOT RECOVERED/NOT RESOLVED"


@pytest.fixture
def results(enrolled: Any, fill: Any) -> Any:
    """ALT grade 1 at baseline, grade 3 at W12; platelets grade 2 at W12."""
    fill(enrolled, "lbchem", "W0", chem_date="2025-06-02", row__alt__orres="60")
    fill(enrolled, "visit", "W12")
    fill(enrolled, "lbchem", "W12", chem_date=W12, row__alt__orres="400")
    fill(enrolled, "lbhem", "W12", hem_date=W12, row__plt__orres="60")
    return enrolled


def listed(user: Any, from_grade: int = 1) -> list[tuple[str, str, str]]:
    return [(r.page.visit.code, r.tox, r.toxgr) for r in graded_without_event(user, from_grade)]


def result_of(person: Any, analyte: str, visit: str = "W12") -> LabResult:
    return LabResult.objects.get(page__participant=person, page__visit__code=visit, analyte=analyte)


def test_it_lists_the_worst_first_and_nothing_of_the_baseline(results, lin):
    assert listed(lin) == [("W12", "ALT", "3"), ("W12", "PLT", "2")]
    assert listed(lin, 3) == [("W12", "ALT", "3")]


def test_what_was_as_bad_at_baseline_is_no_event(enrolled, fill, lin):
    fill(enrolled, "lbhem", "W0", hem_date="2025-06-02", row__plt__orres="60")
    fill(enrolled, "visit", "W12")
    fill(enrolled, "lbhem", "W12", hem_date=W12, row__plt__orres="55")
    assert listed(lin) == []


@pytest.mark.parametrize(
    ("typed", "covers"),
    [
        ({"ae_lab": "ALT", "ae_lab_visit": "W12", "ae_ongoing": "N", "ae_end": "2025-09-01"}, True),
        ({"ae_lab": "ALT", "ae_lab_visit": "W24", "ae_ongoing": "Y", "ae_out": ONGOING}, True),
        ({"ae_lab": "ALT", "ae_lab_visit": "W24", "ae_ongoing": "N", "ae_end": "2025-09-01"}, False),
        ({"ae_lab": "AST", "ae_lab_visit": "W12", "ae_ongoing": "Y", "ae_out": ONGOING}, False),
    ],
)
def test_an_event_covers_a_result_of_its_term_while_it_goes_on_or_at_the_visit_it_names(
    results, fill, lin, typed, covers
):
    with acting(lin):
        add_page(results, "ae")
    fill(results, "ae", ae_start=W12, ae_grade="3", **typed)
    assert (("W12", "ALT", "3") not in listed(lin)) is covers


@pytest.fixture
def going_on(results, fill, lin):
    """An ALT event of grade 1 that goes on, from before W12."""
    with acting(lin):
        add_page(results, "ae")
    fill(results, "ae", ae_start="2025-07-01", ae_grade="1", ae_lab="ALT", ae_lab_visit="W0", ae_ongoing="Y",
         ae_out=ONGOING)  # fmt: skip
    return results


def test_an_event_that_goes_on_with_a_lower_grade_covers_no_worse_result(going_on, lin):
    assert ("W12", "ALT", "3") in listed(lin)


def test_an_event_that_names_the_visit_covers_no_result_that_is_worse_than_it(results, fill, lin):
    """The result was corrected from grade 1 to grade 3 after the event had been recorded, and had ended."""
    with acting(lin):
        add_page(results, "ae")
    fill(results, "ae", ae_start=W12, ae_grade="1", ae_lab="ALT", ae_lab_visit="W12", ae_ongoing="N",
         ae_end="2025-09-01")  # fmt: skip
    (worse,) = [each for each in graded_without_event(lin) if each.tox == "ALT"]
    assert (worse.toxgr, worse.event_grade) == ("3", "1")
    assert propose_event(worse, user=lin) == CrfPage.objects.get(participant=results, form="ae")


def test_the_key_then_opens_that_event_to_record_the_change_of_its_grade(going_on, lin, client_of):
    client, result = client_of(lin), result_of(going_on, "alt")
    page = client.get(reverse("labs:graded")).content.decode()
    assert "adverse event 1 is recorded with grade 1" in page
    assert "Record the change of grade" in page
    answer = client.post(reverse("labs:graded"), {"result": result.pk})
    event = CrfPage.objects.get(participant=going_on, form="ae")
    assert answer.headers["Location"] == reverse("entry:page", args=[event.pk])
    assert not CrfPage.objects.filter(reason_code__startswith="graded").exists()


def test_an_event_at_an_unscheduled_visit_covers_what_is_not_worse_than_it(enrolled, fill, lin):
    with acting(lin):
        for grade in ("3", "4"):
            visit = Visit.objects.create(participant=enrolled, code="UNS", sequence=int(grade), position=999)
            page = CrfPage.objects.create(
                participant=enrolled, form="lbchem", visit=visit, state="submitted", version=1
            )
            LabResult.objects.create(page=page, row=1, analyte="alt", tox="ALT", toxgr=grade)
    with acting(lin):
        add_page(enrolled, "ae")
    fill(enrolled, "ae", ae_start="2025-07-10", ae_grade="3", ae_lab="ALT", ae_lab_visit="UNS", ae_ongoing="N",
         ae_end="2025-07-15")  # fmt: skip
    assert listed(lin) == [("UNS", "ALT", "4")]


def test_one_key_makes_the_event_with_what_is_known(results, lin, client_of):
    client, result = client_of(lin), result_of(results, "alt")
    answer = client.post(reverse("labs:graded"), {"result": result.pk})
    page = CrfPage.objects.get(participant=results, form="ae", reason_code="graded ALT W12")
    assert answer.headers["Location"] == reverse("entry:page", args=[page.pk])
    assert Draft.objects.get(page=page, user=lin).typed == {
        "ae_term": ["Alanine aminotransferase increased"], "ae_start": [W12], "ae_grade": ["3"], "ae_lab": ["ALT"],
        "ae_lab_visit": ["W12"],
    }  # fmt: skip
    assert page.version == 0  # nothing is recorded before a person submits it
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "ALT W12 is graded and has no adverse event" in shown


def test_the_second_time_it_is_the_same_event(results, lin):
    first, second = (propose_event(result_of(results, "alt"), user=lin) for _ in range(2))
    assert first == second
    assert CrfPage.objects.filter(reason_code="graded ALT W12").count() == 1


def test_who_may_not_enter_data_proposes_nothing(results, wang, chen, eve):
    for person in (wang, chen, eve):
        with pytest.raises(PermissionDenied):
            propose_event(result_of(results, "alt"), user=person)


def test_nobody_sees_another_site(results, eve, client_of):
    assert listed(eve) == []
    assert client_of(eve).post(reverse("labs:graded"), {"result": result_of(results, "alt").pk}).status_code == 404


def test_a_result_that_is_normal_makes_no_event(results, lin):
    with pytest.raises(NotGraded):
        propose_event(result_of(results, "tbil"), user=lin)


def test_a_held_casebook_takes_no_event(results, lin, wang, client_of):
    with acting(wang, role="monitor", reason="interim look"):
        results.hold = "frozen"
        results.save(update_fields=["hold"])
    client_of(lin).post(reverse("labs:graded"), {"result": result_of(results, "alt").pk})
    assert not CrfPage.objects.filter(reason_code__startswith="graded").exists()


def test_a_reader_sees_the_list_without_the_key(results, wang, client_of):
    page = client_of(wang).get(reverse("labs:graded")).content.decode()
    assert "Alanine aminotransferase increased" in page
    assert "Record the event" not in page
    assert page_of(results, "lbchem", "W12").pk


@pytest.fixture
def submitted(enrolled, fill, lin, client_of):
    """Submits the haematology of W12 in a browser, with these platelets; gives the browser."""

    def submit(platelets: str) -> Any:
        fill(enrolled, "visit", "W12")
        page = page_of(enrolled, "lbhem", "W12")
        browser = client_of(lin)
        typed = casebook.typed("lbhem", hem_date=W12, row__plt__orres=platelets)
        sent = typed | {"version": str(page.version), "act": "submit", "shown": ""}
        answer = browser.post(reverse("entry:page", args=[page.pk]), sent)
        if answer.status_code == 422:  # its questions are seen now
            sent["shown"] = answer.context["shown"]
            answer = browser.post(reverse("entry:page", args=[page.pk]), sent)
        assert answer.status_code == 302
        return browser, answer["Location"]

    return submit


def test_a_result_worse_than_the_event_that_goes_on_offers_to_record_the_change(enrolled, fill, lin, submitted):
    with acting(lin):
        add_page(enrolled, "ae")
    fill(enrolled, "ae", ae_start="2025-07-01", ae_grade="1", ae_lab="PLT", ae_lab_visit="W0", ae_ongoing="Y",
         ae_out=ONGOING)  # fmt: skip
    browser, address = submitted("60")
    page = browser.get(address).content.decode()
    assert "grade 2, while adverse event 1 is recorded with grade 1" in page
    assert "Record the change of grade" in page


def test_after_a_page_is_submitted_its_graded_results_are_offered_as_events_once(submitted, enrolled):
    browser, following = submitted("60")
    shown = browser.get(following).content.decode()
    assert "01-001 W12, Platelet count decreased: grade 2, no adverse event yet." in shown
    assert "no adverse event yet" not in browser.get(following).content.decode()
    value = re.search(r'name="result"\s+value="(\d+)"', shown)[1]
    made = browser.post(reverse("labs:graded"), {"result": value})
    draft = Draft.objects.get(page__participant=enrolled, page__form="ae")
    assert made["Location"] == reverse("entry:page", args=[draft.page_id])
    assert (draft.typed["ae_grade"], draft.typed["ae_lab"]) == (["2"], ["PLT"])


def test_nothing_is_offered_for_results_without_a_grade(submitted):
    browser, following = submitted("200")
    assert "no adverse event yet" not in browser.get(following).content.decode()


def test_the_result_after_the_last_of_a_page_is_on_the_next(results, lin, client_of, monkeypatch):
    def on_page(number: int) -> tuple[list[str], bool]:
        page = client_of(lin).get(reverse("labs:graded"), {"page": number}).content.decode()
        return re.findall(r'data-l="Analyte">([^<]+)<', page), ">Next<" in page

    both = ["Alanine aminotransferase", "Platelets"]
    assert on_page(1) == (both, False)
    monkeypatch.setattr("labs.views.graded.SHOWN", 1)
    assert (on_page(1), on_page(2)) == ((both[:1], True), (both[1:], False))


def test_an_abnormal_result_waits_until_it_is_judged(enrolled, fill, zhao, client_of):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "lbchem", "W12", chem_date=W12, row__alt__orres="60", row__ast__orres="20", row__tbil__orres="70")
    address = f"{reverse('labs:graded')}?show=judge"

    def titles() -> list[str]:
        page = client_of(zhao).get(address).content.decode()
        return re.findall(r'data-l="Analyte">([^<]+)<', page)

    assert titles()[:2] == ["Total bilirubin", "Alanine aminotransferase"], "the worst first"
    assert "Aspartate aminotransferase" not in titles()
    shown = client_of(zhao).get(address).content.decode()
    page = page_of(enrolled, "lbchem", "W12")
    assert f'href="/pages/{page.pk}/#f-row-alt-clsig"' in shown
    assert 'id="f-row-alt-clsig"' in client_of(zhao).get(f"/pages/{page.pk}/").content.decode()
    fill(enrolled, "lbchem", "W12", chem_date=W12, row__alt__orres="60", row__ast__orres="20", row__tbil__orres="70",
         row__alt__clsig="NCS", reason__all="NEW")  # fmt: skip
    assert "Alanine aminotransferase" not in titles()


def test_results_of_another_site_are_not_to_be_judged(results, eve):
    assert unjudged(eve).count() == 0
