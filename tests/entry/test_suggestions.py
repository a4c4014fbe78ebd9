"""Terms that are suggested while a text is typed: found by both languages and the initials of the pinyin."""

import pytest
from django.urls import reverse

from prtras.entry.suggestions import initials_of
from tests.access.test_bad_files import reads
from visits.codelists.ctcae_terms import CTCAE_TERMS
from visits.codelists.safety import LABTERM
from visits.planning import add_log_page


@pytest.mark.parametrize(
    ("text", "initials"),
    [("发热", "fr"), ("中性粒细胞计数降低", "zxlxbjsjd"), ("γ-谷氨酰转移酶升高", "γ-gaxzymsg"), ("INR升高", "inrsg"),
     ("", "")],
)  # fmt: skip
def test_a_term_is_found_by_the_initials_of_its_pinyin(text, initials):
    assert initials in initials_of(text)


def test_the_list_is_in_the_readers_language_and_found_by_both(lin, client_of):
    for language, text in (("en", "Fever"), ("zh-hans", "发热")):
        client = reads(client_of(lin), language)
        terms = client.get(reverse("entry:suggestions", args=["ctcae"])).json()["terms"]
        fever = next(term for term in terms if term["text"] == text)
        assert {"发热", "fever", "fr"} <= set(fever["keys"])


def test_no_term_stands_twice_and_every_laboratory_term_is_among_them():
    english = [term.en for term, _ in CTCAE_TERMS]
    chinese = [term.zh for term, _ in CTCAE_TERMS]
    assert len(set(english)) == len(english)
    assert len(set(chinese)) == len(chinese)
    assert len(english) > 200
    assert {text.en for text in LABTERM.codes.values()} <= set(english)


def test_a_list_that_nobody_registered_does_not_exist(lin, client_of):
    assert client_of(lin).get(reverse("entry:suggestions", args=["nothing"])).status_code == 404


def test_the_item_offers_its_list_and_takes_any_text(enrolled, fill, lin, client_of):
    page = add_log_page(enrolled, "ae", user=lin)
    shown = client_of(lin).get(reverse("entry:page", args=[page.pk])).content.decode()
    assert f'data-suggest="{reverse("entry:suggestions", args=["ctcae"])}"' in shown
    assert fill(enrolled, "ae", ae_term="Hit by a tram").page.adverseevent.ae_term == "Hit by a tram"
