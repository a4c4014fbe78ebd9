"""Whatever happens between two people, a browser and a network: what was typed is still there."""

import re

import pyotp
from playwright.sync_api import Page, expect

from prtras.demo.cohort.people import DEMO_PASSWORD
from tests.browser.conftest import Walk, log_in
from tests.browser.places import SUBMIT, field, fill, form_address, submit
from tests.browser.watching import Watcher

STATUS = "[data-saved]"
#: Finished visits of different participants, so that these tests do not meet.
DRAFTED, CUT, SHARED, EXPIRED, REFUSED, PRESENT = "01-002", "01-003", "01-004", "01-005", "01-009", "01-008"
TWO_WINDOWS = "01-010"


def open_record(page: Page, number: str, form: str = "Visit record") -> str:
    """A submitted page of week 12, in English; its address."""
    address = form_address(page, number, "W12", form)
    page.goto(address)
    return address


def test_a_draft_saves_itself_and_survives_a_reload(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    open_record(page, DRAFTED, "Haematology")
    field(page, "row.lym.orres").fill("1.23")
    expect(page.locator(STATUS)).to_contain_text("Draft saved")
    page.reload()
    expect(field(page, "row.lym.orres")).to_have_value("1.23")
    expect(page.locator(".form-header .tag")).to_have_text("Draft")
    page.goto("/worklist/")
    expect(page.locator("#drafts")).to_contain_text(DRAFTED)
    page.locator("#drafts a", has_text=DRAFTED).click()
    page.locator("button[value=discard]").click()
    expect(page.locator(".form-header .tag")).to_have_text("Submitted")


def test_a_cut_network_is_told_and_the_draft_is_saved_when_it_is_back(walk_in: Walk, watcher: Watcher) -> None:
    watcher.tolerated.add("net::ERR_INTERNET_DISCONNECTED")
    page = walk_in("lin", language="en")
    open_record(page, CUT, "Haematology")
    page.context.set_offline(True)
    field(page, "row.lym.orres").fill("1.24")
    expect(page.locator(STATUS)).to_contain_text("Not saved, retrying (1); 1 changes remain on this page")
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("Draft saved")


def test_a_second_window_of_the_same_person_is_told_and_shows_both_drafts(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    address = open_record(page, TWO_WINDOWS, "Haematology")
    other = page.context.new_page()
    other.goto(address)
    field(page, "row.lym.orres").fill("1.41")
    expect(page.locator(STATUS)).to_contain_text("Draft saved")
    field(page, "row.plt.orres").fill("181")
    expect(page.locator(STATUS)).to_contain_text("Draft saved")
    field(other, "row.lym.orres").fill("1.42")
    expect(other.locator(STATUS)).to_contain_text("You saved a different draft in another window")
    other.locator("button[value=draft]").click()
    conflict = other.locator("#issues")
    expect(conflict).to_contain_text("Neither is lost")
    expect(conflict.locator("tbody tr", has_text="Lymphocytes").locator("td")).to_have_text(["1.41", "1.42"])
    page.reload()
    expect(field(page, "row.lym.orres")).to_have_value("1.41")
    other.locator("button[value=draft]").click()
    expect(other.locator(".alert.alert-success")).to_contain_text("Draft saved")
    page.reload()
    expect(field(page, "row.lym.orres")).to_have_value("1.42")
    page.locator("button[value=discard]").click()


def test_leaving_with_unsaved_typing_asks_first(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    open_record(page, CUT)
    page.locator("label", has=field(page, "visit_mode", "PHONE")).click()
    with page.expect_event("dialog") as request:
        page.locator(".save-bar a.button").click()
    assert request.value.type == "beforeunload"


def test_two_people_on_one_page_see_both_versions_and_lose_nothing(walk_in: Walk) -> None:
    lin, zhao = walk_in("lin", language="en"), walk_in("zhao", language="en")
    address = open_record(lin, SHARED)
    zhao.goto(address)
    before = field(lin, "visit_date").input_value()
    theirs, yours = _moved(before, 1), _moved(before, 2)
    _change(lin, {"visit_date": theirs}, "ENTRY")
    expect(lin.locator(".alert.alert-success")).to_contain_text("submitted")

    fill(zhao, {"visit_mode": "REMOTE"}, visit_date=yours)
    submit(zhao)
    conflict = zhao.locator("#issues")
    expect(conflict).to_be_focused()
    expect(conflict).to_contain_text("Nothing you typed is lost.")
    expect(conflict.locator("tbody tr", has_text="Visit date").locator("td")).to_have_text([before, theirs, yours])
    expect(field(zhao, "visit_date")).to_have_value(yours)
    expect(field(zhao, "visit_mode", "REMOTE")).to_be_checked()

    _change(zhao, {}, "SOURCE")
    zhao.goto(address)
    expect(field(zhao, "visit_date")).to_have_value(yours)
    history = zhao.locator(".history")
    expect(history).to_contain_text(re.compile(rf"{before}\s+→\s+{theirs}"))
    expect(history).to_contain_text(re.compile(rf"{theirs}\s+→\s+{yours}"))


def test_a_session_that_ends_while_typing_asks_for_the_password_in_place(walk_in: Walk, watcher: Watcher) -> None:
    watcher.refusable = ("/draft/",)
    page = walk_in("lin", language="en")
    address = open_record(page, EXPIRED, "Haematology")
    field(page, "row.lym.orres").fill("1.25")
    page.context.clear_cookies(name="prtras_session")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog#session")
    expect(dialog).to_be_visible()
    expect(page.locator("#again-password")).to_be_focused()
    page.keyboard.type("not-the-password")
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-wrong]")).to_be_visible()
    page.locator("#again-password").fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#issues")).to_be_focused()  # it was sent again by itself: the change wants a reason
    assert page.url.endswith(address)
    expect(field(page, "row.lym.orres")).to_have_value("1.25")
    field(page, "reason.all", "ENTRY").check(force=True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#issues .issue-query")).to_have_count(0)


def test_a_session_is_resumed_in_place_with_a_second_factor_too(walk_in: Walk, watcher: Watcher) -> None:
    watcher.refusable = ("/draft/",)
    page = walk_in("lin", language="en")
    first, second = add_authenticator(page)
    open_record(page, EXPIRED, "Haematology")
    field(page, "row.lym.orres").fill("1.27")
    page.context.clear_cookies(name="prtras_session")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog#session")
    expect(page.locator("#again-password")).to_be_focused()
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#again-code")).to_be_focused()
    expect(dialog.locator("[data-wrong]")).to_be_hidden()
    page.keyboard.type(first)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(field(page, "row.lym.orres")).to_have_value("1.27")
    remove_authenticator(page, second)


def add_authenticator(page: Page) -> list[str]:
    """Set up an authenticator app; two recovery codes."""
    page.goto("/account/app/")
    page.locator("#id_code").fill(pyotp.TOTP(page.locator("code.hash").inner_text()).now())
    page.get_by_role("button", name="Enable").click()
    return page.locator(".recovery-codes code").all_inner_texts()[:2]


def remove_authenticator(page: Page, code: str) -> None:
    """Remove it again, so that others sign in with the password alone."""
    page.goto("/account/")
    form = page.locator("form[action*='/factors/']")
    page.locator("details:has(form[action*='/factors/']) > summary").click()
    form.locator("[name=password]").fill(DEMO_PASSWORD)
    form.locator("[name=code]").fill(code)
    form.locator("button").click()
    expect(form).to_have_count(0)


def test_a_sign_in_in_another_tab_lets_this_one_go_on(walk_in: Walk, watcher: Watcher) -> None:
    watcher.refusable = ("/draft/",)
    page = walk_in("lin", language="en")
    open_record(page, EXPIRED, "Biochemistry")
    before = field(page, "row.alt.orres").input_value()
    field(page, "row.alt.orres").fill("31")
    page.context.clear_cookies(name="prtras_session")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("dialog#session")
    expect(dialog).to_be_visible()
    other = page.context.new_page()
    other.goto("/sign-in/")
    log_in(other, "lin")
    expect(dialog).to_be_hidden()
    expect(page.locator("#issues")).to_be_visible()
    expect(field(page, "row.alt.orres")).to_have_value("31")
    assert before != "31"


def test_the_end_of_a_session_is_told_two_minutes_before(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    page.clock.install()
    open_record(page, EXPIRED)
    page.evaluate("localStorage.removeItem('prtras-contact')")
    dialog = page.locator("dialog#session")
    page.clock.fast_forward("27:50")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("00:30")
    expect(dialog).to_contain_text("Your session is about to end")
    with page.expect_response("**/session/"):
        dialog.get_by_role("button", name="Continue working").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("10:00")
    expect(dialog).to_be_hidden()


def test_who_else_is_typing_is_told_to_both(walk_in: Walk) -> None:
    lin, zhao = walk_in("lin", language="en"), walk_in("zhao", language="en")
    address = open_record(lin, PRESENT, "Haematology")
    field(lin, "row.lym.orres").fill("1.26")
    expect(lin.locator(STATUS)).to_contain_text("Draft saved")
    zhao.goto(address)
    expect(zhao.locator("[data-others]")).to_contain_text("林晓雯 has been editing this page since")
    field(zhao, "row.lym.orres").fill("1.27")
    expect(zhao.locator(STATUS)).to_contain_text("Draft saved")
    field(lin, "row.lym.orres").fill("1.28")
    expect(lin.locator("[data-others]")).to_contain_text("赵明远 has been editing this page since")
    for page in (lin, zhao):
        page.goto(address)
        page.locator("button[value=discard]").click()
        expect(page.locator(".form-header .tag").first).to_have_text("Submitted")


def _change(page: Page, texts: dict[str, str], reason: str) -> None:
    """Submit, give one reason for all changes, and submit again; answers to soft checks are not needed twice."""
    fill(page, **texts)
    submit(page)
    field(page, "reason.all", reason).check(force=True)
    submit(page)
    if page.locator(SUBMIT).count() and page.locator("#issues .issue-question").count():
        submit(page)


def _moved(day: str, by: int) -> str:
    """A day of the same month, so that it stays in the window."""
    head, _, last = day.rpartition("-")
    number = int(last)
    return f"{head}-{number + by if number <= 20 else number - by:02d}"


def test_a_link_to_a_field_after_a_refusal_leaves_what_was_typed(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    page.goto(form_address(page, REFUSED, "SCR", "Haematology"))
    field(page, "hem_date").fill("2026-02-30")
    field(page, "row.plt.orres").fill("181")
    submit(page)
    page.locator("#issues a.issue-error").first.click()
    expect(page).to_have_url(re.compile("#f-hem_date$"))
    expect(field(page, "row.plt.orres")).to_have_value("181")
    expect(page.locator("#issues")).to_be_visible()
    expect(page.locator(STATUS)).to_contain_text("Draft saved")


def test_a_network_that_fails_at_the_submit_loses_nothing_and_says_so(walk_in: Walk, watcher: Watcher) -> None:
    watcher.tolerated.add("net::ERR_INTERNET_DISCONNECTED")
    page = walk_in("lin", language="en")
    page.goto(form_address(page, REFUSED, "SCR", "Biochemistry"))
    field(page, "row.alt.orres").fill("33")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(STATUS)).to_contain_text("Not confirmed")
    expect(field(page, "row.alt.orres")).to_have_value("33")
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#issues")).to_be_focused()
