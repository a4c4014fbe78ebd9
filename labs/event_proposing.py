"""Act: propose an adverse event from a graded result: a page with what is known typed in, which a person completes."""

from collections.abc import Iterator

from django.urls import reverse

from labs.graded import event_below, graded_without_event
from labs.lab_tests import DAY_ITEM
from labs.models import LabResult
from prtras.accounts.access import require
from prtras.accounts.models import User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage
from prtras.crf.planning import add_page, lock
from prtras.crf.registry import form_of
from prtras.entry.models import Draft
from prtras.labels import T
from prtras.ui.offers import Offer
from visits.codelists.safety import LABTERM

#: Why the page of the event is there.
PAGE_REASONS = {"graded": T("{place} 的化验结果有分级而无不良事件", "{place} is graded and has no adverse event")}


#: Results that are offered after one page was submitted; the list has all of them.
MOST_OFFERED = 3
GRADED = T("{who} {visit}，{title}：{n} 级，尚无不良事件。", "{who} {visit}, {title}: grade {n}, no adverse event yet.")
WORSE = T(
    "{who} {visit}，{title}：{n} 级，而第 {no} 号不良事件记录为 {grade} 级。",
    "{who} {visit}, {title}: grade {n}, while adverse event {no} is recorded with grade {grade}.",
)
RECORD = T("记录不良事件", "Record the event")
RAISE = T("记录分级变化", "Record the change of grade")


class NotGraded(ValueError):
    """The result has no grade of an adverse event (any more)."""


def propose_event(result: LabResult, *, user: User) -> CrfPage:
    """A page of an adverse event with term, day, grade and visit of a result as the person's draft; the same page the
    second time. Where an event of the term has a lower grade (`graded.event_below`), the page of that event. Raises
    PermissionDenied, NotGraded, PageHeld.
    """
    participant, visit = result.page.participant, result.page.visit
    require(user, Action.EDIT_PAGE, participant.site)
    if not result.tox or result.toxgr in (None, "0"):
        raise NotGraded(result.pk)
    if event := event_below(result):
        return event.page
    reason_code = f"graded {result.tox} {visit or ''}".strip()
    with acting(user, source="graded result"):
        lock(participant)
        before = CrfPage.objects.filter(participant=participant, form="ae", reason_code=reason_code)
        if page := before.exclude(state="void").first():
            return page
        page = add_page(participant, "ae", required=True, reason_code=reason_code, fresh=True)
        Draft.objects.create(page=page, user=user, typed=_typed(result, user), seen_version=0)
    return page


def _typed(result: LabResult, user: User) -> dict[str, list[str]]:
    """What is known, as the person would type it; nothing that only a person can say."""
    form, visit = form_of(result.page.form), result.page.visit
    day = form.model.objects.filter(page=result.page).values_list(DAY_ITEM[form.code], flat=True).first()
    typed = {
        "ae_term": LABTERM.text(result.tox or "").in_language(user.language or "zh-hans"),
        "ae_start": day.isoformat() if day else "",
        "ae_grade": result.toxgr or "",
        "ae_lab": result.tox or "",
        "ae_lab_visit": visit.code if visit else "",
    }
    return {name: [value] for name, value in typed.items() if value}


def offers(page: CrfPage, user: User) -> Iterator[Offer]:
    """The worst results of a page that was just submitted and of which no event speaks, each with its key."""
    for result in graded_without_event(user).filter(page=page)[:MOST_OFFERED]:
        facts: dict[str, object] = {"who": result.page.participant.number, "visit": f"{result.page.visit or ''}"}
        facts |= {"title": LABTERM.text(result.tox or ""), "n": result.toxgr}
        text, key = GRADED, RECORD
        if event := event_below(result):
            text, key, facts = WORSE, RAISE, facts | {"no": event.ae_no, "grade": event.ae_grade}
        yield Offer(text.format(**facts), key, reverse("labs:graded"), "result", str(result.pk))
