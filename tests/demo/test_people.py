"""The demo's accounts and its command."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from pytest_django import Settings

from prtras.accounts.access import may
from prtras.accounts.models import Membership, Site, User
from prtras.accounts.rights import Action, roles_of_people
from prtras.audit.models import AuditEvent
from prtras.crf.models import Participant
from prtras.demo.cohort.people import DEMO_LOGINS, DEMO_PASSWORD, NotInProduction, create_people

pytestmark = pytest.mark.django_db


def test_every_role_has_a_person_who_can_log_in() -> None:
    create_people()
    assert {login.role for login in DEMO_LOGINS} == set(roles_of_people())
    for login in DEMO_LOGINS:
        person = authenticate(RequestFactory().post("/"), username=login.username, password=DEMO_PASSWORD)
        assert isinstance(person, User)
        assert person.acting_role == login.role
    assert len(DEMO_PASSWORD) >= 12


def test_people_are_created_once() -> None:
    create_people()
    before = Site.objects.count(), User.objects.count(), Membership.objects.count(), AuditEvent.objects.count()
    create_people()
    assert before == (
        Site.objects.count(),
        User.objects.count(),
        Membership.objects.count(),
        AuditEvent.objects.count(),
    )


def test_only_investigator_and_statistician_see_by_arm() -> None:
    create_people()
    seeing = {
        login.username for login in DEMO_LOGINS if may(User.objects.get(username=login.username), Action.SEE_BY_ARM)
    }
    assert seeing == {"zhao", "chen"}
    assert may(User.objects.get(username="zhao"), Action.EXPORT)


def test_the_second_site_has_nobody_but_its_coordinator() -> None:
    cast = create_people()
    assert cast.site.code == "01"
    assert list(Membership.objects.filter(site__code="02").values_list("user__username", flat=True)) == ["eve"]


def test_production_refuses_people_and_command(settings: Settings) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(NotInProduction):
        create_people()
    with pytest.raises(CommandError):
        call_command("demo_cohort", participants=2)
    assert not User.objects.exists()
    assert not Participant.objects.exists()


def test_the_command_fills_an_empty_database_and_then_leaves_it_alone() -> None:
    first, second = StringIO(), StringIO()
    call_command("demo_cohort", "--participants", "3", "--seed", "5", "--today", "2026-11-23", stdout=first)
    count = Participant.objects.count()
    assert count == 3 + 2  # near the read-out nobody is in screening any more
    assert f"{count} participants" in first.getvalue()
    call_command("demo_cohort", stdout=second)
    assert Participant.objects.count() == count
    assert "nothing was done" in second.getvalue()


@pytest.mark.parametrize("number", ["0", "901"])
def test_the_command_refuses_more_people_than_there_are_numbers(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("demo_cohort", "--participants", number)
