"""Accounts: made with a site and a role, switched on and off, granted what can be granted; all of it in the trail."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from prtras.accounts import access_review, inviting, managing
from prtras.accounts.inviting import invite
from prtras.accounts.managing import switch
from prtras.accounts.models import AccessReview, Invitation, Membership, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from tests.conftest import PASSWORD

NEW = {"username": "mei", "display_name": "Mei", "site": "01", "role": "coordinator"}
PEOPLE = "/people/"


@pytest.fixture
def make(client_of, adm):
    def send(language="en", **changes):
        client = client_of(adm)
        client.cookies["django_language"] = language
        return client.post(PEOPLE, NEW | changes)

    return send


def link_in(answer):
    """The invitation that the administrator sees once."""
    return re.search(r'id="invitation">([^<]+)<', answer.content.decode()).group(1)


def test_it_works(make, client, adm):
    answer = make()
    member = Membership.objects.get(user__username="mei")
    assert (member.site.code, member.role, member.granted, member.is_active) == ("01", "coordinator", [], True)
    set_by_her = {"password": "a-long-password-7", "again": "a-long-password-7"}
    assert client.post(link_in(answer), set_by_her).status_code == 302
    sent = {"username": "mei", "password": "a-long-password-7"}
    assert client.post(reverse("accounts:sign_in"), sent).status_code == 302
    made = AuditEvent.objects.filter(actor_name="adm", operation="INSERT").exclude(source="policies")
    assert {e.table for e in made} == {"accounts_user", "accounts_membership", "accounts_invitation"}
    assert {e.role for e in made} == {"admin"}


def test_without_the_invitation_nobody_comes_in(make, client):
    make()
    for password in ("", "!", "a-long-password-7"):
        sent = {"username": "mei", "password": password}
        assert client.post(reverse("accounts:sign_in"), sent).status_code == 422


WEAK = {"short": "aB3$", "common": "password1234", "like the name": "mei-mei-mei-mei", "empty": ""}


@pytest.mark.parametrize("password", WEAK.values(), ids=WEAK)
def test_a_weak_password_is_refused_and_the_invitation_stays_good(make, client, password):
    link = link_in(make(username="mei-mei-mei"))
    response = client.post(link, {"password": password, "again": password})
    assert response.status_code == 422
    assert not password or password not in response.content.decode()
    assert not User.objects.get(username="mei-mei-mei").has_usable_password()
    good = {"password": "a-long-password-7", "again": "a-long-password-7"}
    assert client.post(link, good | {"again": "another"}).status_code == 422
    assert client.post(link, good).status_code == 302


def test_an_invitation_is_good_once_for_three_days_and_until_the_next_one(make, client, client_of, adm):
    good = {"password": "a-long-password-7", "again": "a-long-password-7"}
    first = link_in(make())
    member = Membership.objects.get(user__username="mei")
    page = client_of(adm).post(reverse("accounts:switch", args=[member.pk]), {"act": "invite"}, follow=True)
    second = re.search(r"http://testserver(/invitation/[^<\s]+/)", page.content.decode()).group(1)
    assert client.post(first, good).status_code == 404
    assert client.get(second).status_code == 200
    with acting(adm):
        Invitation.objects.filter(used_at=None).update(expires_at=timezone.now())
    assert client.post(second, good).status_code == 404
    secret = invite(member.user, user=adm)
    assert client.post(f"/invitation/{secret}/", good).status_code == 302
    assert client.post(f"/invitation/{secret}/", good).status_code == 404


def test_the_invitation_is_mailed_and_names_no_password(make, mailoutbox):
    answer = make(email="mei@example.org")
    (mail,) = mailoutbox
    assert mail.to == ["mei@example.org"]
    assert link_in(answer) in mail.body


def test_the_secret_of_an_invitation_is_kept_nowhere(make):
    secret = link_in(make()).rstrip("/").rpartition("/")[2]
    assert not [e for e in AuditEvent.objects.all() if secret in f"{e.old}{e.new}"]
    assert not Invitation.objects.filter(sha256=secret).exists()


def test_a_password_she_had_lately_is_not_taken_again(make, client, adm):
    link = link_in(make())
    client.post(link, {"password": "a-long-password-7", "again": "a-long-password-7"})
    mei = User.objects.get(username="mei")
    for number in range(4):
        inviting.change_password(mei, f"a-longer-password-{number}")
    with pytest.raises(ValidationError):
        inviting.change_password(mei, "a-long-password-7")
    inviting.change_password(mei, "a-longer-password-4")
    inviting.change_password(mei, "a-long-password-7")


# -- The days of a role ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(-1, 1, True), (0, 0, True), (1, None, False), (None, -1, False)]
)
def test_a_role_holds_from_its_first_to_its_last_day(lin, adm, client_of, starts, ends, holds):
    days = [None if n is None else (timezone.localdate() + timedelta(days=n)).isoformat() for n in (starts, ends)]
    member = lin.memberships.get()
    sent = {"act": "days", "starts": days[0] or "", "ends": days[1] or ""}
    client_of(adm).post(reverse("accounts:switch", args=[member.pk]), sent)
    assert bool(User.objects.get(pk=lin.pk).current_memberships) is holds
    assert client_of(User.objects.get(pk=lin.pk)).get("/worklist/").status_code == (200 if holds else 403)


@pytest.mark.parametrize("days", [("2026-02-30", ""), ("soon", ""), ("2026-03-02", "2026-03-01")])
def test_days_that_are_none_are_refused(lin, adm, days):
    with pytest.raises(ValidationError):
        managing.set_days(lin.memberships.get(), *days, user=adm)


# -- The access review -----------------------------------------------------------------------------


def test_the_review_lists_everyone_and_says_where_to_look_twice(lin, wang, adm, client_of):
    with acting(adm):
        User.objects.filter(pk=lin.pk).update(last_sign_in=timezone.now() - timedelta(days=91))
        User.objects.filter(pk=wang.pk).update(last_sign_in=timezone.now())
        wang.memberships.update(ends=timezone.localdate() - timedelta(days=1))
    flags = {line.username: line.flags for line in access_review.lines(timezone.localdate())}
    assert flags == {"adm": ("never", "no_factor"), "lin": ("unused", "no_factor"), "wang": ("over", "no_factor")}


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("results by arm", "exports")), ("zh-hans", ("分组结果", "导出"))]
)
def test_the_review_names_granted_rights_in_words(zhao, adm, client_of, language, words):
    browser = client_of(adm)
    browser.cookies["django_language"] = language
    page = browser.get(reverse("accounts:access_review")).content.decode()
    assert [f'<span class="tag">{word}</span>' in page for word in words] == [True, True]
    assert "see_by_arm" not in page


def test_the_review_is_signed_off_with_what_was_seen(lin, adm, client_of):
    browser, address = client_of(adm), reverse("accounts:access_review")
    assert browser.post(address, {"note": " "}).status_code == 422
    assert browser.post(address, {"note": "All as it should be."}).status_code == 302
    review = AccessReview.objects.get()
    assert (review.by, review.sha256) == (adm, access_review.checksum(access_review.lines(timezone.localdate())))


REFUSED = {
    "no name": ({"display_name": " "}, "请填写用户名、姓名和角色。", "Enter the user name, full name and role."),
    "no user name": ({"username": ""}, "请填写用户名、姓名和角色。", "Enter the user name, full name and role."),
    "the machine's role": ({"role": "system"}, "请填写用户名", "Enter the user name, full name and role."),
    "an unknown role": ({"role": "king"}, "请填写用户名", "Enter the user name, full name and role."),
    "an unknown site": ({"site": "99"}, "没有该中心。", "There is no such site."),
    "taken": ({"username": "ADM"}, "用户名已被使用。", "This user name is already in use."),
    "the machine's name": ({"username": "System"}, "用户名已被使用。", "This user name is already in use."),
    "too long": ({"username": "x" * 61}, "用户名只能含字母", "A user name may contain letters"),
    "too long a name": ({"display_name": "x" * 81}, "姓名最多 80 个字符", "a full name at most 80"),
    "a NUL": ({"username": "me\x00i"}, "用户名只能含字母", "A user name may contain letters"),
    "a control character": ({"display_name": "Me\x07i"}, "姓名最多", "a full name"),
    "look-alike letters": ({"username": "аdm"}, "用户名只能含字母", "A user name may contain letters"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_right_is_refused_with_a_message_and_what_was_typed_stays(make, why):
    changes, zh, en = REFUSED[why]
    before = User.objects.count()
    for language, message in (("zh-hans", zh), ("en", en)):
        response = make(language, **changes)
        assert response.status_code == 422
        page = response.content.decode()
        assert message in page
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
    assert "You cannot change your own rights." in switched(client_of, adm, member, "active")
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
        page = switched(client_of, adm, member, right)
        waits = right == "see_by_arm"  # it takes a second person: test_second_person.py
        assert sorted(member.granted) == sorted({*before} - {right} if waits else before)
        assert ("second administrator has to agree" in page) is waits
    else:
        assert member.granted == before
        assert "This right cannot be granted to this role." in page


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


def test_a_password_of_the_cast_is_strong_enough_for_the_real_rules(make, client):
    assert client.post(link_in(make()), {"password": PASSWORD, "again": PASSWORD}).status_code == 302


def test_a_new_installation_gets_its_site_and_administrator_by_one_command(db, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "a-long-first-password")
    call_command("set_up", site="01", name_zh="深圳", name_en="Shenzhen", admin="first.admin", stdout=StringIO())
    assert User.objects.get(username="first.admin").current_memberships[0].role == "admin"
    with pytest.raises(CommandError):
        call_command("set_up", site="01", name_zh="深圳", name_en="Shenzhen", admin="first.admin", stdout=StringIO())
