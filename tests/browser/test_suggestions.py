"""Terms that are suggested while the name of an event is typed, by keyboard and by pointer."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Walk
from tests.browser.places import field


def open_term(page: Page) -> Locator:
    """The name of a serious event; whatever is typed there is discarded at the end."""
    page.goto("/safety/saes/")
    page.locator("tbody th a").first.click()
    page.locator(".page-head .actions a").click()
    term = field(page, "ae_term")
    term.fill("")
    return term


def discard(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_contain_text("草稿已保存")
    page.reload()
    with page.expect_navigation():
        page.locator("button[value=discard]").click()


@pytest.mark.parametrize("typed", ["fr", "发热", "feve"])
def test_a_term_is_chosen_by_pinyin_chinese_or_english_without_the_pointer(walk_in: Walk, typed: str) -> None:
    page = walk_in("lin")
    term = open_term(page)
    term.press_sequentially(typed)
    expect(page.locator(".suggestions li").filter(has_text="发热")).not_to_have_count(0)
    texts = page.locator(".suggestions li").evaluate_all("each => each.map((one) => one.firstChild.textContent)")
    for _ in range(texts.index("发热") + 1):
        term.press("ArrowDown")
    term.press("Enter")
    expect(term).to_have_value("发热")
    expect(page.locator(".suggestions")).to_have_count(0)
    expect(term).to_be_focused()
    discard(page)


def test_a_term_is_chosen_with_the_pointer_and_escape_keeps_what_was_typed(walk_in: Walk) -> None:
    page = walk_in("lin")
    term = open_term(page)
    term.press_sequentially("乏")
    page.locator(".suggestions li").filter(has_text="乏力").click()
    expect(term).to_have_value("乏力")
    term.fill("")
    term.press_sequentially("xz")
    expect(page.locator(".suggestions")).to_be_visible()
    term.press("Escape")
    expect(page.locator(".suggestions")).to_have_count(0)
    expect(term).to_have_value("xz")
    discard(page)


def test_who_listens_hears_how_it_stands(walk_in: Walk) -> None:
    page = walk_in("lin")
    term = open_term(page)
    expect(term).to_have_attribute("aria-expanded", "false")
    term.press_sequentially("tt")
    expect(term).to_have_attribute("aria-expanded", "true")
    term.press("ArrowDown")
    active = term.get_attribute("aria-activedescendant")
    expect(page.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
    term.press("Escape")
    discard(page)
