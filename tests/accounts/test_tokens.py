"""Tokens of the API: made by the person herself, shown once, dead when they should be."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from prtras.accounts import lockout, second_factors
from prtras.accounts.managing import create_site, give_role, switch
from prtras.accounts.models import ApiToken, TokenUse, User
from prtras.accounts.rights import READING, SCOPES, Action, Role
from prtras.accounts.token_issuing import MOST, NAME_LIMIT, NewToken, issue, revoke
from prtras.accounts.tokens import checksum
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.models import Participant
from tests.conftest import PASSWORD

TOKENS = reverse("accounts:tokens")


def form(**typed):
    last = timezone.localdate() + timedelta(days=30)
    return {"name": "Nightly copy", "scope": "read", "site": "01", "expires": str(last), "password": PASSWORD} | typed


def made(client):
    """The text of a token that the page shows."""
    page = client.post(TOKENS, form()).content.decode()
    return page.split('id="token">')[1].split("<")[0]


def status(text, address="/api/v1/participants"):
    return Client(headers={"Authorization": f"Bearer {text}"}).get(address).status_code


def test_a_person_makes_a_token_with_the_password_and_sees_it_once(lin, client_of):
    client = client_of(lin)
    text = made(client)
    assert status(text) == 200
    assert text not in client.get(TOKENS).content.decode()
    token = ApiToken.objects.get()
    assert (token.sha256, token.scope, token.site.code) == (checksum(text), "read", "01")
    assert text.split("_", 2)[2] not in str(list(AuditEvent.objects.values_list("new", flat=True)))


def test_without_the_password_there_is_none(lin, client_of):
    answer = client_of(lin).post(TOKENS, form(password="wrong"))
    assert (answer.status_code, ApiToken.objects.count()) == (422, 0)


def test_who_has_a_second_factor_needs_it(lin, client_of):
    secret = second_factors.new_totp_secret()
    second_factors.add_totp(secret, second_factors.pyotp.TOTP(secret).now(), user=lin)
    assert client_of(lin).post(TOKENS, form()).status_code == 422
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"name": ""},
        {"name": "x" * (NAME_LIMIT + 1)},
        {"scope": "everything"},
        {"site": "02"},
        {"expires": "soon"},
        {"expires": str(timezone.localdate() + timedelta(days=366))},
        {"expires": str(timezone.localdate() - timedelta(days=1))},
    ],
)
def test_what_is_not_a_token_is_refused(lin, client_of, other_site, typed):
    assert client_of(lin).post(TOKENS, form(**typed)).status_code == 422
    assert ApiToken.objects.count() == 0


def test_one_person_has_ten_at_most(lin, client_of):
    client = client_of(lin)
    for _ in range(MOST):
        made(client)
    assert client.post(TOKENS, form()).status_code == 422


def test_the_list_shows_the_last_use_and_the_owner_revokes(lin, client_of):
    client = client_of(lin)
    text = made(client)
    assert "not used yet" in client.get(TOKENS).content.decode()
    status(text)
    assert "not used yet" not in client.get(TOKENS).content.decode()
    client.post(reverse("accounts:revoke_token", args=[ApiToken.objects.get().id]))
    assert status(text) == 401


def test_an_administrator_sees_and_revokes_those_of_others_and_nobody_else_does(lin, zhao, adm, client_of):
    text = made(client_of(lin))
    token = ApiToken.objects.get()
    assert client_of(zhao).post(reverse("accounts:revoke_token", args=[token.id])).status_code == 404
    assert client_of(zhao).post(reverse("accounts:revoke_token_of", args=[token.id])).status_code == 403
    assert token.prefix in client_of(adm).get(reverse("accounts:people")).content.decode()
    client_of(adm).post(reverse("accounts:revoke_token_of", args=[token.id]))
    token.refresh_from_db()
    assert (status(text), token.revoked_by) == (401, adm)


def expired(lin, adm, token):
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())


def turned_off(lin, adm, token):
    switch(lin.memberships.get(), "active", user=adm)


def account_ended(lin, adm, token):
    lin.is_active = False
    lin.save(update_fields=["is_active"])


def factors_lost(lin, adm, token):
    second_factors.end_all_factors(lin)


def revoked(lin, adm, token):
    revoke(token, user=lin)


@pytest.mark.parametrize("what", [expired, turned_off, account_ended, factors_lost, revoked])
def test_a_token_ends_with_what_it_rests_on(lin, adm, client_of, what):
    text = made(client_of(lin))
    assert status(text) == 200
    with acting(adm):
        what(lin, adm, ApiToken.objects.get())
    assert status(text) == 401


def test_a_token_rests_while_its_account_is_closed(lin, client_of):
    text = made(client_of(lin))
    for _ in range(lockout.FORGIVEN):
        Client().post(reverse("accounts:sign_in"), {"username": "lin", "password": "wrong"})
    assert status(text) == 401


def test_the_secret_part_counts(lin, client_of):
    text = made(client_of(lin))
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    assert (status(other), status("prtras_"), status("")) == (401, 401, 401)


def test_a_token_of_one_site_opens_no_other(lin, system, client_of, other_site):
    give_role(lin, other_site, Role.COORDINATOR, user=system)
    third = create_site("03", "珠海", "Zhuhai", user=system)
    give_role(lin, third, Role.COORDINATOR, user=system)
    with acting(lin):
        for site, number in ((other_site, "02-001"), (third, "03-001")):
            Participant.objects.create(site=site, number=number)
    expires = str(timezone.localdate())
    text = issue(NewToken("copy", "read", "02", expires), user=User.objects.get(pk=lin.pk))[1]
    answer = Client(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/participants").json()
    assert [line["number"] for line in answer["items"]] == ["02-001"]


def test_no_token_signs_or_manages_accounts():
    assert SCOPES["write"] > READING
    assert not {Action.SIGN, Action.MANAGE_ACCOUNTS} & SCOPES["write"]
    assert set(Action) - SCOPES["write"] == {Action.SIGN, Action.MANAGE_ACCOUNTS}


def test_every_request_is_on_record_with_what_it_searched_for(lin, client_of):
    text = made(client_of(lin))
    status(text, "/api/v1/participants?state=died")
    status(text, "/api/v1/participants/99-999")
    uses = TokenUse.objects.order_by("id").values_list("method", "path", "status")
    assert list(uses) == [("GET", "/api/v1/participants?state=died", 200), ("GET", "/api/v1/participants/99-999", 404)]
    event = AuditEvent.objects.filter(table="accounts_tokenuse").latest("id")
    assert (event.actor_name, event.source) == ("lin", f"api {ApiToken.objects.get().prefix}")


def test_the_life_of_a_token_is_a_year_and_its_last_day_is_whole(lin):
    last = timezone.localdate() + timedelta(days=365)
    token, _ = issue(NewToken("copy", "read", "", str(last)), user=lin)
    assert timezone.localtime(token.expires_at).date() == last + timedelta(days=1)


def test_an_address_of_more_than_500_characters_is_cut_in_the_record(lin, client_of):
    text = made(client_of(lin))
    start = "/api/v1/participants?state="
    whole = start + "x" * (500 - len(start))
    for address in (whole, f"{whole}y"):
        status(text, address)
    assert list(TokenUse.objects.values_list("path", flat=True)) == [whole, whole]


def test_the_form_of_a_new_token_offers_ninety_days_and_takes_another_day(lin, client_of):
    client, today = client_of(lin), timezone.localdate()
    page = client.get(TOKENS).content.decode()
    assert f'name="expires" class="width-date" value="{today + timedelta(days=90)}"' in page
    client.post(TOKENS, form(expires=str(today + timedelta(days=91))))
    assert timezone.localtime(ApiToken.objects.get().expires_at).date() == today + timedelta(days=92)
