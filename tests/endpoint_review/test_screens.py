"""The pages of the review: what reviewers do there, and that nothing on them tells whom a case is about."""

import re
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from endpoint_review import views
from endpoint_review.case_opening import open_cases
from endpoint_review.models import Reading, ReviewCase
from endpoint_review.signing import sign_reading
from enrollment.codelists.arm import ARM, ARM_BRIEF
from enrollment.registering import next_numbers, register_participant
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.registry import Form, Table, all_forms
from tests.conftest import PASSWORD
from tests.endpoint_review.cases import blind_case
from tests.endpoint_review.conftest import NONE, RECURRENCE

pytestmark = pytest.mark.django_db
SIGN = {"verdict": "Y", "day": "168", "category": "LR5", "confidence": "HIGH", "password": PASSWORD}
ELSEWHERE, SHOWN_ON = date(2099, 12, 31), date(2026, 2, 9)
#: The items that date what is shown; every other date is one that no page of the review may tell.
DATING = ("mri_date", "tm_date", "rec_date")
#: Of a page, what is random and could spell anything: the token of a form, and checksums in addresses of static files.
RANDOM = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|\.[0-9a-f]{12}\.')


def address(case: ReviewCase, name: str = "case") -> str:
    return reverse(f"endpoint_review:{name}", args=[case.number])


def planted(table: Table) -> dict[str, Any]:
    """A word in every text of a table, a date that stands nowhere else in every date, and a number likewise."""
    values: dict[str, Any] = {}
    for name, item in table.items.items():
        if item.kind in ("text", "long", "partial") and (item.max_length or 99) >= 4:
            values[name] = "QQ99" if item.kind != "partial" else "2099"
        elif item.kind == "date":
            values[name] = SHOWN_ON if name in DATING else ELSEWHERE
        elif item.kind in ("integer", "decimal") and table.code not in ("mri", "mriobs", "recur", "lbtm_results"):
            values[name] = 9799
    return values


def plant(person: Participant, form: Form, user: User) -> None:
    """A further page of a form, full of what may not be told."""
    visit = Visit.objects.get(participant=person, code="W36") if form.kind == "visit" else None
    with acting(user):
        page = CrfPage.objects.create(
            participant=person, form=form.code, visit=visit, repeat=9, state="submitted", version=1
        )
        own, *repeating = form.tables()
        shown = {"mri_done": "Y", "mri_quality": "GOOD"} if form.code == "mri" else {}
        form.model(page=page, **planted(own), **shown).save(force_insert=True)
        for table in repeating:
            keys = {"analyte": "afp", "stresn": 5} if "analyte" in table.items else {}
            keys |= {"obs_no": 7} if "obs_no" in table.items else {}
            table.model(page=page, row=1, **planted(table) | keys).save(force_insert=True)


@pytest.fixture
def full(scanned: Participant, lin: User, qin: User) -> ReviewCase:
    """Every form of the casebook says something that reviewers may not know."""
    for form in all_forms():
        plant(scanned, form, lin)
    open_cases(user=qin)
    return ReviewCase.objects.get(participant=scanned)


def pages(client_of: Any, case: ReviewCase, *people: User) -> list[HttpResponse]:
    """Everything that these people can open in both languages, and a reading that is refused."""
    opened = []
    for person in people:
        for language in ("zh-hans", "en"):
            client = client_of(person)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            lists = [reverse("endpoint_review:cases") + state for state in ("", "?state=all", "?state=changed")]
            opened += [client.get(each) for each in (*lists, address(case))]
            opened.append(client.post(address(case), SIGN | {"confidence": ""}))
    return opened


def test_no_byte_of_any_page_tells_arm_dose_event_name_number_or_date(full, scanned, fill, client_of, mei, tao, qin):
    opened = pages(client_of, full, mei, qin)
    sign_reading(full.rounds.get(), NONE, user=mei)
    sign_reading(full.rounds.get(), RECURRENCE, user=tao)
    opened += pages(client_of, full, mei, qin)
    assert {page.status_code for page in opened} == {200, 422}
    text = RANDOM.sub("", "".join(f"{page.headers} {page.content.decode()}" for page in opened))
    assert "LR-5" in text  # the scans are there
    secrets = ["QQ", "2099", "9799", "2025-0", "2025-11", "2026-02", scanned.number, scanned.screening_number, "WXM"]
    arms = [*ARM.codes.values(), *ARM_BRIEF.values()]
    secrets += [each for arm in arms for each in (arm.zh, arm.en)] + ["Peg", "干扰素", "W24"]
    assert [word for word in secrets if word in text] == []
    assert re.findall(r"\b(?:A1|A2|W12|W36|CONFIRMED|RECUR)\b", text) == []


def test_a_reader_signs_with_the_password_and_reads_it_again(case, client_of, mei):
    client = client_of(mei)
    wrong = client.post(address(case), SIGN | {"password": "wrong"})
    assert (wrong.status_code, Reading.objects.count()) == (422, 0)
    assert client.post(address(case), SIGN).status_code == 302
    page = client.get(address(case)).content.decode()
    assert "signed; waits for the other reader" in page
    assert "Day 168" in page
    assert '<form class="crf"' not in page
    assert client.post(address(case), SIGN).status_code == 422
    assert Reading.objects.get().user == mei


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(case, client_of, mei):
    answer = client_of(mei).post(address(case), {**SIGN, "category": "", "comment": "Rim of 3 mm."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="e-category"' in page
    assert "Rim of 3 mm." in page
    assert '<option value="168" selected>' in page


def test_the_adjudicator_opens_cases_and_another_round(scanned, fill, client_of, qin):
    client = client_of(qin)
    assert client.post(reverse("endpoint_review:open")).status_code == 302
    case = ReviewCase.objects.get()
    fill(scanned, "mri", "W36", mri_date="2026-02-09", mri_read_date="2026-02-10")
    assert "day 252: scan added" in client.get(reverse("endpoint_review:cases") + "?state=changed").content.decode()
    client.post(address(case, "reopen"), {"reason": ""})
    assert case.rounds.count() == 1
    client.post(address(case, "reopen"), {"reason": "New scan."})
    assert case.rounds.count() == 2


def test_a_case_of_another_site_is_not_there(case, mei, other_site, client_of):
    with acting(mei):
        mei.memberships.update(site=other_site)
    assert client_of(mei).get(address(case)).status_code == 404


def test_reviewers_start_at_their_cases(client_of, mei):
    assert client_of(mei).get("/").headers["Location"] == reverse("endpoint_review:cases")


def test_a_reason_for_another_round_of_more_than_200_characters_is_cut(case, scanned, fill, client_of, qin):
    client = client_of(qin)
    fill(scanned, "mri", "W36", mri_date="2026-02-09", mri_read_date="2026-02-10")
    page = client.get(address(case)).content.decode()
    assert 'name="reason" class="width-wide" maxlength="200"' in page
    client.post(address(case, "reopen"), {"reason": "x" * 200 + "y"})
    assert case.rounds.first().reason == "x" * 200


def test_the_case_after_the_last_of_a_page_is_on_the_next(case, scanned, site, lin, mei, client_of, monkeypatch):
    monkeypatch.setattr(views, "SHOWN", 2)
    numbers = ["34567892", "45678923"]
    for number in numbers:
        blind_case(register_participant(site, *next_numbers(site), user=lin), mei, number)
    client, listed = client_of(mei), sorted([case.number, *numbers])

    def on_page(number: int) -> tuple[list[str], bool]:
        shown = client.get(reverse("endpoint_review:cases"), {"state": "all", "page": number}).content.decode()
        return [each for each in listed if each in shown], ">Next<" in shown

    assert (on_page(1), on_page(2)) == ((listed[:2], True), (listed[2:], False))
    monkeypatch.setattr(views, "SHOWN", 3)
    assert on_page(1) == (listed, False)
