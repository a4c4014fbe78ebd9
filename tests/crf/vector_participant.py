"""A made-up participant in memory: what the specification's check vectors say, judged as the batch judges."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from prtras.crf.checks import Finding
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.registry import Form, all_forms
from prtras.crf.schedule import SCHEDULE
from prtras.crf.typed_values import value_of
from prtras.crf.visibility import derive, look_at
from prtras.demo.cohort.casebook import Casebook
from prtras.entry.judging import judge

Facts = dict[str, Any]


def changed(subject: Facts, path: str, value: Any) -> None:
    """Apply one change of the vectors: `form[/visit|/row]/field`, `+` appends a row, `__DEL__` removes."""
    *way, last = path.split("/")
    place: Any = subject
    for step in way:
        if isinstance(place, list):
            place = place[int(step)]
        else:
            place = place.setdefault(step, [] if last == "+" else {})
    if last == "+":
        place.append(value)
    elif value == "__DEL__":
        place.pop(int(last) if isinstance(place, list) else last, None)
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value


def findings(subject: Facts, today: date, on: Collection[str] = ()) -> list[tuple[CrfPage, Finding]]:
    """What the checks find on the participant's pages: on all, or on those of some forms."""
    participant = Participant(
        pk=1, number=subject["dm"].get("subjid", "01-001"), screening_number="S001",
        consented=_day(subject, "icf_date"), withdrawn=_day(subject, "withdraw_date"),
    )  # fmt: skip
    visits: dict[str, Visit] = {}
    casebook, laid = Casebook(), []
    for form in all_forms():
        for visit_code, repeat, values, rows in _pages(form, subject):
            if visit_code and visit_code not in visits:
                visits[visit_code] = _visit(participant, visit_code)
            page = CrfPage(
                id=uuid4(), form=form.code, participant=participant, visit=visits.get(visit_code), repeat=repeat
            )
            content = _content(form, values, rows)
            casebook.put(page, form, content.values, content.rows)
            laid.append((page, form, content))
    for _ in range(3):  # derived values look at derived values of other forms
        for page, form, content in laid:
            context = PageContext(page, form, {}, source=casebook.records_of, today=today)
            look_at(context, content)
            derive(form, content, context)
            casebook.put(page, form, content.values, content.rows)
    actual = []
    for page, form, content in laid:
        if on and form.code not in on:
            continue
        context = PageContext(page, form, {}, source=casebook.records_of, today=today)
        actual += [(page, finding) for finding in judge(page, form, content, context, as_stored=True).findings]
    return actual


def _visit(participant: Participant, code: str) -> Visit:
    position = SCHEDULE.visits[code].position
    sequence = int(code == "UNS")
    return Visit(pk=position + 1, participant=participant, code=code, position=position, sequence=sequence)


def _pages(form: Form, subject: Facts) -> list[tuple[str, int, Facts, Facts]]:
    """Visit, repeat, values and rows of each page of a form."""
    expected = subject.get(form.code)
    if expected is None:
        return []
    if form.kind == "visit":
        return [(visit, 0, values, _rows(form, values, subject, visit)) for visit, values in expected.items()]
    if form.kind == "log":
        return [("", number, values, {}) for number, values in enumerate(expected, start=1)]
    return [("SCR", 0, expected, _rows(form, expected, subject, ""))]


def _rows(form: Form, values: Facts, subject: Facts, visit: str) -> Facts:
    if form.rows is None:
        return {}
    if form.rows.keys:
        return _panel_rows(form, values)
    expected = subject.get(form.rows.code, [])
    listed = expected.get(visit, []) if isinstance(expected, dict) else expected
    return {str(number): row for number, row in enumerate(listed, start=1)}


def _panel_rows(form: Form, values: Facts) -> Facts:
    assert form.rows
    rows: Facts = {}
    for name, value in values.items():
        key, _, item = name.rpartition("_")
        if key in form.rows.keys:
            rows.setdefault(key, {"analyte": key})[item] = value
    return rows


def _content(form: Form, values: Facts, rows: Facts) -> PageContent:
    content = PageContent(_read(form.items, values))
    if form.rows:
        content.rows = {key: _read(form.rows.items, row) for key, row in rows.items()}
    return content


def _read(items: Mapping[str, Item], values: Facts) -> Facts:
    typed = {name: values.get(name) for name, item in items.items() if not item.derived}
    return {name: None if v is None else value_of(items[name], _texts(v)) for name, v in typed.items()}


def _texts(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _day(subject: Facts, item: str) -> date | None:
    expected = subject.get("consent", {}).get(item)
    return date.fromisoformat(expected) if expected else None
