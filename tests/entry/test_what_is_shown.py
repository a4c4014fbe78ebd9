"""What people see is what is stored: on screen whoever looks, on paper, and in a bundle."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from prtras.audit.acting import acting
from prtras.codelists import MISS_REASON, NY
from prtras.crf.condition_cycles import cycle_of
from prtras.crf.conditions import given, the
from prtras.crf.content import PageContent, stored_page
from prtras.crf.context import PageContext
from prtras.crf.items import CodeItem, Item, TextItem
from prtras.crf.models import CrfPage
from prtras.crf.places import Place
from prtras.crf.registry import Form, Table, all_forms, form_of
from prtras.crf.visibility import places_of, settle
from prtras.datacut import snapshot
from prtras.entry.browser_conditions import BrowserConditions
from prtras.entry.in_words import in_words
from prtras.entry.parsing import as_typed
from prtras.exports.formats.csv import csv_table
from prtras.labels import T
from prtras.paper.casebook import casebook as printed_casebook
from prtras.review.holding import Scope, hold
from tests import casebook
from tests.conftest import page_of
from tests.entry.test_every_form import BEFORE, FORMS, page_for
from tests.exports.test_paper import plain, text_of


class Shown(HTMLParser):
    """The texts of a page by the place at which they stand, without what is hidden."""

    VOID = frozenset({"input", "br", "link", "meta", "img", "hr", "use", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.VOID:
            return
        given = dict(attrs)
        place, hidden = (self._open[-1][1], self._open[-1][2]) if self._open else ("", False)
        self._open.append((tag, given.get("data-place") or place, hidden or "hidden" in given))

    def handle_endtag(self, tag: str) -> None:
        while tag not in self.VOID and self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] and not self._open[-1][2]:
            self.texts[self._open[-1][1]] = self.texts.get(self._open[-1][1], "") + " " + data


def words(item: Item, value: Any) -> str:
    return plain(in_words(item, as_typed(value)))


def stored_words(form: Form, content: PageContent) -> Iterator[tuple[Place, str]]:
    """Every typed value of a page and every reason why one is missing, as people read them."""
    panel = form.rows is not None and bool(form.rows.keys)
    for place, item in places_of(form, content):
        value = content.value_at(place)
        if item.derived or (panel and place.row and form.rows and place.item == form.rows.key):
            continue
        # In a panel one line holds all of an analyte.
        at = Place.at(form.rows.entry, place.row) if panel and place.row and form.rows else place
        if value is not None:
            yield at, words(item, value)
        elif place in content.missing:
            yield at, plain(str(MISS_REASON.text(content.missing[place])))


def lacking(shown: dict[str, str], form: Form, content: PageContent) -> list[tuple[str, Place, str]]:
    texts = {place: plain(text) for place, text in shown.items()}
    return [(form.code, place, text) for place, text in stored_words(form, content) if text not in texts.get(place, "")]


@pytest.fixture
def whole_casebook(enrolled, fill, lin, wang):
    """A participant with every form submitted, some values missing with a reason, and everything frozen."""
    for code in (form for form in FORMS if form != "death"):  # who died did not end the study alive
        page = page_for(enrolled, code, lin)
        visit = page.visit.code if page.visit else None
        if code in BEFORE:
            fill(
                enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", reason__all="ENTRY", **casebook.observation()
            )
        elif page.version == 0:
            fill(enrolled, code, visit)
    fill(enrolled, "vs", "W12", weight="", missing__weight="SITE", reason__all="ENTRY")
    hold(Scope(enrolled), "frozen", "Data cut", user=wang)
    return enrolled


def test_everybody_sees_what_is_stored_on_screen_on_paper_and_in_the_bundle_even_when_it_is_frozen(
    whole_casebook, lin, wang, chen, client_of, tmp_path, monkeypatch
):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    printed = plain(text_of(printed_casebook(whole_casebook, "en", identifiers=True), tmp_path, "-raw"))
    tables = snapshot.take().tables
    pages = list(CrfPage.objects.filter(participant=whole_casebook, state="submitted"))
    assert len({page.form for page in pages}) > 30
    compared = 0
    for page in pages:
        form, content = form_of(page.form), stored_page(page).content()
        for person in (lin, wang):
            answer = client_of(person).get(f"/pages/{page.id}/").content.decode()
            assert lacking(Shown(answer).texts, form, content) == []
            assert "data-show=" not in answer  # nothing is left to scripts
        expected = [text for _, text in stored_words(form, content)]
        assert [text for text in expected if text not in printed] == []
        compared += len(expected)
    assert compared > 300
    in_bundle = {
        (code, name): {
            row.get(name) for row in csv.DictReader(io.StringIO(csv_table(code, tables[code]).decode("utf-8-sig")))
        }
        for form in all_forms()
        for code, names in ((table.code, table.items) for table in form.tables())
        for name in names
    }
    for page in pages:
        form, content = form_of(page.form), stored_page(page).content()
        for place, item in places_of(form, content):
            value = content.value_at(place)
            if value is None or item.identifies or item.derived:
                continue
            code = form.rows.code if place.row and form.rows else form.code
            assert any(
                set(as_typed(value)) <= set(re.split(r"[|;, ]", text)) or text == as_typed(value)[0]
                for text in in_bundle[code, place.item]
                if text
            ), (code, place, value)


def test_what_does_not_apply_is_not_asked_of_a_reader_but_shown_where_it_is_stored(enrolled, wang, fill, client_of):
    fill(enrolled, "visit", "W12", visit_status="MISSED", visit_date="", visit_mode="", miss_reason="REFUSED")
    page = page_of(enrolled, "visit", "W12")
    shown = Shown(client_of(wang).get(f"/pages/{page.id}/").content.decode()).texts
    assert "miss_reason" in shown
    assert "visit_date" not in shown
    with acting(wang, source="test"):
        type(page.visitrecord).objects.filter(page=page).update(visit_mode="ONSITE")
    again = Shown(client_of(wang).get(f"/pages/{page.id}/").content.decode()).texts
    assert "visit_mode" in again


# -- Judged until nothing changes ------------------------------------------------------------------


def form_with(**shows: Any) -> Any:
    """A form of yes/no items, each with its condition."""
    items: dict[str, Item] = {name: CodeItem(name, name, codes=NY, show=show) for name, show in shows.items()}
    return SimpleNamespace(
        code="t", items=items, signs={}, sections=(), rows=None, derive=None, first_date="",
        place_of=Place, item_at=items.get,
        label_of=lambda place: items[place].label, tables=lambda: (Table("t", T("", ""), CrfPage, items),),
    )  # fmt: skip


def settled(form: Any, **values: Any) -> Any:
    typed = PageContent({name: values.get(name) for name in form.items})
    return settle(form, typed, PageContext(CrfPage(form="t"), form, typed.values, source=lambda code: []))


CHAIN = {"a": None, "b": the("t.a") == "Y", "c": the("t.b") == "Y", "d": given(the("t.c"))}


def test_a_child_of_a_hidden_question_is_hidden_at_any_depth():
    result = settled(form_with(**CHAIN), a="N", b="Y", c="Y", d="Y")
    assert set(result.shown) == {"a"}
    assert result.emptied == {"b": "Y", "c": "Y", "d": "Y"}
    assert result.content.values == {"a": "N", "b": None, "c": None, "d": None}


def test_what_a_hidden_answer_had_hidden_comes_back_with_its_value():
    form = form_with(a=None, b=the("t.a") == "Y", c=~given(the("t.b")))
    result = settled(form, a="N", b="Y", c="N")
    assert result.emptied == {"b": "Y"}
    assert result.content.values["c"] == "N"


def test_conditions_that_form_a_cycle_are_refused():
    assert cycle_of(form_with(**CHAIN).tables()) == []
    cycle = cycle_of(form_with(a=the("t.b") == "Y", b=the("t.c") == "Y", c=the("t.a") == "Y").tables())
    assert {"t.a", "t.b", "t.c"} == set(cycle)


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.code)
def test_the_browser_can_judge_every_condition_of_every_form(form):
    conditions = BrowserConditions(form, PageContext(CrfPage(form=form.code), form, {}, source=lambda code: []))
    for table in form.tables():
        row = (table.rows.keys or ("1",))[0] if table.rows else ""
        for item in table.items.values():
            assert item.show is None or conditions.written(item.show, row) is not None


def test_a_condition_that_a_browser_cannot_judge_is_an_error():
    form = form_with(a=None)
    form.items["n"] = TextItem("n", "n", show=the("t.a") < "Y")
    conditions = BrowserConditions(form, PageContext(CrfPage(form="t"), form, {}, source=lambda code: []))
    with pytest.raises(ValueError, match="Compared"):
        conditions.written(form.items["n"].show, "")


# -- What goes is told first ------------------------------------------------------------------------


def test_answers_that_no_longer_apply_are_named_before_they_go(participant, lin, client_of):
    page, client = page_of(participant, "consent"), client_of(lin)
    typed = casebook.typed("consent", signer="SUBJECT", signer_rel="OTHER", signer_rel_other="Aunt")
    sent = typed | {"version": ["0"], "reason.all": ["ENTRY"]}
    answer = client.post(f"/pages/{page.id}/", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "“Aunt” no longer applies and is removed when you submit again" in text
    notice = re.search(r'name="emptied" value="([^"]+)"', text)
    assert notice
    assert set(notice[1].split("|")) == {"signer_rel", "signer_rel_other"}
    assert client.post(f"/pages/{page.id}/", sent | {"emptied": [notice[1]]}).status_code == 302
    assert stored_page(page_of(participant, "consent")).content().values["signer_rel_other"] is None


def test_a_grandchild_of_a_hidden_question_is_neither_kept_nor_required(participant, fill):
    fill(participant, "consent", signer="SUBJECT", signer_rel="OTHER", signer_rel_other="")
    values = stored_page(page_of(participant, "consent")).content().values
    assert (values["signer_rel"], values["signer_rel_other"]) == (None, None)
