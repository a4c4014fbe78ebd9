"""What every page shows around its content: the reader's language, and the menu of what they may do."""

import pytest
from django.conf import settings
from django.urls import reverse

MENU = {
    "lin": ["Worklist", "Participants", "Queries", "Labs", "Dashboards", "Runs"],
    "wang": ["Worklist", "Participants", "Queries", "Audit", "Lock", "Dashboards", "Runs"],
    "adm": ["Audit", "Accounts", "Status"],
}


@pytest.mark.parametrize(("language", "html", "word"), [("en", "en", "Sign in"), ("zh-hans", "zh-CN", "登录")])
def test_a_page_is_in_the_readers_language_and_says_so(db, client, language, html, word):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(reverse("accounts:sign_in")).content.decode()
    assert f'<html lang="{html}">' in page
    assert word in page


@pytest.mark.parametrize("name", MENU)
def test_the_menu_shows_what_one_may_do_in_order(name, request, client_of):
    client = client_of(request.getfixturevalue(name))
    page = client.get(reverse("accounts:my_account")).context["menu"]
    assert [entry.title.en for entry in page] == MENU[name]


def test_who_may_see_no_participant_has_no_search(lin, adm, client_of):
    search = {user: client_of(user).get(reverse("accounts:my_account")).context["search"] for user in (lin, adm)}
    assert search == {lin: "visits:find", adm: ""}


def test_a_stranger_has_no_menu(db, client):
    assert client.get(reverse("accounts:sign_in")).context["menu"] == []
