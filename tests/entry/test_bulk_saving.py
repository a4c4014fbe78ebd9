"""Many pages at once leave what the same pages leave one by one: values, grades, queries, derived values, trail."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labs.models import LabResult
from labs.panels import PANELS
from prtras.audit.acting import acting
from prtras.audit.models import AuditEvent
from prtras.crf.cohort_records import CohortRecords
from prtras.crf.content import PageContent, stored_pages
from prtras.crf.models import CrfPage
from prtras.crf.registry import Tables, form_of
from prtras.entry.bulk_saving import PageInHand, Queries, judge_pages, save_pages
from prtras.entry.saving import ChecksFailed, save_page
from prtras.review.models import Query

VISITS = {"SCR": date(2025, 5, 26), "W0": date(2025, 6, 2), "W12": date(2025, 8, 25), "W24": date(2025, 11, 17)}
ANALYTES = [analyte for analyte in PANELS["lbchem"] if analyte.code in ("alt", "ast", "tbil", "creat", "alb", "k")]


def content(visit: str, results: dict[str, str]) -> PageContent:
    rows = {code: {"analyte": code, "orres": text, "orresu": None} for code, text in results.items()}
    return PageContent({"chem_date": VISITS[visit]}, rows)


def one_by_one(pages: list[tuple[CrfPage, PageContent]], user: Any) -> set[str]:
    refused = set()
    for page, each in pages:
        try:
            save_page(page.pk, each, user=user, seen_version=page.version, leave_open=True)
        except ChecksFailed:
            refused.add(page.visit.code)
    return refused


def at_once(pages: list[tuple[CrfPage, PageContent]], user: Any) -> set[str]:
    participant = pages[0][0].participant_id
    records, known = CohortRecords([participant]), Queries([participant])
    stored = stored_pages(form_of("lbchem"), [page for page, _ in pages])
    in_hand = [PageInHand(page, stored[page.pk], each) for page, each in pages]
    with acting(user):
        judge_pages(in_hand, records, Tables(), known)
        save_pages([each for each in in_hand if not each.judged.refusals], known, user=user)
    return {each.page.visit.code for each in in_hand if each.judged.refusals}


def left_behind(person: Any) -> tuple[Any, ...]:
    rows = LabResult.objects.filter(page__participant=person).order_by("page__visit__position", "analyte")
    columns = [f.name for f in LabResult._meta.fields if f.name not in ("id", "page", "row")]
    queries = Query.objects.filter(page__participant=person, state="open").values_list("page", "place", "check_id")
    pages = CrfPage.objects.filter(participant=person, form="lbchem").order_by("visit__position")
    return (
        list(rows.values_list("page", *columns)), sorted(queries),
        list(pages.values_list("pk", "state", "version", "filled", "required_items", "left_open")),
    )  # fmt: skip


values = st.sampled_from(["3", "35", "90", "260", "800", "<5", ">400", "9.8", "55", "150", "40000", "x", "-1", "5,5"])
sheets = st.dictionaries(
    st.sampled_from(list(VISITS)), st.dictionaries(st.sampled_from([a.code for a in ANALYTES]), values), min_size=1
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=sheets)
def test_it_leaves_what_saving_page_by_page_leaves(enrolled, lin, sheets):
    outcomes = []
    for way in (one_by_one, at_once):
        pages = pages_of(enrolled)
        chosen = [(pages[visit], content(visit, sheets[visit])) for visit in VISITS if visit in sheets]
        with transaction.atomic():
            with acting(lin):
                outcomes.append((way(chosen, lin), left_behind(enrolled)))
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]


def pages_of(person: Any) -> dict[str, CrfPage]:
    listed = CrfPage.objects.filter(participant=person, form="lbchem").select_related("visit", "participant")
    return {page.visit.code: page for page in listed if page.visit}


def test_every_row_is_on_record_with_who_and_why(enrolled, lin):
    pages = pages_of(enrolled)
    at_once([(pages["W12"], content("W12", {"alt": "35"}))], lin)
    events = AuditEvent.objects.filter(page=pages["W12"].pk, table="labs_labresult")
    assert [(e.operation, e.actor_name, e.new["orres"]) for e in events] == [("INSERT", "lin", "35")]


def test_an_earlier_baseline_that_comes_later_renews_the_grades_of_what_was_there(enrolled, lin):
    pages = pages_of(enrolled)
    at_once([(pages["W12"], content("W12", {"alt": "260"}))], lin)
    assert LabResult.objects.get(page=pages["W12"].pk).toxgr == "3"  # 5.2 times the upper limit of 50
    at_once([(pages["W0"], content("W0", {"alt": "200"}))], lin)
    assert LabResult.objects.get(page=pages["W12"].pk).toxgr == "0"  # 1.3 times a baseline above the limit


def test_the_number_of_statements_does_not_grow_with_the_pages(enrolled, lin):
    pages = pages_of(enrolled)
    counts = []
    for visits in (["W12"], ["W24", "W36", "W48", "W60"]):
        each = [(pages[visit], PageContent({"chem_date": date(2025, 8, 25)}, content("W12", {"alt": "35"}).rows))
                for visit in visits]  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as statements:
            at_once(each, lin)
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 2
