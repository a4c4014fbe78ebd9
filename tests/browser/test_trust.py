"""Verification, freeze, signature at the screen; an account from invitation to passkey; the trail beside a field."""

import re

from playwright.sync_api import Browser, Page, expect

from prtras.demo.cohort.people import DEMO_PASSWORD
from tests.browser.conftest import ARGUMENTS, WHOLE_CHROMIUM, Walk, log_in
from tests.browser.places import field, form_address, submit

SIGNED, FROZEN, MESSAGES = "01-011", "01-012", "01-014"
PASSWORD = "a-long-password-of-hui-7"


def test_an_investigator_signs_a_page_with_the_keyboard_and_a_change_breaks_it(walk_in: Walk) -> None:
    zhao, lin = walk_in("zhao", language="en"), walk_in("lin", language="en")
    address = form_address(zhao, SIGNED, "SCR", "Haematology")
    zhao.goto(address)
    zhao.get_by_role("link", name="Sign this page").click()
    expect(zhao.locator("tbody tr")).to_have_count(1)
    zhao.locator("#sign-password").focus()
    zhao.keyboard.type("not-the-password")
    zhao.keyboard.press("Enter")
    expect(zhao.locator("#issues")).to_be_focused()
    zhao.locator("#sign-password").fill(DEMO_PASSWORD)
    zhao.keyboard.press("Enter")
    expect(zhao.locator(".alert.alert-success")).to_contain_text("1 pages signed.")
    zhao.goto(address)
    signature = zhao.locator(".signature")
    expect(signature).to_contain_text("赵明远")
    expect(signature).to_contain_text("+08:00")
    expect(signature).to_contain_text("true, accurate and complete")
    zhao.goto(f"/participants/{SIGNED}/")
    expect(zhao.locator("table.matrix a[title*=signed]")).to_have_count(1)

    lin.goto(address)
    field(lin, "row.lym.orres").fill("1.19")
    submit(lin)
    for _ in range(2):  # the change wants a reason; a check may ask as well
        if lin.locator("#issues .issue-query, #issues .issue-question").count():
            field(lin, "reason.all", "SOURCE").check(force=True)
            submit(lin)
    lin.goto(address)
    expect(lin.locator(".signature")).to_contain_text("invalidated by a later change")


def test_a_monitor_verifies_and_freezes_and_the_coordinator_sees_it(walk_in: Walk) -> None:
    wang, lin = walk_in("wang", language="en"), walk_in("lin", language="en")
    address = form_address(wang, FROZEN, "SCR", "Visit record")
    wang.goto(address)
    wang.get_by_role("button", name="Whole page agrees with source data").click()
    expect(wang.locator(".page-context")).to_contain_text("Page verified")
    wang.locator("#why-page").fill("Interim look.")
    wang.get_by_role("button", name="Freeze").click()
    expect(wang.locator(".form-header")).to_contain_text("Frozen")
    lin.goto(address)
    expect(lin.locator("form.crf")).to_contain_text("Frozen: nothing can be changed.")
    expect(lin.locator("button[value=next]")).to_have_count(0)
    lin.goto(f"/participants/{FROZEN}/")
    expect(lin.locator("table.matrix a.state-lock")).to_have_count(1)
    wang.goto(address)
    wang.locator("#why-page").fill("The look is over.")
    wang.get_by_role("button", name="Release").click()
    expect(wang.locator(".form-header")).not_to_contain_text("Frozen")


def test_alt_h_shows_the_history_of_the_item_in_hand(walk_in: Walk) -> None:
    page = walk_in("lin", language="en")
    page.goto(form_address(page, MESSAGES, "SCR", "Haematology"))
    field(page, "row.plt.orres").focus()
    page.keyboard.press("Alt+h")
    history = page.locator("[data-history]")
    expect(history.locator("h2")).to_contain_text("Platelets")
    expect(history.locator("li")).to_have_count(1)
    expect(history.locator("li")).to_contain_text(field(page, "row.plt.orres").input_value())
    expect(field(page, "row.plt.orres")).to_be_focused()


def test_a_new_person_from_the_invitation_to_the_passkey(walk_in: Walk, chromium: Browser, address: str) -> None:
    """A passkey belongs to a name, not to a number: the site is visited as localhost here."""
    admin = walk_in("adm", language="en")
    admin.goto("/people/")
    for name, text in {"username": "hui", "display_name": "Hui Demo"}.items():
        admin.locator(f"form.crf [name={name}]").fill(text)
    admin.get_by_role("button", name="Create account").click()
    link = admin.locator("#invitation").inner_text().replace("127.0.0.1", "localhost")

    with chromium.new_context(base_url=address.replace("127.0.0.1", "localhost"), locale="en") as context:
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }})  # fmt: skip
        page.goto(link)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_again").fill(PASSWORD)
        page.locator("form:has(#id_again) button").click()
        expect(page.locator(".alert.alert-success")).to_contain_text("Please sign in")
        log_in(page, "hui", PASSWORD)
        expect(page.locator("h1")).to_have_text("Terms and training")
        for box in page.locator("[name=policy]").all():
            box.check()
        page.get_by_role("button", name="Confirm").click()
        expect(page.locator("h1")).to_have_text("Worklist")

        _add_passkey(page)
        page.get_by_role("button", name="Sign out").click()
        page.locator("#id_username").fill("hui")
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        expect(page.locator("h1")).to_have_text("Second factor")
        page.goto("/worklist/")
        expect(page.locator("h1")).to_have_text("Sign in")
        log_in_half(page)
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.locator("h1")).to_have_text(re.compile("Worklist|My account"))


def log_in_half(page: Page) -> None:
    page.locator("#id_username").fill("hui")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.locator("h1")).to_have_text("Second factor")


def _add_passkey(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("link", name="Set up").click()
    page.locator("#id_name").fill("ward PC")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("ward PC")


def test_after_sign_out_back_shows_nothing(walk_in: Walk) -> None:
    _back_after_sign_out(walk_in())


def test_after_sign_out_back_shows_nothing_where_the_browser_remembers_pages(address: str, chromium: Browser) -> None:
    """Playwright switches the memory for Back off; here it is on, as in everybody's browser."""
    browser = chromium.browser_type.launch(
        executable_path=WHOLE_CHROMIUM, args=list(ARGUMENTS), ignore_default_args=["--disable-back-forward-cache"]
    )
    with browser:
        page = browser.new_context(base_url=address, locale="en").new_page()
        page.goto("/static/css/base.css")  # what may be remembered is, in this browser
        page.evaluate("window.mark = 1")
        page.goto("/sign-in/")
        back(page)
        page.wait_for_url("**/base.css", wait_until="commit")
        assert page.evaluate("window.mark") == 1
        _back_after_sign_out(browser.new_context(base_url=address, locale="en").new_page())


def test_a_page_out_of_a_browsers_memory_is_for_who_opened_it_while_they_are_signed_in(walk_in: Walk) -> None:
    """Some browsers remember pages that must not be stored: the page looks for itself."""
    page = walk_in()
    log_in(page, "lin")
    page.goto("/worklist/")
    restored = "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    page.evaluate(f"window.mark = 1; {restored}")
    expect(page.locator("body")).to_be_visible()
    assert page.evaluate("window.mark") == 1
    page.context.clear_cookies()
    page.evaluate(restored)
    expect(page.locator("#id_username")).to_be_visible()


def back(page: Page) -> None:
    """The Back button; a page out of the browser's memory loads nothing that one could wait for."""
    page.evaluate("history.back()")


def _back_after_sign_out(page: Page) -> None:
    """Two pages are left by signing out; Back leads to the sign-in page."""
    log_in(page, "lin")
    page.goto("/participants/01-001/")
    page.goto("/worklist/")
    page.locator(".user-menu").evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/sign-in/")
    for _ in range(2):
        back(page)
        page.wait_for_url(lambda url: "/sign-in/?next=" in url)
        expect(page.locator("#id_username")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("01-001")
