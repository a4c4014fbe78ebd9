"""What an import would do, participant by participant: where each result goes, what it changes, what is asked.

Reads the casebook in bulk and decides; writes nothing. `labs.importing` shows the plan or carries it out.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError

from labs.blood_draws import Draw, Placed, laboratory_of, place, report_of, visit_for
from labs.files.cells import day_of
from labs.files.mapping import ColumnMapping
from labs.files.refusals import Problem
from labs.files.samples import Result
from labs.identity import mismatches
from labs.import_casebook import ImportCasebook
from labs.import_rules import closed, refused
from labs.lab_tests import DAY_ITEM, LAB_TESTS
from labs.page_merge import CHANGED, NEW, REFUSED, SAME, merge, merge_report
from labs.panels import PANELS
from labs.suspect_samples import Suspect, unlike, warnings_of
from prtras.crf.checks import Finding
from prtras.crf.content import StoredPage
from prtras.crf.context import ParticipantContext
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.planning import new_pages, new_visit
from prtras.crf.registry import Tables, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.entry.bulk_saving import PageInHand, Queries, judge_pages
from prtras.entry.judging import is_lack
from prtras.labels import T
from prtras.review.querying import weigh

LEFT_OUT = T("{day} 不在任何访视窗口内，按所选规则不导入。", "{day} lies in no visit window; left out, as chosen.")
NEAREST = T(
    "{day} 不在任何访视窗口内，归入最近的访视 {visit}。",
    "{day} lies in no visit window; taken to the nearest visit, {visit}.",
)
UNPLANNED = T(
    "{day} 不在任何访视窗口内，归入计划外访视 {uns}。", "{day} lies in no visit window; unscheduled visit {uns}."
)
ELSEWHERE = T(
    "{form}：{day} 的结果未归入 {visit}（该访视另有采样），归入计划外访视 {uns}。",
    "{form}: the results of {day} do not count for {visit}, which has another sample; unscheduled visit {uns}.",
)
OTHER_MARK = T(
    "报告标记为{mark}，按参考范围为{flag}，请核对单位和参考范围。",
    "The report marks it {mark}; by the reference range it is {flag}. Check unit and range.",
)
FLAGS = {"HIGH": T("偏高", "high"), "LOW": T("偏低", "low"), "NORMAL": T("正常", "normal")}
FAILED = T("该行无法处理（{what}）。", "This line could not be processed ({what}).")
LEFT = "left out"
_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Cell:
    """One result of the file and what becomes of it: new, same, changed, refused or left out."""

    line: int
    column: str
    value: str
    participant: str
    lab_test: str
    day: date | None = None
    visit: str = ""
    form: str = ""
    status: str = NEW
    before: str = ""
    flag: str = ""
    grade: str = ""
    mark: str = ""
    remarks: list[T] = field(default_factory=list)

    def refuse(self, why: T) -> None:
        self.status = REFUSED
        self.remarks.append(why)


@dataclass
class Plan:
    """What a batch of participants would become: pages to be saved, visits and expected pages to be made, cells.

    `asks` queries would be opened; `reopened` pages were void because they were not expected. `seen` and `seen_visits`
    are the pages (by participant, form and visit) and states of visits on which the plan rests.
    """

    pages: list[PageInHand] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    expected: list[CrfPage] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    known: Queries | None = None
    asks: int = 0
    reopened: list[CrfPage] = field(default_factory=list)
    seen: dict[tuple[int, str, int | None], tuple[Any, ...] | None] = field(default_factory=dict)
    seen_visits: dict[int, str] = field(default_factory=dict)

    @property
    def all_pages(self) -> list[CrfPage]:
        """Every page that the plan would write or make."""
        return [*(each.page for each in self.pages), *self.expected]

    @property
    def bad_lines(self) -> set[int]:
        """The lines of the file that cannot be taken."""
        return {problem.line for problem in self.problems}


@dataclass
class _Laying:
    """One page of the plan with the results that go to it."""

    page: CrfPage
    placed: list[Placed] = field(default_factory=list)
    cells: dict[str, Cell] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


class Planner:
    """Plans batches of participants. `correction` is why values that differ from the file are replaced; empty: they are
    refused. `why` is the reason for any other change of a page that was submitted before. `confirmed`: samples that are
    unlike their participant are taken; else they are refused.
    """

    def __init__(self, mapping: ColumnMapping, correction: str = "", why: str = "", *, confirmed: bool = False) -> None:
        self.mapping, self.correction, self.why, self.confirmed = mapping, correction, why, confirmed
        self.tables = Tables()

    def plan(self, batch: Mapping[str, Participant], draws: Sequence[Draw]) -> Plan:
        """The plan for some participants, by number, and their draws. A fixed number of statements."""
        casebook = ImportCasebook(list(batch.values()))
        plan = Plan(known=casebook.known)
        by_person: dict[str, list[Draw]] = defaultdict(list)
        for draw in draws:
            by_person[draw.number].append(draw)
        dated = {n: self._dated(batch.get(n), by_person[n], casebook, plan) for n in sorted(by_person)}
        doubted = self._doubted(batch, dated, casebook, plan)
        layings: list[_Laying] = []
        for number, listed in dated.items():
            sure = [(day, draw) for day, draw in listed if draw not in doubted]
            if sure:
                layings += self._layings(batch[number], sure, casebook, plan)
        stored = casebook.stored([laying.page for laying in layings])
        for laying in layings:
            try:
                self._judge(laying, stored, casebook, plan)
            except (OperationalError, InterfaceError):
                raise  # the database is away: nothing of the file can be told
            except Exception as failed:  # whatever a line meets, the one who sent the file reads it at that line
                _logger.exception("import: line %s", laying.placed[0].draw.line)
                self._refuse_page(laying, FAILED.format(what=type(failed).__name__), self.mapping.participant, plan)
        return plan

    def _doubted(
        self,
        batch: Mapping[str, Participant],
        dated: Mapping[str, Sequence[tuple[date, Draw]]],
        casebook: ImportCasebook,
        plan: Plan,
    ) -> set[Draw]:
        """The draws that are unlike their participant and that nobody confirmed: they are refused."""
        suspects: list[Suspect] = []
        for number, listed in dated.items():
            if listed:
                suspects += unlike(listed, casebook.earlier(batch[number]))
        warnings = warnings_of(suspects)
        if self.confirmed:
            plan.warnings += [warning for _, warning in warnings]
            return set()
        for draw, warning in warnings:
            self._refuse(draw.results.items(), draw, warning.text, plan, self.mapping.participant, draw.number)
        return {draw for draw, _ in warnings}

    def _dated(
        self, participant: Participant | None, draws: Sequence[Draw], casebook: ImportCasebook, plan: Plan
    ) -> list[tuple[date, Draw]]:
        """The draws that may be recorded, with their days; the others are problems at their lines."""
        dated = []
        for draw in draws:
            day = day_of(draw.collected, participant.anchor if participant else None)
            problem = refused(participant, day, draw, casebook.died)
            column, value = self.mapping.participant, draw.number
            if participant and not problem and (foreign := mismatches(draw.identity, casebook.identity(participant))):
                column, value, problem = getattr(self.mapping, foreign[0][0]), "", foreign[0][1]
            if problem:
                self._refuse(draw.results.items(), draw, problem, plan, column, value)
            elif day is not None:
                dated.append((day, draw))
        return dated

    def _refuse(
        self, results: Iterable[tuple[str, Result]], draw: Draw, why: T, plan: Plan, column: str, value: str
    ) -> None:
        """Nothing of these results can be recorded: one problem per line of the file, and every cell says so."""
        lines = set()
        for lab_test, result in results:
            cell = _cell(result, draw, lab_test)
            cell.refuse(why)
            plan.cells.append(cell)
            lines.add(result.line)
        plan.problems += [Problem(line, column, value, why) for line in sorted(lines)]

    def _layings(
        self, participant: Participant, dated: list[tuple[date, Draw]], casebook: ImportCasebook, plan: Plan
    ) -> list[_Laying]:
        """Which results go to which page, in the order of days; visits that are not planned come into being."""
        placed: list[Placed] = []
        visits = casebook.visits[participant.pk]
        for form in DAY_ITEM:
            own = [
                (day, draw, {m: r for m, r in draw.results.items() if LAB_TESTS[m].form == form}) for day, draw in dated
            ]
            placed += place(
                form,
                [each for each in own if each[2]],
                partial(self._visit_on, participant, visits),
                partial(casebook.day_on_page, participant, form),
            )
        unscheduled: dict[Draw, Visit] = {}
        layings: dict[Any, _Laying] = {}
        for each in sorted(placed, key=lambda p: (p.day, p.draw.time, list(DAY_ITEM).index(p.form))):
            if each.visit is None and each.outside and self.mapping.outside == "leave_out":
                self._leave_out(each, plan)
                continue
            visit = each.visit or self._unscheduled(each, participant, unscheduled, casebook, plan)
            page = casebook.page(participant, visit, each.form)
            plan.seen.setdefault((participant.pk, each.form, visit.pk), casebook.state_of(page))
            if visit.pk:
                plan.seen_visits[visit.pk] = visit.state
            if page.state == "void" and not page.version:  # was not expected under its condition, but was measured
                page.state, page.required = "expected", False
                plan.reopened.append(page)
            if why := closed(page, visit):
                self._refuse(each.results.items(), each.draw, why, plan, self.mapping.participant, each.draw.number)
                continue
            self._note(each, visit, plan)
            layings.setdefault(page.pk, _Laying(page)).placed.append(each)
        return list(layings.values())

    def _visit_on(self, participant: Participant, visits: Iterable[Visit], day: date) -> tuple[Visit | None, bool]:
        visit, outside = visit_for(participant, day, visits)
        return (None if outside and self.mapping.outside != "nearest" else visit), outside

    def _leave_out(self, placed: Placed, plan: Plan) -> None:
        why = LEFT_OUT.format(day=placed.day)
        for lab_test, r in placed.results.items():
            cell = _cell(r, placed.draw, lab_test)
            cell.day, cell.form, cell.status, cell.remarks = placed.day, placed.form, LEFT, [why]
            plan.cells.append(cell)
        first = min(placed.results.values(), key=lambda result: result.line)
        plan.notes.append(Problem(first.line, first.column, first.shown, why))

    def _note(self, placed: Placed, visit: Visit, plan: Plan) -> None:
        first = min(placed.results.values(), key=lambda result: result.line)
        if placed.rival:
            text = ELSEWHERE.format(
                form=form_of(placed.form).title, day=placed.day, visit=placed.rival.code, uns=visit.sequence
            )
        elif placed.outside:
            kind = NEAREST if placed.visit else UNPLANNED
            text = kind.format(day=placed.day, visit=visit.code, uns=visit.sequence)
        else:
            return
        plan.notes.append(Problem(first.line, first.column, first.shown, text))

    def _unscheduled(
        self, placed: Placed, participant: Participant, used: dict[Draw, Visit], casebook: ImportCasebook, plan: Plan
    ) -> Visit:
        """The unscheduled visit of that day that no other draw has, or a new one."""
        if placed.draw not in used:
            occupied = {id(visit) for visit in used.values()}
            visits = casebook.visits[participant.pk]
            free = (
                v for v in visits
                if v.code == "UNS" and v.date == placed.day and v.state != "dropped" and id(v) not in occupied
            )  # fmt: skip
            visit = next(free, None)
            if visit is None:
                sequence = 1 + max((v.sequence for v in visits if v.code == "UNS"), default=0)
                planned = SCHEDULE.visits["UNS"]
                visit = new_visit(participant, planned, None, sequence)
                visit.date = placed.day
                context = ParticipantContext(casebook.records.source(participant.pk))
                visits.append(visit)
                plan.visits.append(visit)
                for page in new_pages(visit, planned, context):
                    plan.expected.append(page)
                    casebook.add(page)
            used[placed.draw] = visit
        return used[placed.draw]

    def _judge(self, laying: _Laying, stored: Mapping[Any, StoredPage], casebook: ImportCasebook, plan: Plan) -> None:
        page, form = laying.page, form_of(laying.page.form)
        before = stored[page.pk]
        content = before.content()
        day_item = DAY_ITEM[form.code]
        content.values[day_item] = content.values.get(day_item) or laying.placed[0].day
        merge_report(content, form, report_of(laying.placed))
        for placed in laying.placed:
            for lab_test, result in placed.results.items():
                self._lay(content, laying, placed, lab_test, result, plan)
        self._not_reported(content, form.code)
        reasons = list(dict.fromkeys(laying.reasons)) or [self.why]
        in_hand = PageInHand(page, before, content, "; ".join(reasons) if page.version else "")
        assert plan.known
        judge_pages([in_hand], casebook.records, self.tables, plan.known)
        new, _ = weigh(plan.known.of(page), in_hand.judged.questions, in_hand.changes)
        plan.asks += sum(finding.severity != "later" for finding in new)
        for finding in in_hand.refusals:
            self._report(finding, laying, plan)
        for cell in laying.cells.values():
            _describe(cell, in_hand)
        plan.pages.append(in_hand)

    def _lay(self, content: Any, laying: _Laying, placed: Placed, lab_test: str, result: Result, plan: Plan) -> None:
        form = form_of(placed.form)
        correction = result.corrects or self.correction
        laboratory = laboratory_of(placed.draw, lab_test)
        merged = merge(content, form, lab_test, result, correct=bool(correction), laboratory=laboratory)
        visit = laying.page.visit
        cell = _cell(result, placed.draw, lab_test)
        cell.day, cell.visit, cell.form = placed.day, str(visit or ""), placed.form
        cell.status, cell.before, cell.mark = merged.status, merged.before, result.mark
        if merged.problem:
            cell.remarks.append(merged.problem)
            plan.problems.append(Problem(result.line, result.column, result.shown, merged.problem))
        if merged.status == CHANGED:
            laying.reasons.append(correction)
        plan.cells.append(cell)
        laying.cells[lab_test] = cell

    def _not_reported(self, content: Any, form: str) -> None:
        """What the file lacks is left open, or not done for the reason that a person chose for this file."""
        chosen = self.mapping.not_reported
        for analyte in PANELS.get(form, ()) if chosen else ():
            row = content.rows.get(analyte.code, {"analyte": analyte.code})
            if analyte.need == "required" and not row.get("orres") and not row.get("reasnd"):
                content.rows[analyte.code] = row | {"reasnd": chosen}

    def _report(self, finding: Finding, laying: _Laying, plan: Plan) -> None:
        """A hard check refuses: at the cell it is about, else at the date, else at the first line of the page."""
        cell = laying.cells.get(finding.row) or laying.cells.get(finding.item.split("_")[0])
        first = laying.placed[0]
        if cell is not None:
            if cell.status == REFUSED and any(
                problem.line == cell.line and problem.column == cell.column for problem in plan.problems
            ):
                return
            cell.refuse(finding.text)
            plan.problems.append(Problem(cell.line, cell.column, cell.value, finding.text))
        elif finding.item == DAY_ITEM[laying.page.form]:
            column = self.mapping.date or self.mapping.day
            self._refuse_page(laying, finding.text, column, plan, str(first.draw.collected))
        else:
            column = self.mapping.column_of(finding.row) or finding.item
            self._refuse_page(laying, finding.text, column, plan)

    def _refuse_page(self, laying: _Laying, why: T, column: str, plan: Plan, value: str = "") -> None:
        """Nothing of a page can be written: every line with a result of it is refused."""
        for cell in laying.cells.values():
            cell.refuse(why)
        lines = sorted({result.line for placed in laying.placed for result in placed.results.values()})
        plan.problems += [Problem(line, column, value, why) for line in lines]


def _cell(result: Result, draw: Draw, lab_test: str) -> Cell:
    """The cell of the file that a result is."""
    return Cell(result.line, result.column, result.shown, draw.number, lab_test)


def _describe(cell: Cell, in_hand: PageInHand) -> None:
    """What the report says of a cell beyond its status: flag, grade, what would be asked."""
    row = in_hand.judged.content.rows.get(cell.lab_test, {})
    cell.flag, cell.grade = row.get("nrind") or "", row.get("toxgr") or ""
    if cell.mark and cell.flag and cell.mark != cell.flag:
        cell.remarks.append(OTHER_MARK.format(mark=FLAGS[cell.mark], flag=FLAGS[cell.flag]))
    if cell.status == SAME:
        return
    for finding in in_hand.judged.questions:
        about = finding.row == cell.lab_test or (not finding.row and finding.item.split("_")[0] == cell.lab_test)
        if about and finding.severity == "soft" and not is_lack(finding):
            cell.remarks.append(finding.text)
