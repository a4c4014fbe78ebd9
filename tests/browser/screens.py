"""Every screen, in the state in which it is looked at: who looks, and how they get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.places import field, form_address, submit
from tests.coding.release import archive

FORMS = {"zh-hans": {"mri": "腹部MRI评估", "lbhem": "血常规", "visit": "访视记录", "ie": "入选/排除标准"}}
FORMS["en"] = {"mri": "Abdominal MRI", "lbhem": "Haematology", "visit": "Visit record", "ie": "Eligibility"}
GOOD_FILE = "受试者编号,采样日期,ALT\n01-001,2001-01-01,30\n"
RANGES = "检验项目,性别,年龄,单位,参考范围,生效日期\n谷丙转氨酶,,,U/L,9-20,2001-01-01\n"
BAD_FILE = "受试者编号,采样日期,ALT\n99-999,2026-01-05,30\n01-001,2026-13-05,many\n"


@dataclass(frozen=True)
class Screen:
    """A screen's visitor and the steps to it."""

    name: str
    username: str | None
    steps: Callable[[Page, str], object]


def at(address: str) -> Callable[[Page, str], object]:
    """A screen with a fixed address."""
    return lambda page, language: page.goto(address)


def form(number: str, visit: str, code: str) -> Callable[[Page, str], object]:
    """A participant's form, without what an earlier visitor left there as a draft."""

    def steps(page: Page, language: str) -> None:
        page.goto(form_address(page, number, visit, FORMS[language][code]))
        draft = page.locator("button[name=act][value=discard]")
        if draft.count():
            with page.expect_navigation():
                draft.click()

    return steps


def wrong_password(page: Page, language: str) -> None:
    page.goto("/sign-in/")
    page.locator("#id_username").fill("nobody")
    page.locator("#id_password").fill("not-the-password")
    with page.expect_navigation():
        page.locator("#id_password").press("Enter")
    expect(page.locator("#sign-in-error")).to_be_focused()


def mri_with_observation(page: Page, language: str) -> None:
    form("01-010", "SCR", "mri")(page, language)
    page.locator(".new-row > summary").click()
    expect(page.locator(".new-row .field").first).to_be_visible()


def newest_run(page: Page, language: str) -> None:
    page.goto("/runs/")
    with page.expect_navigation():
        page.locator("#runs tbody th a").first.click()


def runs_compared(page: Page, language: str) -> None:
    page.goto("/runs/compare/")
    with page.expect_navigation():
        page.locator("form.filters button").click()


def refused(page: Page, language: str) -> None:
    form("01-010", "SCR", "lbhem")(page, language)
    field(page, "hem_date").fill("2026-02-30")
    field(page, "row.plt.orres").fill("many")
    submit(page)
    expect(page.locator("#issues")).to_be_focused()


def with_questions(page: Page, language: str) -> None:
    """Soft checks and reasons for change."""
    form("01-010", "SCR", "lbhem")(page, language)
    field(page, "row.plt.orres").fill("21")
    field(page, "row.lym.orres").fill("1.11")
    submit(page)
    field(page, "reason.all", "ENTRY").check(force=True)
    submit(page)
    expect(page.locator("#issues")).to_be_focused()


def needs_reason(page: Page, language: str) -> None:
    form("01-011", "SCR", "visit")(page, language)
    field(page, "visit_mode", "REMOTE").check(force=True)  # by telephone nobody is examined: that is refused (VIS-011)
    submit(page)
    expect(page.locator(".change-reason").first).to_be_visible()


def conflict(page: Page, language: str) -> None:
    """The version that the page remembers is older than the stored one."""
    form("01-010", "SCR", "visit")(page, language)
    page.evaluate("document.querySelector('[name=version]').value = '0'")
    field(page, "visit_mode", "PHONE").check(force=True)
    submit(page)
    expect(page.locator("#h-conflict")).to_be_visible()


def mapping(content: str) -> Callable[[Page, str], None]:
    def steps(page: Page, language: str) -> None:
        page.goto("/labs/import/")
        file = {"name": "results.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        page.locator(".upload button").click()
        expect(page.locator("button[value=dry]")).to_be_visible()

    return steps


def lab_report(page: Page, language: str) -> None:
    """A dry run of a file with bad rows, done by the worker."""
    mapping(BAD_FILE)(page, language)
    page.locator("button[value=dry]").click()
    done = page.locator("ul.key-figures")
    expect(page.locator(".page-head")).to_be_visible()
    for _ in range(400):
        if done.count():
            break
        page.reload()
    expect(page.locator("tbody tr").first).to_be_visible()


def sae_refused(page: Page, language: str) -> None:
    """A follow-up report before the initial one."""
    page.goto("/safety/saes/")
    page.locator("tbody th a").first.click()
    page.locator("#f-kind").select_option("final")
    page.locator("form.crf button.primary").click()
    expect(page.locator(".message-error")).to_be_visible()


def expected_refused(page: Page, language: str) -> None:
    page.goto("/safety/expected/")
    page.locator("form.crf button.primary").click()
    expect(page.locator(".message-error")).to_be_visible()


def data_and_code(page: Page, language: str) -> None:
    """The figure by arm on a page of its own."""
    page.goto("/dashboards/recurrence/by-arm/")
    page.locator("section[aria-labelledby=h-km] .data-link").click()
    expect(page.locator("#r-code")).to_be_visible()


def range_preview(page: Page, language: str) -> None:
    """What a file of normal ranges would change, computed by the worker."""
    page.goto("/labs/ranges/")
    file = {"name": "ranges.csv", "mimeType": "text/csv", "buffer": RANGES.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator(".upload button").click()
    expect(page.locator("[aria-current=page]")).to_be_visible()
    for _ in range(400):
        if page.locator("ul.key-figures").count():
            break
        page.reload()
    expect(page.locator("tbody tr").first).to_be_visible()


def release_of_meddra(page: Page, language: str) -> None:
    """An invented release, imported and looked at."""
    page.goto("/coding/releases/")
    release = page.get_by_role("link", name="MedDRA 90.1")
    if not release.count():
        file = {"name": "meddra.zip", "mimeType": "application/zip", "buffer": archive()}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        page.locator(".upload button").click()
    else:
        release.click()
    expect(page.locator("h1")).to_have_text("MedDRA 90.1")


def release_refused(page: Page, language: str) -> None:
    page.goto("/coding/releases/")
    page.locator(".upload button").click()
    expect(page.locator(".message-error")).to_be_visible()


def terms_to_code(page: Page, language: str) -> None:
    """What is to be coded, by a release that is in force."""
    release_of_meddra(page, language)
    take = page.locator("main form button.primary")
    if take.count():
        take.click()
    page.goto("/coding/")
    expect(page.locator("tbody th").first).to_be_visible()


def term_to_code(page: Page, language: str) -> None:
    terms_to_code(page, language)
    page.locator("tbody a.button").first.click()
    expect(page.locator("main input[name=q]")).to_be_focused()


def coded_terms(page: Page, language: str) -> None:
    """A term that was looked up and accepted."""
    term_to_code(page, language)
    page.locator("main input[name=q]").fill("90000001")
    page.locator("main input[name=q]").press("Enter")
    page.locator("tbody button").first.click()
    page.goto("/coding/?state=coded")
    expect(page.locator("tbody th").first).to_be_visible()


def ranges_refused(page: Page, language: str) -> None:
    page.goto("/labs/ranges/")
    page.locator(".upload button").click()
    expect(page.locator(".message-error")).to_be_visible()


def export_done(page: Page, language: str) -> None:
    _request_bundle(page)
    expect(page.locator(".alert.alert-success")).to_be_visible()


def _request_bundle(page: Page) -> None:
    page.goto("/exports/new/")
    page.locator("#f-purpose").select_option("ANALYSIS")
    page.locator("#f-recipient").fill("Statistician, Demo Hospital")
    page.locator("#f-destination").select_option("CN")
    page.locator("form.crf button.primary").click()


def exports_with_one(page: Page, language: str) -> None:
    _request_bundle(page)
    page.goto("/exports/")


def bundle_of_a_run(page: Page, language: str) -> None:
    page.goto("/runs/")
    page.locator("a[href^='/exports/new/?cut=']").first.click()
    expect(page.locator("main h1")).to_be_visible()


def cuts_compared(page: Page, language: str) -> None:
    page.goto("/exports/cuts/")
    if not page.locator("#f-after").count():  # one cut alone: that of the night run
        _request_bundle(page)
        expect(page.locator("#bundle:not([data-live])")).to_be_visible(timeout=60_000)
        page.goto("/exports/cuts/")
    page.locator("#f-after").select_option(index=0)
    page.locator("#f-before").select_option(index=1)
    page.locator("form.crf button.primary").click()
    expect(page.locator("main h1")).to_be_visible()


def cut_refused(page: Page, language: str) -> None:
    page.goto("/exports/cuts/")
    page.locator("tbody input[name=name]").first.fill("x" * 81)
    page.locator("tbody button").first.click()
    expect(page.locator(".message-error")).to_be_visible()


def export_refused(page: Page, language: str) -> None:
    page.goto("/exports/new/")
    page.locator("#f-destination").select_option("ABROAD")
    page.locator("form.crf button.primary").click()
    expect(page.locator(".message-error")).to_have_count(3)


def bundle_refused(page: Page, language: str) -> None:
    page.goto("/exports/check/")
    page.locator(".upload button").click()
    expect(page.locator(".message-error")).to_be_visible()


def bundle_checked(page: Page, language: str) -> None:
    page.goto("/exports/check/")
    page.locator("input[type=file]").set_input_files({"name": "b.zip", "mimeType": "application/zip", "buffer": b"no"})
    page.locator(".upload button").click()
    expect(page.locator("main h1")).to_be_visible()


def account_refused(page: Page, language: str) -> None:
    page.goto("/people/")
    page.locator("form.crf button.primary").click()
    expect(page.locator(".message-error")).to_be_visible()


def account_waits(page: Page, language: str) -> None:
    """Another address of someone who sees by arm; and whoever gave too many wrong answers is locked."""
    page.goto("/people/")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="chen"))
    row.locator("summary").click()
    row.locator("[name=email]").fill("chen@example.org")
    row.locator("button[value=email]").click()
    expect(page.locator("#h-waiting")).to_be_visible()


def locked(page: Page, language: str) -> None:
    for _ in range(5):
        page.goto("/sign-in/")
        page.locator("#id_username").fill(f"nobody-{language}")
        page.locator("#id_password").fill("not-the-password")
        with page.expect_navigation():
            page.locator("#id_password").press("Enter")
    expect(page.locator("#id_code")).to_be_visible()


def number_in_use(page: Page, language: str) -> None:
    page.goto("/register/")
    field(page, "number").fill("01-001")
    submit_button = page.locator("form.crf button.primary")
    submit_button.click()
    expect(page.locator("#e-number")).to_be_visible()


def visit_calendar(page: Page, language: str) -> None:
    page.goto("/participants/?state=on_study")
    number = page.locator("tbody .participant-number").first.inner_text()
    page.goto(f"/participants/{number}/calendar-{'en' if language == 'en' else 'zh'}/")
    expect(page.locator("tbody tr").first).to_be_visible()


def raised_on_many(page: Page, language: str) -> None:
    page.goto("/queries/raise/")
    page.locator("#r-place").select_option("consent.icf_version")
    page.locator("#r-text").fill("?")
    page.locator("button[value=dry]").click()
    expect(page.locator("button[value=raise]")).to_be_visible()


def sign_refused(page: Page, language: str) -> None:
    page.goto("/sign/?participant=01-002")
    page.locator("#sign-password").fill("not-the-password")
    page.locator("#sign-password").press("Enter")
    expect(page.locator("#issues")).to_be_visible()


def history_of_a_page(page: Page, language: str) -> None:
    form("01-001", "SCR", "lbhem")(page, language)
    page.locator("[data-history] p a").click()
    expect(page.locator("ol.history li").first).to_be_visible()


def session_ended(page: Page, language: str) -> None:
    page.goto("/worklist/")
    page.evaluate("document.dispatchEvent(new Event('session-ended'))")
    expect(page.locator("#again-password")).to_be_focused()


def blind_case(page: Page, language: str) -> None:
    """The first case that waits for the reader."""
    page.goto("/endpoint-review/")
    page.locator("tbody th a").first.click()
    expect(page.locator("#f-day")).to_be_visible()


def blind_case_refused(page: Page, language: str) -> None:
    """A reading without a verdict."""
    blind_case(page, language)
    page.locator("#f-comment").fill("?")
    page.locator("#pw-reading").fill("not-the-password")
    page.locator("#pw-reading").press("Enter")
    expect(page.locator("#issues")).to_be_visible()


SCREENS = (
    Screen("sign-in", None, at("/sign-in/")),
    Screen("sign-in refused", None, wrong_password),
    Screen("sign-in locked", None, locked),
    Screen("worklist", "lin", at("/worklist/")),
    Screen("participants", "lin", at("/participants/")),
    Screen("participants none", "lin", at("/participants/?q=nobody")),
    Screen("participant", "lin", at("/participants/01-001/")),
    Screen("visit calendar", "lin", visit_calendar),
    Screen("screening log", "wang", at("/screening/")),
    Screen("schedule", "wang", at("/schedule/")),
    Screen("constants", "wang", at("/constants/")),
    Screen("MRI", "lin", mri_with_observation),
    Screen("haematology", "lin", form("01-001", "SCR", "lbhem")),
    Screen("eligibility", "lin", form("01-001", "SCR", "ie")),
    Screen("form refused", "lin", refused),
    Screen("form asked", "lin", with_questions),
    Screen("form needs reason", "lin", needs_reason),
    Screen("form conflict", "lin", conflict),
    Screen("form of a monitor", "wang", form("01-001", "SCR", "lbhem")),
    Screen("form of a statistician", "chen", form("01-001", "SCR", "mri")),
    Screen("queries", "wang", at("/queries/?state=all")),
    Screen("ask on many pages", "wang", raised_on_many),
    Screen("worklist of a monitor", "wang", at("/worklist/review/")),
    Screen("worklist of an investigator", "zhao", at("/worklist/")),
    Screen("deviations", "wang", at("/deviations/")),
    Screen("readiness", "wang", at("/readiness/")),
    Screen("participant of a monitor", "wang", at("/participants/01-001/")),
    Screen("to sign", "zhao", at("/sign/")),
    Screen("sign refused", "zhao", sign_refused),
    Screen("trail", "wang", at("/audit/?kind=data")),
    Screen("trail of an administrator", "adm", at("/audit/")),
    Screen("data review", "wang", at("/audit/review/")),
    Screen("history", "wang", history_of_a_page),
    Screen("account", "lin", at("/account/")),
    Screen("second factor set up", "lin", at("/account/app/")),
    Screen("API tokens", "lin", at("/account/tokens/")),
    Screen("API documentation", "lin", at("/api/v1/")),
    Screen("policies", "lin", at("/account/policies/")),
    Screen("access review", "adm", at("/people/review/")),
    Screen("invitation gone", None, at("/invitation/nothing/")),
    Screen("session ended", "lin", session_ended),
    Screen("checks", "wang", at("/checks/")),
    Screen("dictionary", "chen", at("/dictionary/")),
    Screen("register", "lin", number_in_use),
    Screen("course", "lin", at("/participants/01-001/course/")),
    Screen("participant in the analysis", "lin", at("/participants/01-001/analysis/")),
    Screen("safety, events", "zhao", at("/labs/safety/?view=events")),
    Screen("safety, by treatment", "chen", at("/labs/safety/?view=arms")),
    Screen("safety, shifts", "zhao", at("/labs/safety/?view=shifts&analyte=plt")),
    Screen("safety, liver", "zhao", at("/labs/safety/?view=liver")),
    Screen("safety, HBsAg", "lin", at("/labs/safety/?view=hbsag")),
    Screen("serious events", "lin", at("/safety/saes/")),
    Screen("serious event", "zhao", sae_refused),
    Screen("expected reactions", "zhao", expected_refused),
    Screen("SAE reconciliation", "lin", at("/safety/reconciliation/")),
    Screen("coding without MedDRA", "wang", at("/coding/")),
    Screen("release refused", "wang", release_refused),
    Screen("release of MedDRA", "wang", release_of_meddra),
    Screen("terms to code", "wang", terms_to_code),
    Screen("term to code", "wang", term_to_code),
    Screen("coded terms", "wang", coded_terms),
    Screen("normal ranges", "lin", at("/labs/ranges/")),
    Screen("normal ranges refused", "lin", ranges_refused),
    Screen("preview of normal ranges", "lin", range_preview),
    Screen("graded results", "lin", at("/labs/graded/?from=1")),
    Screen("results to judge", "zhao", at("/labs/graded/?show=judge")),
    Screen("lab import", "lin", at("/labs/import/")),
    Screen("lab mapping", "lin", mapping(GOOD_FILE)),
    Screen("lab report", "lin", lab_report),
    Screen("dashboard pooled", "zhao", at("/dashboards/recurrence/")),
    Screen("dashboard by arm", "zhao", at("/dashboards/recurrence/by-arm/")),
    Screen("data and code", "chen", data_and_code),
    Screen("runs", "zhao", at("/runs/")),
    Screen("a run", "chen", newest_run),
    Screen("runs compared", "chen", runs_compared),
    Screen("cases of a reader", "mei", at("/endpoint-review/")),
    Screen("case refused", "mei", blind_case_refused),
    Screen("cases of the adjudicator", "qin", at("/endpoint-review/?state=changed")),
    Screen("case to adjudicate", "qin", blind_case),
    Screen("plan", "zhao", at("/plan/")),
    Screen("exports", "chen", exports_with_one),
    Screen("bundle requested", "chen", export_done),
    Screen("bundle of a run", "chen", bundle_of_a_run),
    Screen("bundle refused", "chen", export_refused),
    Screen("data cuts", "chen", at("/exports/cuts/")),
    Screen("data cuts compared", "chen", cuts_compared),
    Screen("name of a data cut refused", "chen", cut_refused),
    Screen("check of a bundle", "chen", bundle_refused),
    Screen("findings of a bundle", "chen", bundle_checked),
    Screen("signing keys", "adm", at("/exports/keys/")),
    Screen("status", "adm", at("/status/")),
    Screen("accounts", "adm", account_refused),
    Screen("accounts with a request", "adm", account_waits),
    Screen("not allowed", "chen", at("/people/")),
    Screen("not found", "lin", at("/participants/02-001/")),
)
