"""One administrator alone becomes nobody who may sign, sees by arm or manages accounts, by whatever path."""

import re
import time
from io import StringIO

import pyotp
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prtras.accounts import inviting, managing, requesting, second_factors
from prtras.accounts.models import AccountRequest, Invitation, Membership, User
from prtras.accounts.rights import Action, Role
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.review import signing
from prtras.review.models import Signature
from tests.conftest import PASSWORD, _person

FRESH = "a-long-password-7"
NEW = {"username": "mei", "display_name": "Mei", "site": "01", "email": ""}


@pytest.fixture
def second(site, system):
    """Another administrator."""
    return _person("second", site, Role.ADMIN, system)


@pytest.fixture
def adm_browser(client_of, adm):
    return client_of(adm)


@pytest.fixture
def second_browser(client_of, second):
    return client_of(second)


@pytest.fixture
def mail_to(system):
    """Give someone an address of their own."""

    def give(person):
        with acting(system):
            User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")

    return give


def act(browser, person, name, **more):
    """What the page of accounts says after an act on someone."""
    address = reverse("accounts:switch", args=[person.memberships.get().pk])
    return browser.post(address, {"act": name, **more}, follow=True).content.decode()


def link_in(text):
    """The link in a page or a mail; none is None."""
    match = re.search(r"http://testserver(/invitation/[^<\s]+/)", text)
    return match and match[1]


def decide(browser, name, request=None):
    """What the page says after agreeing to (or refusing) a request; the code in it."""
    request = request or AccountRequest.objects.latest("id")
    page = browser.post(reverse("accounts:decide", args=[request.pk]), {"act": name}, follow=True).content.decode()
    code = re.search(r"\b[0-9a-f]{6}-[0-9a-f]{6}\b", page)
    return page, code and code[0]


def use(link, **more):
    """The status of using a link."""
    return Client().post(link, {"password": FRESH, "again": FRESH, **more}).status_code


def signs_in(name, password):
    sent = {"username": name, "password": password}
    return Client().post(reverse("accounts:sign_in"), sent).status_code == 302


def sign(browser, page, password=PASSWORD):
    sent = {"page": f"{page.pk}:{page.version}", "meaning": "CONFIRMED", "password": password}
    return browser.post(reverse("review:sign"), sent)


GUARDED = ("zhao", "chen", "other_adm")


@pytest.fixture
def other_adm(site, system):
    return _person("other", site, Role.ADMIN, system)


# -- The attack of the issue ------------------------------------------------------------------------


@pytest.mark.parametrize("name", GUARDED)
def test_an_administrator_alone_takes_over_nobody_who_signs_sees_by_arm_or_manages_accounts(
    request, name, adm_browser, mailoutbox
):
    person = request.getfixturevalue(name)
    totp = pyotp.TOTP(second_factors.new_totp_secret())
    second_factors.add_totp(totp.secret, totp.at(int(time.time())), user=person)
    for attempt in ("factors", "invite"):
        link = link_in(act(adm_browser, person, attempt))
        for code in ("", "000000-000000"):
            assert use(link, code=code) == 409, "a second person has not agreed"
        page, code = decide(adm_browser, "agree")
        assert code is None
        assert "Another administrator has to agree" in page
        assert use(link) == 409
    assert second_factors.kinds_of(person) == {"totp"}
    assert not signs_in(person.username, FRESH)
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


@pytest.mark.parametrize("attempt", ["invite", "factors"])
def test_the_link_goes_to_the_owners_own_address_only_and_is_not_shown(zhao, adm_browser, mail_to, mailoutbox, attempt):
    mail_to(zhao)
    totp = pyotp.TOTP(second_factors.new_totp_secret())
    second_factors.add_totp(totp.secret, totp.at(int(time.time())), user=zhao)
    page = act(adm_browser, zhao, attempt)
    assert link_in(page) is None
    assert "sent to the user" in page
    (mail,) = mailoutbox
    assert mail.to == ["zhao@example.org"]
    assert "Adm requested this link" in mail.body
    assert second_factors.kinds_of(zhao) == {"totp"}, "nothing happens before the owner acts"
    assert use(link_in(mail.body)) == 302
    assert second_factors.kinds_of(zhao) == (set() if attempt == "factors" else {"totp"})
    assert "requested by Adm" in mailoutbox[-1].body
    assert "My account" in mailoutbox[-1].body


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "为您申请了设置密码的链接"), ("en", "requested this link")]
)
def test_the_mail_is_in_the_persons_language(zhao, system, adm_browser, mail_to, mailoutbox, language, words):
    mail_to(zhao)
    with acting(system):
        User.objects.filter(pk=zhao.pk).update(language=language)
    act(adm_browser, zhao, "invite")
    assert words in mailoutbox[0].body


def test_a_mail_server_that_takes_nothing_leaves_the_second_person(zhao, adm_browser, mail_to, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionRefusedError

    mail_to(zhao)
    monkeypatch.setattr("prtras.accounts.mailing.send_mail", broken)
    assert use(link_in(act(adm_browser, zhao, "invite"))) == 409


def test_with_a_second_person_it_takes_the_link_of_one_and_the_code_of_the_other(zhao, adm_browser, second_browser):
    link = link_in(act(adm_browser, zhao, "invite"))
    page, code = decide(second_browser, "agree")
    assert link_in(page) is None, "the second person gets no link"
    assert code not in adm_browser.get(reverse("accounts:people")).content.decode(), "and the first one no code"
    for wrong in ("", "000000-000000"):
        assert use(link, code=wrong) == 422
    assert use(link, code=code.upper() + " ") == 302
    assert signs_in("zhao", FRESH)
    assert use(link, code=code) == 404


def test_the_trail_names_who_caused_it(zhao, adm_browser, second_browser):
    link = link_in(act(adm_browser, zhao, "factors"))
    use(link, code=decide(second_browser, "agree")[1])
    changed = AuditEvent.objects.filter(table="accounts_user", new__has_key="password").latest("id")
    assert changed.actor_name == "zhao"
    assert changed.reason == "申请人：Adm；同意人：Second / requested by Adm, agreed by Second"
    requests = AuditEvent.objects.filter(table="accounts_accountrequest").order_by("id")
    assert [(e.actor_name, e.new["state"]) for e in requests] == [
        ("adm", "requested"), ("second", "agreed"), ("zhao", "done"),
    ]  # fmt: skip


def test_nobody_agrees_to_what_concerns_themselves(other_adm, adm_browser, client_of):
    act(adm_browser, other_adm, "invite")
    page, code = decide(client_of(other_adm), "agree")
    assert code is None
    assert "Another administrator has to agree" in page


def test_the_database_too_wants_two_people(zhao, adm, second, system):
    with acting(adm):
        request = requesting.open_request(zhao, "invite", user=adm)
    for change in ({"second": adm}, {"second": zhao}, {"state": "agreed"}):
        with pytest.raises(DatabaseError), transaction.atomic(), acting(adm):
            AccountRequest.objects.filter(pk=request.pk).update(**change)


@pytest.mark.parametrize("name", ["lin", "zhao", "wang", "chen", "eve"])
def test_who_manages_no_accounts_agrees_to_nothing(request, zhao, adm, client_of, name):
    with acting(adm):
        waiting = requesting.open_request(zhao, "email", user=adm, value="evil@example.org")
    person = request.getfixturevalue(name)
    assert client_of(person).post(reverse("accounts:decide", args=[waiting.pk]), {"act": "agree"}).status_code == 403
    with pytest.raises((PermissionDenied, ValidationError)):
        requesting.agree(waiting.pk, user=person)
    assert User.objects.get(pk=zhao.pk).email == ""


def test_what_is_decided_or_not_there_is_decided_no_more(zhao, adm_browser, second_browser):
    act(adm_browser, zhao, "invite")
    decide(second_browser, "refuse")
    page, code = decide(second_browser, "agree")
    assert code is None
    assert "was decided or has expired" in page
    assert second_browser.post(reverse("accounts:decide", args=[999999]), {"act": "agree"}).status_code == 404


def test_a_link_that_ran_out_gets_no_code(zhao, adm, adm_browser, second_browser):
    act(adm_browser, zhao, "invite")
    with acting(adm):
        Invitation.objects.update(expires_at=timezone.now())
    assert decide(second_browser, "agree")[1] is None
    assert AccountRequest.objects.get().state == "requested"


# -- The brothers of that path ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["investigator", "admin"])
@pytest.mark.parametrize("email", ["", "mine@example.org"])
def test_a_new_account_that_signs_or_manages_accounts_takes_two(adm_browser, mailoutbox, role, email):
    """Its address was typed by the one who made it: that is no second person either."""
    page = adm_browser.post(reverse("accounts:people"), NEW | {"role": role, "email": email}).content.decode()
    link = link_in(page) or link_in(mailoutbox[0].body)
    assert use(link) == 409
    for attempt in ("invite", "factors"):
        mailoutbox.clear()
        page = act(adm_browser, User.objects.get(username="mei"), attempt)
        assert use(link_in(page) or link_in(mailoutbox[0].body)) == 409
    assert decide(adm_browser, "agree")[1] is None
    assert not signs_in("mei", FRESH)


def test_a_new_account_says_itself_where_its_mail_goes(adm_browser, second_browser, mailoutbox):
    sent = NEW | {"role": "investigator", "email": "mine@example.org"}
    adm_browser.post(reverse("accounts:people"), sent)
    link = link_in(mailoutbox[0].body)
    code = decide(second_browser, "agree")[1]
    assert 'value="mine@example.org"' in Client().get(link).content.decode()
    assert use(link, code=code, email="no address") == 422
    assert use(link, code=code, email="mei@example.org") == 302
    mei = User.objects.get(username="mei")
    assert mei.email == "mei@example.org"
    mailoutbox.clear()
    assert link_in(act(adm_browser, mei, "invite")) is None
    assert mailoutbox[0].to == ["mei@example.org"]


def test_whoever_held_a_password_or_a_factor_before_the_grant_holds_none_after_it(
    site, system, adm, adm_browser, second_browser
):
    """A statistician's account is anybody's to invite; results by arm come with a new password."""
    page = adm_browser.post(reverse("accounts:people"), NEW | {"role": "statistician"}).content.decode()
    unused = link_in(page)
    mei = User.objects.get(username="mei")
    assert use(unused) == 302
    totp = pyotp.TOTP(second_factors.new_totp_secret())
    second_factors.add_totp(totp.secret, totp.at(int(time.time())), user=mei)
    other = link_in(act(adm_browser, mei, "invite"))
    link = link_in(act(adm_browser, mei, "see_by_arm"))
    assert mei.memberships.get().granted == []
    code = decide(second_browser, "agree")[1]
    assert mei.memberships.get().granted == [], "not before the owner came in with link and code"
    assert use(other) == 404
    new = "another-password-8"
    assert Client().post(link, {"password": new, "again": new, "code": code}).status_code == 302
    assert mei.memberships.get().granted == ["see_by_arm"]
    assert second_factors.kinds_of(mei) == set()
    assert not User.objects.get(pk=mei.pk).check_password(FRESH)


def test_a_link_from_before_the_grant_is_worth_nothing_after_it(chen, system, adm, adm_browser, second_browser):
    managing.switch(chen.memberships.get(), "see_by_arm", user=adm)
    earlier = link_in(act(adm_browser, chen, "invite"))
    with acting(system):
        Membership.objects.filter(user=chen).update(granted=["see_by_arm"])
    assert use(earlier) == 404


def test_a_right_for_someone_who_is_guarded_already_waits_for_a_second_person(
    zhao, adm, adm_browser, second_browser, mail_to, mailoutbox
):
    mail_to(zhao)
    managing.switch(zhao.memberships.get(), "see_by_arm", user=adm)
    assert link_in(act(adm_browser, zhao, "see_by_arm")) is None
    assert "see_by_arm" not in zhao.memberships.get().granted
    decide(second_browser, "agree")
    assert "see_by_arm" in zhao.memberships.get().granted
    assert "results by arm" in mailoutbox[-1].body
    assert not zhao.signing_rests


def test_no_act_grants_a_guarded_right_past_the_second_person(chen, adm, site, system):
    managing.switch(chen.memberships.get(), "see_by_arm", user=adm)
    mei = managing.create_user("mei", "Mei", None, user=adm)
    for attempt in (
        lambda: managing.switch(chen.memberships.get(), "see_by_arm", user=adm),
        lambda: managing.give_role(mei, site, Role.STATISTICIAN, user=adm, granted=[Action.SEE_BY_ARM]),
        lambda: managing.give_role(mei, site, Role.INVESTIGATOR, user=adm),
        lambda: managing.open_account(managing.NewAccount("x", "X", "01", "investigator"), user=adm, password=FRESH),
    ):
        with pytest.raises(ValidationError):
            attempt()
    assert chen.memberships.get().granted == []


def test_no_act_invites_someone_guarded_past_the_second_person(zhao, adm):
    with pytest.raises(inviting.NoLongerGood):
        inviting.invite(zhao, user=adm)


@pytest.mark.parametrize("how", ["switched off", "over", "not yet"])
def test_a_role_that_rests_guards_its_account_too(zhao, system, adm_browser, how):
    """Switched off, taken over, switched on again: that way is closed."""
    day = timezone.localdate()
    rest = {
        "switched off": {"is_active": False},
        "over": {"ends": day - timezone.timedelta(days=9)},
        "not yet": {"starts": day + timezone.timedelta(days=9)},
    }
    with acting(system):
        Membership.objects.filter(user=zhao).update(granted=[], **rest[how])
    assert use(link_in(act(adm_browser, zhao, "invite"))) == 409


def test_another_address_of_someone_guarded_takes_two_and_both_addresses_are_told(
    zhao, adm_browser, second_browser, mail_to, mailoutbox
):
    mail_to(zhao)
    act(adm_browser, zhao, "email", email="evil@example.org")
    assert decide(adm_browser, "agree")[1] is None
    assert User.objects.get(pk=zhao.pk).email == "zhao@example.org"
    act(adm_browser, zhao, "invite")
    assert [mail.to for mail in mailoutbox] == [["zhao@example.org"]]
    mailoutbox.clear()
    decide(second_browser, "agree", AccountRequest.objects.get(kind="email"))
    assert User.objects.get(pk=zhao.pk).email == "evil@example.org"
    assert {mail.to[0] for mail in mailoutbox} == {"zhao@example.org", "evil@example.org"}
    assert all("requested by Adm, agreed by Second" in mail.body for mail in mailoutbox)


def test_ones_own_address_takes_ones_password(zhao, client_of, mailoutbox):
    browser, address = client_of(zhao), reverse("accounts:change_email")
    for wrong in ({"password": "wrong", "email": "z@example.org"}, {"password": PASSWORD, "email": "no address"}):
        browser.post(address, wrong)
        assert User.objects.get(pk=zhao.pk).email == ""
    browser.post(address, {"password": PASSWORD, "email": "z@example.org"})
    assert User.objects.get(pk=zhao.pk).email == "z@example.org"
    assert [mail.to for mail in mailoutbox] == [["z@example.org"]]


def test_who_is_not_guarded_is_told_when_an_administrator_ends_their_second_factor(
    lin, adm_browser, mail_to, mailoutbox
):
    mail_to(lin)
    act(adm_browser, lin, "factors")
    assert "Adm reset your second factor." in mailoutbox[0].body


def test_an_administrators_own_account_is_guarded_from_an_open_session(adm, adm_browser):
    assert use(link_in(act(adm_browser, adm, "invite"))) == 409
    assert "You cannot change your own rights." in act(adm_browser, adm, "factors")


# -- Signing rests ----------------------------------------------------------------------------------


RESTS = {"en": "Your electronic signature is suspended", "zh-hans": "您的电子签名已暂停"}


@pytest.mark.parametrize("language", RESTS)
@pytest.mark.parametrize("attempt", ["invite", "factors"])
def test_nothing_is_signed_until_the_owner_has_confirmed(
    participant, fill, zhao, adm_browser, second_browser, client_of, language, attempt
):
    page = fill(participant, "consent").page
    link = link_in(act(adm_browser, zhao, attempt))
    browser = client_of(zhao)
    browser.cookies["django_language"] = language
    for shown in (browser.get(reverse("review:sign")), sign(browser, page)):
        assert RESTS[language] in shown.content.decode()
    assert shown.status_code == 422
    code = decide(second_browser, "agree")[1]
    assert sign(browser, page).status_code == 422, "agreed to, not yet confirmed"
    assert not Signature.objects.exists()
    assert use(link, code=code) == 302
    assert sign(client_of(User.objects.get(pk=zhao.pk)), page, FRESH).status_code == 302


def test_the_act_refuses_and_so_does_the_database(participant, fill, zhao, adm):
    page = fill(participant, "consent").page
    signature = signing.sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)[0]
    with acting(adm):
        requesting.open_request(zhao, "invite", user=adm)
    with pytest.raises(signing.SigningRests):
        signing.sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    columns = [field.column for field in Signature._meta.fields if not field.primary_key]
    copy = f"INSERT INTO review_signature ({', '.join(columns)}) SELECT {', '.join(columns)} FROM review_signature"
    with pytest.raises(DatabaseError, match="the signer has to confirm"), transaction.atomic(), acting(zhao):
        connection.cursor().execute(copy)
    assert Signature.objects.get() == signature


@pytest.mark.parametrize("by", ["adm_browser", "second_browser"])
def test_it_goes_on_when_the_request_is_withdrawn_or_refused(request, zhao, adm_browser, by):
    link = link_in(act(adm_browser, zhao, "invite"))
    decide(request.getfixturevalue(by), "refuse")
    assert not zhao.signing_rests
    assert use(link) == 404


def test_its_owner_objects_with_password_and_second_factor(zhao, adm_browser, mail_to, mailoutbox, client_of):
    mail_to(zhao)
    act(adm_browser, zhao, "factors")
    browser, address = client_of(zhao), reverse("accounts:object")
    assert "new password and second factor" in browser.get(reverse("accounts:my_account")).content.decode()
    browser.post(address, {"password": "wrong"})
    assert zhao.signing_rests
    browser.post(address, {"password": PASSWORD})
    assert not zhao.signing_rests
    assert use(link_in(mailoutbox[0].body)) == 404


# -- A centre with one administrator and no mail ----------------------------------------------------


def test_at_the_server_a_named_person_agrees(zhao, adm_browser):
    link = link_in(act(adm_browser, zhao, "invite"))
    printed = StringIO()
    call_command("agree_account", "zhao", by="Li Na, head of the department", stdout=printed)
    code = re.search(r"[0-9a-f]{6}-[0-9a-f]{6}", printed.getvalue())[0]
    assert use(link, code=code) == 302
    assert not zhao.signing_rests
    event = AuditEvent.objects.get(table="accounts_accountrequest", new__state="agreed")
    assert (event.actor_name, event.reason) == ("system", "Li Na, head of the department")
    with pytest.raises(CommandError):
        call_command("agree_account", "zhao", by="Li Na", stdout=printed)


def test_a_second_administrator_is_set_up_at_the_server(db, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: FRESH)
    for name in ("first", "second"):
        call_command("set_up", site="01", name_zh="深圳", name_en="Shenzhen", admin=name, stdout=StringIO())
        assert signs_in(name, FRESH)
