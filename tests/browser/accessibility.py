"""What a machine can tell about a screen: axe, reflow, names of parts, language."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE, NARROW = (1366, 768), (390, 844), (320, 640)

RUN = """
async ({ rules, contrast }) => {
  const options = { runOnly: rules, resultTypes: ["violations"], preload: false };
  const found = await axe.run(document, { ...options, rules: { "color-contrast": { enabled: contrast } } });
  return found.violations.map((each) => ({
    id: each.id,
    nodes: each.nodes.map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)} (${node.any.concat(node.all).map((check) => check.message).join("; ")})`),
  }));
}
"""  # noqa: E501
SIDEWAYS = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const boxes = ".scroll-sideways, .sheet-scroll, .matrix-scroll, .timeline-scroll, .visually-hidden";
  const scrolls = (element) => element.closest(boxes);
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(element))
    .map((element) => `${element.tagName}.${element.getAttribute("class")}`).slice(0, 5).concat("scrolls sideways");
}
"""
#: Of lines of one shape the first stand for all, once everything else was looked at: axe takes a minute for a thousand.
SHORTEN = """
() => document.querySelectorAll("tbody > tr:nth-child(n+31), tbody:nth-of-type(n+7)").forEach((line) => line.remove())
"""
TWICE = """
() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}
"""
LOOSE = """
() => [...document.querySelectorAll("label[for], [aria-describedby], [aria-labelledby]")].flatMap((element) =>
  ["for", "aria-describedby", "aria-labelledby"].flatMap((name) => (element.getAttribute(name) ?? "").split(" "))
    .filter((id) => id && !document.getElementById(id)))
"""
RAGGED = """
() => {
  const width = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
  return [...document.querySelectorAll("table")].filter((table) => table.tHead).flatMap((table) =>
    [...table.rows].filter((row) => width(row) !== width(table.tHead.rows[0])).map((row) => row.textContent.trim()));
}
"""
CHINESE = """
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const owner = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const marked = owner.closest("body [lang|=zh], [translate=no], .timeline-scroll");
    if (/[\\u4e00-\\u9fff]/.test(text) && !marked) found.push(text);
  }
  return found.concat(document.title.match(/[\\u4e00-\\u9fff]/) ? [document.title] : []);
}
"""


@cache
def axe_source() -> str:
    """axe-core as the wheel axe-playwright-python carries it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe finds against WCAG 2.0 to 2.2, A and AA; brought in by the debugger, as the CSP forbids scripts."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_source())
    actual: list[dict[str, Any]] = page.evaluate(RUN, {"rules": RULES, "contrast": contrast})
    return [f"{each['id']}: {node}" for each in actual for node in each["nodes"]]


def findings(page: Page, *, contrast: bool = True) -> list[str]:
    """Everything that is wrong with this screen at three sizes; it is left at desktop size, with long tables cut.

    The contrast of its colours, the slowest question, is the same in both languages: once is enough.
    """
    actual = [f"id twice: {each}" for each in page.evaluate(TWICE)]
    actual += [f"refers to nothing: {each}" for each in page.evaluate(LOOSE)]
    actual += [f"not as wide as the head: {each}" for each in page.evaluate(RAGGED)]
    for width, height in (NARROW, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")  # a bar that stays in view may lie over a control; people scroll
        actual += [f"{width} px: {each}" for each in page.evaluate(SIDEWAYS)]
    page.evaluate(SHORTEN)
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        actual += [f"{width} px: {each}" for each in violations(page, contrast=contrast)]
    return actual


def chinese_outside_its_mark(page: Page) -> list[str]:
    """Chinese on an English page marked neither as Chinese nor as data: a text that nobody translated."""
    return page.evaluate(CHINESE)
