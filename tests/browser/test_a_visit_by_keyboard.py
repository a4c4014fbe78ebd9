"""A whole 12-week visit, from the worklist to the last form, by keyboard; every key and every stop is counted."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Walk
from tests.browser.keyboard import Keyboard
from tests.browser.places import field

#: What the visit below costs today. A change that needs more has to say why; one that needs less lowers them.
MOST_KEYS, MOST_STOPS = 280, 115

#: Asked only of those who have peginterferon.
IN_COMBINATION = ("depress", "suicidal", "visual_sx")
#: The forms of a 12-week visit in the order in which they open; by field: the keys that are pressed there.
VISIT: dict[str, dict[str, str]] = {
    "visit": {"visit_status": "1", "visit_date": "t", "visit_mode": "1"},
    "adh": {"adh_na_taking": "1", "adh_na_missed": "2", "adh_na_days": "84"},
    "vs": {"vs_date": "=", "weight": "66", "temp": "36.6", "pulse": "72", "sbp": "124", "dbp": "78"},
    "pe": {
        "pe_date": "=", "ecog": "0", "pe_general": "1", "pe_skin": "1", "pe_heart": "1", "pe_lung": "1",
        "pe_abdomen": "1", "pe_neuro": "1", "pe_thyroid": "1", "ascites": "1", "he_grade": " ",
        **dict.fromkeys(IN_COMBINATION, "1"), "suicidal": "2", "visual_sx": "2",
    },
    "mri": {
        "mri_done": "1", "mri_date": "=", "mri_mod": "Alt+p", "mri_contrast": "Alt+p", "mri_quality": "1",
        "mri_nobs": "2", "mri_overall": "1", "mri_reader": "ZQ", "mri_read_date": "=", "mri_blinded": "1",
    },
    "logs": {"ae_yn": "2", "cm_yn": "2", "na_yn": "2"},
    "lbhem": {"hem_date": "=", "wbc": "5.2", "neut": "3.1", "lym": "1.5", "hgb": "140", "plt": "180"},
    "lbchem": {
        "chem_date": "=", "chem_fast": "1", "alt": "30", "ast": "28", "ggt": "40", "alp": "80", "tbil": "15",
        "alb": "42", "creat": "75", "gluc": "5.2",
    },
    "lbcoag": {"coag_date": "=", "pt": "12.1", "inr": "1.05"},
    "liverfn": {"cp_class_ent": "1", "cp_score_ent": "5"},
    "lbviro": {
        "viro_date": "=", "hbvdna_assay": "Alt+p", "hbvdna_raw": "<10", "hbvdna_u": "Alt+p", "hbsag_assay": "Alt+p",
        "hbsag_raw": "120.5", "hbsag_dil": "1", "hbsag_res": "1", "hbeag_res": "2",
    },
    "lbtm": {"tm_date": "=", "afp": "3.1", "pivka": "22"},
}  # fmt: skip
#: Two observations that were not there before.
OBSERVATION = {
    "obs_no": "", "obs_type": "1", "obs_new": "1", "obs_seg": "6", "size_mm": "8", "path_proven": "2", "nc": "2",
    "tiv": "2", "benign": "1", "aphe": "1", "washout": "1", "capsule": "2", "tg": "2", "lr_cat": "3",
}  # fmt: skip


class Counting(Keyboard):
    """Keys as a person presses them: a letter, a digit, a key with Alt, a step to the next field."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.keys = self.stops = 0

    def press(self, *keys: str) -> None:
        super().press(*keys)
        self.keys += len(keys)
        self.stops += sum(key in ("Tab", "Shift+Tab") for key in keys)

    def write(self, text: str) -> None:
        super().write(text)
        self.keys += len(text)


def test_a_whole_visit_is_entered_by_keyboard_without_loading_a_page(walk_in: Walk) -> None:
    page = walk_in("lin")
    loads: list[str] = []
    page.goto("/worklist/")
    page.goto(begin_at(page))
    page.on("load", lambda loaded: loads.append(loaded.url))
    keys = Counting(page)
    for form, fields in VISIT.items():
        expect(page.locator("form.crf")).to_have_attribute("data-form", form)
        for name, message in fields.items():
            if name in IN_COMBINATION and not field(page, name).first.is_visible():
                continue
            answer(keys, page.locator(f'form.crf [name="{name}"], form.crf [name="row.{name}.orres"]'), message)
        if form == "mri":
            observe(page, keys)
        submit(page, keys)
    expect(page.locator("table.matrix")).to_be_visible()
    assert loads == []
    print(f"{keys.keys} keys, {keys.stops} stops")
    assert keys.keys <= MOST_KEYS
    assert keys.stops <= MOST_STOPS


def begin_at(page: Page) -> str:
    """The first visit in the list of which nothing is entered yet and that has no form beyond the twelve."""
    untouched = page.locator("table.visits-table tr").filter(has=page.get_by_text("0/12", exact=True))
    return untouched.first.locator("td.row-action a").get_attribute("href") or ""


def answer(keys: Counting, target: Locator, message: str) -> None:
    """To the field, and what is pressed there: text, or one named key."""
    keys.to(target.first)
    if (
        len(message) > 3
        and not message[0].isdigit()
        and message[0].isalpha()
        and ("+" in message or message.startswith("Arrow"))
    ):
        keys.press(message)
    else:
        keys.write(message)


def observe(page: Page, keys: Counting) -> None:
    """Alt and + opens an observation with the next number; the cursor waits in its first field."""
    for number in ("1", "2"):
        keys.press("Alt++")
        for name, message in OBSERVATION.items():
            target = field(page, f"row.{number}.{name}")
            if name == "obs_no":
                expect(target).to_be_focused()
                message = number
            answer(keys, target, message)


def submit(page: Page, keys: Counting) -> None:
    """Ctrl+Enter; what a check asks is seen once and does not stand in the way the second time."""
    was = page.locator("form.crf").get_attribute("data-form")
    with page.expect_navigation():
        keys.press("Control+Enter")
    if page.locator(f"form.crf[data-form={was}] #issues .issue-question").count():
        with page.expect_navigation():
            keys.press("Control+Enter")
