"""A result that is only a limit: what follows from it is what follows from every number that it may be."""

from decimal import Decimal

import pytest

from prtras.crf.conditions import magnitude, previous, smallest, the
from prtras.crf.limits import Limit, NotKnown
from tests.crf.test_conditions import Page, known

BELOW, ABOVE = Limit("<", Decimal("0.5")), Limit(">", Decimal(1000))
COUNT = the("f.count")


@pytest.mark.parametrize(
    ("value", "condition", "holds"),
    [(BELOW, Decimal("0.5") > COUNT, True), (BELOW, Decimal("0.4") > COUNT, None), (BELOW, COUNT >= 1, False),
     (BELOW, Decimal("0.3") == COUNT, None), (BELOW, Decimal("0.5") == COUNT, False), (ABOVE, COUNT > 1000, True),
     (ABOVE, COUNT > 1001, None), (ABOVE, COUNT <= 1000, False)],
)  # fmt: skip
def test_a_condition_on_a_limit_is_known_only_if_every_number_agrees(value, condition, holds):
    assert condition.value(known(count=value)) is holds


@pytest.mark.parametrize(
    ("computed", "expected"),
    [(lambda x: x + 1, "<1.5"), (lambda x: 1 + x, "<1.5"), (lambda x: x - 1, "<-0.5"), (lambda x: 1 - x, ">0.5"),
     (lambda x: 2 * x, "<1"), (lambda x: x * Decimal(-2), ">-1"), (lambda x: x / 2, "<0.25"), (lambda x: -x, ">-0.5")],
)  # fmt: skip
def test_what_is_computed_from_a_limit_and_a_number_is_a_limit(computed, expected):
    assert str(computed(BELOW)) == expected


@pytest.mark.parametrize(
    "computed",
    [lambda x: x + x, lambda x: x - x, lambda x: x * x, lambda x: x / x, lambda x: 1 / x, abs, lambda x: x * 0,
     lambda x: x / 0],
)  # fmt: skip
def test_where_nothing_is_known_nothing_is_computed(computed):
    with pytest.raises(NotKnown):
        computed(BELOW)


def test_a_condition_on_what_cannot_be_computed_is_unknown():
    page = Page({"f.count": BELOW, "f.all": Decimal(10)}, before={"f.count": Limit("<", Decimal(2))})
    assert (magnitude(COUNT - the("f.all")) > 5).value(page) is None
    assert (the("f.all") / COUNT > 5).value(page) is None
    assert (the("f.all") >= 2 * previous("f.count")).value(page) is True


def test_the_smallest_of_values_of_which_one_is_a_limit_is_unknown():
    listed = [{"g.x": Decimal(3)}, {"g.x": Limit("<", Decimal(5))}]
    assert smallest("g", the("g.x")).value(Page(others={"g": listed})) is None
    assert smallest("g", the("g.x")).value(Page(others={"g": listed[:1]})) == 3
