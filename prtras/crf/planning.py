"""Acts that bring visits and their expected pages into being. Call inside an act."""

from datetime import date
from uuid import UUID

from prtras.crf.conditions import Context
from prtras.crf.context import ParticipantContext
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.registry import form_of
from prtras.crf.schedule import SCHEDULE, PlannedVisit


class PageHeld(Exception):
    """The page, the casebook or the study is frozen or locked; nothing was written."""


def lock(participant: Participant) -> Participant:
    """Take the participant until the act is over: what follows from two pages is decided one after the other."""
    return Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)


def lock_page(page_id: UUID) -> CrfPage:
    """A page to be written, taken with its participant; always the participant first. Two statements."""
    whose = Participant.objects.select_for_update(no_key=True, of=("self",)).get(pages=page_id)
    page = CrfPage.objects.select_for_update(of=("self",)).select_related("visit").get(id=page_id)
    page.participant = whose
    return page


def new_visit(
    participant: Participant, planned: PlannedVisit, anchor: date | None, sequence: int = 0, version: str = ""
) -> Visit:
    """A visit as it will be stored, with its window; by the newest version of the schedule unless told."""
    target, opens, closes = planned.dates(anchor)
    return Visit(
        participant=participant, code=planned.code, sequence=sequence, position=planned.position,
        target=target, opens=opens, closes=closes, schedule=version or SCHEDULE.newest.version,
    )  # fmt: skip


def new_pages(visit: Visit, planned: PlannedVisit, context: Context) -> list[CrfPage]:
    """The pages that are expected at a visit; a single form's page has a visit too, where it is first due.

    The first row of a log that is expected there belongs to no visit.
    """
    return [
        CrfPage(form=code, participant=visit.participant, repeat=1)
        if form_of(code).kind == "log"
        else CrfPage(form=code, participant=visit.participant, visit=visit)
        for code in planned.expected(context)
    ]


def plan_visit(participant: Participant, planned: PlannedVisit, anchor: date | None, sequence: int = 0) -> Visit:
    """Plan one visit with its expected pages."""
    visit = new_visit(participant, planned, anchor, sequence)
    visit.save()
    CrfPage.objects.bulk_create(new_pages(visit, planned, ParticipantContext.of(participant)))
    return visit


def add_page(
    participant: Participant,
    form: str,
    visit: Visit | None = None,
    required: bool = False,
    reason_code: str = "",
    *,
    fresh: bool = False,
) -> CrfPage:
    """A further page: the next row of a log, or an optional form at a visit. An open empty one is used first.

    `reason_code` says what happened and where, such as `fatal 3`; a `fresh` row of a log is always a new one.
    A single page that was entered in error is expected again. Raises PageHeld.
    """
    if participant.hold:
        raise PageHeld(participant.number)
    kind = form_of(form).kind
    visit = visit if kind == "visit" else None
    pages = CrfPage.objects.filter(participant=participant, form=form, visit=visit)
    waiting = pages.filter(state="expected", hold="").first()
    if waiting and not fresh:
        return waiting
    if kind != "log" and (existing := pages.first()):
        if existing.state == "void" and not existing.hold:
            existing.state, existing.required, existing.reason_code = "expected", required, reason_code
            existing.save(update_fields=["state", "required", "reason_code"])
        return existing
    last = pages.order_by("-repeat").values_list("repeat", flat=True).first()
    return CrfPage.objects.create(
        participant=participant, form=form, visit=visit, required=required, reason_code=reason_code,
        repeat=(last or 0) + 1 if kind == "log" else 0,
    )  # fmt: skip
