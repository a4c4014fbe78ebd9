"""Who else is at a page: someone whose draft of it was saved within half an hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prtras.entry import drafting
from prtras.entry.models import Draft
from tests.conftest import page_of


@pytest.fixture
def typing(participant, lin):
    page = page_of(participant, "consent")
    drafting.keep_draft(page, {"icf_version": ["2.1"]}, 0, user=lin)
    return page


def test_it_works(typing, lin, zhao):
    own, others = drafting.at_page(typing, lin)
    assert (own.typed, others) == ({"icf_version": ["2.1"]}, [])
    own, (others,) = drafting.at_page(typing, zhao)
    assert own is None
    assert "Lin has been editing this page since" in str(others)


@pytest.mark.parametrize(("minutes", "others"), [(29, 1), (31, 0)])
def test_who_has_typed_nothing_for_half_an_hour_is_not_at_the_page(typing, zhao, minutes, others):
    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=minutes))
    assert len(drafting.at_page(typing, zhao)[1]) == others


def test_each_of_two_people_at_a_page_gets_their_own_draft_back_and_hears_of_the_other(
    participant, lin, zhao, client_of
):
    page = page_of(participant, "consent")
    clients = {"lin": client_of(lin), "zhao": client_of(zhao)}
    for name, client in clients.items():
        client.post(f"/pages/{page.id}/", {"icf_version": [f"version of {name}"], "version": ["0"], "act": ["draft"]})
    for name, other in (("lin", "Zhao"), ("zhao", "Lin")):
        html = clients[name].get(f"/pages/{page.id}/").content.decode()
        assert [f"version of {each}" in html for each in ("lin", "zhao")] == [name == "lin", name == "zhao"]
        assert f"{other} has been editing this page since" in html
