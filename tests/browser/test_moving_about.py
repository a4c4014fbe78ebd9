"""Finding one's way: the matrix, the languages, the shortcuts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk
from tests.browser.keyboard import Keyboard
from tests.browser.places import field, form_address

STOPS = "[...document.querySelectorAll('table.matrix a')].filter((link) => link.tabIndex === 0).length"
IN_HAND = "() => [document.activeElement.closest('tr')?.rowIndex, document.activeElement.closest('td')?.cellIndex]"
ROW_IN_HAND = "() => document.activeElement.closest('tr').cells[0].textContent"
COVERED = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
  .filter((element) => element.tabIndex >= 0 && element.getClientRects().length)
  .filter((element) => !element.closest(".save-bar, .top-bar"))
  .filter((element) => {
    element.focus();
    if (document.activeElement !== element) return false;
    const box = element.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width, 40) / 2, box.top + Math.min(box.height, 40) / 2];
    const above = document.elementFromPoint(x, y);
    return above?.closest(".save-bar, .top-bar, .form-header") && !above.contains(element) && !element.contains(above);
  })
  .map((element) => element.outerHTML.slice(0, 120))
"""


def test_the_matrix_is_one_stop_and_arrow_keys_move_in_it(walk_in: Walk) -> None:
    page = walk_in("lin")
    keys = Keyboard(page)
    page.goto("/participants/01-001/")
    assert page.evaluate(STOPS) == 1
    keys.to(page.locator("table.matrix a[tabindex='0']"))
    while page.evaluate(ROW_IN_HAND) != "访视记录":
        keys.press("ArrowDown")
    row, column = page.evaluate(IN_HAND)
    keys.press("ArrowRight")
    assert page.evaluate(IN_HAND) == [row, column + 1]
    keys.press("ArrowDown")
    assert page.evaluate(IN_HAND)[0] > row
    keys.press("ArrowUp", "ArrowLeft")
    assert page.evaluate(IN_HAND) == [row, column]
    assert page.evaluate(STOPS) == 1
    target = page.evaluate("document.activeElement.getAttribute('href')")
    keys.go("Enter")
    assert page.url.endswith(target)


def test_the_language_changes_and_the_page_stays(walk_in: Walk) -> None:
    page = walk_in("eve")
    page.goto("/participants/?state=on_study&q=02")
    expect(page.locator("h1")).to_have_text("受试者")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Participants")
    assert page.url.endswith("/participants/?state=on_study&q=02")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("h1")).to_have_text("受试者")


def test_single_keys_find_and_register_but_never_while_typing(walk_in: Walk) -> None:
    page = walk_in("lin")
    keys = Keyboard(page)
    page.goto("/worklist/")
    keys.press("/")
    expect(page.locator("#q")).to_be_focused()
    keys.write("n")
    expect(page.locator("#q")).to_have_value("n")
    keys.press("Backspace")
    keys.write("7")
    keys.go("Enter")
    expect(page.locator("h1")).to_have_text("01-007")
    page.goto("/worklist/")
    keys.go("n")
    expect(page.locator("h1")).to_have_text("登记受试者")


def test_a_stray_enter_in_a_field_submits_nothing_and_tab_skips_the_tools(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    keys = Keyboard(page)
    page.goto(form_address(page, "01-008", "W12", "Abdominal MRI"))
    address = page.url
    keys.to(field(page, "mri_date"))
    keys.press("Enter", "Tab")
    assert page.url == address
    expect(field(page, "mri_mod")).to_be_focused()


def test_tab_goes_through_a_form_and_out_of_it_again(walk_in: Walk) -> None:
    page = walk_in("lin")
    keys = Keyboard(page)
    page.goto(form_address(page, "01-008", "W12", "血常规"))
    keys.to(page.locator("button[value=draft]"))
    keys.press("Tab", "Tab")
    assert page.evaluate("document.activeElement.closest('form.crf')") is None


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize("form", ["腹部MRI评估", "血常规", "入选/排除标准"])
def test_the_focus_is_never_hidden_under_a_bar(walk_in: Walk, form: str, size: tuple[int, int]) -> None:
    page: Page = walk_in("lin")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(form_address(page, "01-001", "SCR", form))
    assert page.evaluate(COVERED) == []
