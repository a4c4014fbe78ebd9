"""Signatures: bound to what was signed, broken by any change, refused without a proof of who signs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from enrollment.models import Consent
from enrollment.registering import next_numbers, register_participant
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.review import querying, signing
from prtras.review.models import Signature
from prtras.review.page_trust import signatures_of
from prtras.review.signing import NotSignable, sign_pages
from tests.conftest import PASSWORD, page_of


@pytest.fixture
def page(participant, fill):
    return fill(participant, "consent").page


@pytest.fixture
def signature(page, zhao):
    return sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)[0]


def test_it_works(signature, page):
    page.refresh_from_db()
    (shown,) = signatures_of(page)
    assert (page.signed, shown.holds, shown.signature.name, shown.signature.role) == (
        True,
        True,
        "Zhao",
        "investigator",
    )
    assert len(signature.sha256) == 64


@pytest.mark.parametrize("name", ["lin", "wang", "chen", "adm"])
def test_only_an_investigator_signs(page, name, request):
    with pytest.raises((PermissionDenied, NotSignable)):
        sign_pages({page.pk: page.version}, "CONFIRMED", user=request.getfixturevalue(name))
    assert not Signature.objects.exists()


def test_what_is_empty_asked_about_signed_or_changed_since_is_not_signed(participant, page, zhao, wang, fill):
    empty = page_of(participant, "dm")
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version, empty.pk: 0}, "CONFIRMED", user=zhao)
    query = querying.raise_query(page, "icf_date", "Right?", user=wang)
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    querying.cancel(query.id, "Asked in error.", user=wang)
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version + 1}, "CONFIRMED", user=zhao)
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version}, "WHATEVER", user=zhao)
    assert not Signature.objects.exists()
    sign_pages({page.pk: page.version}, "REVIEWED", user=zhao)
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version}, "REVIEWED", user=zhao)


def test_many_pages_are_signed_at_once_under_one_moment(participant, fill, zhao):
    pages = [fill(participant, form).page for form in ("consent", "dm", "hcc", "radtx")]
    signed = sign_pages({page.pk: page.version for page in pages}, "CONFIRMED", user=zhao)
    assert len({each.sha256 for each in signed}) == 4
    assert len({(each.batch, each.at) for each in signed}) == 1


CHANGES = {
    "raw SQL": lambda page: _sql("UPDATE enrollment_consent SET signer = 'AGENT' WHERE page_id = %s", page.pk),
    "ORM update": lambda page: Consent.objects.filter(page=page).update(signer="AGENT"),
    "bulk update": lambda page: Consent.objects.bulk_update([_changed(page)], ["signer"]),
    "a missing reason": lambda page: Consent.objects.filter(page=page).update(missing={"icf_version": "OTHER"}),
    "void": lambda page: type(page).objects.filter(pk=page.pk).update(state="void"),
}


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _changed(page):
    consent = Consent.objects.get(page=page)
    consent.signer = "AGENT"
    return consent


@pytest.mark.parametrize("how", CHANGES)
def test_any_change_breaks_it_and_the_history_stays(signature, page, lin, how):
    with acting(lin):
        CHANGES[how](page)
    signature.refresh_from_db()
    page.refresh_from_db()
    assert signature.broken_at is not None
    assert page.signed is False
    assert signatures_of(page)[0].holds is False


def test_a_save_breaks_it_and_it_can_be_signed_again(signature, participant, page, fill, zhao):
    changed = fill(participant, "consent", biobank_consent="N", reason__all="SOURCE").page
    sign_pages({changed.pk: changed.version}, "CONFIRMED", user=zhao)
    changed.refresh_from_db()
    assert [each.holds for each in signatures_of(changed)] == [True, False]


def test_a_save_that_changes_nothing_breaks_nothing(signature, participant, fill):
    fill(participant, "consent")
    signature.refresh_from_db()
    assert signature.broken_at is None


def test_a_signature_copied_to_another_page_does_not_fit(signature, participant, fill):
    other = fill(participant, "dm").page
    with acting(signature.user):
        signature.pk, signature.page = None, other
        signature.save(force_insert=True)
        type(other).objects.filter(pk=other.pk).update(signed=True)
    (shown,) = signatures_of(other)
    assert (shown.holds, shown.fits) == (False, False)


@pytest.mark.parametrize("column", ["user_id", "meaning", "at"])
def test_a_signature_given_another_name_meaning_or_time_does_not_fit(signature, page, lin, column):
    other = {"user_id": lin.pk, "meaning": "REVIEWED", "at": page.submitted_at}[column]
    with acting(lin):
        Signature.objects.filter(pk=signature.pk).update(**{column: other})
    assert signatures_of(page)[0].fits is False


def test_a_computed_value_that_changes_breaks_it_too(participant, fill, zhao):
    """The age at consent follows the consent's day: what was signed is no longer what stands there."""
    fill(participant, "consent")
    person = fill(participant, "dm").page
    signature = sign_pages({person.pk: person.version}, "CONFIRMED", user=zhao)[0]
    fill(participant, "consent", icf_date="2026-05-23", inv_sign_date="2026-05-23", reason__all="SOURCE")
    signature.refresh_from_db()
    assert signature.broken_at is not None


# -- The screen -----------------------------------------------------------------------------------


@pytest.fixture
def send(client_of, zhao, page):
    browser = client_of(zhao)

    def post(password, page=page, **more):
        sent = {"page": f"{page.pk}:{page.version}", "meaning": "CONFIRMED", "password": password} | more
        return browser.post(reverse("review:sign"), sent)

    return post


def test_the_screen_asks_for_the_password_again(send, zhao):
    assert send("wrong-password").status_code == 422
    assert send("").status_code == 422
    assert not Signature.objects.exists()
    assert send(PASSWORD).status_code == 302
    assert Signature.objects.get().user == zhao


def test_someone_elses_password_does_not_sign(send, system):
    other = User.objects.get(username="zhao")
    with transaction.atomic(), acting(system):
        other.set_password("another-horse-1")
        other.save(update_fields=["password"])
    assert send(PASSWORD).status_code in (302, 422)
    assert not Signature.objects.exists()


def test_the_list_is_by_participant_and_then_of_one_casebook_visit_or_page(participant, fill, zhao, client_of):
    pages = [fill(participant, form).page for form in ("consent", "dm")]
    browser, address = client_of(zhao), reverse("review:sign")
    (line,) = browser.get(address).context["shown"]
    assert (line["participant__number"], line["pages"]) == (participant.number, 2)
    for request, actual in (
        ({"participant": participant.number}, set(pages)),
        ({"visit": str(pages[0].visit_id)}, set(pages)),
        ({"only": str(pages[1].pk)}, {pages[1]}),
        ({"visit": "999999"}, set()),
        ({"participant": "99-999"}, set()),
    ):
        assert set(browser.get(address, request).context["shown"]) == actual, request


def test_five_wrong_passwords_lock_the_signature_out_as_the_login(send):
    for _ in range(5):
        send("wrong-password")
    assert send(PASSWORD).status_code == 429
    assert not Signature.objects.exists()


def test_the_page_shows_name_time_with_zone_and_meaning(signature, page, client_of, wang):
    shown = client_of(wang).get(reverse("entry:page", args=[page.pk])).content.decode()
    assert "Zhao" in shown
    assert "+08:00" in shown
    assert "true, accurate and complete" in shown
    assert signature.sha256[:16] in shown


def test_a_page_of_another_site_is_not_there_to_sign(page, system, other_site):
    from prtras.accounts.managing import create_user, give_role

    far = create_user("far", "Far", PASSWORD, user=system)
    give_role(far, other_site, "investigator", user=system)
    assert not signing.pages_to_sign(far).exists()
    with pytest.raises(NotSignable):
        sign_pages({page.pk: page.version}, "CONFIRMED", user=far)


@pytest.fixture
def three(participant, fill):
    return [fill(participant, form).page for form in ("consent", "dm", "hcc")]


@pytest.mark.parametrize("door", ["signatures", "readiness"])
def test_the_page_after_the_last_of_a_list_is_on_the_next(three, participant, zhao, client_of, monkeypatch, door):
    address = reverse("review:sign") if door == "signatures" else reverse("review:ready_pages", args=["unsigned"])
    links = [f'href="{reverse("entry:page", args=[page.pk])}"' for page in three]

    def on_page(number):
        chosen = {"participant": participant.number, "page": number}
        page = client_of(zhao).get(address, chosen).content.decode()
        return [link for link in links if link in page], ">Next<" in page

    whole, further = on_page(1)
    assert (set(whole), further) == (set(links), False)
    monkeypatch.setattr(f"prtras.review.views.{door}.AT_ONCE", 2)
    (first, further), (second, last) = on_page(1), on_page(2)
    assert ({*first, *second}, len(first), further, len(second), last) == (set(links), 2, True, 1, False)


def test_whoever_is_not_on_the_first_page_of_those_who_wait_is_on_the_next(
    three, participant, site, fill, lin, zhao, client_of, monkeypatch
):
    other = register_participant(site, *next_numbers(site), user=lin)
    fill(other, "consent")

    def on_page(number):
        page = client_of(zhao).get(reverse("review:sign"), {"page": number}).content.decode()
        return [each.number for each in (participant, other) if f'href="?participant={each.number}"' in page]

    assert on_page(1) == [participant.number, other.number]
    monkeypatch.setattr("prtras.review.views.signatures.AT_ONCE", 1)
    assert (on_page(1), on_page(2)) == ([participant.number], [other.number])


def test_no_more_pages_are_signed_at_once_than_a_list_has(three, zhao, client_of, monkeypatch):
    monkeypatch.setattr("prtras.review.views.signatures.AT_ONCE", 2)
    sent = {"page": [f"{page.pk}:{page.version}" for page in three], "meaning": "CONFIRMED", "password": PASSWORD}
    assert client_of(zhao).post(reverse("review:sign"), sent).status_code == 302
    assert {each.page for each in Signature.objects.all()} == set(three[:2])
