"""Where the focus is when a form opens, and keys under a Chinese input method."""

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk
from tests.browser.places import field, form_address

PERSON = "01-011"
NOW = "() => { const at = document.activeElement; return at.name || at.tagName; }"


def compose(page: Page, text: str) -> None:
    """Type through an input method: composed first, then taken over as it stands."""
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    session.send("Input.insertText", {"text": text})
    session.detach()


def test_a_submitted_page_opens_at_its_first_value_and_a_draft_at_its_first_open_field(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    page.goto(form_address(page, PERSON, "W12", "Vital signs"))
    assert page.evaluate(NOW) == "vs_date"
    field(page, "pulse").fill("")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    assert page.evaluate(NOW) == "pulse"
    page.locator("button[value=discard]").click()


def test_a_page_that_is_only_shown_opens_at_its_heading(walk_in: Walk) -> None:
    page = walk_in("chen", language="en")
    page.goto(form_address(page, PERSON, "W12", "Vital signs"))
    assert page.evaluate(NOW) == "H1"


def test_after_a_verification_the_focus_is_on_what_is_verified_next(walk_in: Walk) -> None:
    page = walk_in("wang", language="en")
    page.goto(form_address(page, PERSON, "SCR", "Informed consent"))
    if page.locator("button[value=undo]").count():
        page.locator("#why-unverify").fill("Verified for this test")
        page.locator("button[value=undo]").click()
    page.locator("#verification button[name=place]").click()
    expect(page.locator("#verification a", has_text="Next to verify")).to_be_focused()


def test_t_and_digits_work_under_a_chinese_input_method(walk_in: Walk) -> None:
    page = walk_in("lin")
    page.goto(form_address(page, PERSON, "W12", "生命体征与体格测量"))
    day = field(page, "vs_date")
    day.fill("")
    day.focus()
    compose(page, "t")
    expect(day).to_have_value(date.today().isoformat())
    page.goto(form_address(page, PERSON, "W12", "体格检查"))
    field(page, "he_grade", "NONE").focus()
    page.evaluate("""() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
        { key: "Process", code: "Digit1", keyCode: 229, bubbles: true, cancelable: true }))""")
    expect(field(page, "he_grade", "G1_2")).to_be_checked()


def test_the_next_issue_in_a_laboratory_sheet_is_the_value_not_the_unit_and_names_its_analyte(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    page.goto(form_address(page, PERSON, "W12", "Haematology"))
    field(page, "row.lym.orres").fill("1.77")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#issues")).to_contain_text("Reason for change: Lymphocytes")
    legend = page.locator(".change-reason legend", has_text="submitted value changed")  # one: no unit asks for a reason
    expect(legend).to_contain_text("Lymphocytes")
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate(NOW) == "row.lym.orres"
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    page.locator("button[value=discard]").click()
