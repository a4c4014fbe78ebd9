"""What must not happen in a browser window: console errors, refused content, broken scripts, missing files."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

#: Chromium writes an error line for each page that is answered with a refusal; those pages are part of the product.
REFUSED_PAGE = re.compile(r"the server responded with a status of (401|403|404|409|422|429)")
LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class Watcher:
    """Collects what goes wrong in windows, with the address where it did."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.tolerated: set[str] = set()
        #: Ends of addresses whose refusal (403) is part of the test: a draft sent with the token of an ended session.
        self.refusable: tuple[str, ...] = ()

    def watch(self, context: BrowserContext) -> None:
        """From the first page of this window on."""
        context.add_init_script(LISTEN)
        context.on("page", self._watch_page)
        context.on("response", self._response)

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: dialog.accept())

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if REFUSED_PAGE.search(message.text) or any(text in message.text for text in self.tolerated):
            return
        self.problems.append(f"{message.location.get('url')}: {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        expected = response.status in (401, 409, 422)
        expected |= response.status == 403 and bool(self.refusable) and response.url.endswith(self.refusable)
        shown = ("document", "fetch") if expected else ("document",)
        if (response.status >= 400 and response.request.resource_type not in shown) or response.status >= 500:
            self.problems.append(f"{response.url}: {response.status}")
