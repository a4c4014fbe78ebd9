"""Freeze, lock, release: by whom, when, and against every way in which data can be written."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from enrollment.models import Consent, Demographics
from enrollment.registering import NumberRefused, next_numbers, register_participant
from labs.models import LabResult
from prtras.accounts.managing import create_user, give_role
from prtras.accounts.models import Membership
from prtras.accounts.rights import Role
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.models import CrfPage, Participant, Study
from prtras.crf.planning import PageHeld
from prtras.crf.registry import form_of
from prtras.entry.models import Draft
from prtras.entry.rederiving import renew_rows
from prtras.entry.voiding import NotNow, void_page
from prtras.review import holding, querying, readiness
from prtras.review.holding import Scope
from prtras.review.models import HoldAct
from prtras.review.signing import sign_pages
from prtras.review.verifying import verify_page
from tests import casebook
from tests.conftest import PASSWORD
from visits.planning import add_log_page, add_unscheduled

WHY = "Interim analysis."


@pytest.fixture
def page(participant, fill):
    return fill(participant, "consent").page


@pytest.fixture
def settled(page, wang, zhao):
    """Verified and signed: nothing stands in the way of a lock."""
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    page.refresh_from_db()
    return page


@pytest.fixture
def locked(settled, wang):
    holding.hold(Scope(page=settled), "locked", WHY, user=wang)
    settled.refresh_from_db()
    return settled


def test_it_works(page, wang, lin, fill, participant):
    assert holding.hold(Scope(page=page), "frozen", WHY, user=wang).pages == 1
    page.refresh_from_db()
    assert (page.hold, page.held_by) == ("frozen", wang)
    with pytest.raises(PageHeld):
        fill(participant, "consent", biobank_consent="N", reason__all="SOURCE")
    assert holding.release(Scope(page=page), "Over.", user=wang).state == "done"
    assert fill(participant, "consent", biobank_consent="N", reason__all="SOURCE").changed == ("biobank_consent",)


def test_who_why_and_how_many_pages_are_on_record(page, wang):
    holding.hold(Scope(page=page), "frozen", WHY, user=wang)
    act = HoldAct.objects.get()
    assert (act.act, act.page, act.reason, act.by, act.pages) == ("frozen", page, WHY, wang, 1)
    event = AuditEvent.objects.filter(table="crf_crfpage", page=page.pk).latest("id")
    assert (event.new["hold"], event.reason, event.role, event.source) == ("frozen", WHY, "monitor", "hold")


@pytest.mark.parametrize("name", ["lin", "zhao", "chen", "adm"])
def test_nobody_else_may(page, name, request):
    with pytest.raises(PermissionDenied):
        holding.hold(Scope(page=page), "frozen", WHY, user=request.getfixturevalue(name))


def test_it_takes_a_reason_and_something_to_hold(page, wang):
    with pytest.raises(holding.NoReason):
        holding.hold(Scope(page=page), "frozen", "  ", user=wang)
    with pytest.raises(holding.NothingToDo):
        holding.release(Scope(page=page), WHY, user=wang)
    holding.hold(Scope(page=page), "frozen", WHY, user=wang)
    with pytest.raises(holding.NothingToDo):
        holding.hold(Scope(page=page), "frozen", WHY, user=wang)


# -- What stands in the way of a lock --------------------------------------------------------------


def test_a_page_is_locked_only_when_everything_about_it_is_settled(page, wang, zhao, lin):
    query = querying.raise_query(page, "icf_date", "Right?", user=wang)

    def refused():
        with pytest.raises(holding.NotReady) as unready:
            holding.hold(Scope(page=page), "locked", WHY, user=wang)
        return unready.value.counts

    assert refused() == {"queried": 1, "unverified": 1, "unsigned": 1}
    querying.answer(query.id, "Yes.", user=lin)
    assert "queried" in refused()
    querying.close(query.id, "", user=wang)
    verify_page(page.pk, [""], user=wang, seen_version=page.version)
    assert refused() == {"unsigned": 1}
    sign_pages({page.pk: page.version}, "CONFIRMED", user=zhao)
    assert holding.hold(Scope(page=page), "locked", WHY, user=wang).pages == 1


def test_a_visit_is_not_locked_while_a_page_is_missing(settled, wang):
    with pytest.raises(holding.NotReady) as unready:
        holding.hold(Scope(visit=settled.visit), "locked", WHY, user=wang)
    assert unready.value.counts["missing"] > 1


def test_who_is_still_followed_can_be_frozen_but_not_locked(participant, page, wang):
    with pytest.raises(holding.StillFollowed):
        holding.hold(Scope(participant=participant), "locked", WHY, user=wang)
    assert holding.hold(Scope(participant=participant), "frozen", WHY, user=wang).pages == participant.pages.count()


def test_the_numbers_lead_to_the_pages(client_of, participant, page, wang):
    browser = client_of(wang)
    shown = browser.get(reverse("review:readiness")).content.decode()
    for measure, actual in readiness.by_participant(CrfPage.objects.all())[participant.pk].items():
        address = f"{reverse('review:ready_pages', args=[measure])}?participant={participant.number}"
        assert address in shown
        listed = browser.get(address)
        assert listed.context["shown"].paginator.count == actual


# -- A whole casebook, the study ------------------------------------------------------------------


def test_nothing_is_added_to_a_casebook_that_is_held(participant, page, wang, lin):
    holding.hold(Scope(participant=participant), "frozen", WHY, user=wang)
    participant.refresh_from_db()
    with pytest.raises(PageHeld):
        add_log_page(participant, "ae", user=lin)
    with pytest.raises(PageHeld):
        add_unscheduled(participant, user=lin)


def test_the_release_of_one_page_opens_that_page_only(participant, fill, wang):
    consent, person = fill(participant, "consent").page, fill(participant, "dm").page
    holding.hold(Scope(participant=participant), "frozen", WHY, user=wang)
    holding.release(Scope(page=consent), "A typing error.", user=wang)
    fill(participant, "consent", biobank_consent="N", reason__all="ENTRY")
    with pytest.raises(PageHeld):
        fill(participant, "dm", initials="WXX", reason__all="ENTRY")
    person.refresh_from_db()
    participant.refresh_from_db()
    assert (person.hold, participant.hold) == ("frozen", "")


def test_while_the_study_is_held_nobody_is_added(participant, site, wang, lin):
    holding.hold(Scope(), "frozen", WHY, user=wang)
    assert Study.objects.get().hold == "frozen"
    assert not CrfPage.objects.filter(hold="").exists()
    with pytest.raises(NumberRefused):
        register_participant(site, *next_numbers(site), user=lin)
    holding.release(Scope(), "Over.", user=wang)
    assert register_participant(site, *next_numbers(site), user=lin).pages.exists()


def test_a_monitor_of_one_site_does_not_hold_the_study(participant, wang, eve, client_of):
    sent = {"study": "all", "act": "frozen", "reason": WHY}
    assert client_of(wang).post(reverse("review:hold"), sent).status_code == 403


# -- Another's lock -------------------------------------------------------------------------------


@pytest.fixture
def yun(site, system):
    person = create_user("yun", "Yun", PASSWORD, user=system)
    give_role(person, site, Role.MONITOR, user=system)
    return person


def test_who_locked_it_releases_it_at_once(locked, yun, wang):
    assert holding.release(Scope(page=locked), "A late report.", user=wang).state == "done"


def test_anothers_lock_opens_on_a_second_persons_word(locked, yun, wang):
    request = holding.release(Scope(page=locked), "A late report.", user=yun)
    locked.refresh_from_db()
    assert (request.state, locked.hold) == ("requested", "locked")
    with pytest.raises(holding.NothingToDo):
        holding.decide_release(request.pk, grant=True, user=yun)
    granted = holding.decide_release(request.pk, grant=True, user=wang)
    locked.refresh_from_db()
    assert (granted.state, granted.second, locked.hold) == ("done", wang, "")


def test_a_release_that_is_refused_changes_nothing_and_is_decided_once(locked, yun, wang):
    request = holding.release(Scope(page=locked), "A late report.", user=yun)
    assert holding.decide_release(request.pk, grant=False, user=wang).state == "refused"
    locked.refresh_from_db()
    assert locked.hold == "locked"
    with pytest.raises(holding.NothingToDo):
        holding.decide_release(request.pk, grant=True, user=wang)


def test_the_lock_of_someone_who_left_opens_with_a_reason(locked, yun, wang, system):
    with acting(system):
        Membership.objects.filter(user=wang).update(is_active=False)
    assert holding.release(Scope(page=locked), "She left.", user=yun).state == "done"


# -- Every route ----------------------------------------------------------------------------------


ROUTES = {
    "raw SQL on the form": lambda page: _sql(
        "UPDATE enrollment_consent SET signer = 'AGENT' WHERE page_id = %s", page.pk
    ),
    "raw SQL on the page": lambda page: _sql("UPDATE crf_crfpage SET state = 'void' WHERE id = %s", page.pk),
    "ORM save": lambda page: _changed(Consent.objects.get(page=page)).save(),
    "ORM update": lambda page: Consent.objects.filter(page=page).update(signer="AGENT"),
    "ORM bulk update": lambda page: Consent.objects.bulk_update([_changed(Consent.objects.get(page=page))], ["signer"]),
    "a row put beside it": lambda page: LabResult.objects.bulk_create([LabResult(page=page, row=1, missing={})]),
    "the page's version": lambda page: CrfPage.objects.filter(pk=page.pk).update(version=9),
}


def _sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _changed(consent):
    consent.signer = "AGENT"
    return consent


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("who", ["lin", "wang", "system"])
def test_the_database_refuses_every_write_to_a_locked_page(locked, route, who, request):
    before = Consent.objects.filter(page=locked).values().get()
    trying = acting(request.getfixturevalue(who), reason="Trying.")
    with pytest.raises(DatabaseError, match="is refused, it is locked"), transaction.atomic(), trying:
        ROUTES[route](locked)
    assert Consent.objects.filter(page=locked).values().get() == before


@pytest.mark.parametrize("route", ROUTES)
def test_the_same_writes_pass_on_a_page_that_is_not_held(page, lin, route):
    with acting(lin):
        ROUTES[route](page)


@pytest.mark.parametrize(("who", "reason"), [("lin", WHY), ("zhao", WHY), ("system", WHY), ("wang", "")])
def test_the_database_releases_only_for_the_right_role_and_with_a_reason(locked, request, who, reason):
    trying = acting(request.getfixturevalue(who), reason=reason)
    with pytest.raises(DatabaseError, match="takes the right to do so"), transaction.atomic(), trying:
        CrfPage.objects.filter(pk=locked.pk).update(hold="")


def test_the_database_releases_for_nobody_who_leaves_the_reason_out(locked, wang):
    actor = json.dumps({"id": wang.pk, "name": "wang", "role": "monitor", "source": "screen"})
    _sql("SELECT set_config('prtras.actor', %s, true)", actor)
    with pytest.raises(DatabaseError, match="takes the right to do so"), transaction.atomic():
        _sql("UPDATE crf_crfpage SET hold = '' WHERE id = %s", locked.pk)


def test_a_held_casebook_takes_no_page_and_no_visit_from_any_route(participant, page, wang, lin):
    holding.hold(Scope(participant=participant), "frozen", WHY, user=wang)
    visit = page.visit
    writes = (
        lambda: CrfPage.objects.create(form="ae", participant=participant, repeat=7),
        lambda: CrfPage.objects.bulk_create([CrfPage(form="ae", participant=participant, repeat=8)]),
        lambda: type(visit).objects.filter(pk=visit.pk).update(state="missed"),
        lambda: Participant.objects.filter(pk=participant.pk).update(state="lost"),
        lambda: _sql("INSERT INTO crf_crfpage (id, form, participant_id, repeat, required, reason_code, state, "
                     "version, filled, required_items, left_open, hold, verified, signed) "
                     "VALUES (%s, 'ae', %s, 9, true, '', 'expected', 0, 0, 0, false, '', '', false)",
                     uuid4(), participant.pk),
    )  # fmt: skip
    for write in writes:
        with pytest.raises(DatabaseError, match="is refused, it is frozen"), transaction.atomic(), acting(lin):
            write()


def test_screen_and_command_and_worker_leave_a_locked_page_as_it_is(locked, lin, client_of, participant, fill):
    before = Consent.objects.filter(page=locked).values().get()
    address = reverse("entry:page", args=[locked.pk])
    sent = casebook.typed("consent", biobank_consent="N") | {"version": str(locked.version), "reason.all": "ENTRY"}
    answer = client_of(lin).post(address, sent, follow=True)
    assert "frozen or locked" in answer.content.decode()
    with pytest.raises(NotNow):
        void_page(locked.pk, "Twice.", user=lin)
    call_command("run_checks")
    renew_rows(form_of("lbhem"), participant.pk)
    fill(participant, "dm")
    assert Consent.objects.filter(page=locked).values().get() == before
    assert not Demographics.objects.filter(page=locked).exists()


def test_what_was_typed_while_someone_froze_the_page_is_kept(page, wang, lin, client_of):
    holding.hold(Scope(page=page), "frozen", WHY, user=wang)
    sent = casebook.typed("consent", biobank_consent="N") | {"version": "1", "reason.all": "ENTRY"}
    browser, address = client_of(lin), reverse("entry:page", args=[page.pk])
    shown = browser.post(address, sent, follow=True).content.decode()
    assert "What you typed has been saved" in shown
    assert Draft.objects.get(page=page, user=lin).typed["biobank_consent"] == ["N"]
    assert "kept until the page is released" in shown
    holding.release(Scope(page=page), "Over.", user=wang)
    assert browser.get(address).context["view"].fields["biobank_consent"].text == "N"


def test_nobody_asks_about_a_locked_page(locked, wang):
    with pytest.raises(querying.PageLocked):
        querying.raise_query(locked, "icf_date", "Right?", user=wang)


def test_the_screen_freezes_and_says_why_it_does_not_lock(page, wang, client_of):
    browser, address = client_of(wang), reverse("review:hold")
    sent = {"page": str(page.pk), "reason": WHY, "next": reverse("entry:page", args=[page.pk])}
    refused = browser.post(address, sent | {"act": "locked"}, follow=True).content.decode()
    assert "Not ready to lock: to be verified 1, unsigned 1" in refused
    done = browser.post(address, sent | {"act": "frozen"}, follow=True).content.decode()
    assert "1 pages updated." in done
    assert "Frozen" in done


def test_a_one_site_monitor_does_not_decide_about_the_study(participant, wang, other_site, client_of):
    with acting(wang):
        request = HoldAct.objects.create(
            act="release", state="requested", by=create_user("z", "Z", PASSWORD, user=wang), reason="x"
        )
    assert client_of(wang).post(reverse("review:decide", args=[request.pk]), {"act": "grant"}).status_code == 404
    request.refresh_from_db()
    assert request.state == "requested"


def test_releasing_one_page_does_not_let_anyone_be_added_to_a_held_study(participant, page, site, wang, lin):
    holding.hold(Scope(), "frozen", WHY, user=wang)
    holding.release(Scope(page=page), "One value.", user=wang)
    with pytest.raises(NumberRefused):
        register_participant(site, *next_numbers(site), user=lin)


def test_the_other_person_must_be_able_to_agree_today(locked, yun, wang, system):
    with acting(system):
        Membership.objects.filter(user=wang).update(ends=timezone.localdate() - timedelta(days=1))
    assert holding.release(Scope(page=locked), "Her role is over.", user=yun).state == "done"


def test_a_reason_of_more_than_300_characters_is_cut_and_the_field_takes_200(page, wang, client_of):
    browser, shown = client_of(wang), reverse("entry:page", args=[page.pk])
    assert 'name="reason" maxlength="200" required' in browser.get(shown).content.decode()
    sent = {"page": str(page.pk), "act": "frozen", "reason": "x" * 300 + "y", "next": shown}
    assert "1 pages updated." in browser.post(reverse("review:hold"), sent, follow=True).content.decode()
    assert HoldAct.objects.get().reason == "x" * 300
