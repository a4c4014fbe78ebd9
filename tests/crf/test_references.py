"""No condition of a check or of an item names a form or an item that does not exist."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from prtras.crf.context import PageContext
from prtras.crf.expressions import AnyRecord, Count, Exists, Expression, Lookup, Previous, Reduced, Reference
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import UnknownForm, all_checks, all_forms, holder_of

#: What every record has besides its items.
OF_EVERY_RECORD = {"visit", "row"}
PARTICIPANT = {"number", "screening_number"}


def names_in(expression: Expression) -> Iterator[tuple[str, str]]:
    """Every `form, item` that an expression looks at; a form alone as `form, ""`."""
    match expression:
        case Reference(form=form, item=item) | Previous(form=form, item=item):
            yield form, item
        case Lookup(form=form, key=key, item=item):
            yield from ((form, key), (form, item))
        case Exists(form=form) | Count(form=form) | Reduced(form=form) | AnyRecord(form=form):
            yield form, ""
    for part in expression.parts():
        yield from names_in(part)


def exists(code: str, item: str) -> bool:
    if code == "participant":
        return item in PARTICIPANT
    try:
        form, are_rows = holder_of(code)
    except UnknownForm:
        return False
    if item == "" or item in OF_EVERY_RECORD or item in form.items:
        return True
    if are_rows and form.rows:
        return item in form.rows.items
    key, _, part = item.rpartition("_")
    return bool(form.rows) and key in form.rows.keys and part in form.rows.items


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.id)
def test_every_name_in_a_check_exists(check):
    wrong = {names for names in names_in(check.when) if not exists(*names)}
    assert wrong == set()


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.code)
def test_every_name_in_a_condition_of_an_item_exists_and_every_item_has_its_names(form):
    for items in (form.items, form.rows.items if form.rows else {}):
        for name, item in items.items():
            shown = set(names_in(item.show)) if item.show is not None else set()
            assert {names for names in shown if not exists(*names)} == set(), name
            assert item.label.zh, name
            assert item.label.en, name
            assert item.cdash, name
            assert item.sdtm, name


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.code)
def test_a_form_computes_its_derived_items(form):
    assert form.derive or not any(item.derived for item in form.items.values())
    assert not form.rows or form.rows.derive or not any(item.derived for item in form.rows.items.values())


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.code)
def test_a_form_says_which_forms_its_derived_items_look_at(form):
    assert all(exists(code, "") for code in form.reads)
    assert not form.reads or form.derive is not None


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.code)
def test_what_a_form_computes_are_its_derived_items_even_of_an_empty_page(form):
    page = CrfPage(id=uuid4(), form=form.code, participant=Participant(pk=1, number="01-001", screening_number="S001"))
    context = PageContext(page, form, {}, source=lambda code: [])
    if form.derive:
        typed_with = {item.qualifier for item in form.items.values()}
        derived = {name for name, item in form.items.items() if item.derived and name not in typed_with}
        assert set(form.derive({}, context)) == derived
    if form.rows and form.rows.derive:
        row = context.on_row(form.rows.keys[0] if form.rows.keys else "1")
        assert set(form.rows.derive({}, row)) == {name for name, item in form.rows.items.items() if item.derived}
