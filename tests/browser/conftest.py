"""A real browser on the real product: one server, one Chromium, and people who walk in.

Everything here belongs to the package, not to the session: Playwright keeps an event loop running while it is open,
and Django refuses its database to code beside a running loop, so both end with the last test of this folder.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from prtras.demo.cohort.people import DEMO_PASSWORD
from tests.browser.watching import Watcher

ROOT = Path(__file__).resolve().parents[2]
#: Chromium without the windows around its pages: whole Chromium draws a frame of its own, itself a web page, for each.
CHROMIUM = "/usr/bin/chromium-headless-shell"
#: The shell remembers no page for Back.
WHOLE_CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
DESKTOP = {"width": 1366, "height": 768}
#: Where no server of the wheels shall be taken from, and what the demo decides for itself.
NOT_INHERITED = ("PRTRAS_DB_ROLE", "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READER_URL", "REDIS_URL",
                 "DJANGO_SETTINGS_MODULE")  # fmt: skip

Walk = Callable[..., Page]


def pytest_itemcollected(item: pytest.Item) -> None:
    """All tests of this folder share one server: under xdist they go to one worker."""
    item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product with everything it needs, running; its address."""
    folder = tmp_path_factory.mktemp("product")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {"PRTRAS_ENV": "demo", "PRTRAS_VAR": str(folder), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "tests.browser.stack", str(folder), str(port)]
    stack = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert stack.stdin is not None
    assert stack.stdout is not None
    try:
        expected = stack.stdout.readline()
        assert expected == b"ready\n", (folder / "log").read_text(errors="replace")[-3000:]
        yield f"http://127.0.0.1:{port}"
    finally:
        stack.stdin.close()
        stack.wait(60)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, as its headless shell."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=15_000)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def sessions(address: str, chromium: Browser) -> Callable[[str], dict[str, Any]]:
    """Someone's cookies after logging in, once per person."""
    known: dict[str, dict[str, Any]] = {}

    def session_of(username: str) -> dict[str, Any]:
        if username not in known:
            with chromium.new_context(base_url=address) as context:
                page = context.new_page()
                log_in(page, username)
                known[username] = context.storage_state()
        return known[username]

    return session_of


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Nothing may have gone wrong in the windows of a test."""
    watching = Watcher()
    yield watching
    assert watching.problems == []


@pytest.fixture
def walk_in(
    address: str, chromium: Browser, sessions: Callable[[str], dict[str, Any]], watcher: Watcher
) -> Iterator[Walk]:
    """A fresh browser window, of someone logged in or of a stranger."""
    contexts: list[BrowserContext] = []

    def walk(username: str | None = None, *, language: str = "zh-hans", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport=DESKTOP,
            locale="zh-CN",
            java_script_enabled=scripts,
            storage_state=sessions(username) if username else None,
        )
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        watcher.watch(context)
        return context.new_page()

    yield walk
    for context in contexts:
        context.close()


def log_in(page: Page, username: str, password: str = DEMO_PASSWORD) -> None:
    """Through the sign-in page."""
    if "/sign-in/" not in page.url:
        page.goto("/sign-in/")
    page.locator("#id_username").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
