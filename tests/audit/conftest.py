"""Connections as other roles, and a database in which transactions really commit."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg2
import pytest
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from prtras import embedded
from prtras.audit.checks import audit_is_in_force
from tests.conftest import untouched

Connect = Callable[[str], "psycopg2.extensions.connection"]
SUPERUSER = "postgres"


def connect_to(database: str, role: str) -> "psycopg2.extensions.connection":
    return psycopg2.connect(host=connections["default"].settings_dict["HOST"], dbname=database, user=role)


@pytest.fixture
def connect(django_db_setup: None) -> Iterator[Connect]:
    """A connection of one's own as some role; whatever it did is taken back."""
    with ExitStack() as opened:

        def make(role: str) -> "psycopg2.extensions.connection":
            database = connections["default"].settings_dict["NAME"]
            return opened.enter_context(closing(connect_to(database, role)))

        yield make


@contextmanager
def copied_database() -> Iterator[str]:
    """A copy of the test database, to which Django connects: what is committed there goes with it. Gives its name."""
    connection = connections["default"]
    name = connection.settings_dict["NAME"]
    copy = f"{name}_copy"
    with closing(connect_to("postgres", SUPERUSER)) as server:
        connection.close()
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{untouched()}" OWNER {embedded.OWNER}')
            connection.settings_dict["NAME"] = copy
            yield copy
            connection.close()
            connection.settings_dict["NAME"] = name
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@pytest.fixture
def throwaway(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database in which a test may commit. Gives its name."""
    with django_db_blocker.unblock(), copied_database() as name:
        yield name


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any, settings: Any) -> Iterator[CursorWrapper]:
    """Django's own connection as the owner; whatever it did is taken back."""
    connection, settings.DB_ROLE = connections["default"], "app"
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["USER"] = embedded.OWNER
        try:
            with transaction.atomic():
                yield connection.cursor()
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict["USER"] = embedded.APP


def start_up_errors(cursor: CursorWrapper) -> list[str]:
    """What the start-up check says when the application role serves."""
    cursor.execute(f"SET LOCAL ROLE {embedded.APP}")
    errors = audit_is_in_force(None, databases=["default"])
    cursor.execute("RESET ROLE")
    return [f"{error.id} {error.msg}" for error in errors]
