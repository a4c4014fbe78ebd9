"""The database of the tests, and the cast: the same people everywhere.

Tests migrate as the owner and then run as the application role, as production does. lin enters data at site 01, zhao
investigates (granted results by arm and export), wang monitors, chen does the statistics, adm manages accounts; mei and
tao read scans blind, qin adjudicates; eve enters data at site 02.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils.translation import activate

import prtras.celery  # noqa: F401 - as the web server and the worker do
from endpoint_review.rights import ADJUDICATOR, REVIEWER
from enrollment.registering import next_numbers, register_participant
from prtras import embedded
from prtras.accounts.managing import accept_policies, create_site, create_system_user, create_user, give_role
from prtras.accounts.models import Site, User
from prtras.accounts.policies import POLICIES
from prtras.accounts.rights import Action, Role
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import form_of
from prtras.entry.parsing import read
from prtras.entry.saving import Saved, save_page
from prtras.garbage_collection import collect_seldom
from tests import casebook

PASSWORD = "correct-horse-0"


def pytest_collection_finish() -> None:
    """As the worker does."""
    collect_seldom()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Create the test database as the owner; from there on everything runs as the application role."""
    aliases = {"default", "snapshot"}
    with django_db_blocker.unblock():
        _connect_as(embedded.OWNER)
        made = setup_databases(verbosity=0, interactive=False, aliases=aliases, serialized_aliases=set())
        _connect_as(embedded.APP)
        _as_superuser(
            f'DROP DATABASE IF EXISTS "{untouched()}"', f'CREATE DATABASE "{untouched()}" TEMPLATE "{_name()}"'
        )
    yield
    with django_db_blocker.unblock():
        _as_superuser(f'DROP DATABASE "{untouched()}"')
        _connect_as(embedded.OWNER)
        teardown_databases(made, verbosity=0)


def untouched() -> str:
    """The database as it was before any test, of which copies are made: what tests took back still lies in theirs."""
    return f"{_name()}_untouched"


def _name() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _as_superuser(*statements: str) -> None:
    connections["default"].close()
    host = connections["default"].settings_dict["HOST"]
    with closing(psycopg2.connect(host=host, dbname="postgres", user="postgres")) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _connect_as(role: str) -> None:
    connection = connections["default"]
    connection.close()
    connection.settings_dict["USER"] = role


def sweep() -> None:
    """Take what was rolled back out of the files: large, it slows every later test and every copy of the database."""
    _connect_as(embedded.OWNER)
    with connections["default"].cursor() as cursor:
        cursor.execute("VACUUM")
    _connect_as(embedded.APP)


@pytest.fixture(autouse=True)
def _english(settings: Any, tmp_path: Any) -> None:
    """Tests read English unless they say otherwise, and keep files to themselves."""
    activate("en")
    cache.clear()
    settings.FILES_FOLDER = tmp_path / "files"
    settings.SHEETS_FOLDER = tmp_path / "sheets"
    settings.UPLOADS_FOLDER = tmp_path / "uploads"


@pytest.fixture
def system(db: None) -> User:
    return create_system_user()


@pytest.fixture
def site(system: User) -> Site:
    return create_site("01", "深圳", "Shenzhen", user=system)


@pytest.fixture
def other_site(system: User) -> Site:
    return create_site("02", "广州", "Guangzhou", user=system)


def _person(name: str, site: Site, role: str, system: User, *granted: Action) -> User:
    person = create_user(name, name.title(), PASSWORD, user=system, language="en")
    give_role(person, site, role, user=system, granted=granted)
    accept_policies(person, [policy.code for policy in POLICIES])
    return person


@pytest.fixture
def lin(site: Site, system: User) -> User:
    return _person("lin", site, Role.COORDINATOR, system)


@pytest.fixture
def zhao(site: Site, system: User) -> User:
    return _person("zhao", site, Role.INVESTIGATOR, system, Action.SEE_BY_ARM, Action.EXPORT)


@pytest.fixture
def wang(site: Site, system: User) -> User:
    return _person("wang", site, Role.MONITOR, system)


@pytest.fixture
def chen(site: Site, system: User) -> User:
    return _person("chen", site, Role.STATISTICIAN, system, Action.SEE_BY_ARM)


@pytest.fixture
def adm(site: Site, system: User) -> User:
    return _person("adm", site, Role.ADMIN, system)


@pytest.fixture
def mei(site: Site, system: User) -> User:
    return _person("mei", site, REVIEWER, system)


@pytest.fixture
def tao(site: Site, system: User) -> User:
    return _person("tao", site, REVIEWER, system)


@pytest.fixture
def qin(site: Site, system: User) -> User:
    return _person("qin", site, ADJUDICATOR, system)


@pytest.fixture
def eve(other_site: Site, system: User) -> User:
    return _person("eve", other_site, Role.COORDINATOR, system)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which someone is logged in; it reads English."""

    def make(person: User) -> Client:
        client = Client()
        client.force_login(person)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return make


@pytest.fixture
def participant(site: Site, lin: User) -> Participant:
    """Someone just registered: a screening visit with empty pages."""
    return register_participant(site, *next_numbers(site), user=lin)


@pytest.fixture
def fill(lin: User) -> Callable[..., Saved]:
    """Submit a form of a participant from typed texts, as lin."""

    def submit(person: Participant, form: str, visit: str | None = None, **typed: Any) -> Saved:
        page = page_of(person, form, visit)
        submission = read(form_of(form), casebook.typed(form, **typed))
        assert submission.problems == {}
        return save_page(page.id, submission.content, submission.remarks, user=lin, seen_version=page.version)

    return submit


def choose_arm(person: Participant, fill: Callable[..., Saved], day_0: date) -> None:
    """Screen someone, and have them choose NA alone on a day."""
    consent, examined = str(day_0 - timedelta(days=9)), str(day_0 - timedelta(days=2))
    fill(person, "consent", icf_date=consent, inv_sign_date=consent)
    fill(person, "dm")
    fill(person, "ie", ie_date=examined, ie_sign_date=examined)
    fill(person, "na")
    fill(person, "alloc", arm="A1", alloc_date=str(day_0))


def page_of(person: Participant, form: str, visit: str | None = None) -> CrfPage:
    """The participant's page of a form, at a visit when there are several."""
    pages = CrfPage.objects.filter(participant=person, form=form)
    return pages.get(visit__code=visit) if visit else pages.order_by("visit__position", "repeat")[0]


@pytest.fixture
def enrolled(participant: Participant, fill: Callable[..., Saved]) -> Participant:
    """Someone in follow-up in arm A2 with Day 0 on 2025-06-02: screened, eligible, visits planned."""
    for form in ("consent", "dm", "hcc", "radtx"):
        fill(participant, form)
    fill(participant, "mri", "SCR", mri_date="2025-05-26")
    fill(participant, "lbviro", "SCR")
    fill(participant, "ie")
    fill(participant, "na")
    fill(participant, "alloc")
    participant.refresh_from_db()
    return participant
