"""Which items of a page apply: their conditions judged until nothing changes. Decides; writes nothing.

An item that does not apply counts as empty: what depends on it is judged as if nothing stood there, at any depth. The
browser does the same while somebody types (`static/js/conditions.js`), with the conditions that
`prtras.entry.browser_conditions` writes beside the fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from prtras.amendments import under
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext
from prtras.crf.items import Item
from prtras.crf.places import Place
from prtras.crf.records import Values
from prtras.crf.registry import Form


@dataclass(frozen=True)
class Settled:
    """A page as it would be stored: with its derived values, and without what does not apply.

    `shown`: the typed items that apply, by place. `emptied`: what stood where nothing applies, by place.
    """

    content: PageContent
    shown: dict[Place, Item]
    emptied: dict[Place, Any]


def settle(form: Form, typed: PageContent, context: PageContext) -> Settled:
    """Judge every condition of a page until nothing changes. The context looks at the settled content afterwards.

    Conditions have no cycle (`prtras.crf.condition_cycles`), so each round settles one more level: there are no more
    levels than items.
    """
    emptied: dict[Place, Any] = {}
    for _ in places_of(form, typed):
        content = _without(typed, emptied)
        look_at(context, content)
        derive(form, content, context)
        shown, hidden = _parted(form, content, context)
        now = {place: value for place in hidden if (value := typed.value_at(place)) not in (None, [])}
        if now.keys() == emptied.keys():
            break
        emptied = now
    return Settled(content, shown, emptied)


def derive(form: Form, content: PageContent, context: PageContext) -> None:
    """Compute what nobody types, in place; the context looks at this content."""
    for key, row in content.rows.items():
        row.update(derived_in_row(form, key, row, context))
    content.values.update(derived_values(form, content.values, context))
    for name, item in form.items.items():
        if item.qualifier and content.values.get(name) is None:
            content.values[item.qualifier] = None


def derived_values(form: Form, values: Values, context: PageContext) -> dict[str, Any]:
    """What nobody types of a page, by the version of the protocol that its visit was planned by."""
    with under(context.versions):
        return form.derive(values, context) if form.derive else {}


def derived_in_row(form: Form, key: str, row: Values, context: PageContext) -> dict[str, Any]:
    """What nobody types of a row, by the version of the protocol that its visit was planned by."""
    if form.rows is None or form.rows.derive is None:
        return {}
    with under(context.versions):
        return form.rows.derive(row, context.on_row(key))


def look_at(context: PageContext, content: PageContent) -> None:
    """Let a context see this content as the page in hand."""
    context.values, context.rows = content.values, content.rows


def places_of(form: Form, content: PageContent) -> Iterator[tuple[Place, Item]]:
    """Every item of a page with its place, in the rows that the content has."""
    for name, item in form.items.items():
        yield Place(name), item
    for key in content.rows if form.rows else ():
        assert form.rows
        for name, item in form.rows.items.items():
            yield Place.at(name, key), item


def _without(typed: PageContent, emptied: dict[Place, Any]) -> PageContent:
    content = PageContent(dict(typed.values), {key: dict(row) for key, row in typed.rows.items()})
    content.missing, content.reported = dict(typed.missing), dict(typed.reported)
    for place in emptied:
        content.put(place, None)
    return content


def _parted(form: Form, content: PageContent, context: PageContext) -> tuple[dict[Place, Item], list[Place]]:
    """The typed items that apply, by place, and the places of those that do not."""
    views = {key: context.on_row(key) for key in content.rows} | {"": context}
    shown: dict[Place, Item] = {}
    hidden: list[Place] = []
    for place, item in places_of(form, content):
        if item.derived:
            continue
        if item.show is None or item.show.holds(views[place.row]):
            shown[place] = item
        else:
            hidden.append(place)
    return shown, hidden
