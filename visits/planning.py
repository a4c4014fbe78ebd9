"""Acts that follow from what was recorded: visits are planned, moved, done; further pages come to be expected."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.utils import timezone

from enrollment.models import ArmChoice, Eligibility
from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.crf.conditions import Context
from prtras.crf.context import ParticipantContext
from prtras.crf.models import FOLLOWED, CrfPage, FormPage, Participant, Visit, assign_changed
from prtras.crf.planning import PageHeld, add_page, lock, new_pages, new_visit, plan_visit
from prtras.crf.schedule import SCHEDULE, PlannedVisit, Schedule
from prtras.entry.idempotency import keep_key, page_done
from prtras.labels import T
from prtras.review.querying import cancel_queries
from visits.models import AdverseEvent, EndOfStudy, Mri, Recurrence, VisitRecord
from visits.participant_state import participant_state
from visits.schedule import BASELINE, OTHER_ARM, OUTSIDE, UNSCHEDULED, from_day_0

#: What happens that asks for a page.
PAGE_REASONS = {
    "interferon": T("治疗组含聚乙二醇干扰素", "the arm includes peginterferon"),
    "recurrence": T("{place} 的MRI结论为复发", "MRI at {place} reports recurrence"),
    "confirmed": T("第 {place} 次复发已确认", "recurrence {place} is confirmed"),
    "fatal": T("第 {place} 号不良事件致死", "adverse event {place} was fatal"),
    "died": T("研究结束状态为死亡", "end of study with status death"),
}
STATE_OF_VISIT = {"DONE": "done", "PARTIAL": "partial", "MISSED": "missed"}


def after_consent(page: CrfPage, saved: FormPage, user: User) -> None:
    """Consent opens the casebook; its withdrawal ends the visits."""
    settle(page.participant, user)


def after_eligibility(page: CrfPage, saved: FormPage, user: User) -> None:
    """An eligible participant has a baseline visit, at which the arm is chosen; another one is a screening failure."""
    assert isinstance(saved, Eligibility)
    participant = page.participant
    if saved.ie_eligible == "Y" and not participant.visits.filter(code=BASELINE).exists():
        plan_visit(participant, SCHEDULE.visits[BASELINE], None)
    settle(participant, user)


def after_arm_choice(page: CrfPage, saved: FormPage, user: User) -> None:
    """Day 0 is known: plan every visit of this arm; on a later change all windows follow."""
    assert isinstance(saved, ArmChoice)
    participant = page.participant
    if saved.anchor_date is None or saved.arm is None:
        return
    moved = participant.anchor != saved.anchor_date
    participant.anchor, participant.arm = saved.anchor_date, saved.arm
    participant.save(update_fields=["anchor", "arm"])
    if moved:
        move_windows(participant)
    settle(participant, user)
    follow_conditions(participant, user=user)
    if saved.arm == "A2" or saved.arm_switch == "Y":
        expect(participant, "pegifn", "interferon")


def settle(participant: Participant, user: User) -> None:
    """Bring the participant's state and visits in line with what is recorded. Call inside an act."""
    state = participant_state(ParticipantContext.of(participant))
    columns = {"state": state.state, "consented": state.consented, "withdrawn": state.withdrawn}
    if changed := assign_changed(participant, columns):
        participant.save(update_fields=changed)
    choice = arm_chosen(participant)
    if choice is not None and choice.arm and choice.anchor_date:
        plan_follow_up(participant, choice, state.ended if state.state not in FOLLOWED else None, user=user)


def arm_chosen(participant: Participant) -> ArmChoice | None:
    """The choice of arm that is on record."""
    return ArmChoice.objects.filter(page__participant=participant, page__state="submitted").first()


def versions_of(participant: Participant) -> list[Schedule]:
    """The versions of the schedule by which they are followed, oldest first; the newest of all before any is in use."""
    used = set(participant.visits.exclude(code__in=OUTSIDE).values_list("schedule", flat=True))
    return [each for each in SCHEDULE if each.version in used] or [SCHEDULE.newest]


def opens_after(planned: PlannedVisit, anchor: date, day: date) -> bool:
    """The visit's window opens after a day; a visit without a window never does."""
    opens = planned.dates(anchor)[1]
    return opens is not None and opens > day


def visits_of_arm(choice: ArmChoice, schedule: Schedule) -> list[PlannedVisit]:
    """The visits from Day 0 on that this participant needs: those of an arm for as long as they are in it."""
    assert choice.anchor_date
    assert choice.arm
    switched = choice.arm_switch_date if choice.arm_switch == "Y" else None
    visits = []
    for planned in from_day_0(schedule):
        target = planned.dates(choice.anchor_date)[0]
        before = switched is None or target is None or target < switched
        if planned.arm in ("", choice.arm if before else OTHER_ARM[choice.arm]):
            visits.append(planned)
    return visits


def after_demographics(page: CrfPage, saved: FormPage, user: User) -> None:
    """Who may become pregnant is tested for it."""
    follow_conditions(page.participant, user=user)


def follow_conditions(participant: Participant, *, user: User) -> None:
    """Pages that are expected under a condition come when it holds and go, while nothing is on them, when it ends."""
    context = ParticipantContext.of(participant)
    pages = {(page.visit_id, page.form): page for page in participant.pages.exclude(visit=None)}
    fresh = []
    for visit in participant.visits.exclude(state__in=("missed", "dropped")):
        for form, when in SCHEDULE.planned(visit.code, visit.schedule).conditional:
            page, holds = pages.get((visit.pk, form)), when.holds(context)
            if page is None and holds:
                fresh.append(CrfPage(form=form, participant=participant, visit=visit))
            elif page is None or page.hold:
                continue
            elif holds and page.state == "void":
                page.state = "expected"
                page.save(update_fields=["state"])
            elif not holds and page.state == "expected":
                drop_pages([page], user=user)
    CrfPage.objects.bulk_create(fresh)


def move_windows(participant: Participant) -> None:
    """Day 0 is another: every window is computed anew, by the version that planned the visit. Source: schedule.yaml,
    anchor_rule.fixed_after (a later change needs a reason and recalculates all windows).
    """
    for visit in participant.visits.filter(sequence=0):
        dates = SCHEDULE.planned(visit.code, visit.schedule).dates(participant.anchor)
        if (visit.target, visit.opens, visit.closes) != dates:
            visit.target, visit.opens, visit.closes = dates
            visit.save(update_fields=["target", "opens", "closes"])


def plan_follow_up(participant: Participant, choice: ArmChoice, ended: date | None, *, user: User) -> None:
    """Plan what is wanted and not there, drop what is planned and not wanted, leave alone what took place.

    Each visit is judged by the version that planned it. A visit that only a newer version knows comes if its window has
    not opened yet: an amendment does not ask for what is past.
    """
    assert choice.anchor_date
    versions = versions_of(participant)
    by_version = {each.version: _expected_visits(choice, each, ended) for each in versions}
    newest, today = versions[-1], timezone.localdate()
    existing = {visit.code: visit for visit in participant.visits.filter(sequence=0) if visit.code not in OUTSIDE}
    missing = [
        planned
        for code, planned in by_version[newest.version].items()
        if code not in existing
        and (all(code in each.visits for each in versions) or opens_after(planned, choice.anchor_date, today))
    ]
    plan_visits(participant, missing, newest)
    drop_visits([visit for code, visit in existing.items() if code not in by_version[visit.schedule]], user=user)
    known = by_version[newest.version]
    if back := [visit for code, visit in existing.items() if visit.state == "dropped" and code in known]:
        restore_visits(back)
        follow_conditions(participant, user=user)


def _expected_visits(choice: ArmChoice, schedule: Schedule, ended: date | None) -> dict[str, PlannedVisit]:
    """The visits of a version that are needed up to the day on which someone left."""
    assert choice.anchor_date
    visits = visits_of_arm(choice, schedule)
    return {
        planned.code: planned
        for planned in visits
        if ended is None or not opens_after(planned, choice.anchor_date, ended)
    }


def plan_visits(participant: Participant, planned: Collection[PlannedVisit], schedule: Schedule) -> None:
    """Visits of a version of the schedule with their expected pages, in bulk."""
    if not planned:
        return
    fresh = [(new_visit(participant, each, participant.anchor, version=schedule.version), each) for each in planned]
    Visit.objects.bulk_create(visit for visit, _ in fresh)
    context = ParticipantContext.of(participant)
    CrfPage.objects.bulk_create(page for visit, each in fresh for page in new_pages(visit, each, context))


def drop_visits(visits: Iterable[Visit], *, user: User) -> None:
    """Visits that are not needed any more: nothing is expected there. What is recorded stays."""
    for visit in visits:
        if visit.state == "planned" and not visit.pages.filter(state="submitted").exists():
            visit.state = "dropped"
            visit.save(update_fields=["state"])
            drop_pages(visit.pages.filter(state="expected", hold=""), user=user)


def drop_pages(pages: Iterable[CrfPage], *, user: User) -> None:
    """Empty pages that are not needed any more, and what is asked on them."""
    for page in pages:
        page.state = "void"
        page.save(update_fields=["state"])
        cancel_queries(page, user=user)


def restore_visits(visits: Iterable[Visit]) -> None:
    """Dropped visits that are needed after all."""
    for visit in visits:
        visit.state = "planned"
        visit.save(update_fields=["state"])
        visit.pages.filter(state="void", hold="").update(state="expected")


def after_visit_record(page: CrfPage, saved: FormPage, user: User) -> None:
    """The visit took place, or was missed."""
    assert isinstance(saved, VisitRecord)
    visit = page.visit
    if visit is not None and saved.visit_status and page.state != "void":
        visit.state, visit.date = STATE_OF_VISIT[saved.visit_status], saved.visit_date
        visit.save(update_fields=["state", "date"])


def after_mri(page: CrfPage, saved: FormPage, user: User) -> None:
    """A recurrence on imaging asks for its confirmation."""
    assert isinstance(saved, Mri)
    if page.state != "void" and saved.mri_overall == "RECUR" and page.visit and page.visit.code != "SCR":
        expect(page.participant, "recur", f"recurrence {page.visit.code}")


def after_recurrence(page: CrfPage, saved: FormPage, user: User) -> None:
    """A confirmed recurrence asks for what was done about it, and imaging for the endpoint stops."""
    assert isinstance(saved, Recurrence)
    participant = page.participant
    confirmed = first_confirmed(ParticipantContext.of(participant))
    for scan in participant.pages.filter(
        form="mri", state="expected", hold="", visit__target__isnull=False
    ).select_related("visit"):
        assert scan.visit
        if scan.required != imaging_expected(scan.visit, confirmed):
            scan.required = not scan.required
            scan.save(update_fields=["required"])
    if saved.rec_adj == "CONFIRMED" and page.state != "void":
        expect(participant, "subtx", f"confirmed {page.repeat}")


def first_confirmed(context: Context) -> date | None:
    """The day of the first confirmed recurrence."""
    days = [
        record.value("recur", "rec_date")
        for record in context.records("recur")
        if record.value("recur", "rec_adj") == "CONFIRMED"
    ]
    return min((day for day in days if day), default=None)


def imaging_expected(visit: Visit, confirmed: date | None) -> bool:
    """MRI for the primary endpoint stops at the first confirmed recurrence. Source: schedule.yaml, after_recurrence."""
    return confirmed is None or visit.target is None or visit.target <= confirmed


def after_adverse_event(page: CrfPage, saved: FormPage, user: User) -> None:
    """A fatal event asks for the death form."""
    assert isinstance(saved, AdverseEvent)
    if saved.ae_out == "FATAL" and page.state != "void":
        expect(page.participant, "death", f"fatal {page.repeat}")


def after_death(page: CrfPage, saved: FormPage, user: User) -> None:
    """The participant died."""
    settle(page.participant, user)


def after_end_of_study(page: CrfPage, saved: FormPage, user: User) -> None:
    """The participant's state follows the disposition; who leaves early may need a last MRI, a death its form."""
    assert isinstance(saved, EndOfStudy)
    settle(page.participant, user)
    follow_conditions(page.participant, user=user)
    if saved.eos_status == "DEATH":
        expect(page.participant, "death", "died")


def expect(participant: Participant, form: str, reason_code: str) -> CrfPage:
    """The page that has to exist because something happened, unless one is there already."""
    existing = participant.pages.filter(form=form).exclude(state="void").first()
    return existing or add_page(participant, form, required=True, reason_code=reason_code)


def add_log_page(participant: Participant, form: str, *, user: User) -> CrfPage:
    """The next empty page of a log, or the one page of a form that an event asks for. Raises PageHeld."""
    with acting(user):
        return add_page(lock(participant), form)


def add_unscheduled_page(participant: Participant, *, user: User, key: UUID | None = None) -> CrfPage:
    """The record of a visit that nobody planned. Raises PageHeld. Asked again with the same key, it is the same."""
    with acting(user):
        lock(participant)
        page = page_done(key, user)
        if page is None:
            page = add_unscheduled(participant, user=user).pages.get(form="visit")
            keep_key(key, page, user=user)
        return page


def add_unscheduled(participant: Participant, *, user: User) -> Visit:
    """A visit that nobody planned. Raises PageHeld."""
    with acting(user):
        if lock(participant).hold:
            raise PageHeld(participant.number)
        last = participant.visits.filter(code=UNSCHEDULED.code).order_by("-sequence").first()
        planned = SCHEDULE.visits[UNSCHEDULED.code]
        return plan_visit(participant, planned, None, sequence=last.sequence + 1 if last else 1)
