"""One participant on one page: facts, visits x forms, what is to be done. Reads; a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from enrollment.codelists.arm import ARM
from enrollment.models import ArmChoice, Consent, Demographics, Eligibility, RadicalTreatment, ReConsent
from prtras.accounts.models import User
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.registry import Form, all_forms, page_reason
from prtras.crf.schedule import SCHEDULE
from prtras.crf.status import ALL, COMPLETE, PLANNED, SIGNED, VERIFIED, VOID, Status, page_status
from prtras.entry.models import Draft
from prtras.labels import T
from visits.codelists.disposition import DSDECOD
from visits.models import AdverseEvent, AdverseEventGrade, Death, EndOfStudy, Mri, Recurrence
from visits.schedule import OTHER_ARM


@dataclass(frozen=True)
class Cell:
    """One page in the matrix."""

    page: CrfPage
    status: Status
    title: str


@dataclass(frozen=True)
class Column:
    """One visit in the matrix."""

    visit: Visit
    title: T
    done: int
    total: int
    current: bool


@dataclass(frozen=True)
class Story:
    """What is known of a participant beyond the pages' states; `grades` of an adverse event by its page."""

    consented: date | None
    sex: str | None
    age: int | None
    treated: date | None
    treatment: str | None
    recurrence: date | None
    died: date | None
    last_imaging: date | None
    adverse_events: list[AdverseEvent]
    grades: dict[UUID, list[tuple[date, int]]]
    steps: list["Step"]


@dataclass(frozen=True)
class Step:
    """One step of the way through the study: what, when, what was said, and the page that says it."""

    title: T
    on: date | None
    text: T | str
    page: Any


def story(participant: Participant) -> Story:
    """The facts of the head of the page."""
    of = {"page__participant": participant, "page__state": "submitted"}
    consent = Consent.objects.filter(**of).first()
    person = Demographics.objects.filter(**of).first()
    treatment = RadicalTreatment.objects.filter(**of).first()
    confirmed = Recurrence.objects.filter(**of, rec_adj="CONFIRMED").order_by("rec_date").first()
    imaging = Mri.objects.filter(**of, mri_quality__in=("GOOD", "ADEQUATE", "LIMITED")).order_by("-mri_date").first()
    events = list(AdverseEvent.objects.filter(**of).select_related("page").order_by("-ae_start"))
    return Story(
        consent.icf_date if consent else None,
        person.sex if person else None,
        person.age_consent if person else None,
        treatment.tx_date if treatment else None,
        treatment.tx_type if treatment else None,
        confirmed.rec_date if confirmed else None,
        Death.objects.filter(**of).values_list("dth_date", flat=True).first(),
        imaging.mri_date if imaging else None,
        events,
        _grades(participant),
        list(_steps(consent, of)),
    )


def _grades(participant: Participant) -> dict[UUID, list[tuple[date, int]]]:
    """From which day on each adverse event had which grade, by its page."""
    rows = AdverseEventGrade.objects.filter(
        page__participant=participant, page__state="submitted", void_reason="", aeg_date__isnull=False
    )
    grades: defaultdict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for page, day, grade in rows.exclude(aeg_grade=None).values_list("page", "aeg_date", "aeg_grade"):
        grades[page].append((day, int(grade)))
    return grades


def _steps(consent: Consent | None, of: dict[str, Any]) -> Iterator[Step]:
    """Consent, re-consents, eligibility, choice of arm, switch, withdrawal, end of study; as far as they came."""
    if consent is not None:
        yield Step(T("知情同意", "Consent"), consent.icf_date, consent.icf_version or "", consent.page_id)
    for again in ReConsent.objects.filter(**of).order_by("rc_date"):
        yield Step(T("再次知情", "Re-consent"), again.rc_date, again.rc_version or "", again.page_id)
    decided = Eligibility.objects.filter(**of).first()
    if decided is not None:
        decision = DECISIONS.get(decided.ie_eligible or "", T("–", "–"))
        if decided.ie_calc and decided.ie_calc != decided.ie_eligible:
            decision += T("（与系统判定不一致）", " (differs from the computed eligibility)")
        yield Step(T("入排判定", "Eligibility"), decided.ie_date, decision, decided.page_id)
    choice = ArmChoice.objects.filter(**of).first()
    if choice is not None:
        yield Step(T("选择治疗组", "Arm chosen"), choice.alloc_date, _arm(choice.arm), choice.page_id)
        if choice.arm_switch == "Y":
            other = _arm(OTHER_ARM.get(choice.arm or "", ""))
            yield Step(T("转组", "Switch to the other arm"), choice.arm_switch_date, other, choice.page_id)
    if consent is not None and consent.withdraw_date:
        yield Step(T("撤回知情同意", "Consent withdrawn"), consent.withdraw_date, "", consent.page_id)
    end = EndOfStudy.objects.filter(**of).first()
    if end is not None:
        yield Step(
            T("研究结束", "End of study"),
            end.eos_date,
            DSDECOD.text(end.eos_status) if end.eos_status else "",
            end.page_id,
        )


DECISIONS = {"Y": T("合格", "eligible"), "N": T("不合格", "not eligible")}


def _arm(code: str | None) -> T:
    return ARM.text(code) if code else T("–", "–")


def matrix(participant: Participant, user: User, today: date) -> dict[str, Any]:
    """Columns (visits), rows (forms with one cell or none per visit), logs, progress and to-do."""
    visits = list(participant.visits.all())
    pages = list(
        participant.pages.exclude(state="void", version=0).annotate(
            open_queries=Count("queries", filter=Q(queries__state="open")),
            answered=Count("queries", filter=Q(queries__state="answered")),
        )
    )
    drafts = set(Draft.objects.filter(user=user, page__participant=participant).values_list("page_id", flat=True))
    with_data = {page.visit_id for page in pages if page.version}
    visits = [visit for visit in visits if visit.state != "dropped" or visit.id in with_data]
    by_id: dict[int | None, Visit] = {visit.id: visit for visit in visits}
    cells = {(page.form, page.visit_id, page.repeat): _cell(page, by_id, drafts, today) for page in pages}
    columns = [_column(visit, cells, today) for visit in visits]
    rows = [
        (form, [cells.get((form.code, column.visit.id, 0)) for column in columns])
        for form in all_forms()
        if any((form.code, column.visit.id, 0) in cells for column in columns)
    ]
    rows.sort(key=lambda row: row[0].kind != "visit")  # what is asked at every visit stands above what is asked once
    logs = [(form, _log(form, cells)) for form in all_forms() if form.kind == "log" or form.code == "death"]
    waits_or_done = {status.code for status in ALL} - {PLANNED.code}
    due = [
        c for c in cells.values() if c.page.state == "submitted" or (c.page.required and c.status.code in waits_or_done)
    ]
    return {
        "columns": columns,
        "rows": rows,
        "logs": logs,
        "done": sum(cell.page.state == "submitted" for cell in due),
        "due": len(due),
        "todo": _todo(cells.values(), by_id),
    }


def _cell(page: Any, visits: dict[int | None, Visit], drafts: set[Any], today: date) -> Cell:
    visit = visits.get(page.visit_id)
    if page.state == "void":
        return Cell(page, VOID, f"{VOID.text}")
    status = page_status(
        submitted=page.state == "submitted",
        open_queries=page.open_queries,
        answered=page.answered,
        draft=page.id in drafts,
        opens=visit.opens if visit else None,
        closes=visit.closes if visit else None,
        today=today,
        missed=visit is not None and visit.state == "missed",
        required=page.required,
        held=bool(page.hold),
        verified=page.verified == "full",
    )
    if visit is not None and visit.code == "EOS" and page.state == "expected" and not page.hold:
        status = page_status(submitted=False, open_queries=0, answered=0, draft=page.id in drafts,
                             opens=date.max, closes=None, today=today)  # fmt: skip
    return Cell(page, status, " · ".join(str(text) for text in _all_decided(page, status)))


def _all_decided(page: Any, status: Status) -> Iterator[T]:
    """Everything that holds of a page; its one sign comes first."""
    yield status.text
    if page.hold and page.state == "submitted":
        yield COMPLETE.text
    if page.verified == "full" and status != VERIFIED:
        yield VERIFIED.text
    if page.signed:
        yield SIGNED


def _column(visit: Visit, cells: dict[Any, Cell], today: date) -> Column:
    own = [c for (_, visit_id, _), c in cells.items() if visit_id == visit.id and c.page.state != "void"]
    current = bool(visit.opens and visit.closes and visit.opens <= today <= visit.closes)
    done = sum(cell.page.state == "submitted" for cell in own)
    return Column(visit, SCHEDULE.title(visit.code), done, len(own), current)


def _log(form: Form, cells: dict[Any, Cell]) -> list[Cell]:
    return sorted((c for (code, _, _), c in cells.items() if code == form.code), key=lambda c: c.page.repeat)


def _todo(cells: Iterable[Cell], visits: dict[int | None, Visit]) -> list[dict[str, Any]]:
    """The pages that wait: first those that an event asks for, then by urgency."""
    order = ["query", "over", "half", "due"]
    titles = {form.code: form.brief for form in all_forms()}
    waiting = [c for c in cells if c.status.code in order and (c.page.required or c.status.code == "query")]
    waiting.sort(key=lambda c: (not c.page.reason_code, order.index(c.status.code), _position(c, visits), c.page.form))
    return [
        {
            "cell": cell,
            "form": titles[cell.page.form],
            "visit": visits.get(cell.page.visit_id),
            "reason": page_reason(cell.page.reason_code),
        }
        for cell in waiting[:8]
    ]


def _position(cell: Cell, visits: dict[int | None, Visit]) -> int:
    visit = visits.get(cell.page.visit_id) if cell.page.visit_id else None
    return visit.position if visit else 9999
