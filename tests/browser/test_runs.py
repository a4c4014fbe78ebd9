"""A run is followed by the page itself: from its request to its result, without a reload."""

from playwright.sync_api import expect

from tests.browser.conftest import Walk


def test_the_list_follows_a_run_without_a_reload(walk_in: Walk) -> None:
    page = walk_in("chen", language="en")
    page.goto("/runs/")
    page.locator("#f-cutoff").fill("2026-01-31")
    with page.expect_navigation():
        page.get_by_role("button", name="Run now").click()
    page.evaluate("() => { document.body.dataset.same = 'yes'; }")
    row = page.locator("#runs tbody tr").filter(has_text="2026-01-31").first
    expect(row.get_by_text("steps done")).to_be_visible(timeout=30_000)
    expect(row.locator(".tag-ok").first).to_have_text("done", timeout=60_000)
    assert page.evaluate("() => document.body.dataset.same") == "yes"
    expect(page.locator("[data-live]")).to_have_count(0)
