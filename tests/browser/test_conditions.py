"""The browser hides while someone types what the server would hide: random forms, judged by both and compared."""

import random
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from playwright.sync_api import Browser

from prtras.crf.conditions import contains, empty, given, the
from prtras.crf.context import PageContext
from prtras.crf.expressions import Expression
from prtras.crf.items import TextItem
from prtras.crf.models import CrfPage
from prtras.entry.page_view import PageNotes, page_view
from tests.entry.test_what_is_shown import form_with

SCRIPT = Path(__file__).resolve().parents[2] / "static/js/conditions.js"
FORMS, CHANGES = 40, 6
FRAME = """<form class="crf" data-form="t">{fields}
<div data-emptied hidden><span data-emptied-list></span><input type="hidden" name="emptied"></div></form>"""
HIDDEN = "() => [...document.querySelectorAll('.field')].filter((f) => f.hidden).map((f) => f.dataset.place)"
EMPTIED = "() => document.querySelector('[name=emptied]').value.split('|').filter(Boolean)"
CHOOSE = """([name, value]) => {
  for (const box of document.getElementsByName(name)) box.checked = box.value === value;
  document.querySelector("form").dispatchEvent(new Event("change", { bubbles: true }));
}"""


def random_condition(chance: random.Random, names: list[str], depth: int = 0) -> Expression:
    """A condition on earlier items, nested a few times; some parts look elsewhere and are known to the server only."""
    if depth < 3 and chance.random() < 0.5:
        left, right = (random_condition(chance, names, depth + 1) for _ in range(2))
        return chance.choice([left & right, left | right, ~left])
    item = the(f"t.{chance.choice(names)}")
    elsewhere = the("other.item") == "Y"
    simple = [item == "Y", item != "N", given(item), empty(item), item.one_of("Y", "N"), contains(item, "Y"), elsewhere]
    return chance.choice(simple)


def random_form(chance: random.Random) -> Any:
    shows: dict[str, Expression | None] = {"i0": None}
    for number in range(1, chance.randint(3, 9)):
        shows[f"i{number}"] = random_condition(chance, list(shows)) if chance.random() < 0.85 else None
    return form_with(**shows)


def served(form: Any, values: dict[str, str]) -> tuple[set[str], set[str], str]:
    """What the server hides, what it would empty, and the fields as it writes them."""
    context = PageContext(CrfPage(form="t"), form, {}, source=lambda code: [])
    view = page_view(form, {name: [value] for name, value in values.items()}, PageNotes(), context)
    fields = "".join(render_to_string("entry/_field.html", {"f": f, "editable": True}) for f in view.fields.values())
    return {str(f.place) for f in view.fields.values() if f.hidden}, {str(f.place) for f in view.emptied}, fields


def test_the_browser_hides_and_names_what_the_server_does(chromium: Browser) -> None:
    page = chromium.new_page()
    some_hidden = some_emptied = 0
    for seed in range(FORMS):
        chance = random.Random(seed)
        form = random_form(chance)
        values = {name: chance.choice(["Y", "N", ""]) for name in form.items}
        hidden, emptied, fields = served(form, values)
        page.set_content(FRAME.format(fields=fields))
        assert set(page.evaluate(HIDDEN)) == hidden  # as the server wrote it
        page.add_script_tag(path=SCRIPT)
        assert (set(page.evaluate(HIDDEN)), set(page.evaluate(EMPTIED))) == (hidden, emptied), (seed, values)
        for _ in range(CHANGES):
            name = chance.choice(list(form.items))
            values[name] = chance.choice(["Y", "N", ""])
            page.evaluate(CHOOSE, [name, values[name]])
            hidden, emptied, _ = served(form, values)
            assert (set(page.evaluate(HIDDEN)), set(page.evaluate(EMPTIED))) == (hidden, emptied), (seed, values)
            some_hidden, some_emptied = some_hidden + len(hidden), some_emptied + len(emptied)
    page.close()
    assert min(some_hidden, some_emptied) > 100


def test_a_field_that_typed_text_reveals_is_the_next_stop(chromium: Browser) -> None:
    form = form_with(a=None, b=given(the("t.a")))
    form.items["a"] = TextItem("a", "a")
    _, _, fields = served(form, {"a": ""})
    page = chromium.new_page()
    page.set_content(FRAME.format(fields=fields))
    page.add_script_tag(path=SCRIPT)
    for summary in page.locator(".missing-pick summary").all():
        summary.evaluate("(each) => { each.tabIndex = -1; }")  # as static/js/keys.js does
    page.locator("[name=a]").focus()
    page.keyboard.type("x")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.name") == "b"
    page.close()
