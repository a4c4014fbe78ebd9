"""Acts of the hospital-file import: all or nothing, tried before it is done, recognised the second time."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from labs.deriving.panels import same_result
from labs.draws import Draw, Placed, draws_of, place, visit_for
from labs.files import ColumnMapping, FileRefused, Problem, Result, day_of, mapping_of, read_table, samples
from labs.models import LabImport
from labs.panels import ANALYTES, PANELS
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.content import PageContent, stored_page
from prtras.crf.context import ParticipantContext
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.crf.planning import plan_visit
from prtras.crf.registry import Form, form_of
from prtras.crf.schedule import SCHEDULE
from prtras.crf.typed_values import Unreadable, value_of
from prtras.entry.remarks import EVERY_CHANGE, Remarks
from prtras.entry.saving import ChecksFailed, save_page
from prtras.files import storing
from prtras.jobs.running import carry_out
from prtras.labels import T

DATE_ITEM = {
    "lbhem": "hem_date", "lbchem": "chem_date", "lbcoag": "coag_date", "lbthy": "thy_date", "lbtm": "tm_date",
}  # fmt: skip
MAX_PROBLEMS = 2000
HELD = T("数据已冻结或锁定，不能导入。", "The data are frozen or locked and cannot be imported.")
IN_ERROR = T("该访视的表单已标注为录入有误。", "The form at this visit was marked as entered in error.")
MISSED = T("访视 {visit} 已记录为未完成。", "Visit {visit} is recorded as missed.")
UNKNOWN = T("受试者 {n} 不存在。", "Participant {n} does not exist.")
NO_DAY_0 = T(
    "受试者 {n} 尚无第0天，或天数超出范围；请改用采样日期。",
    "Participant {n} has no Day 0 yet, or the day is beyond all time; give the date of the sample.",
)
NO_CONSENT = T("受试者 {n} 尚无知情同意记录。", "No informed consent of participant {n} is on record.")
BEFORE_CONSENT = T("采样日期早于知情同意日期 {day}。", "The sample was taken before the informed consent of {day}.")
AFTER_WITHDRAWAL = T(
    "采样日期晚于撤回知情同意日期 {day}。", "The sample was taken after consent was withdrawn on {day}."
)
AFTER_DEATH = T("采样日期晚于死亡日期 {day}。", "The sample was taken after death on {day}.")
DIFFERENT = T("已录入不同的值 {v} {u}。", "A different value has already been entered: {v} {u}.")
NOT_DONE = T("该项目已录为未检测。", "This analyte has already been recorded as not done.")
FAILED = T("该行无法处理（{what}）。", "This line could not be processed ({what}).")
ELSEWHERE = T(
    "{form}：{day} 的结果未归入 {visit}（该访视另有采样），归入计划外访视 {uns}。",
    "{form}: the results of {day} do not count for {visit}, which has another sample; unscheduled visit {uns}.",
)
_logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What an import found and did."""

    samples: int = 0
    pages: int = 0
    results: int = 0
    queries: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        counts = {"samples": self.samples, "pages": self.pages, "results": self.results, "queries": self.queries}
        return counts | {
            "problems": _plain(self.problems), "problem_count": len(self.problems), "notes": _plain(self.notes),
        }  # fmt: skip


def _plain(remarks: Iterable[Problem]) -> list[dict[str, Any]]:
    """The first of them, in the order of the file."""
    return [
        {"line": p.line, "column": p.column, "value": p.value, "zh": p.text.zh, "en": p.text.en}
        for p in sorted(remarks, key=lambda p: p.line)[:MAX_PROBLEMS]
    ]


class _Undo(Exception):
    """Takes everything back: a dry run, or a file with a problem."""


def request_import(
    site: Site, content: bytes, name: str, mapping: dict[str, Any], *, user: User, dry_run: bool
) -> LabImport:
    """Ask for a dry run or an import. Raises PermissionDenied, FileRefused (also for a file imported before)."""
    require(user, Action.IMPORT_RESULTS, site)
    samples(read_table(content, name), mapping_of(mapping))
    stored = storing.store(content, user=user)
    before = LabImport.objects.filter(site=site, file=stored, applied=True).select_related("requested_by").first()
    if before is not None:
        raise FileRefused(
            T("该文件已于 {at} 由 {who} 导入。", "This file was imported on {at} by {who}.").format(
                at=f"{before.finished_at:%Y-%m-%d %H:%M}", who=before.requested_by
            )
        )
    with acting(user, source="import"):
        return LabImport.objects.create(
            requested_by=user, site=site, file=stored, name=name, mapping=mapping, dry_run=dry_run
        )


def run(import_id: UUID) -> LabImport | None:
    """Do what was asked for; None when someone else claimed it."""
    return carry_out(LabImport, import_id, "import", _import, atomic=True)


def _import(requested: LabImport) -> dict[str, object]:
    user = requested.requested_by
    require(user, Action.IMPORT_RESULTS, requested.site)
    mapping = mapping_of(requested.mapping)
    listed, problems = samples(read_table(storing.content(requested.file), requested.name), mapping)
    draws, contradictions = draws_of(listed)
    outcome = Outcome(samples=len(listed), problems=problems + contradictions)
    source = f"file {requested.file.sha256}"
    try:
        with acting(user, reason=f"{requested.name}", source=source):
            _Import(requested.site, mapping, outcome, user, source).save_all(draws)
            if requested.dry_run or outcome.problems:
                raise _Undo
    except _Undo:
        return {"applied": False, "report": outcome.plain()}
    return {"applied": True, "report": outcome.plain()}


@dataclass(frozen=True)
class _Import:
    """One try at one file."""

    site: Site
    mapping: ColumnMapping
    outcome: Outcome
    user: User
    source: str

    def save_all(self, draws: Iterable[Draw]) -> None:
        """Every draw of everybody, each participant's in the order of days."""
        people = {p.number: p for p in Participant.objects.filter(site=self.site)}
        visits: dict[int, dict[str, Visit]] = defaultdict(dict)
        for visit in Visit.objects.filter(participant__site=self.site).select_related("participant"):
            visits[visit.participant_id][f"{visit.code}{visit.sequence or ''}"] = visit
        dated: dict[str, list[tuple[date, Draw]]] = defaultdict(list)
        for draw in draws:
            participant = people.get(draw.number)
            day = day_of(draw.collected, participant.anchor if participant else None)
            if problem := _refused(participant, day, draw):
                self._refuse(draw, problem)
            elif day is not None:
                dated[draw.number].append((day, draw))
        for number in sorted(dated):
            participant = people[number]
            self._save_participant(participant, dated[number], visits[participant.pk])

    def _refuse(self, draw: Draw, text: T) -> None:
        self.outcome.problems.append(Problem(draw.line, self.mapping.participant, draw.number, text))

    def _save_participant(
        self, participant: Participant, dated: list[tuple[date, Draw]], visits: dict[str, Visit]
    ) -> None:
        placed: list[Placed] = []
        for form, panel in PANELS.items():
            codes = {analyte.code for analyte in panel}
            own = [(day, draw, {a: r for a, r in draw.results.items() if a in codes}) for day, draw in dated]
            placed += place(
                form,
                [each for each in own if each[2]],
                lambda day: visit_for(participant, day, visits),
                partial(_day_on_page, form),
            )
        unscheduled: dict[Draw, Visit] = {}
        for each in sorted(placed, key=lambda p: (p.day, p.draw.time)):
            try:
                with transaction.atomic():
                    self._save_placed(each, participant, visits, unscheduled)
            except (OperationalError, InterfaceError):
                raise  # the database is away: nothing of the file can be told
            except Exception as failed:  # whatever a line meets, the one who sent the file reads it at that line
                _logger.exception("import: line %s", each.draw.line)
                self._refuse(each.draw, FAILED.format(what=type(failed).__name__))

    def _save_placed(
        self, placed: Placed, participant: Participant, visits: dict[str, Visit], unscheduled: dict[Draw, Visit]
    ) -> None:
        """Lay results over one panel page, through the one write path."""
        visit = placed.visit
        if visit is None:
            visit = unscheduled.get(placed.draw) or _unscheduled(participant, placed.day, visits, unscheduled)
            unscheduled[placed.draw] = visit
            if placed.rival:
                self._note(placed, visit)
        if visit.state == "missed":
            self._refuse(placed.draw, MISSED.format(visit=visit.code))
            return
        page, _ = CrfPage.objects.get_or_create(
            form=placed.form, participant=participant, visit=visit, repeat=0, defaults={"required": False}
        )
        if page.hold or (page.state == "void" and page.version):
            self._refuse(placed.draw, HELD if page.hold else IN_ERROR)
            return
        if page.state == "void":  # was not expected under its condition, but was measured
            page.state, page.required = "expected", False
            page.save(update_fields=["state", "required"])
        self._save_page(page, placed)

    def _note(self, placed: Placed, visit: Visit) -> None:
        assert placed.rival
        text = ELSEWHERE.format(
            form=form_of(placed.form).title, day=placed.day, visit=placed.rival.code, uns=visit.sequence
        )
        first = min(placed.results.values(), key=lambda result: result.line)
        self.outcome.notes.append(Problem(first.line, first.column, first.text, text))

    def _save_page(self, page: CrfPage, placed: Placed) -> None:
        content = stored_page(page).content()
        problems = self._lay_over(content, form_of(page.form), placed)
        if problems:
            self.outcome.problems += problems
            return
        remarks = Remarks(reasons={EVERY_CHANGE: f"imported: {self.source}"})
        try:
            saved = save_page(
                page.id, content, remarks, user=self.user, seen_version=page.version, source=self.source,
                leave_open=True,
            )  # fmt: skip
        except ChecksFailed as failed:
            self.outcome.problems += [self._as_problem(f.row, f.item, f.text, placed) for f in failed.findings]
        else:
            self.outcome.pages += 1
            self.outcome.results += len(placed.results)
            self.outcome.queries += len(saved.opened)

    def _lay_over(self, content: PageContent, form: Form, placed: Placed) -> list[Problem]:
        """Put the results into what the page says; what cannot be read, or differs from what is stored, is a problem.

        What the file lacks is left open, or not done for the reason that a person chose for this file.
        """
        problems: list[Problem] = []
        chosen = self.mapping.not_reported
        content.values[DATE_ITEM[form.code]] = content.values.get(DATE_ITEM[form.code]) or placed.day
        for analyte in PANELS[form.code]:
            row = content.rows.get(analyte.code, {"analyte": analyte.code})
            if result := placed.results.get(analyte.code):
                content.rows[analyte.code] = _with_result(row, result, form, problems)
            elif chosen and analyte.need == "required" and not row.get("orres") and not row.get("reasnd"):
                content.rows[analyte.code] = row | {"reasnd": chosen}
        return problems

    def _as_problem(self, row: str, item: str, text: T, placed: Placed) -> Problem:
        if result := placed.results.get(row):
            return Problem(result.line, result.column, result.text, text)
        if item == DATE_ITEM[placed.form]:
            column = self.mapping.date or self.mapping.day
            return Problem(placed.draw.line, column, str(placed.draw.collected), text)
        return Problem(placed.draw.line, self.mapping.column_of(row) or item, "", text)


def _refused(participant: Participant | None, day: date | None, draw: Draw) -> T | None:
    """Why nothing of a draw can be recorded, if so."""
    if participant is None:
        return UNKNOWN.format(n=draw.number)
    if participant.hold:
        return HELD
    if day is None:
        return NO_DAY_0.format(n=draw.number)
    if participant.consented is None:
        return NO_CONSENT.format(n=draw.number)
    if day < participant.consented:
        return BEFORE_CONSENT.format(day=participant.consented)
    if participant.withdrawn and day > participant.withdrawn:
        return AFTER_WITHDRAWAL.format(day=participant.withdrawn)
    died = ParticipantContext.of(participant).value("death", "dth_date") if participant.state == "died" else None
    return AFTER_DEATH.format(day=died) if died and day > died else None


def _day_on_page(form: str, visit: Visit) -> date | None:
    """The day of the sample that a visit's page has."""
    model = form_of(form).model
    columns = model.objects.filter(page__form=form, page__visit=visit, page__state="submitted")
    return columns.values_list(DATE_ITEM[form], flat=True).first()


def _unscheduled(participant: Participant, day: date, visits: dict[str, Visit], used: dict[Draw, Visit]) -> Visit:
    """The unscheduled visit of that day, or a new one."""
    occupied = {visit.pk for visit in used.values()}
    for visit in visits.values():
        if visit.code == "UNS" and visit.date == day and visit.state != "dropped" and visit.pk not in occupied:
            return visit
    sequence = 1 + max((v.sequence for v in visits.values() if v.code == "UNS"), default=0)
    visit = plan_visit(participant, SCHEDULE.visits["UNS"], None, sequence=sequence)
    visit.date = day
    visit.save(update_fields=["date"])
    visits[f"UNS{sequence}"] = visit
    return visit


def _with_result(row: dict[str, Any], result: Result, form: Form, problems: list[Problem]) -> dict[str, Any]:
    """A row with a result as reported; as it is, where it holds the same value."""
    stored, unit = row.get("orres"), row.get("orresu") or ANALYTES[row["analyte"]].unit
    if row.get("reasnd"):
        problems.append(Problem(result.line, result.column, result.text, NOT_DONE))
    elif stored and same_result(row["analyte"], (stored, unit), (result.text, result.unit)):
        return row
    elif stored:
        problems.append(Problem(result.line, result.column, result.text, DIFFERENT.format(v=stored, u=unit)))
    assert form.rows
    try:
        return row | {
            "orres": value_of(form.rows.items["orres"], [result.text]),
            "orresu": value_of(form.rows.items["orresu"], [result.unit]),
        }
    except Unreadable as unreadable:
        problems.append(Problem(result.line, result.column, result.text, unreadable.text))
        return row
