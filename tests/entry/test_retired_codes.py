"""A code that left its list stands where it is stored, marked as retired, and can be saved again; nowhere else."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from prtras.codelists import MISS_REASON, CodeList
from prtras.crf.content import PageContent, stored_page
from prtras.crf.items import CodeItem, Item
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, form_of
from prtras.entry.in_words import in_words
from prtras.entry.parsing import read
from prtras.exports.formats.csv import value_labels
from prtras.labels import T
from tests import casebook
from tests.conftest import page_of
from tests.entry.test_every_form import BEFORE, FORMS, page_for


class Sent(HTMLParser):
    """What a browser without scripts sends for the form of a page, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._in_form = False
        self._select, self._option, self._texts = "", "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_form = self._in_form or (tag == "form" and "crf" in given.get("class", "").split())
        name = given.get("name", "")
        if not self._in_form:
            return
        if tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value", ""))
        elif tag in ("select", "textarea"):
            self._select, self._texts = name, ""
        elif tag == "option":
            self._option = "selected" if "selected" in given else "" if self._select in self.sent else "first"
            self._texts = ""
            if "value" in given and self._option:
                self.sent[self._select], self._option = [given["value"]], ""

    def handle_data(self, data: str) -> None:
        self._texts += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif (tag == "option" and self._option) or (tag == "textarea" and self._in_form):
            self.sent[self._select], self._option = [self._texts.strip()], ""


def stored_codes(form: Form, content: PageContent) -> dict[Item, set[str]]:
    """The codes that a page holds, by item."""
    codes: dict[Item, set[str]] = {}
    for table in form.tables():
        for values in content.rows.values() if table.rows else [content.values]:
            for name, item in table.items.items():
                value = values.get(name)
                if item.codes and not item.derived and value:
                    codes.setdefault(item, set()).update(value if isinstance(value, list) else [value])
    return codes


def retire(monkeypatch, item: Item, codes: set[str], *, texts: bool = True) -> None:
    """Take codes out of the list of one item, with or without their texts."""
    assert item.codes
    left = {code: text for code, text in item.codes.codes.items() if code not in codes}
    gone = {code: item.codes.codes[code] for code in codes} if texts else {}
    monkeypatch.setattr(item, "codes", replace(item.codes, codes=left, retired=gone))


def submitted(form: str, enrolled, lin, fill) -> CrfPage:
    """A clean page of a form on record."""
    page = page_for(enrolled, form, lin)
    if form in BEFORE:
        fill(enrolled, "visit", "W12")
        fill(enrolled, "mri", "W12", **BEFORE[form])
    if not page.version:
        fill(enrolled, form, page.visit.code if page.visit else None)
    page.refresh_from_db()
    return page


@pytest.mark.parametrize("form", FORMS)
def test_every_form_opens_and_is_submitted_again_with_codes_that_left_their_lists(
    form, enrolled, lin, client_of, fill, monkeypatch
):
    page = submitted(form, enrolled, lin, fill)
    before = stored_page(page).content()
    assert "(retired)" not in client_of(lin).get(f"/pages/{page.id}/").content.decode()
    for item, codes in stored_codes(form_of(form), before).items():
        retire(monkeypatch, item, codes)
    sent = Sent(client_of(lin).get(f"/pages/{page.id}/").content.decode()).sent
    answer = client_of(lin).post(f"/pages/{page.id}/", sent | {"reason.all": ["NEW"]})
    assert answer.status_code == 302
    assert stored_page(page).content() == before


@pytest.fixture
def consent(participant, fill):
    fill(participant, "consent")
    return page_of(participant, "consent")


BIOBANK = form_of("consent").items["biobank_consent"]


def test_it_is_marked_where_it_stands(consent, client_of, lin, wang, monkeypatch):
    retire(monkeypatch, BIOBANK, {"Y"})
    for person in (lin, wang):
        for language, words in (("en", "Yes (retired)"), ("zh-hans", "是（已停用）")):
            client = client_of(person)
            client.cookies["django_language"] = language
            assert words in client.get(f"/pages/{consent.id}/").content.decode()


def test_a_grade_0_that_was_computed_is_no_retired_code():
    assert in_words(form_of("lbchem").rows.items["toxgr"], ["0"]) == "Grade 0 Below grade 1"


def test_without_its_text_it_stands_as_its_code(consent, client_of, lin, monkeypatch):
    retire(monkeypatch, BIOBANK, {"Y"}, texts=False)
    assert "Y (retired)" in client_of(lin).get(f"/pages/{consent.id}/").content.decode()


def test_once_it_is_replaced_it_cannot_come_back(consent, client_of, lin, monkeypatch):
    retire(monkeypatch, BIOBANK, {"Y"})
    sent = casebook.typed("consent") | {"reason.all": ["NEW"]}
    for answer, status in (("N", 302), ("Y", 422)):
        consent.refresh_from_db()
        typed = sent | {"biobank_consent": [answer], "version": [str(consent.version)]}
        assert client_of(lin).post(f"/pages/{consent.id}/", typed).status_code == status
    assert stored_page(consent).content().values["biobank_consent"] == "N"


def test_who_still_shows_it_while_someone_else_replaced_it_sees_both_and_loses_nothing(
    consent, client_of, lin, zhao, monkeypatch
):
    retire(monkeypatch, BIOBANK, {"Y"})
    seen = Sent(client_of(lin).get(f"/pages/{consent.id}/").content.decode()).sent
    replaced = casebook.typed("consent") | {"reason.all": ["NEW"], "version": [str(consent.version)]}
    client_of(zhao).post(f"/pages/{consent.id}/", replaced | {"biobank_consent": ["N"]})
    answer = client_of(lin).post(f"/pages/{consent.id}/", seen | {"copy_given": ["N"], "reason.all": ["NEW"]})
    assert answer.status_code == 409
    assert Sent(answer.content.decode()).sent["biobank_consent"] == ["N"]


def test_it_is_not_offered_as_the_value_of_the_visit_before(enrolled, fill, client_of, lin, monkeypatch):
    item = form_of("mri").items["mri_mod"]
    fill(enrolled, "visit", "W12")
    page = page_of(enrolled, "mri", "W12")
    assert "as SCR" in client_of(lin).get(f"/pages/{page.id}/").content.decode()
    for name in ("mri_mod", "mri_contrast"):
        retire(monkeypatch, form_of("mri").items[name], set(form_of("mri").items[name].codes.codes))
    assert item.carry
    assert "as SCR" not in client_of(lin).get(f"/pages/{page.id}/").content.decode()


def test_a_retired_code_that_is_also_a_reason_for_missing_values_is_marked():
    item = form_of("pegifn").items["pg_reason"]
    left = replace(item.codes, codes={}, retired={"OTHER": T("其他原因", "Other reason")})
    plain = CodeItem("", "", codes=left)
    assert in_words(plain, ["OTHER"]) == "Other reason (retired)"


def test_a_new_page_does_not_take_it(participant, client_of, lin, monkeypatch):
    retire(monkeypatch, BIOBANK, {"Y"})
    page = page_of(participant, "consent")
    answer = client_of(lin).post(f"/pages/{page.id}/", casebook.typed("consent") | {"version": ["0"]})
    html = answer.content.decode()
    assert (answer.status_code, "“Y” is not one of the choices." in html, "retired" in html) == (422, True, True)


def test_a_reason_that_left_the_list_of_missing_values_stands_too(participant, fill, client_of, lin, monkeypatch):
    fill(participant, "consent", biobank_consent="", **{"missing.biobank_consent": "SITE"})
    page = page_of(participant, "consent")
    monkeypatch.delitem(MISS_REASON.codes, "SITE")
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert "SITE (retired)" in html
    assert client_of(lin).post(f"/pages/{page.id}/", Sent(html).sent).status_code == 302
    assert stored_page(page).content().missing == {"biobank_consent": "SITE"}
    assert read(form_of("consent"), {"missing.biobank_consent": ["SITE"]}).problems.keys() == {"biobank_consent"}


def test_a_unit_that_nobody_chooses_any_more_is_not_replaced_by_another(enrolled, fill, client_of, lin, monkeypatch):
    fill(enrolled, "lbtm", "W12", **{"row.afp.orresu": "ng/mL"})
    page = page_of(enrolled, "lbtm", "W12")
    monkeypatch.setitem(form_of("lbtm").rows.units, "afp", ("kIU/L",))
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert Sent(html).sent["row.afp.orresu"] == ["ng/mL"]


def test_a_result_whose_unit_is_not_known_gets_none_by_being_looked_at(enrolled, fill, client_of, lin):
    fill(enrolled, "lbtm", "SCR", tm_date="2025-05-26", **{"row.afp.orresu": "ng/mL"})
    fill(enrolled, "lbtm", "W12", **{"row.afp.orresu": ""})
    page = page_of(enrolled, "lbtm", "W12")
    html = client_of(lin).get(f"/pages/{page.id}/").content.decode()
    assert Sent(html).sent["row.afp.orresu"] == [""]


def test_the_value_labels_of_an_export_explain_it(monkeypatch):
    assert BIOBANK.codes
    monkeypatch.setitem(BIOBANK.codes.retired, "OLD", T("旧", "Former"))
    assert "NY,OLD,旧（已停用）,Former (retired)" in value_labels().decode()


def test_a_list_says_what_it_does_not_know():
    codes = CodeList("X", T("", ""), {"A": T("甲", "A")})
    assert (codes.text("A").en, codes.text("B").en) == ("A", "B (retired)")
