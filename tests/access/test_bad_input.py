"""What cannot be right is refused at its field, in the reader's language, and nothing typed is lost."""

import io
from csv import reader

import pytest
from django.urls import reverse

from labs.checks.results import NOT_A_RESULT
from prtras.audit.models import AuditEvent
from prtras.crf import typed_values
from prtras.crf.models import CrfPage, Participant
from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.entry.judging import judge
from prtras.entry.parsing import read
from prtras.exports.formats import csv
from prtras.files.tables import csv_for_people
from prtras.labels import T
from tests import casebook
from tests.access.conftest import LANGUAGES, body, entry, reads, shows
from tests.conftest import page_of
from visits import planning


@pytest.fixture
def consent(participant: Participant) -> CrfPage:
    return page_of(participant, "consent")


def test_it_works(send, lin, consent):
    assert send(lin, consent, "consent").status_code == 302
    consent.refresh_from_db()
    assert (consent.state, consent.version) == ("submitted", 1)


@pytest.mark.parametrize(
    "typed",
    ["2025-02-30", "31/12", "2025-13-01", "2025-00-10", "20250229", "yesterday", "12-05-2025", "9999-12-31",
     "0001-01-01", "2025-05-23; DROP TABLE"],
)  # fmt: skip
def test_a_wrong_date_is_named(says, lin, consent, typed):
    says(lin, consent, "consent", typed_values.NOT_A_DATE.format(typed=typed), icf_date=typed)


@pytest.mark.parametrize(
    "typed",
    ["2025-05-23", "20250523", "2025/5/23", "2025.5.23", "2025年5月23日", "２０２５－０５－２３", " 2025-05-23 "],
)
def test_a_date_may_be_typed_in_several_ways_and_in_full_width_digits(send, lin, consent, typed):
    assert send(lin, consent, "consent", icf_date=typed).status_code == 302
    consent.refresh_from_db()
    assert consent.consent.icf_date.isoformat() == "2025-05-23"


def test_a_consent_before_its_version_is_refused(says, lin, consent):
    message = T("签署日期早于所用知情同意书版本日期。", "Consent was signed before the ICF version was issued.")
    says(lin, consent, "consent", message, icf_date="2025-02-28")


def test_a_visit_before_the_consent_is_refused(says, lin, participant, fill):
    fill(participant, "consent")
    message = T("访视日期早于知情同意书签署日期。", "Visit date is before informed consent was signed.")
    says(lin, page_of(participant, "visit", "SCR"), "visit", message, visit_date="2025-05-22")


def test_a_consent_after_a_visit_that_took_place_is_refused(send, lin, participant, fill):
    fill(participant, "consent")
    fill(participant, "visit", "SCR", visit_date="2025-05-23")
    page, later = page_of(participant, "consent"), {"icf_date": "2025-05-24", "inv_sign_date": "2025-05-24"}
    for language, message in (
        ("zh-hans", "签署日期晚于已记录的访视日期。"),
        ("en", "after a visit that is on record."),
    ):
        response = send(lin, page, "consent", language, reason__all="SOURCE", **later)
        assert response.status_code == 422
        assert shows(response, message)
        assert shows(response, "2025-05-24")
    page.refresh_from_db()
    assert page.version == 1


@pytest.mark.parametrize("typed", ["<", ">", "< ", "＜", "abc", "1..2", "--1", "1e40", "9" * 40, "∞", "NaN"])
def test_a_laboratory_result_without_a_readable_number_is_refused(says, lin, participant, fill, typed):
    fill(participant, "consent")
    page = page_of(participant, "lbhem")
    message = NOT_A_RESULT.format(typed=typed_values.normal(typed))
    says(lin, page, "lbhem", message, hem_date="2025-05-26", row__wbc__orres=typed)


@pytest.mark.parametrize("typed", ["NaN", "sNaN", "Infinity", "-Infinity", "1e999999999999999999999", "many", "1_000",
                                   "0x10", "½", "1.2.3", "1,2,3"])  # fmt: skip
def test_what_is_no_number_is_refused(says, lin, participant, typed):
    message = typed_values.NOT_A_NUMBER.format(typed=typed_values.normal(typed))
    says(lin, page_of(participant, "hcc"), "hcc", message, pre_afp=typed)


@pytest.mark.parametrize("typed", ["1e-999999999", "2.5", "99999999999", "-99999999999"])
def test_what_is_no_whole_number_is_refused(says, lin, participant, typed):
    says(lin, page_of(participant, "hcc"), "hcc", typed_values.NOT_WHOLE.format(typed=typed), n_tumours=typed)


def test_a_comma_that_may_mean_thousands_is_asked_about(says, send, lin, participant, fill):
    page = page_of(participant, "hcc")
    says(lin, page, "hcc", typed_values.AMBIGUOUS.format(typed="1,234"), pre_afp="1,234")
    fill(participant, "consent")
    assert send(lin, page, "hcc", pre_afp="12,5").status_code == 302
    page.refresh_from_db()
    assert str(page.indextumour.pre_afp) == "12.50"


def test_full_width_digits_are_a_number(send, lin, participant, fill):
    fill(participant, "consent")
    page = page_of(participant, "hcc")
    assert send(lin, page, "hcc", largest_mm="２８").status_code == 302
    page.refresh_from_db()
    assert page.indextumour.largest_mm == 28


@pytest.mark.parametrize("typed", ["-5", "999999"])
def test_a_number_beyond_its_range_is_refused_with_the_range(send, lin, participant, typed):
    page = page_of(participant, "hcc")
    item = form_of("hcc").items["largest_mm"]
    for language in LANGUAGES:
        response = send(lin, page, "hcc", language, largest_mm=typed)
        assert response.status_code == 422
        assert shows(response, str(item.hard))
        assert shows(response, typed)


@pytest.mark.parametrize("code", ["MAYBE", "'; --", "y", "<script>alert(1)</script>"])
def test_a_code_that_is_not_in_the_list_is_refused(send, lin, consent, code):
    for language in LANGUAGES:
        response = send(lin, consent, "consent", language, copy_given=code)
        assert response.status_code == 422
        assert shows(response, typed_values.NOT_IN_LIST.format(typed=code).in_language(language))


def test_a_code_of_a_list_of_codes_is_checked_and_kept_once(send, lin, participant, fill):
    fill(participant, "consent")
    page = page_of(participant, "hcc")
    assert send(lin, page, "hcc", img_mod=["MRI", "CRYSTAL BALL"]).status_code == 422
    assert send(lin, page, "hcc", img_mod=["MRI", "MRI", "CT"]).status_code == 302
    page.refresh_from_db()
    assert page.indextumour.img_mod == ["MRI", "CT"]


def test_an_unknown_reason_for_a_missing_value_is_refused(send, lin, consent):
    for language in LANGUAGES:
        response = send(lin, consent, "consent", language, biobank_consent=None, missing__biobank_consent="ATE IT")
        assert response.status_code == 422
        assert shows(response, typed_values.NOT_IN_LIST.format(typed="ATE IT").in_language(language))


def test_a_text_that_is_too_long_is_refused_with_both_numbers(says, lin, consent):
    says(lin, consent, "consent", typed_values.TOO_LONG.format(limit=20, length=21), icf_version="V" * 21)


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x1f"])
def test_a_control_character_is_refused(send, lin, consent, letter):
    for language in LANGUAGES:
        response = send(lin, consent, "consent", language, icf_version=f"V1{letter}.0")
        assert response.status_code == 422
        assert shows(response, typed_values.NOT_ALLOWED.in_language(language))


@pytest.mark.parametrize("text", ["😀🧬 发热 עברית", "e" + "\u0301" * 50, "\u202eevil", "ﷺ" * 10])
def test_any_text_of_any_script_is_stored(send, lin, enrolled, text):
    page = planning.add_log_page(enrolled, "ae", user=lin)
    assert send(lin, page, "ae", ae_term=text, act=["next"]).status_code == 302
    page.refresh_from_db()
    assert page.adverseevent.ae_term == text


def test_control_characters_in_what_is_said_beside_a_value_are_dropped(send, lin, participant, fill):
    fill(participant, "consent")
    page = page_of(participant, "consent")
    response = send(lin, page, "consent", biobank_consent="N", reason__biobank_consent="ENTRY\x00\x07")
    assert response.status_code == 302
    event = AuditEvent.objects.get(table="enrollment_consent", operation="UPDATE")
    assert event.reasons == {"biobank_consent": "ENTRY"}


def test_a_reason_for_voiding_a_row_that_is_too_long_does_not_lose_the_page(send, lin, enrolled, fill):
    fill(enrolled, "visit", "W12")
    fill(enrolled, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **casebook.observation())
    page = page_of(enrolled, "mri", "W12")
    changes = {"void.1": "x" * 300, **casebook.observation()}
    assert send(lin, page, "mri", mri_nobs="0", mri_overall="NED", reason__all="ENTRY", **changes).status_code == 302
    assert page.mriobservation_rows.get().void_reason == "x" * 200


@pytest.mark.parametrize("key", ["x", "99999999", "-1", "0", "1.5", "", "²", "1 OR 1=1", "__proto__", "01", "1000"])
def test_a_row_that_no_browser_sends_is_left_out(send, lin, client_of, enrolled, fill, key):
    fill(enrolled, "visit", "W12")
    page = page_of(enrolled, "mri", "W12")
    forged = {f"row.{key}.size_mm": "12", f"missing.{key}:size_mm": "SITE", f"void.{key}": "x", f"reason.{key}:": "x"}
    client_of(lin).post(entry(page), body("mri", page, **forged) | {"act": ["draft"]})
    assert client_of(lin).get(entry(page)).status_code == 200
    assert send(lin, page, "mri", **forged).status_code == 302
    assert page.mriobservation_rows.count() == 0


def test_many_rows_are_read_and_none_is_lost(send, lin, enrolled, fill):
    fill(enrolled, "visit", "W12")
    page = page_of(enrolled, "mri", "W12")
    rows = {}
    for number in range(1, 41):
        rows |= casebook.observation(number, obs_no=str(number))
    response = send(lin, page, "mri", mri_nobs="40", mri_overall="SUSP", **rows)
    assert response.status_code == 422
    assert response.content.decode().count('name="row.40.size_mm"') == 1


FORMULAS = ('=HYPERLINK("http://evil","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1")


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_stored_as_typed_and_leaves_unchanged_for_programs(send, lin, enrolled, formula, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    page = planning.add_log_page(enrolled, "ae", user=lin)
    assert send(lin, page, "ae", ae_term=formula).status_code == 302
    page.refresh_from_db()
    assert page.adverseevent.ae_term == formula
    picture = snapshot.take()
    (event,) = csv.read(csv.write(picture))["ae"]
    assert event["ae_term"] == formula


@pytest.mark.parametrize("text", ["=1", "+a", "-a", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1+1", "－1+1", "＠a"])
def test_whatever_a_spreadsheet_might_run_is_neutralised_in_lists_for_people(text):
    assert csv_for_people(["A"], [[text]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("number", ["-1.5", "+3", "-2e-5"])
def test_a_negative_number_stays_a_number(number):
    assert csv_for_people(["A"], [[number]]).decode("utf-8-sig").splitlines()[1] == number


@pytest.mark.parametrize("text", ["=1", "'=1", "''", "'", "it's", "-5", "\r\n=1", "＝1", "", "+1+1"])
def test_who_takes_one_apostrophe_away_has_every_text_back(text):
    (_head, (cell,)) = reader(io.StringIO(csv_for_people(["A"], [[text]]).decode("utf-8-sig"), newline=""))
    assert cell.removeprefix("'") == text


@pytest.mark.parametrize(("field", "text"), [
    ("number", "99-001"), ("number", "1"), ("number", "01-001\x00"), ("number", "０１－００２"[:5]),
    ("screening_number", "X1"), ("screening_number", "S1"), ("screening_number", "S001'--"),
])  # fmt: skip
def test_a_number_that_is_not_well_formed_is_refused(client_of, lin, field, text):
    sent = {"number": "01-002", "screening_number": "S002"} | {field: text}
    for language, message in (("en", "Enter the"), ("zh-hans", "的形式")):
        response = reads(client_of(lin), language).post(reverse("enrollment:register"), sent)
        assert response.status_code == 422
        assert shows(response, message)
    assert Participant.objects.count() == 0


@pytest.mark.parametrize("field", ["number", "screening_number"])
def test_a_number_is_never_given_twice(client_of, lin, participant, field):
    sent = {"number": "01-777", "screening_number": "S777"} | {field: getattr(participant, field)}
    for language, message in (
        ("en", "is already in use. Numbers are never reused"),
        ("zh-hans", "已被使用，编号不会重复使用"),
    ):
        response = reads(client_of(lin), language).post(reverse("enrollment:register"), sent)
        assert response.status_code == 422
        assert shows(response, f"{sent[field]} {message}")
        assert all(shows(response, text) for text in sent.values())
    assert Participant.objects.count() == 1


EDGES = ("-1", "0", "999999999999", "-1e11", "1e-4", "1900-01-01", "2199-12-31", "1900", "2199", "<10", ">1e9", "1e9")


@pytest.mark.parametrize("form", casebook.CLEAN)
def test_no_extreme_value_breaks_the_derivations_and_checks_of_a_form(enrolled, lin, form):
    """Values that are readable but extreme, one item at a time: refused or asked about, never a crash."""
    declared = form_of(form)
    exists = enrolled.pages.filter(form=form).exists()
    page = page_of(enrolled, form) if exists else planning.add_log_page(enrolled, form, user=lin)
    clean = casebook.typed(form) | (casebook.typed("mri", **casebook.observation()) if form == "mri" else {})
    names = [name for name in clean if not name.startswith("row.") or name.split(".")[1] in ("1", "wbc", "plt", "alt")]
    for name in names:
        for edge in EDGES:
            submission = read(declared, clean | {name: [edge]})
            if not submission.problems:
                judge(page, declared, submission.content)
