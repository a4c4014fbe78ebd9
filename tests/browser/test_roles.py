"""Investigator, statistician, monitor and administrator: the paths for which they come."""

import hashlib
import json
import re
import time
import zipfile
from pathlib import Path

from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import Walk, log_in
from tests.browser.places import form_address

BUILD_SECONDS = 60


def test_an_investigator_reads_the_dashboards_and_the_report(walk_in: Walk) -> None:
    page = walk_in("zhao", language="en")
    page.goto("/dashboards/recurrence/")
    expect(page.locator(".key-figures b").first).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator("figure.survival-chart svg").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Peg-IFN")
    page.get_by_role("link", name="By arm").click()
    expect(page.get_by_role("note")).to_contain_text("every view is recorded")
    expect(page.locator("table.numbers").first).to_contain_text("Peg-IFN")
    report = page.get_by_role("link", name="PDF report").get_attribute("href")
    answer = page.request.get(str(report))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_a_statistician_requests_a_bundle_and_its_hashes_hold(walk_in: Walk, tmp_path: Path) -> None:
    page = walk_in("chen", language="en")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Exports")
    page.get_by_role("link", name="New bundle").click()
    page.get_by_label("Purpose").select_option("ANALYSIS")
    page.get_by_label("Recipient and institution").fill("Statistician, Demo Hospital")
    page.get_by_label("Destination").select_option("CN")
    page.get_by_role("button", name="Request bundle").click()
    expect(page.locator(".alert.alert-success")).to_contain_text("has been requested")
    with zipfile.ZipFile(_built(page).path()) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist() if name not in ("MANIFEST.sig", "SHA256SUMS")}
    manifest = json.loads(files.pop("manifest.json"))
    assert {name: facts["sha256"] for name, facts in manifest["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert manifest["files"]["data/lbhem.csv"]["rows"] > 100


def _built(page: Page) -> Download:
    """Reload, as the page says, until the worker is done; then download."""
    link = page.locator(".page-head").get_by_role("link", name="Download")
    deadline = time.monotonic() + BUILD_SECONDS
    while not link.count():
        assert time.monotonic() < deadline, page.locator("tbody").first.inner_text()
        page.reload()
    with page.expect_download() as download:
        link.click()
    return download.value


def test_a_monitor_asks_the_coordinator_answers_and_the_monitor_closes(walk_in: Walk) -> None:
    wang, lin = walk_in("wang", language="en"), walk_in("lin", language="en")
    address = form_address(wang, "01-009", "SCR", "Demographics")
    wang.goto(address)
    expect(wang.locator(".save-bar button")).to_have_count(0)
    wang.locator("#ask-place").select_option("brthdat")
    wang.locator("#ask-text").fill("Source says 1967. Which is right?")
    wang.get_by_role("button", name="Raise query").click()
    query = wang.locator(".page-context .side-block[id]", has_text="Which is right?")
    expect(query.locator(".tag")).to_have_text("Open")

    lin.goto(address)
    lin.locator(".field.has-query .query-link").click()
    request = lin.locator(".page-context .side-block[id]", has_text="Which is right?")
    request.locator("textarea").fill("The source is right as entered.")
    request.get_by_role("button", name="Send response").click()
    expect(request.locator(".tag")).to_have_text("Answered")
    expect(request.get_by_role("button", name="Close query")).to_have_count(0)

    wang.goto("/queries/?state=answered")
    wang.locator("tr", has_text="Which is right?").get_by_role("link", name=re.compile("^Open")).click()
    expect(query).to_contain_text("The source is right as entered.")
    query.locator("textarea").fill("Seen.")
    query.get_by_role("button", name="Close query").click()
    expect(query.locator(".tag")).to_have_text("Closed")


def test_an_administrator_makes_an_account_and_its_owner_comes_in(walk_in: Walk) -> None:
    page = walk_in("adm", language="en")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Accounts")
    expect(page.locator(".main-nav a")).to_have_text(["Audit", "Accounts", "Status"])
    _fill_account(page, "")
    expect(page.locator(".message-error")).to_be_visible()
    expect(page.locator("#p-user")).to_have_value("sun")
    _fill_account(page, "孙晓")
    expect(page.locator("tr", has_text="孙晓")).to_contain_text("Study coordinator (CRC)")
    link = page.locator("#invitation").inner_text()

    newcomer = walk_in()
    newcomer.goto(link)
    for place, text in {"#id_password": "short", "#id_again": "short"}.items():
        newcomer.locator(place).fill(text)
    newcomer.locator("#id_again").press("Enter")
    expect(newcomer.locator("#sign-in-error")).to_be_focused()
    for place in ("#id_password", "#id_again"):
        newcomer.locator(place).fill("a-long-first-password-7")
    newcomer.locator("#id_again").press("Enter")
    expect(newcomer.locator("h1")).to_have_text("登录")
    log_in(newcomer, "sun", "a-long-first-password-7")
    expect(newcomer.locator("h1")).to_have_text("规则与培训")
    for box in newcomer.locator("[name=policy]").all():
        box.check()
    newcomer.get_by_role("button", name="确认").click()
    expect(newcomer.locator("h1")).to_have_text("工作列表")


def _fill_account(page: Page, name: str) -> None:
    page.locator("#p-user").fill("sun")
    page.locator("#p-name").fill(name)
    page.locator("#p-role").select_option("coordinator")
    page.get_by_role("button", name="Create account").click()
