"""With JavaScript off every page still works: the server is the authority, scripts only help."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Walk, log_in
from tests.browser.places import field, fill, form_address, submit
from tests.casebook import CLEAN

CONSENT = {**CLEAN["consent"], "icf_date": "2025-02-30"}
CHOICES = ("signer", "witness_needed", "comply_agree", "copy_given", "biobank_consent")


def test_a_participant_is_registered_and_a_refused_consent_corrected_without_scripts(walk_in: Walk) -> None:
    page = walk_in(scripts=False)
    page.goto("/")
    log_in(page, "lin")
    page.get_by_role("link", name=re.compile("登记受试者")).click()
    number = field(page, "number").input_value()
    page.get_by_role("button", name="登记并填写知情同意").click()
    expect(page.locator("h1")).to_contain_text("知情同意")
    expect(page.locator(".participant-number").first).to_have_text(number)

    for name, value in CONSENT.items():
        if name in CHOICES:
            field(page, name, value).check(force=True)
        else:
            fill(page, **{name: value})
    submit(page)
    expect(page).to_have_title(re.compile("^错误"))
    expect(page.locator("#e-f-icf_date")).to_be_visible()
    expect(field(page, "icf_date")).to_have_attribute("aria-invalid", "true")
    expect(field(page, "icf_date")).to_have_value("2025-02-30")
    expect(field(page, "signer", "SUBJECT")).to_be_checked()

    field(page, "icf_date").fill(CLEAN["consent"]["icf_date"])
    submit(page)
    expect(page.locator(".alert.alert-success")).to_contain_text("“知情同意”已提交")
    expect(page.locator("h1")).to_contain_text("人口学资料")


def test_a_draft_a_query_and_the_matrix_work_without_scripts(walk_in: Walk) -> None:
    page = walk_in("lin", scripts=False)
    page.goto("/participants/01-006/")
    page.locator(
        "table.matrix tbody a.matrix-cell.state-sched, table.matrix tbody a.matrix-cell.state-due"
    ).first.click()
    expect(page.locator("form.crf")).to_be_visible()
    page.locator("button[value=draft]").click()
    expect(page.locator(".alert.alert-success")).to_contain_text("草稿已保存")
    page.locator("button[value=discard]").click()
    expect(page.locator(".form-header .tag")).to_have_text("未填写")
    page.goto("/queries/")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_what_was_sent_after_the_session_ended_is_sent_on_at_the_login_without_scripts(walk_in: Walk) -> None:
    page = walk_in("lin", scripts=False)
    page.goto(form_address(page, "01-007", "W12", "血常规"))
    field(page, "row.lym.orres").fill("1.31")
    page.context.clear_cookies(name="prtras_session")
    submit(page)
    expect(page.locator("h1")).to_have_text("登录")
    log_in(page, "lin")
    expect(page.locator(".alert").first).to_contain_text("已保存为草稿")  # a change wants a reason: it waits for her
    expect(field(page, "row.lym.orres")).to_have_value("1.31")
    page.locator("button[value=discard]").click()
    expect(page.locator(".form-header .tag").first).to_have_text("已提交")
