"""The watch over the windows is awake: it sees what all the other tests rely on it to see."""

from tests.browser.conftest import Walk
from tests.browser.watching import Watcher

INLINE = """
() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'run'";
  document.body.append(script);
}
"""


def test_an_inline_script_is_refused_and_the_watch_says_so(walk_in: Walk, watcher: Watcher) -> None:
    page = walk_in()
    page.goto("/sign-in/")
    page.evaluate(INLINE)
    assert page.title() != "run"
    assert any("CSP script-src" in problem for problem in watcher.problems)
    watcher.problems.clear()


def test_a_missing_file_and_a_broken_script_do_not_pass_unseen(walk_in: Walk, watcher: Watcher) -> None:
    page = walk_in()
    page.goto("/sign-in/")
    page.evaluate("fetch('/static/nothing.js')")
    with page.expect_event("pageerror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('broken'); }); }")
    assert any("broken" in problem for problem in watcher.problems)
    assert any("nothing.js: 404" in problem for problem in watcher.problems)
    watcher.problems.clear()
