"""A coordinator's day, in Chinese and by keyboard alone."""

import re

from playwright.sync_api import Page, expect

from prtras.demo.cohort.people import DEMO_PASSWORD
from tests.browser.conftest import Walk
from tests.browser.keyboard import Keyboard
from tests.browser.places import field

HAEMATOLOGY = {"wbc": "５．２", "neut": "３。1", "lym": "1.5", "hgb": "１４０", "plt": "180"}


def test_an_overdue_visit_is_entered_without_touching_the_mouse(walk_in: Walk) -> None:
    page = walk_in()
    keys = Keyboard(page)
    come_in(page, keys)
    open_overdue_safety_visit(page, keys)
    day = fill_visit_record(page, keys)
    fill_examination(page, keys, day)
    fill_haematology(page, keys, day)
    answer_soft_check(page, keys)
    change_with_reason(page, keys)


def come_in(page: Page, keys: Keyboard) -> None:
    """The focus waits in the first field; Enter logs in; the worklist is home."""
    page.goto("/")
    expect(page.locator("#id_username")).to_be_focused()
    keys.write("lin")
    keys.press("Tab")
    keys.write(DEMO_PASSWORD)
    keys.go("Enter")
    expect(page.locator("h1")).to_have_text("工作列表")


def open_overdue_safety_visit(page: Page, keys: Keyboard) -> None:
    """Enter on the next action of the first overdue visit that asks for no imaging."""
    line = page.locator("#overdue tr", has_text="安全性访视").first
    keys.follow(line.locator("td.row-action a"))
    expect(page.locator("h1")).to_contain_text("访视记录")


def fill_visit_record(page: Page, keys: Keyboard) -> str:
    """Dates may be typed as digits; what does not apply is not asked; Ctrl+Enter submits and opens the next form."""
    window = re.search(r"(\d{4}-\d\d-\d\d) → ", page.locator(".visit-window").inner_text())
    assert window
    day = window[1]
    keys.to(field(page, "visit_status", "DONE"))
    expect(field(page, "visit_date")).to_be_hidden()
    keys.press("Space")
    keys.to(field(page, "visit_date"))
    keys.write(day.replace("-", ""))
    keys.to(field(page, "visit_mode", "CLINIC"))
    keys.press("Space")
    expect(field(page, "visit_date")).to_have_value(day)
    submit_despite_questions(page, keys)
    expect(page.locator(".alert.alert-success")).to_contain_text("“访视记录”已提交")
    expect(page.locator("h1")).to_contain_text("生命体征")
    return day


def fill_examination(page: Page, keys: Keyboard, day: str) -> None:
    """Vital signs and examination: the next form opens by itself; the body-mass index is nobody's to type."""
    for name, typed in {
        "vs_date": day,
        "weight": "66.5",
        "temp": "36.6",
        "pulse": "72",
        "sbp": "124",
        "dbp": "78",
    }.items():
        keys.to(field(page, name))
        keys.write(typed)
    submit_despite_questions(page, keys)
    expect(page.locator("h1")).to_contain_text("体格检查")
    keys.to(field(page, "pe_date"))
    keys.press("=")
    expect(field(page, "pe_date")).to_have_value(day)
    for name, code in {"ecog": "0", "ascites": "NONE", "he_grade": "NONE", "depress": "NONE", "suicidal": "N",
                       "visual_sx": "N"}.items():  # fmt: skip
        pick(page, keys, name, code)
    submit_despite_questions(page, keys)
    expect(page.locator("h1")).to_contain_text("记录表核对")
    for name in ("ae_yn", "cm_yn"):
        pick(page, keys, name, "N")
    submit_despite_questions(page, keys)
    expect(page.locator("h1")).to_contain_text("血常规")


def pick(page: Page, keys: Keyboard, name: str, code: str) -> None:
    """One of several: arrows in a list, Tab to the first of a group and arrows from there."""
    choices = page.locator(f'form.crf [name="{name}"]')
    if choices.first.evaluate("(element) => element.tagName") == "SELECT":
        keys.to(choices)
        keys.choose(choices, code)
        return
    keys.to(choices.first)
    keys.press("Space")
    for _ in range(choices.count()):
        if field(page, name, code).is_checked():
            return
        keys.press("ArrowRight")
    raise AssertionError(f"{name} does not offer {code}")


def submit_despite_questions(page: Page, keys: Keyboard) -> None:
    """Ctrl+Enter; what a check asks is seen once and does not stand in the way the second time."""
    keys.go("Control+Enter")
    if page.locator("#issues .issue-question").count():
        keys.go("Control+Enter")


def fill_haematology(page: Page, keys: Keyboard, day: str) -> None:
    """Full-width digits become plain ones; Alt+M says why the sample's date is missing, and takes it back."""
    keys.to(field(page, "hem_date"))
    keys.press("Alt+m")
    missing = field(page, "missing.hem_date")
    expect(missing).to_be_focused()
    keys.choose(missing, missing.locator("option").nth(1).get_attribute("value") or "")
    keys.press("Home")
    expect(missing).to_have_value("")
    keys.to(field(page, "hem_date"), back=True)
    keys.write(day)
    for analyte, typed in HAEMATOLOGY.items():
        keys.to(field(page, f"row.{analyte}.orres"))
        keys.write(typed)
    expect(field(page, "row.wbc.orres")).to_have_value("5.2")
    expect(field(page, "row.neut.orres")).to_have_value("3.1")
    expect(field(page, "row.hgb.orres")).to_have_value("140")


def answer_soft_check(page: Page, keys: Keyboard) -> None:
    """An unlikely value asks once, with the focus on the summary; it may be kept with a reason."""
    value = field(page, "row.wbc.orres")
    keys.to(value, back=True)
    keys.press("Control+a")
    keys.write("21.5")
    keys.go("Control+Enter")
    expect(page.locator("#issues")).to_be_focused()
    keys.press("Alt+ArrowDown")
    expect(page.locator('[name^="keep."]')).to_be_focused()
    keys.write("已复核原始报告")
    keys.go("Control+Enter")
    expect(page.locator("h1")).to_contain_text("血生化")


def change_with_reason(page: Page, keys: Keyboard) -> None:
    """Back in the submitted visit record: a change asks why, and the history keeps both values."""
    keys.follow(page.locator(".section-nav a", has_text="访视记录"))
    keys.to(field(page, "visit_mode", "CLINIC"))
    keys.press("ArrowRight")
    expect(field(page, "visit_mode", "INPATIENT")).to_be_checked()
    keys.go("Control+Enter")
    expect(page.locator("#issues")).to_contain_text("请说明修改原因")
    expect(page.locator(".change-reason", has_text="已提交的值被修改").first).to_contain_text("门诊")
    keys.to(field(page, "reason.all", "ENTRY"))
    keys.press("Space")
    keys.go("Control+Enter")
    expect(page.locator("h1")).to_contain_text("血生化")
    keys.follow(page.locator(".section-nav a", has_text="访视记录"))
    expect(page.locator(".history li").first).to_contain_text("随访方式")
