"""Every form of the casebook: opens in both languages, takes a clean page and gives it back, survives any input."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prtras.crf.content import stored_page
from prtras.crf.models import CrfPage
from prtras.crf.registry import Form, all_forms, form_of
from prtras.entry.parsing import read, typed_from
from tests import casebook
from tests.conftest import page_of
from visits.planning import add_log_page

FORMS = [form.code for form in all_forms() if form.code in casebook.CLEAN]
#: At which visit a form is filled here; the others belong to none, or to their only one.
AT_W12 = {"visit", "adh", "vs", "pe", "mri", "lbhem", "lbchem", "lbcoag", "liverfn", "lbtm", "lbpbmc", "lbthy"}


#: Single forms that are not expected before something happened.
REQUIRED_BY_AN_EVENT = {"death"}
#: What has to be on record before a clean page of this form is plausible.
BEFORE = {"recur": {"mri_nobs": "1", "mri_overall": "RECUR", **casebook.observation()}}


def page_for(participant, form: str, lin) -> CrfPage:
    if (form_of(form).kind == "log" or form in REQUIRED_BY_AN_EVENT) and not participant.pages.filter(
        form=form
    ).exists():
        add_log_page(participant, form, user=lin)
    return page_of(participant, form, "W12" if form in AT_W12 else None)


def test_the_clean_casebook_has_every_form_but_those_that_end_it():
    assert {form.code for form in all_forms()} - set(FORMS) == {"subtx", "pregtest"}


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_page_opens_in_both_languages_is_taken_and_comes_back_the_same(form, enrolled, lin, client_of, fill):
    page, client = page_for(enrolled, form, lin), client_of(lin)
    if form != "visit" and form in AT_W12:
        client.post(f"/pages/{page_of(enrolled, 'visit', 'W12').id}/", casebook.typed("visit") | {"version": ["0"]})
    for language, title in (("en", form_of(form).title.en), ("zh-hans", form_of(form).title.zh)):
        client.cookies["django_language"] = language
        assert title in client.get(f"/pages/{page.id}/").content.decode().replace("&#x27;", "'")
    if form in BEFORE:
        fill(enrolled, "visit", "W12")
        fill(enrolled, "mri", "W12", **BEFORE[form])
    typed = casebook.typed(form)
    sent = typed | {"version": [str(page.version)], "reason.all": ["ENTRY"], "shown": [_all_questions(form)]}
    answer = client.post(f"/pages/{page.id}/", sent)
    assert answer.status_code == 302, _problems_of(answer)
    page.refresh_from_db()
    stored = typed_from(stored_page(page))
    again = read(form_of(form), {name: stored.get(name, []) for name in typed} | _fixed(form_of(form), stored))
    first = read(form_of(form), typed)
    assert (again.problems, again.content.values) == ({}, first.content.values)
    for key, row in first.content.rows.items():
        assert {name: again.content.rows[key][name] for name, value in row.items() if value is not None} == {
            name: value for name, value in row.items() if value is not None
        }


def _fixed(form: Form, stored: dict[str, list[str]]) -> dict[str, list[str]]:
    """The keys of a panel's rows, which the browser sends with them."""
    return {name: texts for name, texts in stored.items() if form.rows and name.endswith(f".{form.rows.key}")}


def _all_questions(form: str) -> str:
    """Every soft question counts as seen: what is asked here is only whether the page is taken."""
    names = [name for table in form_of(form).tables() for name in table.items]
    return "|".join(f"EXP-{name}@{name}" for name in names)


def _problems_of(answer) -> str:
    html = answer.content.decode()
    start = html.find('id="issues"')
    return html[start : start + 1500]


ANYTHING = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "0", "-1", "1e999", "２８", "2025-02-29", "29/02/2024", "2025-13", "<10", "'; DROP TABLE",
                     "<script>alert(1)</script>", "🧬", "\u202eevil", "Y", "N", "180", "99999999999999999999", "\x00",
                     "2025-06", "UK", "NaN", "Infinity", "=1+1"]),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_input_whatsoever_is_a_server_error_or_a_silent_change(form, enrolled, lin, client_of, data):
    page, client = page_for(enrolled, form, lin), client_of(lin)
    names = list(casebook.typed(form))
    sent = {name: data.draw(st.lists(ANYTHING, min_size=1, max_size=2)) for name in names}
    before = page.version
    answer = client.post(f"/pages/{page.id}/", sent | {"version": [str(before)], "reason.all": ["ENTRY"]})
    page.refresh_from_db()
    assert answer.status_code in (302, 409, 422)
    assert page.version == before or answer.status_code == 302
