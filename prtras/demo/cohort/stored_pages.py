"""From a participant's sheets to visits and pages as they will be stored: planned, derived, judged. Writes nothing.

Visits and expected pages come from the same plan as the screen's, typed values through the same reader, derived values
and findings from the same judge; only the other pages are found in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from enrollment.schedule import SCREENING
from prtras.accounts.models import Site
from prtras.crf.conditions import Context
from prtras.crf.content import PageContent
from prtras.crf.context import PageContext, ParticipantContext
from prtras.crf.items import Item
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.places import Place
from prtras.crf.planning import new_pages, new_visit
from prtras.crf.records import Stored
from prtras.crf.registry import Form, Tables, form_of
from prtras.crf.schedule import SCHEDULE, PlannedVisit
from prtras.crf.typed_values import value_of
from prtras.demo.cohort.casebook import Casebook
from prtras.demo.cohort.course import stream
from prtras.demo.cohort.typed_pages import Cohort, Sheet, Story, Values
from prtras.entry.judging import Judged, judge
from visits.deviating import deviations_of_dose
from visits.models import PegIfnDose
from visits.participant_state import participant_state
from visits.planning import STATE_OF_VISIT, first_confirmed, imaging_expected, opens_after
from visits.schedule import BASELINE, END_OF_STUDY, from_day_0

#: A form comes after those whose derived values it looks at.
ORDER = ("alloc", "consent", "reconsent", "dm", "hbvhx", "mh", "radtx", "hcc", "path", "scrlab", "vs", "pe", "pregtest",
         "lbhem", "lbchem", "lbcoag", "lbtm", "lbthy", "liverfn", "ae", "na", "pegifn", "adh", "lbviro", "lbpbmc",
         "mri", "ie", "tissue", "visit", "recur", "subtx", "cm", "logs", "dv", "death", "eos")  # fmt: skip
PAGE_IDS = UUID("5d3cb6ac-6f6a-5f0e-9d3f-0b1c7a2f4e11")


@dataclass
class Filled:
    """A submitted page: what was typed and what the judge made of it."""

    page: CrfPage
    form: Form
    sheet: Sheet
    content: PageContent
    judged: Judged


@dataclass
class Binder:
    """Everything of one participant that will be stored."""

    seed: int
    participant: Participant
    visits: dict[str, Visit] = field(default_factory=dict)
    pages: dict[tuple[str, str, int], CrfPage] = field(default_factory=dict)
    filled: list[Filled] = field(default_factory=list)
    context: Context = field(default_factory=lambda: ParticipantContext(lambda code: []))

    def plan(self, planned: PlannedVisit, anchor: date | None, *, dropped: bool = False) -> None:
        """A visit with its expected pages; a dropped one expects nothing any more."""
        visit = self.visits[planned.code] = new_visit(self.participant, planned, anchor)
        if dropped:
            visit.state = "dropped"
        for page in new_pages(visit, planned, self.context):
            if dropped:
                page.state = "void"
            self._keep(page, planned.code if page.visit else "")

    def page(
        self, form: str, visit: str = "", repeat: int = 0, *, required: bool = False, reason_code: str = ""
    ) -> CrfPage:
        """The expected page, or a further one: an event's, or the next row of a log."""
        page = self.pages.get((form, visit, repeat))
        if page is None:
            page = CrfPage(
                form=form, participant=self.participant, repeat=repeat, required=required, reason_code=reason_code
            )
            self._keep(page, visit)
        return page

    def _keep(self, page: CrfPage, visit: str) -> None:
        page.id = uuid5(PAGE_IDS, f"{self.seed}/{self.participant.number}/{page.form}/{visit}/{page.repeat}")
        self.pages[page.form, visit, page.repeat] = page


def bind(story: Story, cohort: Cohort, site: Site) -> Binder:
    """Plan the visits, lay the sheets on their pages, derive and judge them all."""
    sheets = sorted(story.sheets, key=_place)
    facts = _facts(sheets, cohort.today)
    binder = Binder(cohort.seed, _participant(story, facts, site), context=facts)
    _plan_visits(binder, sheets)
    sheets = [sheet for sheet in sheets if _is_expected(binder, sheet)]
    casebook, tables, rng = Casebook(), Tables(), stream(f"{cohort.seed}:{story.number}:hours")
    laid = [_lay(binder, sheet, casebook, rng) for sheet in sheets]

    def fill(page: CrfPage, form: Form, sheet: Sheet, content: PageContent) -> None:
        context = PageContext(page, form, {}, source=casebook.records_of, tables=tables, today=cohort.today)
        judged = judge(page, form, content, context)
        casebook.put(page, form, judged.content.values, judged.content.rows)
        page.state, page.version, page.required_items, page.filled = "submitted", 1, judged.required, judged.filled
        binder.filled.append(Filled(page, form, sheet, content, judged))

    for each in laid:
        fill(*each)
    for sheet in list(_doses_against_advice(binder)):
        page, form, _, content = _lay(binder, sheet, casebook, rng)
        page.required, page.reason_code = True, sheet.reason_code
        fill(page, form, sheet, content)
    return binder


def _doses_against_advice(binder: Binder) -> Iterator[Sheet]:
    """A deviation for each dose that the results did not advise, as the rule drafts it, and completed."""
    number = max((page.repeat for page in binder.pages.values() if page.form == "dv"), default=0)
    for filled in binder.filled:
        if filled.form.code == "pegifn":
            dose = PegIfnDose(page=filled.page, **filled.judged.content.values)
            for happened in deviations_of_dose(filled.page, dose):
                number += 1
                values: Values = {
                    "dv_cat": happened.category, "dv_sev": happened.importance, "dv_desc": happened.text.zh,
                    "dv_start": happened.since, "dv_found": filled.sheet.entered,
                    "dv_action": "已提醒研究者核对剂量建议。", "dv_ec": "N", "dv_excl": "N",
                }  # fmt: skip
                reason_code = f"{happened.reason_code} {happened.place}"
                on, entered = filled.sheet.on, filled.sheet.entered
                yield Sheet("dv", "", on, entered, values, repeat=number, reason_code=reason_code)


def _is_expected(binder: Binder, sheet: Sheet) -> bool:
    """Imaging at the end of the study is conditional: only where the plan asks for it."""
    return (sheet.form, sheet.visit) != ("mri", END_OF_STUDY.code) or ("mri", END_OF_STUDY.code, 0) in binder.pages


def _facts(sheets: list[Sheet], today: date) -> ParticipantContext:
    """What conditional pages depend on, as typed."""

    def records(code: str) -> list[Stored]:
        return [Stored(UUID(int=0), s.visit, 0, 0, s.values) for s in sheets if s.form == code]

    return ParticipantContext(records, today)


def _place(sheet: Sheet) -> tuple[int, int, date, str, int]:
    """Laboratory baselines (screening, then week 0) come first of their form: all other grades look at them."""
    first = (SCREENING, BASELINE)
    early = first.index(sheet.visit) if sheet.visit in first else len(first)
    return ORDER.index(sheet.form), early, sheet.on, sheet.visit, sheet.repeat


def _participant(story: Story, facts: Context, site: Site) -> Participant:
    """The participant in the state to which the acts after each page would have led."""
    facts_known = participant_state(facts)
    return Participant(
        site=site, number=story.number, screening_number=story.screening_number, state=facts_known.state,
        consented=facts_known.consented, withdrawn=facts_known.withdrawn, arm=facts.value("alloc", "arm") or "",
        anchor=facts.value("alloc", "alloc_date"),
    )  # fmt: skip


def _plan_visits(binder: Binder, sheets: list[Sheet]) -> None:
    """What eligibility, the choice of the arm and the visit records would have planned and moved on."""
    planned_visits = SCHEDULE.visits
    binder.plan(planned_visits[SCREENING], None)
    anchor = binder.participant.anchor
    if any(sheet.form == "ie" and sheet.values["ie_eligible"] == "Y" for sheet in sheets):
        binder.plan(planned_visits[BASELINE], anchor)
    ended = participant_state(binder.context).ended
    for planned in from_day_0(SCHEDULE.newest):
        if anchor and planned.arm in ("", binder.participant.arm):
            binder.plan(planned, anchor, dropped=ended is not None and opens_after(planned, anchor, ended))
    confirmed = first_confirmed(binder.context)
    for (form, code, _), page in binder.pages.items():
        if form == "mri" and code in binder.visits:
            page.required = imaging_expected(binder.visits[code], confirmed)
    for sheet in sheets:
        if sheet.form == "visit":
            visit = binder.visits[sheet.visit]
            visit.state = STATE_OF_VISIT[sheet.values["visit_status"]]
            visit.date = sheet.values.get("visit_date")
        if sheet.values.get("mri_overall") == "RECUR":
            binder.page("recur", repeat=1, required=True, reason_code=f"recurrence {sheet.visit}")
        if sheet.values.get("rec_adj") == "CONFIRMED":
            binder.page("subtx", repeat=1, required=True, reason_code=f"confirmed {sheet.repeat}")
        if sheet.values.get("arm") == "A2":
            binder.page("pegifn", repeat=1, required=True, reason_code="interferon")
        if sheet.values.get("ae_out") == "FATAL" or sheet.values.get("eos_status") == "DEATH":
            binder.page("death", required=True, reason_code=f"fatal {sheet.repeat}" if sheet.form == "ae" else "died")


def _lay(binder: Binder, sheet: Sheet, casebook: Casebook, rng: Random) -> tuple[CrfPage, Form, Sheet, PageContent]:
    """Put a sheet on its page."""
    form = form_of(sheet.form)
    page = binder.page(sheet.form, sheet.visit, sheet.repeat, required=sheet.form in ("recur", "death"))
    page.submitted_at = at_work(rng, sheet.entered)
    content = content_from(form, sheet)
    casebook.put(page, form, content.values, content.rows)
    return page, form, sheet, content


def at_work(rng: Random, day: date) -> datetime:
    """A minute of the working day."""
    return datetime.combine(day, time(rng.randint(8, 17), rng.randint(0, 59)), ZoneInfo(settings.TIME_ZONE))


def content_from(form: Form, sheet: Sheet) -> PageContent:
    """The sheet as the entry screen would read it. Raises Unreadable, and KeyError for an item that nobody types."""
    content = PageContent({**dict.fromkeys(form.items), **_read(form.items, sheet.values)})
    content.missing = {Place(place): code for place, code in sheet.missing.items()}
    if form.rows:
        empty = {name: None for name, item in form.rows.items.items() if not item.derived}
        content.rows = {key: {**empty, **_read(form.rows.items, row)} for key, row in sheet.rows.items()}
    return content


def _read(items: dict[str, Item], values: Values) -> dict[str, Any]:
    return {name: value_of(items[name], _texts(value)) for name, value in values.items() if value is not None}


def _texts(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]
