"""A small cohort, written once for all tests that read it and taken back after them."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from prtras.demo.cohort.people import Cast, create_people
from prtras.demo.cohort.simulate import simulate
from prtras.demo.cohort.typed_pages import Cohort
from prtras.demo.cohort.writing import write_cohort
from tests.conftest import sweep

#: Small, and with at least one recurrence, death and typing error.
PARTICIPANTS, SEED = 24, 23


@pytest.fixture(scope="session")
def cohort() -> Cohort:
    return simulate(PARTICIPANTS, SEED)


@pytest.fixture(scope="module")
def cast(cohort: Cohort, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The demo's people, with the cohort in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = create_people()
        write_cohort(cohort, cast=people)
        yield people
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        sweep()
