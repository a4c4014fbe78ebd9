"""A person accepts terms of the site's own dictionary for the texts of the casebook."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enrollment.registering import next_numbers, register_participant
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.coding.accepting import CodingRefused, accept, take_back
from prtras.coding.importing import effects_of, import_release, put_in_force
from prtras.coding.meddra_ascii import ReleaseRefused
from prtras.coding.models import Coding, Dictionary
from prtras.coding.open_terms import coding_of, open_terms, suggest, to_code
from prtras.crf.models import CrfPage
from prtras.crf.registry import form_of
from prtras.datacut import snapshot
from prtras.entry.parsing import read
from prtras.entry.remarks import EVERY_CHANGE, Remarks
from prtras.entry.saving import save_page
from prtras.entry.voiding import void_page
from prtras.exports.formats.csv import CSV
from prtras.labels import T
from prtras.review.models import Signature
from prtras.review.signing import sign_pages
from tests import casebook
from tests.coding.release import LOWEST, PATHS, archive
from visits.monitoring_plan import uncoded
from visits.planning import add_log_page
from visits.sae.expectedness import expectedness_of
from visits.sae.expecting import add_terms
from visits.sae.facts import parts_of


@pytest.fixture
def dictionary(wang):
    """Release 90.1 in both languages, in force."""
    brought = import_release(archive(), user=wang)
    put_in_force(brought, user=wang)
    return brought


@pytest.fixture
def event(enrolled, fill, lin):
    """Adds a submitted adverse event of a name."""

    def add(term, **typed):
        page = add_log_page(enrolled, "ae", user=lin)
        fill_ae(page, lin, ae_term=term, **typed)
        return CrfPage.objects.get(pk=page.pk)

    return add


def fill_ae(page, user, **typed):
    ongoing = {"ae_ongoing": "Y", "ae_end": "", "ae_out": "NOT RECOVERED/NOT RESOLVED"}
    submission = read(form_of("ae"), casebook.typed("ae", **ongoing | typed))
    assert submission.problems == {}
    remarks = submission.remarks if not page.version else Remarks({EVERY_CHANGE: "Source corrected."})
    save_page(page.id, submission.content, remarks, user=user, seen_version=page.version)


def names(user):
    listed = open_terms(user, Dictionary.objects.get(in_force=True))
    return [(term.form.code, term.text, len(term.records)) for term in listed]


def suggested(user):
    dictionary = Dictionary.objects.get(in_force=True)
    terms = open_terms(user, dictionary)
    suggest(terms, dictionary)
    return terms


def test_texts_are_listed_once_however_often_they_stand_there_the_most_frequent_first(dictionary, event, wang):
    for term in ("头痛", "发热", "发热 "):
        event(term, ae_start=f"2025-07-0{len(CrfPage.objects.filter(form='ae')) + 1}")
    assert names(wang) == [("ae", "发热", 2), ("ae", "头痛", 1)]


def test_accepting_a_term_codes_every_page_with_that_text_and_keeps_the_whole_path(dictionary, event, wang):
    first, second = event("发热", ae_start="2025-07-01"), event("发热", ae_start="2025-07-09")
    assert accept("ae", "发热", 90000001, user=wang) == 2
    assert names(wang) == []
    for page in (first, second):
        coding = coding_of(page)
        assert (coding.llt, coding.pt_zh, coding.soc_en, coding.coded_by) == (
            90000001,
            "发热",
            "General disorders",
            wang,
        )


def test_a_signature_holds_when_the_event_is_coded(dictionary, event, wang, zhao):
    page = event("发热")
    sign_pages({page.pk: page.version}, "REVIEWED", user=zhao)
    accept("ae", "发热", 90000001, user=wang)
    assert Signature.objects.get(page=page).broken_at is None


def test_a_text_that_changes_is_to_be_coded_again(dictionary, event, wang, lin):
    page = event("发热")
    accept("ae", "发热", 90000001, user=wang)
    fill_ae(page, lin, ae_term="头痛")
    assert names(wang) == [("ae", "头痛", 1)]
    assert coding_of(page) is None
    accept("ae", "头痛", 90000011, user=wang)
    assert coding_of(page).pt == 90000011
    assert Coding.objects.count() == 1


def test_a_coding_that_is_taken_back_is_to_be_done_again_and_both_acts_stay_on_record(dictionary, event, wang):
    page = event("发热")
    accept("ae", "发热", 90000002, user=wang)
    take_back([coding_of(page)], user=wang)
    assert coding_of(page) is None
    assert names(wang) == [("ae", "发热", 1)]
    events = AuditEvent.objects.filter(table="coding_coding", page=page.pk).order_by("id")
    assert [(each.operation, (each.new or {}).get("llt")) for each in events] == [
        ("INSERT", 90000002),
        ("UPDATE", None),
    ]


def test_what_was_accepted_once_is_suggested_for_the_same_text_the_next_time(dictionary, event, wang):
    event("忽冷忽热")
    accept("ae", "忽冷忽热", 90000002, user=wang)
    event("忽冷忽热", ae_start="2025-08-01")
    terms = suggested(wang)
    assert (terms[0].best.path.llt.code, terms[0].best.match) == (90000002, "before")


def test_it_is_remembered_however_the_text_is_spelled_and_how_it_was_found_is_on_record(dictionary, event, wang):
    page = event("Shivers")
    accept("ae", "Shivers", 90000002, user=wang)
    assert coding_of(page).match == "search"
    again = event("shivers ", ae_start="2025-08-01")
    accept("ae", "SHIVERS", 90000002, user=wang)
    assert coding_of(again).match == "before"


def test_an_empty_text_codes_nothing(dictionary, event, wang):
    event("发热")
    with pytest.raises(CodingRefused):
        accept("ae", " ", 90000001, user=wang)


def test_the_studys_own_list_leads_from_one_language_to_the_other(wang, event):
    put_in_force(import_release(archive("en"), user=wang), user=wang)
    event("血小板计数降低")
    terms = suggested(wang)
    assert (terms[0].best.path.llt.en, terms[0].best.match) == ("Platelet count decreased", "synonym")


@pytest.mark.parametrize("llt", [90000003, 12345678])
def test_a_term_that_is_not_current_or_not_there_is_refused(dictionary, event, wang, llt):
    event("发热")
    with pytest.raises(CodingRefused):
        accept("ae", "发热", llt, user=wang)
    assert Coding.objects.count() == 0


def test_a_locked_page_stays_as_it_is(dictionary, event, wang):
    page = event("发热")
    with acting(wang, role="monitor", reason="interim"):
        CrfPage.objects.filter(pk=page.pk).update(hold="locked")
    with pytest.raises(CodingRefused):
        accept("ae", "发热", 90000001, user=wang)


def test_who_enters_data_neither_codes_nor_brings_a_release(dictionary, event, lin):
    event("发热")
    with pytest.raises(PermissionDenied):
        accept("ae", "发热", 90000001, user=lin)
    with pytest.raises(PermissionDenied):
        import_release(archive(version="91.0"), user=lin)
    with pytest.raises(PermissionDenied):
        put_in_force(dictionary, user=lin)


def test_a_second_language_joins_a_release_until_it_is_in_force(wang, event):
    first = import_release(archive("zh"), user=wang)
    both = import_release(archive("en"), user=wang)
    assert (first.pk, both.languages, both.terms) == (both.pk, "en zh", 6)
    again = import_release(archive("en", lowest=LOWEST[:-1], paths=PATHS[:-1]), user=wang)  # brought anew
    assert (again.pk, again.languages, again.terms) == (both.pk, "en", 5)
    english = import_release(archive("en", version="91.0"), user=wang)
    put_in_force(english, user=wang)
    with pytest.raises(ReleaseRefused, match="is in force"):
        import_release(archive("zh", version="91.0"), user=wang)


def test_a_new_release_carries_on_what_it_leaves_in_place_and_names_what_it_does_not(dictionary, event, wang):
    pages = {
        term: event(term, ae_start=f"2025-07-0{n}")
        for n, term in enumerate(("发热", "体温升高", "头痛", "偏侧头痛"), 1)
    }
    for term, llt in (("发热", 90000001), ("体温升高", 90000002), ("头痛", 90000011), ("偏侧头痛", 90000012)):
        accept("ae", term, llt, user=wang)
    lowest = [
        (90000001, 90000001, "Y", "发热", "Pyrexia"),  # renamed
        (90000002, 90000001, "N", "体温升高", "Raised temperature"),  # no longer current
        (90000011, 90000011, "Y", "头痛", "Headache"),
        (90000012, 90000021, "Y", "偏侧头痛", "One-sided headache"),  # moved
        LOWEST[-1],
    ]  # fmt: skip
    newer = import_release(archive(version="91.0", lowest=lowest, paths=PATHS), user=wang)
    carried, concerned = effects_of(newer)
    assert [coding.verbatim for coding in carried] == ["发热", "头痛"]
    assert {each.coding.verbatim: each.why.en for each in concerned} == {
        "体温升高": "the lowest level term is no longer current",
        "偏侧头痛": "the lowest level term belongs to another preferred term: Platelet count decreased",
    }
    assert put_in_force(newer, user=wang) == 2
    assert (coding_of(pages["发热"]).llt_en, coding_of(pages["发热"]).dictionary) == ("Pyrexia", newer)
    assert sorted(text for _, text, _ in names(wang)) == ["体温升高", "偏侧头痛"]
    assert list(Dictionary.objects.filter(in_force=True)) == [newer]


def test_readiness_counts_what_the_release_in_force_does_not_code(event, wang):
    page = event("发热")
    assert list(uncoded(CrfPage.objects.all())) == [page]
    put_in_force(import_release(archive(), user=wang), user=wang)
    accept("ae", "发热", 90000001, user=wang)
    assert list(uncoded(CrfPage.objects.all())) == []
    assert list(to_code(CrfPage.objects.all(), Dictionary.objects.get())) == []


def test_the_coded_name_tells_whether_a_reaction_is_expected(dictionary, event, wang, zhao, site):
    page = event("忽冷忽热", ae_rel_na="POSSIBLE")
    add_terms(site, "NA", ["Fever"], "IB 5", page.adverseevent.page.participant.anchor, user=zhao)
    assert [each.expected for each in expectedness_of(page.adverseevent)] == [False]
    accept("ae", "忽冷忽热", 90000001, user=wang)
    assert [each.expected for each in expectedness_of(page.adverseevent)] == [True]


def test_a_report_of_a_serious_event_gives_its_coding(dictionary, event, wang):
    page = event("发热")
    accept("ae", "发热", 90000001, user=wang)
    part = next(part for part in parts_of(page) if part.title.en == "Coding (MedDRA 90.1)")
    assert part.facts[1] == (T("首选语", "Preferred term"), "Fever (90000001)")


def test_a_bundle_holds_the_codings_that_are_in_force(dictionary, event, wang, monkeypatch):
    monkeypatch.setattr(snapshot, "CONNECTION", "default")  # sees what this test has not committed
    event("发热")
    event("头痛")
    accept("ae", "发热", 90000001, user=wang)
    written = CSV.write(snapshot.take())["data/codings.csv"].decode("utf-8-sig")
    columns = ("FORM", "TERM", "DICTVER", "LLTCD", "PTEN", "SOCZH")
    assert [[line[name] for name in columns] for line in csv.DictReader(io.StringIO(written))] == [
        ["ae", "发热", "90.1", "90000001", "Fever", "全身性疾病"]
    ]


def test_on_the_screen_one_key_accepts_and_the_list_shows_the_place_of_a_term(dictionary, event, wang, client_of):
    event("发热")
    browser = client_of(wang)
    shown = browser.get(reverse("coding:index")).content.decode()
    assert "General disorders" in shown
    posted = browser.post(reverse("coding:index"), {"form": "ae", "text": "发热", "llt": "90000001"}, follow=True)
    assert "1 coded." in posted.content.decode()
    assert "All terms are coded." in posted.content.decode()


def test_the_screen_of_one_term_searches_by_code(dictionary, event, wang, client_of):
    event("忽冷忽热")
    shown = client_of(wang).get(reverse("coding:term"), {"form": "ae", "text": "忽冷忽热", "q": "90000012"})
    assert "One-sided headache" in shown.content.decode()


def test_an_upload_that_is_no_release_is_refused_at_the_field(wang, client_of):
    sent = {"file": SimpleUploadedFile("meddra.zip", b"nothing")}
    answer = client_of(wang).post(reverse("coding:releases"), sent)
    assert answer.status_code == 422
    assert "not a ZIP" in answer.content.decode()
    assert Dictionary.objects.count() == 0


def locked(page, wang):
    with acting(wang, role="monitor", reason="interim"):
        CrfPage.objects.filter(pk=page.pk).update(hold="locked")


def test_what_is_locked_keeps_its_coding_whatever_release_is_in_force(dictionary, event, wang):
    page, open_page = event("发热"), event("体温升高")
    accept("ae", "发热", 90000001, user=wang)
    accept("ae", "体温升高", 90000002, user=wang)
    locked(page, wang)
    with pytest.raises(CodingRefused):
        take_back([coding_of(CrfPage.objects.get(pk=page.pk))], user=wang)
    gone = [(90000011, 90000011, "Y", "头痛", "Headache"), LOWEST[-1]]
    newer = import_release(archive(version="91.0", lowest=gone, paths=PATHS[1:]), user=wang)
    _, concerned = effects_of(newer)
    assert [each.coding.page_id for each in concerned] == [open_page.pk]
    put_in_force(newer, user=wang)
    assert coding_of(page).dictionary == dictionary
    assert names(wang) == [("ae", "体温升高", 1)]


def test_a_release_that_is_carried_on_leaves_who_coded_a_term_and_when(dictionary, event, wang, zhao):
    page = event("发热")
    accept("ae", "发热", 90000001, user=zhao)
    before = coding_of(page).coded_at
    put_in_force(import_release(archive(version="91.0"), user=wang), user=wang)
    assert (coding_of(page).coded_by, coding_of(page).coded_at) == (zhao, before)


def test_who_codes_at_one_site_of_two_puts_no_release_in_force(wang, eve, other_site, client_of):
    register_participant(other_site, *next_numbers(other_site), user=eve)
    brought = import_release(archive(), user=wang)
    with pytest.raises(PermissionDenied):
        put_in_force(brought, user=wang)
    shown = client_of(wang).get(reverse("coding:release", args=[brought.pk])).content.decode()
    assert "the right to code at every site" in shown


def test_the_coding_of_an_event_entered_in_error_counts_nowhere(dictionary, event, wang, lin):
    page = event("发热")
    accept("ae", "发热", 90000001, user=wang)
    void_page(page.pk, "Wrong participant.", user=lin)
    assert coding_of(page) is None
    assert effects_of(import_release(archive(version="91.0"), user=wang)) == ([], [])


def test_the_text_after_the_last_of_a_page_is_on_the_next(dictionary, event, wang, client_of, monkeypatch):
    texts = ["发热", "头痛", "恶心"]
    for day, text in enumerate(texts, 1):
        event(text, ae_start=f"2025-07-0{day}")
    listed = [text for _, text, _ in names(wang)]

    def on_page(number):
        shown = client_of(wang).get(reverse("coding:index"), {"page": number}).content.decode()
        return [text for text in listed if f'translate="no">{text}</th>' in shown], ">Next<" in shown

    monkeypatch.setattr("prtras.coding.views.SHOWN", 2)
    assert (on_page(1), on_page(2)) == ((listed[:2], True), (listed[2:], False))
    monkeypatch.setattr("prtras.coding.views.SHOWN", 3)
    assert on_page(1) == (listed, False)
