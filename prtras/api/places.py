"""A page as a program sends and receives it: what a browser's controls say, as JSON.

Values stand by item, those of rows by row and item; dates and decimals are texts, whole numbers are numbers, several
codes a list. What is computed stands apart (`derived`) and is never sent.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from prtras.api.problems import SHAPE, WRONG_TYPE, Problem, Remark
from prtras.crf.content import PageContent, StoredPage
from prtras.crf.items import Item
from prtras.crf.numbers import plain
from prtras.crf.places import Place
from prtras.crf.registry import Form
from prtras.entry.parsing import control_of
from prtras.labels import T

DERIVED = T("该值由系统计算，不能提交。", "This value is computed and cannot be sent.")


def plain_value(value: Any) -> Any:
    """A value as it stands in JSON."""
    if isinstance(value, Decimal):
        return plain(value)
    return (
        value.isoformat() if isinstance(value, date) else value if isinstance(value, int | list | None) else str(value)
    )


def page_values(stored: StoredPage, *, identifiers: bool) -> dict[str, Any]:
    """What is stored on a page; what tells who the participant is only for who may see it."""
    form, content = stored.form, stored.content()
    shown: dict[str, Any] = {"values": {}, "rows": {key: {} for key in content.rows}, "derived": {}}
    for place, item in _places(form, content):
        if item.identifies and not identifiers:
            continue
        value = plain_value(content.typed_at(place, item))
        if item.derived:
            shown["derived"][str(place)] = value
        elif place.row:
            shown["rows"][place.row][place.item] = value
        else:
            shown["values"][place.item] = value
    hidden = {place for place, item in _places(form, content) if item.identifies and not identifiers}
    shown["missing"] = {str(place): code for place, code in content.missing.items() if place not in hidden}
    shown["reported"] = {str(place): text for place, text in content.reported.items() if place not in hidden}
    return shown | {"voided": stored.voided, "withheld": sorted(hidden)}


def _places(form: Form, content: PageContent) -> Iterator[tuple[Place, Item]]:
    for name, item in form.items.items():
        yield Place(name), item
    if form.rows:
        for key in content.rows:
            for name, item in form.rows.items.items():
                if not (form.rows.keys and name == form.rows.key):
                    yield Place.at(name, key), item


def typed_of(form: Form, sent: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a browser would have sent. Raises Problem (422) for a place that the form does not have."""
    typed: dict[str, list[str]] = {}
    remarks = []
    values = [(Place(name), value) for name, value in sent["values"].items()]
    values += [(Place.at(name, key), value) for key, row in sent["rows"].items() for name, value in row.items()]
    for place, value in values:
        item = form.item_at(place)
        if item is None:
            remarks.append(Remark(place, "unknown", SHAPE["unknown"]))
        elif item.derived:
            remarks.append(Remark(place, "derived", DERIVED))
        elif (texts := _texts(value)) is None:
            remarks.append(Remark(place, "invalid", WRONG_TYPE))
        else:
            typed[control_of(place)] = texts
    remarks += [Remark(place, "unknown", SHAPE["unknown"]) for place in sent["missing"] if form.item_at(place) is None]
    if remarks:
        raise Problem(422, remarks=tuple(remarks))
    for kind, name in (("missing", "missing"), ("reason", "reasons"), ("void", "voided"), ("keep", "confirmed"),
                       ("answer", "answers")):  # fmt: skip
        typed |= {f"{kind}.{about}": [text] for about, text in sent[name].items()}
    return typed


def _texts(value: Any) -> list[str] | None:
    """A JSON value as it would be typed; None for what no control sends."""
    if value is None:
        return []
    if isinstance(value, list):
        return value if all(isinstance(each, str) for each in value) else None
    if isinstance(value, bool | dict):
        return None
    return [plain(value) if isinstance(value, Decimal) else str(value)]
