"""The cohort in the database: what the bulk act stores is what the screen's own acts would have stored."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.timezone import localdate

from enrollment.models import Demographics
from labs.models import LabResult
from prtras.audit.installing import audited_models
from prtras.audit.models import AuditEvent
from prtras.crf.content import stored_page
from prtras.crf.context import PageContext
from prtras.crf.models import FOLLOWED, CrfPage, FormPage, FormRow, Participant, Visit
from prtras.crf.registry import Form, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.demo.cohort.people import Cast
from prtras.demo.cohort.stored_pages import bind
from prtras.demo.cohort.typed_pages import Cohort
from prtras.entry.judging import Judged, judge
from prtras.entry.nightly_checks import run_checks
from prtras.review.models import Query, QueryMessage, Signature
from prtras.review.querying import ANSWER_WITHIN
from prtras.review.signing import misfits
from prtras.review.states import next_state
from visits import worklist
from visits.models import AdverseEvent, MriObservation, PegIfnDose, VisitRecord, VitalSigns

pytestmark = pytest.mark.usefixtures("cast")


@dataclass
class Again:
    """A stored page, judged once more by the database's own context on the cohort's day."""

    page: CrfPage
    form: Form
    stored: FormPage
    rows: dict[str, FormRow]
    judged: Judged


@pytest.fixture(scope="module")
def judged_again(cohort: Cohort, cast: Cast) -> list[Again]:
    submitted = CrfPage.objects.filter(state="submitted").select_related("participant", "visit")
    return [_judge_again(page, form_of(page.form), cohort) for page in submitted]


def _judge_again(page: CrfPage, form: Form, cohort: Cohort) -> Again:
    stored = stored_page(page)
    assert stored.own
    context = PageContext(page, form, {}, today=cohort.today)
    return Again(page, form, stored.own, stored.rows, judge(page, form, stored.content(), context))


def test_no_submitted_page_contradicts_a_hard_check(judged_again: list[Again]) -> None:
    refused = [(a.page.participant.number, a.form.code, f.key) for a in judged_again for f in a.judged.refusals]
    assert len(judged_again) > 500
    assert refused == []


def test_derived_values_and_counts_are_those_of_the_screens_own_act(judged_again: list[Again]) -> None:
    for again in judged_again:
        judged = again.judged
        assert {name: getattr(again.stored, name) for name in again.form.items} == judged.content.values
        for key, row in again.rows.items():
            assert again.form.rows
            for name in again.form.rows.items:
                assert getattr(row, name) == judged.content.rows[key].get(name), (again.page.form, key, name)
        assert (again.page.required_items, again.page.filled) == (judged.required, judged.filled)


def test_every_question_of_a_check_is_a_query(judged_again: list[Again]) -> None:
    for again in judged_again:
        request = {(q.check_id, q.place): q for q in Query.objects.filter(page=again.page).exclude(check_id="")}
        fired = {(finding.check, finding.place) for finding in again.judged.questions}
        alive = {key for key, query in request.items() if query.state != "closed"}
        assert alive <= fired <= set(request)


def test_the_state_of_every_query_follows_from_what_was_said() -> None:
    for query in Query.objects.prefetch_related("messages"):
        state = "open"
        for message in query.messages.all():
            if message.act != "ask":
                state = next_state(state, message.act)
        assert query.state == state
    assert QueryMessage.objects.filter(at__lt=F("query__opened_at")).count() == 0


def test_queries_are_as_old_as_their_pages_or_a_night_younger(cohort: Cohort, cast: Cast) -> None:
    by_checks = Query.objects.exclude(check_id="").filter(page__version=1)
    at_entry, at_night = by_checks.exclude(opened_by=cast.system), by_checks.filter(opened_by=cast.system)
    assert at_entry.exists()
    assert at_entry.exclude(opened_at=F("page__submitted_at")).count() == 0
    assert at_night.exists()
    assert at_night.exclude(opened_at__gt=F("page__submitted_at")).count() == 0
    by_people = Query.objects.filter(page__version=1).exclude(opened_by=cast.system)
    assert not by_people.filter(changed_at__date__gte=cohort.today).exists()


def test_every_row_is_in_the_trail_in_the_name_of_a_person(cast: Cast) -> None:
    inserted = Counter(AuditEvent.objects.filter(operation="INSERT").values_list("table", flat=True))
    for model in audited_models():
        assert inserted[model._meta.db_table] == model._default_manager.count()
    writers = set(AuditEvent.objects.filter(source="demo").values_list("actor_name", "role"))
    assert writers == {("lin", "coordinator"), ("zhao", "investigator"), ("wang", "monitor"), ("system", "system")}


def test_the_first_nightly_check_has_nothing_to_ask_and_nothing_to_close(
    cohort: Cohort, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: cohort.today)
    with transaction.atomic():
        done = run_checks(user=cast.system)
        transaction.set_rollback(True)
    assert (done.opened, done.closed) == (0, 0)
    assert done.findings > 20


def test_every_query_has_a_day_by_which_it_is_to_be_answered() -> None:
    assert all(query.due == localdate(query.opened_at) + ANSWER_WITHIN for query in Query.objects.all())


def test_a_finished_casebook_is_settled_verified_and_signed_and_some_are_locked() -> None:
    signed = Participant.objects.filter(pages__signed=True).distinct()
    assert signed
    for participant in signed:
        assert participant.state not in FOLLOWED
        pages = participant.pages.filter(state="submitted")
        assert set(pages.values_list("signed", "verified")) == {(True, "full")}
        assert not Query.objects.filter(page__in=pages).exclude(state="closed").exists()
    assert misfits(list(Signature.objects.select_related("page"))) == set()
    locked = Participant.objects.filter(hold="locked")
    assert locked
    assert set(locked) <= set(signed)
    assert not CrfPage.objects.filter(participant__in=locked).exclude(hold="locked").exists()


def test_values_are_missing_with_a_reason_and_without_one() -> None:
    missed = VisitRecord.objects.filter(visit_status="MISSED")
    assert missed
    assert not missed.filter(miss_reason=None).exists()
    assert VitalSigns.objects.exclude(missing={})
    assert Query.objects.filter(check_id__startswith="EXP-")


def test_what_was_done_about_an_event_stands_in_the_rows_of_peginterferon_or_is_asked_for() -> None:
    linked = 0
    for event in AdverseEvent.objects.filter(ae_acn_pg__in=("DOSE REDUCED", "DRUG INTERRUPTED")):
        rows = PegIfnDose.objects.filter(page__participant=event.page.participant_id, pg_ae_no=event.ae_no)
        linked += rows.exists()
        assert rows.exists() or Query.objects.filter(page=event.page, check_id="AE-011").exists()
    assert linked


def test_planned_visits_and_their_pages_are_those_of_the_schedule() -> None:
    for participant in Participant.objects.exclude(arm="").prefetch_related("visits__pages"):
        expected = {c for c, planned in SCHEDULE.visits.items() if planned.arm in ("", participant.arm)} - {"UNS"}
        assert {visit.code for visit in participant.visits.all()} == expected
        for visit in participant.visits.all():
            planned = SCHEDULE.visits[visit.code]
            after_recurrence = {"mri"} if visit.pages.filter(form="mri", required=False).exists() else set()
            required = {form for form in planned.required if form_of(form).kind != "log"} - after_recurrence
            pages = {page.form for page in visit.pages.all() if page.required}
            assert required <= pages <= required | {form for form, _ in planned.conditional}


def test_participants_carry_their_numbers_arm_and_state(cohort: Cohort) -> None:
    stored = {p.number: p for p in Participant.objects.all()}
    assert set(stored) == {story.number for story in cohort.stories}
    for story in cohort.stories:
        participant = stored[story.number]
        assert participant.arm == story.course.arm
        assert participant.anchor == (story.course.day0 if story.course.arm else None)
        assert participant.screening_number == story.screening_number
        assert (participant.state == "screen_failure") == bool(story.course.failure)
    assert set(Demographics.objects.values_list("subjid", "page__participant__number")) == {
        (number, number) for number in stored
    }


def test_a_typing_error_was_put_right_with_its_reason() -> None:
    corrected = CrfPage.objects.filter(version=2)
    events = AuditEvent.objects.filter(
        table=LabResult._meta.db_table, operation="UPDATE", page__in=corrected.values("id")
    )
    assert events.count() == corrected.count() > 0
    for event in events:
        assert event.reasons
        assert event.new
        assert event.old
        assert Decimal(event.new["orres"]) == 10 * Decimal(event.old["orres"])


def test_the_worklist_has_something_of_everything(cohort: Cohort, cast: Cast) -> None:
    groups = {group["code"]: group["count"] for group in worklist.visit_groups(cast.coordinator, cohort.today)}
    assert groups["today"] > 0
    assert groups["week"] > 0
    assert worklist.open_queries(cast.coordinator)[0] > 0
    assert len(worklist.unreported_saes(cast.coordinator)) == 1
    done, due = worklist.progress(cast.coordinator, cohort.today)[::-1]
    assert 0.8 < done / due < 1


def test_visits_took_place_as_recorded() -> None:
    recorded = Q(state="done", date__isnull=False) | Q(state="partial", date__isnull=False)
    assert not Visit.objects.exclude(
        recorded | Q(state__in=("planned", "missed", "dropped"), date__isnull=True)
    ).exists()


def test_serious_events_have_their_pages_and_reports() -> None:
    assert AdverseEvent.objects.filter(ae_ser="Y", ae_aware__isnull=True).count() == 0
    numbers = AdverseEvent.objects.exclude(ae_no=F("page__repeat"))
    assert not numbers.exists()


def test_an_observation_seen_at_an_earlier_visit_raises_no_question() -> None:
    followed = MriObservation.objects.filter(obs_new="N").exclude(page__visit__code="SCR")
    assert followed.exists()
    assert not Query.objects.filter(check_id="LR-008").exists()


def test_binding_twice_gives_the_same_pages_in_the_same_order(cohort: Cohort, cast: Cast) -> None:
    story = cohort.stories[0]
    one, other = (bind(story, cohort, cast.site) for _ in range(2))
    assert [page.id for page in one.pages.values()] == [page.id for page in other.pages.values()]
    assert [(f.page.id, f.page.submitted_at, f.judged) for f in one.filled] == [
        (f.page.id, f.page.submitted_at, f.judged) for f in other.filled
    ]
