"""Requests that no honest browser sends, or sends too late: refused, and nothing typed is lost."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from prtras.accounts.managing import switch
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage, Participant
from prtras.entry.models import Draft, UnsentPost
from prtras.review.models import Query
from prtras.review.querying import raise_query
from tests import casebook
from tests.access.conftest import body, entry, reads, shows
from tests.conftest import PASSWORD, page_of
from visits import planning

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def consent(participant: Participant) -> CrfPage:
    return page_of(participant, "consent")


def who(client: Client, page: CrfPage) -> str:
    """The signed field of the form page."""
    return re.search(r'name="who" value="([^"]+)"', client.get(entry(page)).content.decode())[1]


def test_another_sites_page_does_not_exist_and_nothing_is_written(client_of, eve, consent):
    before = AuditEvent.objects.count()
    for act in ("next", "draft", "discard"):
        response = client_of(eve).post(entry(consent), body("consent", consent) | {"act": [act]})
        assert response.status_code == 404
    assert client_of(eve).post(reverse("entry:draft", args=[consent.id]), {"icf_version": "V1"}).status_code == 404
    assert (AuditEvent.objects.count(), Draft.objects.count()) == (before, 0)


@pytest.mark.parametrize("name", ["wang", "chen"])
def test_who_may_only_read_a_page_writes_nothing(request, client_of, consent, name):
    person = request.getfixturevalue(name)
    assert client_of(person).post(entry(consent), body("consent", consent)).status_code == 403
    assert Draft.objects.count() == 0


def at_work(person):
    """A browser in which someone has signed in: what is sent after the session's end can be told to be theirs."""
    client = Client()
    client.post(reverse("accounts:sign_in"), {"username": person.username, "password": PASSWORD})
    return client


def come_back(browser, address, name="lin"):
    """Log in where the redirect led, and follow."""
    return reads(browser, "en").post(address, {"username": name, "password": PASSWORD, "next": "/"}, follow=True)


def test_what_was_sent_after_the_session_ended_is_sent_on_at_the_login(lin, system, consent):
    token = who(at_work(lin), consent)
    late = Client()
    response = late.post(entry(consent), body("consent", consent, icf_version="LATE-9") | {"who": [token]})
    assert unquote(response.headers["Location"]) == f"/sign-in/?next={entry(consent)}"
    parked = UnsentPost.objects.get()
    assert (parked.user, parked.page) == (lin, consent)
    assert "LATE-9" not in parked.sealed
    assert shows(come_back(late, response.headers["Location"]), "has been submitted")
    consent.refresh_from_db()
    assert (consent.version, consent.consent.icf_version, UnsentPost.objects.count()) == (1, "LATE-9", 0)


def test_what_cannot_pass_as_it_is_waits_as_her_draft(lin, system, consent):
    token = who(at_work(lin), consent)
    late = Client()
    response = late.post(entry(consent), body("consent", consent, icf_date="2025-02-30") | {"who": [token]})
    back = come_back(late, response.headers["Location"])
    assert shows(back, "2025-02-30")
    assert shows(back, "Please check it and submit it again")
    assert Draft.objects.get(page=consent, user=lin).typed["icf_date"] == ["2025-02-30"]


def test_what_someone_else_sent_is_not_sent_on_by_who_logs_in(lin, zhao, system, consent):
    token = who(at_work(lin), consent)
    late = Client()
    response = late.post(entry(consent), body("consent", consent, icf_version="LATE-9") | {"who": [token]})
    assert not shows(come_back(late, response.headers["Location"], "zhao"), "LATE-9")
    consent.refresh_from_db()
    assert (consent.version, UnsentPost.objects.get().user) == (0, lin)


def test_what_was_parked_is_forgotten_after_a_day(lin, system, consent):
    token = who(at_work(lin), consent)
    late = Client()
    response = late.post(entry(consent), body("consent", consent, icf_version="LATE-9") | {"who": [token]})
    UnsentPost.objects.update(at=timezone.now() - timedelta(days=1, seconds=1))
    come_back(late, response.headers["Location"])
    consent.refresh_from_db()
    assert (consent.version, UnsentPost.objects.count()) == (0, 0)


def test_a_script_is_told_that_the_session_has_ended_and_keeps_the_typing_itself(consent):
    late = Client(headers={"X-Requested-With": "fetch"})
    assert late.post(entry(consent), body("consent", consent)).status_code == 401
    assert late.post(reverse("entry:draft", args=[consent.pk]), body("consent", consent)).status_code == 401
    assert not UnsentPost.objects.exists()


def test_what_is_sent_after_she_logged_out_is_nobodys(lin, system, consent):
    browser = at_work(lin)
    token = who(browser, consent)
    browser.post(reverse("accounts:sign_out"))
    browser.post(entry(consent), body("consent", consent, icf_version="LATE-9") | {"who": [token]})
    assert not UnsentPost.objects.exists()


def test_of_several_pages_sent_without_a_session_none_is_lost(lin, system, participant, consent):
    browser, other = at_work(lin), page_of(participant, "hcc")
    tokens = [who(browser, page) for page in (other, consent)]
    late = Client()
    late.post(entry(other), body("hcc", other) | {"who": [tokens[0]]})
    response = late.post(entry(consent), body("consent", consent, icf_version="LATE-9") | {"who": [tokens[1]]})
    come_back(late, response.headers["Location"])
    consent.refresh_from_db()
    assert consent.version == 1
    assert Draft.objects.get(page=other, user=lin).typed["largest_mm"] == ["28"]


def test_typing_with_a_forged_signature_is_not_kept(lin, consent):
    forged = signing.dumps({"user": lin.pk, "page": str(consent.id)}, salt="something else")
    for token in ("", "nonsense", forged, "a:b:c"):
        response = Client().post(entry(consent), body("consent", consent) | {"who": [token]})
        assert response.headers["Location"].startswith("/sign-in/?next=")
    assert not UnsentPost.objects.exists()


def test_typing_signed_for_another_page_is_not_kept(client_of, lin, participant, consent):
    token = who(client_of(lin), page_of(participant, "dm"))
    Client().post(entry(consent), body("consent", consent) | {"who": [token]})
    assert not UnsentPost.objects.exists()


def test_typing_signed_too_long_ago_is_not_kept(client_of, lin, consent, monkeypatch):
    token = who(client_of(lin), consent)
    monkeypatch.setattr("prtras.entry.views.TYPING_LIFETIME", -1)
    Client().post(entry(consent), body("consent", consent) | {"who": [token]})
    assert not UnsentPost.objects.exists()


def test_typing_of_someone_who_lost_the_right_meanwhile_is_not_kept(client_of, lin, adm, consent):
    token = who(client_of(lin), consent)
    switch(lin.memberships.get(), "active", user=adm)
    response = Client().post(entry(consent), body("consent", consent) | {"who": [token]})
    assert response.status_code in (302, 403, 404)
    assert Draft.objects.count() == 0


def test_the_address_after_login_keeps_its_query_string(consent):
    response = Client().get(f"{entry(consent)}?a=1&b=2")
    assert response.headers["Location"].endswith("%3Fa%3D1%26b%3D2")


def test_a_stale_form_shows_both_versions_and_writes_nothing(send, lin, zhao, participant, fill):
    fill(participant, "consent")
    page = page_of(participant, "consent")
    assert send(zhao, page, "consent", icf_version="V2.0", reason__all="ENTRY").status_code == 302
    for language, message in (
        ("zh-hans", "其他用户已保存此页。您填写的内容没有丢失。"),
        ("en", "Another user saved this page"),
    ):
        response = send(lin, page, "consent", language, icf_version="V3.0", reason__all="ENTRY")
        assert response.status_code == 409
        assert all(shows(response, text) for text in (message, "V1.0", "V2.0", "V3.0"))
    page.refresh_from_db()
    assert (page.version, page.consent.icf_version) == (2, "V2.0")
    assert Draft.objects.get(user=lin).typed["icf_version"] == ["V3.0"]


def test_a_stale_form_takes_over_what_she_left_alone(send, lin, zhao, participant, fill):
    fill(participant, "consent")
    fill(participant, "hcc")
    page = page_of(participant, "hcc")
    send(zhao, page, "hcc", largest_mm="28.5", pre_afp="99.25", reason__all="ENTRY")
    response = send(lin, page, "hcc", n_tumours="2", reason__all="ENTRY")
    assert response.status_code == 409
    merged = response.content.decode()
    assert all(f'value="{value}"' in merged for value in ("28.5", "99.25"))
    assert merged.count("not changed by you: the saved value is used") == 2


def test_a_stale_form_says_nothing_of_what_both_changed_to_the_same(send, lin, zhao, participant, fill):
    fill(participant, "consent")
    fill(participant, "hcc")
    page = page_of(participant, "hcc")
    send(zhao, page, "hcc", largest_mm="28.5", reason__all="ENTRY")
    response = send(lin, page, "hcc", largest_mm="28.5", n_tumours="2", reason__all="ENTRY")
    assert response.status_code == 409
    assert response.context["clashes"] == []


def test_a_stale_form_takes_over_rows_she_left_alone(send, lin, zhao, enrolled, fill):
    fill(enrolled, "visit", "W12")
    rows = casebook.observation(size_mm="24") | casebook.observation(2, obs_no="2", size_mm="11")
    shown = {"mri_nobs": "2", "mri_overall": "SUSP"}
    fill(enrolled, "mri", "W12", **shown, **rows)
    page = page_of(enrolled, "mri", "W12")
    theirs = rows | {"row.1.size_mm": "31"} | casebook.observation(3, obs_no="3", size_mm="17")
    assert send(zhao, page, "mri", **shown | {"mri_nobs": "3"}, reason__all="ENTRY", **theirs).status_code == 302
    response = send(lin, page, "mri", **shown, reason__all="ENTRY", **rows | {"row.2.size_mm": "12"})
    assert response.status_code == 409
    merged = response.content.decode()
    for row, size in (("1", "31"), ("2", "12"), ("3", "17")):
        assert re.search(rf'name="row.{row}.size_mm"[^>]* value="{size}"', merged), f"row {row} is not {size}"


def test_too_many_fields_are_refused_with_a_page(client_of, lin, consent):
    flood = body("consent", consent) | {f"x{n}": ["1"] for n in range(5001)}
    for language, message in (("zh-hans", "内容未保存"), ("en", "nothing was saved")):
        response = reads(client_of(lin), language).post(entry(consent), flood)
        assert response.status_code == 400
        assert shows(response, message)
    consent.refresh_from_db()
    assert consent.version == 0


def test_too_much_text_is_refused_with_a_page(client_of, lin, consent):
    response = client_of(lin).post(
        entry(consent), f"icf_version={'x' * 6_000_000}", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 400
    assert shows(response, "too large")


@pytest.mark.parametrize("version", ["²", "9" * 30, "-1", "x", "", "99999999999"])
def test_a_version_that_is_none_is_as_good_as_never_seen(client_of, lin, participant, fill, version):
    fill(participant, "consent")
    page = page_of(participant, "consent")
    changed = body("consent", page, biobank_consent="N", reason__all="ENTRY") | {"version": [version]}
    assert client_of(lin).post(entry(page), changed).status_code == 409
    assert client_of(lin).post(reverse("entry:draft", args=[page.id]), changed).status_code == 200


def test_a_draft_may_hold_anything_that_was_typed(client_of, lin, consent):
    typed = {"icf_version": "a\x00b\x07", "row.x.size_mm": "1", "no.such.item": EVIL, "emoji": "😀" * 500}
    assert client_of(lin).post(reverse("entry:draft", args=[consent.id]), typed).status_code == 200
    assert Draft.objects.get().typed["icf_version"] == ["ab\x07"]
    assert client_of(lin).get(entry(consent)).status_code == 200


ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
             "\x01https://evil.example", "http:///evil.example", "///evil.example")  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_login_leads_nowhere_else(lin, target):
    sent = {"username": "lin", "password": PASSWORD, "next": target}
    assert Client().post(reverse("accounts:sign_in"), sent).headers["Location"] == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_other_door_leads_elsewhere(client_of, wang, consent, target):
    query = raise_query(consent, "icf_date", "?", user=wang)
    client = client_of(wang)
    chosen = client.post(reverse("accounts:language"), {"language": "en", "next": target})
    assert chosen.headers["Location"] == "/"
    message = client.post(reverse("review:say", args=[query.id]), {"act": "close", "next": target})
    assert message.headers["Location"] == reverse("review:inbox")


def test_a_line_break_in_next_makes_no_header(lin):
    sent = {"username": "lin", "password": PASSWORD, "next": "/worklist/\r\nSet-Cookie: a=b"}
    response = Client().post(reverse("accounts:sign_in"), sent)
    assert "a" not in response.cookies
    assert "\n" not in response.headers["Location"]


def test_a_post_without_its_token_is_refused_with_a_page(client_of, lin, consent):
    client = client_of(lin)
    client.handler.enforce_csrf_checks = True
    for language, message in (("zh-hans", "页面已过期"), ("en", "Page expired")):
        response = reads(client, language).post(entry(consent), body("consent", consent))
        assert response.status_code == 403
        assert shows(response, message)
    consent.refresh_from_db()
    assert consent.version == 0


@pytest.mark.parametrize(
    "address",
    ["/participants/01-001%00/", "/queries/?state=%00", "/participants/?q=%00", "/participants/find/?q=%00",
     "/queries/?page=%00", "/sign-in/?next=%00"],
)  # fmt: skip
def test_a_nul_in_an_address_is_refused(client_of, lin, address):
    assert client_of(lin).get(address).status_code == 400


@pytest.mark.parametrize("sought", ["²", "9" * 30, "٣", "%", "_", "' OR 1=1 --", "a&state=x", "#"])
def test_whatever_is_sought_finds_nothing_and_breaks_nothing(client_of, lin, participant, sought):
    actual = client_of(lin).get(reverse("visits:find"), {"q": sought}, follow=True)
    assert actual.status_code == 200
    assert actual.request["PATH_INFO"] == "/participants/"
    assert actual.context["sought"] == sought.upper()


@pytest.mark.parametrize("place", ["x" * 100 + ":icf_date", "1:icf_date", "icf_date\x00", "nothing", "row", ""])
def test_a_question_about_a_place_that_is_not_there_is_refused(client_of, wang, consent, place):
    response = client_of(wang).post(reverse("review:ask", args=[consent.id]), {"place": place, "text": "?"})
    assert response.status_code == 404
    assert Query.objects.count() == 0


def test_whatever_people_write_is_shown_escaped(send, client_of, lin, wang, enrolled):
    page = planning.add_log_page(enrolled, "ae", user=lin)
    serious = {"ae_ser": "Y", "ae_aware": "2025-06-10", "ae_term": EVIL}
    query = raise_query(page, "ae_term", f"Why {EVIL}?", user=wang)
    client_of(lin).post(reverse("review:say", args=[query.id]), {"act": "answer", "text": f"So {EVIL}"})
    client_of(lin).post(entry(page), body("ae", page, **serious) | {"act": ["draft"]})
    addresses = [entry(page), reverse("review:inbox") + "?state=all"]
    refused = send(lin, page, "ae", **serious)
    assert send(lin, page, "ae", ae_term=EVIL).status_code == 302
    addresses += [entry(page), reverse("visits:participant", args=[enrolled.number]), reverse("visits:worklist")]
    pages = [refused] + [client_of(person).get(a) for a in addresses for person in (lin, wang)]
    pages.append(client_of(lin).get(reverse("visits:participants"), {"q": EVIL}))
    pages.append(Client().post(reverse("accounts:sign_in"), {"username": EVIL, "password": "x"}))
    assert not [p.request["PATH_INFO"] for p in pages if EVIL in p.content.decode()]
    assert escape(EVIL) in client_of(lin).get(entry(page)).content.decode()


def test_names_of_people_are_shown_escaped(client_of, adm, lin):
    sent = {
        "username": "mallory",
        "display_name": EVIL,
        "site": "01",
        "role": "coordinator",
    }
    client = client_of(adm)
    assert client.post(reverse("accounts:people"), sent).status_code == 200
    page = client.get(reverse("accounts:people")).content.decode()
    assert EVIL not in page
    assert escape(EVIL) in page


def test_a_statistician_sees_no_identifier_anywhere_on_a_page(send, client_of, lin, chen, participant, fill):
    fill(participant, "consent")
    fill(participant, "dm")
    send(lin, page_of(participant, "dm"), "dm", brthdat="1975-04-13", initials="WXN", reason__all="ENTRY")
    shown = client_of(chen).get(entry(page_of(participant, "dm"))).content.decode()
    assert not [secret for secret in ("1975-04-12", "1975-04-13", "WXM", "WXN") if secret in shown]
    assert "WXN" in client_of(lin).get(entry(page_of(participant, "dm"))).content.decode()
