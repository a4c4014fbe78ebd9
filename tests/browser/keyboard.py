"""A person who has no mouse."""

from playwright.sync_api import Locator, Page, expect

#: More stops than the longest page has; a focus that goes in circles ends the walk.
MOST_STOPS = 260


class Keyboard:
    """Keys, and where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type a text; what is not on an American keyboard comes as from an input method."""
        self.page.keyboard.type(text)

    def to(self, target: Locator, *, back: bool = False) -> None:
        """Press Tab until the focus is there."""
        expect(target).to_have_count(1)
        for _ in range(MOST_STOPS):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not reach {target}")

    def follow(self, link: Locator) -> None:
        """To a link, and Enter."""
        self.to(link)
        self.go("Enter")

    def go(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def choose(self, select: Locator, value: str) -> None:
        """Arrow down in the list in hand until the value is there."""
        for _ in range(40):
            if select.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not in {select}")
