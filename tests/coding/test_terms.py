"""What the dictionary suggests for a text: the same name, a synonym, a similar name; only terms that are still used."""

import pytest

from prtras.coding.meddra_ascii import read_release
from tests.coding.release import LOWEST, archive

TERMS = read_release(archive()).terms


def suggested(text, **known):
    return [(near.path.llt.en, near.match) for near in TERMS.near(text, **known)]


@pytest.mark.parametrize("text", ["Fever", "fever", " FEVER ", "发热", "发 热", "Ｆｅｖｅｒ"])
def test_the_same_name_comes_first_however_it_is_spelled(text):
    assert suggested(text)[0] == ("Fever", "exact")


@pytest.mark.parametrize("text", ["血小板减少", "Platelets count decrease", "decreased platelet count"])
def test_a_similar_name_is_suggested_in_either_language_and_in_any_order_of_words(text):
    assert suggested(text)[0] == ("Platelet count decreased", "similar")


def test_a_term_that_is_no_longer_current_is_never_suggested():
    assert "Feverishness" not in [name for name, _ in suggested("Feverishness")]
    assert TERMS.search("90000003") == []
    assert not TERMS.is_current(90000003)


def test_what_was_accepted_before_comes_after_the_same_name_and_before_likeness():
    assert suggested("Fever", known=[90000011])[:2] == [("Fever", "exact"), ("Headache", "before")]
    assert suggested("Platelets count decrease", known=[90000011])[0] == ("Headache", "before")


def test_the_other_language_of_the_studys_own_list_is_a_synonym():
    assert suggested("wrong word", synonyms=["头痛"])[0] == ("Headache", "synonym")


def test_nothing_is_suggested_for_what_is_like_nothing():
    assert suggested("zzzz") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [("90000012", "One-sided headache"), ("headache", "Headache"), ("side head", "One-sided headache")],
)
def test_a_search_takes_a_code_or_parts_of_words(typed, first):
    assert TERMS.search(typed)[0].path.llt.en == first


def test_a_search_that_matches_no_word_shows_what_is_alike():
    first = TERMS.search("hedache")[0]
    assert (first.path.llt.en, first.match) == ("Headache", "similar")


def test_only_what_is_very_near_is_accepted_by_one_key():
    assert [TERMS.near(text)[0].close for text in ("Fever", "hedache", "血小板减少")] == [True, True, False]


def test_eight_terms_are_suggested_at_most_and_the_nearest_of_them():
    alike = [(90001000 + n, 90000011, "Y", f"头痛{'重' * n}", f"Headache {'x' * n}") for n in range(1, 11)]

    def near_to(text, lowest):
        return [near.path.llt.en for near in read_release(archive(lowest=[*LOWEST, *lowest])).terms.near(text)]

    names = ["Headache", *(name for *_, name in alike)]
    assert near_to("Headache", alike[:7]) == names[:8]
    assert near_to("Headache", alike) == names[:8]
