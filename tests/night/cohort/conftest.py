"""A cohort of 332 invented participants, written once for all tests of this folder and taken back after them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import DjangoDbBlocker, Settings

from prtras.demo.cohort.people import Cast, create_people
from prtras.demo.cohort.simulate import simulate
from prtras.demo.cohort.writing import write_cohort
from tests.conftest import sweep


@pytest.fixture(scope="package")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The demo's people, with the cohort in the database."""
    own = connections["snapshot"]
    connections["snapshot"] = connections["default"]  # so that the picture shows what this transaction wrote
    with django_db_blocker.unblock(), transaction.atomic():
        people = create_people()
        write_cohort(simulate(332), cast=people)
        yield people
        transaction.set_rollback(True)
    connections["snapshot"] = own
    with django_db_blocker.unblock():
        sweep()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def same_files(settings: Settings, files: Path) -> None:
    """What one test of a module stored, the next ones find."""
    settings.FILES_FOLDER = files
