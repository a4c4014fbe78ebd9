"""Acts of the hospital-file import: tried before it is done, all or nothing of the chosen lines, recognised later.

First everything is planned, with no lock on anybody's data (`labs.import_plan`); then the plan is written in one
transaction. Who was changed by someone else in between is planned anew. Plans wait in a file, so that a large import
takes no more memory than a small one.
"""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.db.models import QuerySet

from labs.blood_draws import Draw, draws_of
from labs.cell_list import CellList
from labs.files.contents import read_table
from labs.files.mapping import ColumnMapping, mapping_of
from labs.files.refusals import FileRefused, Problem
from labs.files.samples import LONGEST_REASON, check_columns, numbers_in, of_participants, samples
from labs.files.tables import Table
from labs.import_plan import Cell, Plan, Planner
from labs.models import LabImport
from labs.page_merge import CHANGED, NEW, SAME
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.models import CrfPage, Participant, Visit
from prtras.entry.bulk_saving import save_pages
from prtras.files import storing
from prtras.jobs.running import Work, carry_out, set_progress
from prtras.labels import T

#: Participants planned and written at a time.
AT_ONCE = 25
MAX_PROBLEMS = 2000
ALL, GOOD = "all", "good"
WRONG_CHOICE = T("导入选项无效。", "The choices for the import are not valid.")
NOT_IN_FILE = T("文件中没有受试者 {n}。", "The file has no participant {n}.")
NOT_CHOSEN = T("其他受试者的 {n} 行未选择。", "{n} lines of other participants were not chosen.")


@dataclass
class Outcome:
    """What an import found and did."""

    samples: int = 0
    pages: int = 0
    results: int = 0
    queries: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        counts = {"samples": self.samples, "pages": self.pages, "results": self.results, "queries": self.queries}
        return counts | {
            "cells": dict(self.cells), "problem_count": len(self.problems), "problems": _plain(self.problems),
            "warnings": _plain(self.warnings), "notes": _plain(self.notes), "note_count": len(self.notes),
        }  # fmt: skip


def _plain(remarks: Iterable[Problem]) -> list[dict[str, Any]]:
    """The first of them, in the order of the file."""
    return [
        {"line": p.line, "column": p.column, "value": p.value, "zh": p.text.zh, "en": p.text.en}
        for p in sorted(remarks, key=lambda p: p.line)[:MAX_PROBLEMS]
    ]


def request_import(
    site: Site,
    content: bytes,
    name: str,
    mapping: dict[str, Any],
    *,
    user: User,
    dry_run: bool,
    part: str = ALL,
    correction: str = "",
    participants: Sequence[str] = (),
    confirmed: bool = False,
) -> LabImport:
    """Ask for a dry run or an import, of all `participants` of the file or those named.

    Raises PermissionDenied, FileRefused (also for a file imported before, and for who is not in it).
    """
    require(user, Action.IMPORT_RESULTS, site)
    if part not in (ALL, GOOD) or len(correction) > LONGEST_REASON:
        raise FileRefused(WRONG_CHOICE)
    meaning = mapping_of(mapping)
    table = read_table(content, name, meaning)
    check_columns(table, meaning)
    if participants and (astray := sorted(set(participants) - numbers_in(table, meaning).keys())):
        raise FileRefused(NOT_IN_FILE.format(n=", ".join(number[:40] for number in astray)))
    stored = storing.store(content, user=user)
    before = LabImport.objects.filter(site=site, file=stored, complete=True).select_related("requested_by").first()
    if before is not None:
        raise FileRefused(
            T("该文件已于 {at} 由 {who} 导入。", "This file was imported on {at} by {who}.").format(
                at=f"{before.finished_at:%Y-%m-%d %H:%M}", who=before.requested_by
            )
        )
    with acting(user, source="import"):
        return LabImport.objects.create(
            requested_by=user, site=site, file=stored, name=name, mapping=mapping, dry_run=dry_run,
            part=part, correction=correction.strip(), participants=sorted(set(participants)), confirmed=confirmed,
        )  # fmt: skip


def run(import_id: UUID) -> LabImport | None:
    """Do what was asked for; None when someone else claimed it."""
    return carry_out(LabImport, import_id, "import", atomic=True, prepare=_prepared)


def _prepared(requested: LabImport) -> Work[LabImport]:
    """Plan the whole import; what is left to do is to write it, or to say why not."""
    require(requested.requested_by, Action.IMPORT_RESULTS, requested.site)
    attempt = _Import(requested)
    attempt.plan_all()
    return attempt.finish


@dataclass
class _Import:
    """One try at one file."""

    requested: LabImport
    outcome: Outcome = field(default_factory=Outcome)
    others: int = 0

    def __post_init__(self) -> None:
        mapping = mapping_of(self.requested.mapping)
        self.source = f"file {self.requested.file.sha256}"
        self.planner = Planner(
            mapping, self.requested.correction, f"imported: {self.source}",
            confirmed=self.requested.confirmed or self.requested.dry_run,
        )  # fmt: skip
        self.draws = self._draws(mapping)
        self.listing = CellList()
        self.plans: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed when the import is over

    def _draws(self, mapping: ColumnMapping) -> dict[str, list[Draw]]:
        """The draws of the file by participant, and what its lines say wrong."""
        table = self._chosen(read_table(storing.content(self.requested.file), self.requested.name, mapping), mapping)
        listed, problems = samples(table, mapping)
        draws, contradictions, repeated = draws_of(listed)
        self.outcome.samples = len(listed)
        self.outcome.problems += problems + contradictions
        self.outcome.notes += [*table.left_out, *repeated]
        by_person: dict[str, list[Draw]] = {}
        for draw in draws:
            by_person.setdefault(draw.number, []).append(draw)
        return by_person

    def _chosen(self, table: Table, mapping: ColumnMapping) -> Table:
        """The lines of those who were chosen; how many others there are is a note."""
        if not self.requested.participants:
            return table
        chosen = of_participants(table, mapping, self.requested.participants)
        self.others = len(table.rows) - len(chosen.rows) + len(table.broken)
        if self.others:
            self.outcome.notes.append(Problem(table.header, mapping.participant, "", NOT_CHOSEN.format(n=self.others)))
        return chosen

    @property
    def good_only(self) -> bool:
        return self.requested.part == GOOD

    def plan_all(self) -> None:
        """Plan every participant of the file, some at a time, and put the plans aside."""
        numbers = sorted(self.draws)
        for problem in self.outcome.problems:
            self.listing.add_problem(problem)
        for start in range(0, len(numbers), AT_ONCE):
            set_progress(self.requested, start, len(numbers))
            batch = numbers[start : start + AT_ONCE]
            plan = self._plan(batch)
            self._count(plan)
            if not self.requested.dry_run:
                pickle.dump((batch, plan), self.plans)
        set_progress(self.requested, len(numbers), len(numbers))

    def _people(self, numbers: Sequence[str]) -> QuerySet[Participant]:
        return Participant.objects.filter(site=self.requested.site, number__in=numbers)

    def _plan(self, numbers: Sequence[str]) -> Plan:
        """The plan of some participants: of all their lines, or of those that are good together."""
        people = {person.number: person for person in self._people(numbers)}
        draws = [draw for number in numbers for draw in self.draws[number]]
        plan = self.planner.plan(people, draws)
        bad: list[Cell] = []
        problems: list[Problem] = []
        while self.good_only and plan.problems:  # each round leaves out at least one line
            bad += [cell for cell in plan.cells if cell.line in plan.bad_lines]
            problems += plan.problems
            draws = [each for each in (_without(draw, plan.bad_lines) for draw in draws) if each.results]
            plan = self.planner.plan(people, draws)
        plan.cells, plan.problems = bad + plan.cells, problems + plan.problems
        return plan

    def _count(self, plan: Plan) -> None:
        outcome = self.outcome
        outcome.problems += plan.problems
        outcome.warnings += plan.warnings
        outcome.notes += plan.notes
        outcome.cells.update(cell.status for cell in plan.cells)
        outcome.results += sum(cell.status in (NEW, CHANGED, SAME) for cell in plan.cells)
        outcome.pages += sum(not page.refusals for page in plan.pages)
        outcome.queries += plan.asks
        self.listing.add(plan)

    def finish(self, requested: LabImport) -> Mapping[str, object]:
        """Write what was planned, if it is to be written; the columns of the result. Inside the job's transaction."""
        user = requested.requested_by
        require(user, Action.IMPORT_RESULTS, requested.site)
        applied = not requested.dry_run and (self.good_only or not self.outcome.problems)
        with closing(self.plans):
            if applied:
                try:
                    self._write_all(user)
                except _Refused as refused:
                    applied = False
                    self.outcome.problems += refused.problems
        listing = storing.store(self.listing.content(), user=user)
        complete = applied and not self.outcome.problems and not self.others
        return {"applied": applied, "complete": complete, "report": self.outcome.plain(), "listing": listing}

    def _write_all(self, user: User) -> None:
        self.plans.seek(0)
        self.outcome.queries = 0
        with acting(user, reason=self.requested.name, source=self.source):
            for numbers, plan in _plans(self.plans):
                self._write(numbers, plan, user)

    def _write(self, numbers: Sequence[str], plan: Plan, user: User) -> None:
        """Write the plan of some participants; of one who changed since, a new plan. Raises _Refused."""
        people = self._people(numbers).select_for_update(no_key=True).order_by("pk")
        if not _still_holds(plan, {person.pk: person for person in people}):
            plan = self._plan(numbers)
            if plan.problems and not self.good_only:
                raise _Refused(plan.problems)
        assert plan.known
        Visit.objects.bulk_create(plan.visits)
        for page in plan.reopened:
            page.save(update_fields=["state", "required"])
        for page in plan.expected + [each.page for each in plan.pages]:
            page.visit = page.visit  # a visit that was just stored has its number now
        own = {each.page.pk for each in plan.pages}
        CrfPage.objects.bulk_create(page for page in plan.expected if page.pk not in own)
        written = save_pages([each for each in plan.pages if not each.refusals], plan.known, user=user)
        self.outcome.queries += written.opened


class _Refused(Exception):
    """Somebody's data changed while the import was planned, and its lines no longer fit."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def _plans(file: IO[bytes]) -> Iterator[tuple[list[str], Plan]]:
    """The plans that were put aside, one at a time."""
    while True:
        try:
            yield pickle.load(file)  # noqa: S301 - our own file, which nobody else can open
        except EOFError:
            return


def _without(draw: Draw, lines: set[int]) -> Draw:
    """A draw without the results of some lines of the file."""
    return replace(draw, results={code: result for code, result in draw.results.items() if result.line not in lines})


def _still_holds(plan: Plan, people: Mapping[int, Participant]) -> bool:
    """Whether participants, visits and pages are as the plan saw them. The participants are ours from now on."""
    if any(people[page.participant_id].hold for page in plan.all_pages):
        return False
    now = {
        (page.participant_id, page.form, page.visit_id): (page.pk, page.version, page.state, page.hold)
        for page in CrfPage.objects.filter(participant__in=people, form__in={page.form for page in plan.all_pages})
    }
    for page, seen in plan.seen.items():
        if now.get(page) != seen:
            return False
    visits = list(Visit.objects.filter(participant__in=people))
    there = {(visit.participant_id, visit.code, visit.sequence) for visit in visits}
    if any((visit.participant_id, visit.code, visit.sequence) in there for visit in plan.visits):
        return False
    states = {visit.pk: visit.state for visit in visits}
    return all(states.get(pk) == state for pk, state in plan.seen_visits.items())
