"""A database in which transactions really commit, so that both connections see the same."""

from collections.abc import Iterator

import pytest
from django.db import connections

from prtras.accounts.managing import create_system_user
from prtras.accounts.models import User
from tests.audit.conftest import copied_database


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker) -> Iterator[User]:
    """A database in which both connections see what is committed; the system's account in it."""
    reader = connections["snapshot"]
    with django_db_blocker.unblock(), copied_database() as name:
        reader.close()
        own, reader.settings_dict["NAME"] = reader.settings_dict["NAME"], name
        yield create_system_user()
        reader.close()
        reader.settings_dict["NAME"] = own
