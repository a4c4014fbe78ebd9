"""What a list shows without scrolling on the smallest desktop, 1366 x 768: one line a row where the eye compares."""

import pytest

from tests.browser.conftest import DESKTOP, Walk

LANGUAGES = ["zh-hans", "en"]
#: Of every row with a visit: its lower edge, the lines of its visit's name, and whether the name is cut off.
VISITS = """
rows => rows.map(row => {
  const cell = row.querySelector(".visit-cell"), range = document.createRange();
  range.selectNodeContents(cell);
  const lines = range.getBoundingClientRect().height / parseFloat(getComputedStyle(cell).lineHeight);
  return [row.getBoundingClientRect().bottom, Math.round(lines), cell.scrollWidth > cell.clientWidth];
})
"""
#: How many lines of text every row of the trail takes, by its height, and what it says.
ROWS = """
rows => rows.map(row => [row.innerText, Math.max(...[...row.cells].map(cell => {
  const style = getComputedStyle(cell), open = cell.clientHeight - parseFloat(style.paddingTop)
    - parseFloat(style.paddingBottom);
  return cell.children.length || cell.textContent.trim() ? open / parseFloat(style.lineHeight) : 0;
}))])
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_visits_are_above_the_fold_each_on_one_line(walk_in: Walk, language: str) -> None:
    page = walk_in("lin", language=language)
    page.goto("/worklist/")
    rows = page.locator(".visits-table tr:has(.visit-cell)").evaluate_all(VISITS)
    assert len(rows) > 10
    assert [lines for _, lines, _ in rows] == [1] * len(rows)
    assert not any(cut_off for _, _, cut_off in rows)
    assert rows[9][0] <= DESKTOP["height"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["", "data", "page", "query"])
def test_a_row_of_the_trail_takes_two_lines_at_most(walk_in: Walk, language: str, kind: str) -> None:
    page = walk_in("wang", language=language)
    page.goto(f"/audit/?kind={kind}")
    rows = page.locator(".trail-table tbody tr").evaluate_all(ROWS)
    assert rows
    assert not [text for text, lines in rows if lines >= 2.7]
