"""A script typed wherever people may type comes back as text on every page that shows it, and nowhere as a script."""

import pytest
from django.test import Client
from django.urls import reverse

from prtras.accounts.models import AccessReview
from prtras.entry.models import Draft
from prtras.review import holding, querying
from prtras.review.holding import Scope
from prtras.review.models import HoldAct, Query
from prtras.trail.models import DataReview
from tests.conftest import PASSWORD, page_of

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"
SHOWN = "&lt;script&gt;alert("


def address(name, *places, **request):
    return reverse(name, args=places, query=request) if request else reverse(name, args=places)


def safe(browser, *addresses, somewhere=True):
    """No page holds the script itself; at least one holds its text."""
    pages = [browser.get(each, follow=True).content.decode() for each in addresses]
    for place, page in zip(addresses, pages, strict=True):
        assert "<script>alert(" not in page, place
        assert "<img src=x" not in page, place
    assert not somewhere or any(SHOWN in page for page in pages)


def test_in_the_texts_of_a_form_and_the_reasons_for_their_change(participant, fill, lin, client_of):
    fill(participant, "consent")
    page = fill(participant, "path", path_no="<b onload=x>").page
    fill(participant, "path", path_no="<i>2</i>", reason__path_no="ENTRY", note__path_no=EVIL)
    browser = client_of(lin)
    safe(browser, address("entry:page", page.pk), address("trail:history", page.pk), address("trail:list"),
         address("visits:participant", participant.number))  # fmt: skip
    for place in (address("entry:page", page.pk), address("trail:history", page.pk)):
        shown = browser.get(place).content.decode()
        assert "<b onload" not in shown
        assert "<i>2" not in shown


def test_in_a_draft(participant, lin, client_of):
    page = page_of(participant, "consent")
    browser = client_of(lin)
    browser.post(address("entry:draft", page.pk), {"icf_version": EVIL, "version": "0", '"><script>alert(1)': EVIL})
    assert Draft.objects.exists()
    safe(browser, address("entry:page", page.pk), address("visits:worklist"))


def test_in_queries_and_holds(participant, fill, lin, wang, client_of):
    page = fill(participant, "consent").page
    query = querying.raise_query(page, "icf_date", EVIL, user=wang)
    querying.answer(query.pk, EVIL, user=lin)
    querying.reopen(query.pk, EVIL, user=wang)
    holding.hold(Scope(page=page), "frozen", EVIL, user=wang)
    assert (Query.objects.get().text_en, HoldAct.objects.get().reason) == (EVIL, EVIL)
    browser = client_of(wang)
    safe(browser, address("entry:page", page.pk), address("review:inbox", state="all"), address("review:readiness"),
         address("trail:history", page.pk), address("trail:list"), address("visits:review_worklist"))  # fmt: skip


def test_in_what_a_reviewer_notes(wang, adm, client_of):
    client_of(wang).post(address("trail:data_review"), {"note": EVIL})
    client_of(adm).post(address("accounts:access_review"), {"note": EVIL})
    assert (DataReview.objects.get().note, AccessReview.objects.get().note) == (EVIL, EVIL)
    safe(client_of(wang), address("trail:data_review"))
    safe(client_of(adm), address("accounts:access_review"), address("trail:list"))


def test_in_a_browsers_name_and_a_user_name(lin, adm, system, client_of):
    client = Client(headers={"User-Agent": EVIL})
    client.post(address("accounts:sign_in"), {"username": EVIL, "password": "x"})
    client.post(address("accounts:sign_in"), {"username": "lin", "password": PASSWORD})
    safe(client, address("accounts:my_account"))
    safe(
        client_of(adm), address("trail:list"), address("accounts:people"), somewhere=False
    )  # nobody's name is not kept


@pytest.mark.parametrize(
    "name", ["review:inbox", "trail:list", "visits:participants", "visits:deviations", "trail:data_review"]
)
def test_in_an_address(participant, wang, client_of, name):
    request = dict.fromkeys(
        ("q", "state", "participant", "user", "kind", "since", "category", "page", "form", "age"), EVIL
    )
    safe(client_of(wang), address(name, **request), somewhere=False)
