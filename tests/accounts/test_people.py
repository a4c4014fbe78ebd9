"""Accounts: made with a site and a role, switched on and off, granted what can be granted; all of it in the trail."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from prtras.accounts.managing import switch
from prtras.accounts.models import Membership, User
from prtras.accounts.rights import Action
from prtras.audit.models import AuditEvent
from tests.conftest import PASSWORD

NEW = {"username": "mei", "display_name": "Mei", "site": "01", "role": "coordinator", "password": "a-long-password-7"}
PEOPLE = "/people/"


@pytest.fixture
def make(client_of, adm):
    def send(language="en", **changes):
        client = client_of(adm)
        client.cookies["django_language"] = language
        return client.post(PEOPLE, NEW | changes)

    return send


def test_it_works(make, client, adm):
    assert make().status_code == 302
    member = Membership.objects.get(user__username="mei")
    assert (member.site.code, member.role, member.granted, member.is_active) == ("01", "coordinator", [], True)
    sent = {"username": "mei", "password": NEW["password"]}
    assert client.post(reverse("accounts:login"), sent).status_code == 302
    made = AuditEvent.objects.filter(actor_name="adm", operation="INSERT")
    assert {e.table for e in made} == {"accounts_user", "accounts_membership"}
    assert {e.role for e in made} == {"admin"}


WEAK = {"short": "aB3$", "common": "password1234", "like the name": "mei-mei-mei-mei", "empty": ""}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused_and_nothing_is_made(make, password):
    changes = {"username": "mei-mei-mei", "password": password}
    for language in ("zh-hans", "en"):
        response = make(language, **changes)
        assert response.status_code == 422
        page = response.content.decode()
        assert 'value="mei-mei-mei"' in page
        assert "m-err" in page
        assert not password or password not in page
    assert not User.objects.filter(username="mei-mei-mei").exists()


REFUSED = {
    "no name": ({"display_name": " "}, "请填写用户名、姓名和角色。", "User name, name and role are needed."),
    "no user name": ({"username": ""}, "请填写用户名、姓名和角色。", "User name, name and role are needed."),
    "the machine's role": ({"role": "system"}, "请填写用户名", "User name, name and role are needed."),
    "an unknown role": ({"role": "king"}, "请填写用户名", "User name, name and role are needed."),
    "an unknown site": ({"site": "99"}, "没有该中心。", "There is no such site."),
    "taken": ({"username": "ADM"}, "用户名已被使用。", "The user name is taken."),
    "the machine's name": ({"username": "System"}, "用户名已被使用。", "The user name is taken."),
    "too long": ({"username": "x" * 61}, "用户名只能含字母", "A user name has letters"),
    "too long a name": ({"display_name": "x" * 81}, "姓名最多 80 个字符", "at most 80 characters"),
    "a NUL": ({"username": "me\x00i"}, "用户名只能含字母", "A user name has letters"),
    "a control character": ({"display_name": "Me\x07i"}, "姓名最多", "a name has"),
    "look-alike letters": ({"username": "аdm"}, "用户名只能含字母", "A user name has letters"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_right_is_refused_with_a_message_and_what_was_typed_stays(make, why):
    changes, zh, en = REFUSED[why]
    before = User.objects.count()
    for language, said in (("zh-hans", zh), ("en", en)):
        response = make(language, **changes)
        assert response.status_code == 422
        page = response.content.decode()
        assert said in page
        assert f'value="{NEW["display_name"]}"' in page or "display_name" in changes
    assert User.objects.count() == before


def switched(client_of, by, member, act):
    response = client_of(by).post(reverse("accounts:switch", args=[member.id]), {"act": act}, follow=True)
    member.refresh_from_db()
    return response.content.decode()


def test_a_membership_is_switched_off_and_on_again(client_of, adm, lin):
    member = lin.memberships.get()
    switched(client_of, adm, member, "active")
    assert not member.is_active
    switched(client_of, adm, member, "active")
    assert member.is_active
    events = AuditEvent.objects.filter(table="accounts_membership", operation="UPDATE").order_by("id")
    assert [(e.actor_name, e.new) for e in events] == [("adm", {"is_active": False}), ("adm", {"is_active": True})]


def test_nobody_changes_her_own_rights(client_of, adm):
    member = adm.memberships.get()
    assert "One does not change one&#x27;s own rights." in switched(client_of, adm, member, "active")
    assert member.is_active


GRANTS = {
    ("zhao", "see_by_arm"): True, ("zhao", "export"): True, ("chen", "see_by_arm"): True,
    ("chen", "export"): False, ("lin", "see_by_arm"): False, ("lin", "export"): False,
    ("wang", "see_by_arm"): False, ("wang", "export"): False, ("zhao", "manage_accounts"): False,
    ("lin", "edit_page"): False, ("zhao", "nonsense"): False, ("zhao", ""): False,
}  # fmt: skip


@pytest.mark.parametrize(("name", "right"), GRANTS)
def test_only_what_can_be_granted_to_a_role_is_granted(request, client_of, adm, name, right):
    member = request.getfixturevalue(name).memberships.get()
    before = list(member.granted)
    page = switched(client_of, adm, member, right)
    if GRANTS[name, right]:
        assert set(member.granted) ^ set(before) == {right}
        switched(client_of, adm, member, right)
        assert sorted(member.granted) == sorted(before)
    else:
        assert member.granted == before
        assert "This right is not granted to this role." in page


def test_a_grant_written_past_the_screen_to_a_role_that_may_not_have_it_is_worth_nothing(lin):
    member = lin.memberships.get()
    member.granted = [str(action) for action in Action]
    assert not any(
        member.may(a) for a in (Action.SEE_BY_ARM, Action.EXPORT, Action.MANAGE_ACCOUNTS, Action.CLOSE_QUERY)
    )


def test_a_right_taken_back_is_gone_at_once(client_of, adm, zhao):
    client = client_of(zhao)
    assert client.get(reverse("analysis:by_arm")).status_code == 200
    switch(zhao.memberships.get(), "see_by_arm", user=adm)
    assert client.get(reverse("analysis:by_arm")).status_code == 403


def test_an_administrator_sees_no_clinical_data(client_of, adm, participant):
    client = client_of(adm)
    home = client.get("/", follow=True)
    assert home.request["PATH_INFO"] == PEOPLE
    assert participant.number not in home.content.decode()
    assert reverse("visits:participants") not in home.content.decode()


def test_a_password_of_the_cast_is_strong_enough_for_the_real_rules(make):
    assert make(password=PASSWORD).status_code == 302


def test_a_new_installation_gets_its_site_and_administrator_by_one_command(db, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "a-long-first-password")
    call_command("set_up", name_zh="深圳", name_en="Shenzhen", admin="first.admin", stdout=StringIO())
    assert User.objects.get(username="first.admin").current_memberships[0].role == "admin"
    with pytest.raises(CommandError):
        call_command("set_up", name_zh="深圳", name_en="Shenzhen", admin="first.admin", stdout=StringIO())
