"""The language of forms and checks: three-valued logic, partial dates, values of other records."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from prtras.crf.checks import hard
from prtras.crf.conditions import (
    add_days,
    any_record,
    contains,
    count,
    days,
    empty,
    exists,
    forms_in,
    given,
    here,
    largest,
    magnitude,
    matches,
    number,
    previous,
    smallest,
    the,
    today,
)
from prtras.crf.dates import PartialDate
from prtras.crf.expressions import Constant, Expression, Previous, Reference
from prtras.crf.registry import all_checks, all_forms, holder_of

Values = Mapping[str, Any]
YES, NO, UNKNOWN = True, False, None
TRUTH = (YES, NO, UNKNOWN)


class Page:
    """A page in hand with values by `form.item`, the values before, and records of other forms."""

    today = date(2025, 6, 2)
    versions = None

    def __init__(self, values: Values | None = None, **more: Any) -> None:
        self.values, self.before, self.others = values or {}, more.pop("before", {}), more.pop("others", {})
        vars(self).update(more)

    def value(self, form: str, item: str, at: str | None = None) -> Any:
        return self.values.get(f"{form}.{item}" + (f"@{at}" if at else ""))

    def previous(self, form: str, item: str) -> Any:
        return self.before.get(f"{form}.{item}")

    def records(self, form: str) -> list["Page"]:
        return [Page(record, outer=self) for record in self.others.get(form, [])]


def known(**values: Any) -> Page:
    return Page({f"f.{name}": value for name, value in values.items()})


A, B = the("f.a"), the("f.b")


def test_it_works():
    both = (A > 1) & (B == "Y")
    assert both.value(known(a=2, b="Y")) is True
    assert both.value(known(a=1, b="Y")) is False
    assert both.value(known(b="Y")) is None


AND = {(YES, YES): YES, (YES, NO): NO, (NO, NO): NO, (YES, UNKNOWN): UNKNOWN, (NO, UNKNOWN): NO,
       (UNKNOWN, UNKNOWN): UNKNOWN}  # fmt: skip
OR = {(YES, YES): YES, (YES, NO): YES, (NO, NO): NO, (YES, UNKNOWN): YES, (NO, UNKNOWN): UNKNOWN,
      (UNKNOWN, UNKNOWN): UNKNOWN}  # fmt: skip


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_and_and_or_are_kleenes(left, right):
    one, other = Constant(left), Constant(right)
    assert (one & other).value(Page()) is AND.get((left, right), AND.get((right, left)))
    assert (one | other).value(Page()) is OR.get((left, right), OR.get((right, left)))


@pytest.mark.parametrize(("value", "answer"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not_leaves_the_unknown_unknown(value, answer):
    assert (~Constant(value)).value(Page()) is answer


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_de_morgan_holds(left, right):
    one, other = Constant(left), Constant(right)
    assert (~(one & other)).value(Page()) is (~one | ~other).value(Page())
    assert (~(one | other)).value(Page()) is (~one & ~other).value(Page())


@pytest.mark.parametrize(
    "compared", [A == B, A != B, A < B, A <= B, A > B, A >= B, A == 1, A != 1, A + 1 > 0, 2 * A > 0]
)
def test_a_comparison_with_nothing_is_unknown(compared):
    assert compared.value(known(b=1)) is None


@pytest.mark.parametrize("condition", [A.one_of("X", "Y"), A.none_of("X", "Y"), contains(A, "X"), matches("X", A)])
def test_nothing_is_neither_in_a_list_nor_outside_it(condition):
    assert condition.value(known()) is None


def test_one_of_and_none_of_are_opposites_of_each_other():
    for value in ("X", "Z"):
        assert A.one_of("X", "Y").value(known(a=value)) is not A.none_of("X", "Y").value(known(a=value))


@pytest.mark.parametrize("value", [None, "", []])
def test_empty_knows_the_three_kinds_of_nothing(value):
    assert empty(A).value(known(a=value)) is True
    assert given(A).value(known(a=value)) is False


@pytest.mark.parametrize("value", [0, Decimal(0), "0", False, ["X"], "N"])
def test_a_zero_is_something(value):
    assert given(A).value(known(a=value)) is True


def test_a_division_by_zero_is_unknown():
    assert ((A / B) > 1).value(known(a=Decimal(1), b=Decimal(0))) is None


def test_arithmetic_is_exact():
    assert (Decimal("0.3") == A + B).value(known(a=Decimal("0.1"), b=Decimal("0.2"))) is True
    assert (Decimal("0.3") == A * 3).value(known(a=Decimal("0.1"))) is True
    assert (A == 0.1).value(known(a=Decimal("0.1"))) is True


def test_days_and_dates():
    page = known(a=date(2025, 5, 1), b=date(2025, 5, 31))
    assert days(A, B).value(page) == 30
    assert days(B, A).value(page) == -30
    assert magnitude(days(B, A)).value(page) == 30
    assert add_days(A, 30).value(page) == date(2025, 5, 31)
    assert (today() > A).value(page) is True
    assert days(A, the("f.c")).value(page) is None


def test_what_is_added_beyond_the_end_of_time_is_unknown():
    assert add_days(A, 10).value(known(a=date(9999, 12, 31))) is None


PARTIAL = [
    # left,        sign, right,       answer
    ("2025-03",    "<",  "2025-04",    YES),
    ("2025-03",    "<",  "2025-03-31", UNKNOWN),
    ("2025-03",    "<",  "2025-04-01", YES),
    ("2025-03",    "<=", "2025-03-31", YES),
    ("2025-03",    "<",  "2025-03-01", NO),
    ("2025-03",    ">=", "2025-03-01", YES),
    ("2025-03",    ">",  "2025-03-01", UNKNOWN),
    ("2025-03",    ">",  "2025-02-28", YES),
    ("2025",       ">",  "2024",       YES),
    ("2025",       ">",  "2025-06",    UNKNOWN),
    ("2025",       "==", "2025",       UNKNOWN),
    ("2025",       "==", "2025-06",    UNKNOWN),
    ("2025-03",    "==", "2025-03-05", UNKNOWN),
    ("2025-03",    "==", "2025-04-05", NO),
    ("2025-03",    "!=", "2025-04-05", YES),
    ("2025-03",    "!=", "2025-03-05", UNKNOWN),
    ("2025-03-05", "==", "2025-03-05", YES),
    ("2025-03-05", "!=", "2025-03-05", NO),
    ("2025-03-05", "<",  "2025-03-06", YES),
]  # fmt: skip
SIGNS = {"<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
         "==": lambda a, b: a == b, "!=": lambda a, b: a != b}  # fmt: skip


@pytest.mark.parametrize(("left", "sign", "right", "answer"), PARTIAL)
def test_partial_dates_are_compared_as_the_days_they_may_be(left, sign, right, answer):
    page = known(a=PartialDate(left), b=PartialDate(right))
    assert SIGNS[sign](A, B).value(page) is answer
    if len(right) == 10:
        assert SIGNS[sign](A, B).value(known(a=PartialDate(left), b=date.fromisoformat(right))) is answer


@pytest.mark.parametrize(("left", "sign", "right", "answer"), PARTIAL)
def test_a_comparison_is_true_only_if_it_is_for_every_possible_day(left, sign, right, answer):
    one, other = PartialDate(left), PartialDate(right)
    ends = {SIGNS[sign](a, b) for a in (one.earliest, one.latest) for b in (other.earliest, other.latest)}
    assert answer is UNKNOWN or ends == {answer}


def test_days_to_a_partial_date_are_unknown():
    assert days(A, B).value(known(a=date(2025, 1, 1), b=PartialDate("2025-03"))) is None


def test_a_check_fires_only_when_its_condition_is_known_to_hold():
    check = hard("X-1", "f.a", A < B, "中", "en")
    assert [check.fires(page) for page in (known(a=1, b=2), known(a=2, b=1), known(a=1), known())] == [True] + [
        False
    ] * 3


RECORDS = Page(
    {"f.a": 2},
    before={"f.a": 1},
    others={"ae": [{"ae.grade": "3", "ae.n": 5}, {"ae.grade": "1", "ae.n": 2}, {"ae.n": None}]},
)


def test_records_of_another_form_are_counted_and_compared():
    severe = the("ae.grade") == "3"
    assert count("ae").value(RECORDS) == 3
    assert count("ae", severe).value(RECORDS) == 1
    assert any_record("ae", severe).value(RECORDS) is True
    assert (smallest("ae", the("ae.n")).value(RECORDS), largest("ae", the("ae.n")).value(RECORDS)) == (2, 5)
    assert largest("ae", the("ae.n"), the("ae.grade") == "9").value(RECORDS) is None
    assert (exists("ae").value(RECORDS), exists("death").value(RECORDS)) == (True, False)


def test_whether_any_record_fits_may_be_unknown():
    assert any_record("ae", the("ae.grade") == "5").value(RECORDS) is None
    assert any_record("death", the("death.d") == "X").value(RECORDS) is False


def test_within_a_record_here_is_the_page_being_checked():
    assert count("ae", the("ae.n") > here("f.a")).value(RECORDS) == 1
    assert count("ae", the("ae.n") > the("f.a")).value(RECORDS) == 0


def test_the_value_before_and_at_another_visit():
    assert (previous("f.a") < A).value(RECORDS) is True
    assert (A - previous("f.b")).value(RECORDS) is None
    assert the("f.a", at="W0").value(Page({"f.a@W0": 7})) == 7


def test_codes_lists_and_patterns():
    page = known(a=["MRI", "CT"], b="AB-12")
    assert [contains(A, code).value(page) for code in ("MRI", "US")] == [True, False]
    assert [matches(p, B).value(page) for p in (r"[A-Z]+-\d+", r"[A-Z]+")] == [True, False]
    assert number(B).value(known(b="3")) == 3
    assert number(B).value(known(b="none")) is None


def test_the_forms_that_an_expression_looks_at_are_found():
    expression = (here("g.x") < A) & ~empty(the("h.y")) | any_record("ae", the("ae.n") > previous("k.z")) | exists("e")
    assert set(forms_in(expression)) == {"f", "g", "h", "ae", "k", "e"}


def _looked_at(expression: Expression) -> Iterator[tuple[str, str]]:
    if isinstance(expression, Reference | Previous):
        yield expression.form, expression.item
    for part in expression.parts():
        yield from _looked_at(part)


def _exists(form: str, item: str) -> bool:
    if form == "participant":
        return item in {"number", "screening_number"}
    holder, are_rows = holder_of(form)
    rows = holder.rows
    if are_rows and rows:
        return item in {*rows.items, "row", "visit"}
    key, _, part = item.rpartition("_")
    return item in {*holder.items, "row", "visit"} or bool(rows and key in rows.keys and part in rows.items)


def test_every_value_that_a_check_or_a_condition_of_the_study_names_is_there():
    conditions = [(check.id, check.when) for check in all_checks()]
    for form in all_forms():
        items = {**form.items, **(form.rows.items if form.rows else {})}
        conditions += [(f"{form.code}.{name}", item.show) for name, item in items.items() if item.show is not None]
    absent = [(where, *name) for where, when in conditions for name in _looked_at(when) if not _exists(*name)]
    assert absent == []
    assert len(conditions) > 150


def test_every_check_stands_at_an_item_that_is_there():
    assert not [check.id for check in all_checks() if not _exists(check.form, check.item)]
