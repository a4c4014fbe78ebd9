"""Where things are: a form of a participant, a field on it."""

from playwright.sync_api import Locator, Page

CELL = """
([visit, form]) => {
  const table = document.querySelector("table.matrix");
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.querySelector("b")?.textContent);
  const row = [...table.tBodies[0].rows].find((each) => each.cells[0].textContent === form);
  return row.cells[heads.indexOf(visit)].querySelector("a").getAttribute("href");
}
"""
SUBMIT = "button[name=act][value=next]"


def form_address(page: Page, number: str, visit: str, form: str) -> str:
    """The address of a form in a participant's matrix; `form` as it is called in the page's language."""
    page.goto(f"/participants/{number}/")
    return page.evaluate(CELL, [visit, form])


def field(page: Page, name: str, value: str | None = None) -> Locator:
    """The control of an item, or one of its choices."""
    return page.locator(f'[name="{name}"]' + (f'[value="{value}"]' if value else ""))


def fill(page: Page, choices: dict[str, str] | None = None, **texts: str) -> None:
    """Type texts and take choices by name; a double underscore stands for the dot of a name."""
    for name, value in (choices or {}).items():
        field(page, name, value).check()
    for name, text in texts.items():
        field(page, name.replace("__", ".")).fill(text)


def submit(page: Page) -> None:
    """Submit the form and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(SUBMIT).click()
