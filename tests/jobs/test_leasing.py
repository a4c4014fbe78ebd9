"""A lease: one worker at a time, taken up again when it runs out, and closed to whoever comes back late."""

from datetime import UTC, datetime, timedelta

import pytest

from prtras.jobs.leasing import LeaseLost, finish, once, release, renew, take_up
from prtras.jobs.models import Due

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_it_is_held_by_one_until_it_is_finished_and_then_by_nobody():
    lease = take_up("a thing", NOON)
    assert lease
    assert take_up("a thing", NOON) is None
    assert take_up("a thing", NOON + timedelta(days=1)) is not None, "another due time is another thing"
    finish(lease)
    assert take_up("a thing", NOON) is None


def test_what_has_run_out_is_taken_up_again_and_who_comes_back_late_changes_nothing(run_out):
    late = take_up("a thing", NOON)
    run_out()
    lease = take_up("a thing", NOON)
    assert (late.number, lease.number) == (1, 2)
    assert not renew(late)
    with pytest.raises(LeaseLost):
        finish(late)
    release(late)
    assert Due.objects.get().leased_until is not None
    finish(lease)
    with pytest.raises(LeaseLost):
        finish(lease)


def test_who_has_not_been_replaced_may_still_finish(run_out):
    lease = take_up("a thing", NOON)
    run_out()
    assert renew(lease)
    finish(lease)


def test_what_could_not_be_done_may_be_tried_again_at_once():
    assert not once("a mail", NOON, lambda: False)
    assert once("a mail", NOON, lambda: True)
    assert not once("a mail", NOON, lambda: pytest.fail("it was sent"))
