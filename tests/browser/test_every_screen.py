"""Every screen in both languages: WCAG 2.2 AA as far as a machine can tell, reflow at 320 px, nothing untranslated."""

import pytest

from tests.browser.accessibility import chinese_outside_its_mark, findings
from tests.browser.conftest import Walk
from tests.browser.screens import SCREENS, Screen


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_accessible_and_fits(walk_in: Walk, screen: Screen, language: str) -> None:
    page = walk_in(screen.username, language=language)
    screen.steps(page, language)
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.lang") == ("en" if language == "en" else "zh-CN")
    actual = [f"Chinese: {text}" for text in chinese_outside_its_mark(page)] if language == "en" else []
    assert actual + findings(page, contrast=language != "en") == []
