"""Acts of the hospital-file import: all or nothing, tried before it is done, recognised the second time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from labs.files import ColumnMapping, FileRefused, Problem, Sample, day_of, mapping_of, read_table, samples
from labs.models import LabImport
from labs.panels import PANELS
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.clinical import visit_window
from prtras.crf.content import PageContent, stored_page
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


@dataclass
class Outcome:
    """What an import found and did."""

    samples: int = 0
    pages: int = 0
    results: int = 0
    queries: int = 0
    problems: list[Problem] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        listed = [
            {"line": p.line, "column": p.column, "value": p.value, "zh": p.text.zh, "en": p.text.en}
            for p in self.problems[:MAX_PROBLEMS]
        ]
        counts = {"samples": self.samples, "pages": self.pages, "results": self.results, "queries": self.queries}
        return counts | {"problems": listed, "problem_count": len(self.problems)}


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
    outcome = Outcome(samples=len(listed), problems=problems)
    source = f"file {requested.file.sha256}"
    try:
        with acting(user, reason=f"{requested.name}", source=source):
            _save_all(requested.site, listed, mapping, outcome, user, source)
            if requested.dry_run or outcome.problems:
                raise _Undo
    except _Undo:
        return {"applied": False, "report": outcome.plain()}
    return {"applied": True, "report": outcome.plain()}


def _save_all(
    site: Site, listed: Iterable[Sample], mapping: ColumnMapping, outcome: Outcome, user: User, source: str
) -> None:
    people = {p.number: p for p in Participant.objects.filter(site=site)}
    visits: dict[int, dict[str, Visit]] = defaultdict(dict)
    for visit in Visit.objects.filter(participant__site=site).select_related("participant"):
        visits[visit.participant_id][f"{visit.code}{visit.sequence or ''}"] = visit
    used: set[int] = set()
    for sample in listed:
        participant = people.get(sample.number)
        day = day_of(sample, participant.anchor if participant else None)
        if participant is not None and participant.hold:
            outcome.problems.append(Problem(sample.line, mapping.participant, sample.number, HELD))
            continue
        if participant is None or day is None:
            text = T("受试者 {n} 不存在，或尚无第0天。", "Participant {n} does not exist or has no Day 0 yet.")
            outcome.problems.append(
                Problem(sample.line, mapping.participant, sample.number, text.format(n=sample.number))
            )
            continue
        visit = _visit_for(participant, day, visits[participant.pk], used)
        used.add(visit.pk)
        for form in PANELS:
            _save_panel(form, visit, day, sample, mapping, outcome, user, source)


HELD = T("数据已冻结或锁定，不能导入。", "The data are frozen or locked and cannot be imported.")
IN_ERROR = T("该访视的表单已标注为录入有误。", "The form at this visit was marked as entered in error.")


def _visit_for(participant: Participant, day: date, own: dict[str, Visit], used: set[int]) -> Visit:
    """The planned visit whose window holds the day, else the nearest (crf-spec D8), else an unscheduled one."""
    for visit in own.values():
        open_then = visit.opens and visit.closes and visit.opens <= day <= visit.closes
        if open_then and visit.target and visit.state != "dropped" and visit.pk not in used:
            return visit
    code = visit_window.assign(participant.anchor, day).visit
    planned = own.get(code)
    if planned is not None and code != "UNS" and planned.state != "dropped" and planned.pk not in used:
        return planned
    for visit in own.values():
        if visit.code == "UNS" and visit.date == day and visit.state != "dropped":
            return visit
    sequence = 1 + max((v.sequence for v in own.values() if v.code == "UNS"), default=0)
    visit = plan_visit(participant, SCHEDULE.visits["UNS"], None, sequence=sequence)
    visit.date = day
    visit.save(update_fields=["date"])
    own[f"UNS{sequence}"] = visit
    return visit


def _save_panel(
    form_code: str,
    visit: Visit,
    day: date,
    sample: Sample,
    mapping: ColumnMapping,
    outcome: Outcome,
    user: User,
    source: str,
) -> None:
    """Lay a sample's results over one panel page, through the one write path."""
    measured = {a.code for a in PANELS[form_code]} & set(sample.results)
    if not measured:
        return
    page, _ = CrfPage.objects.get_or_create(
        form=form_code, participant_id=visit.participant_id, visit=visit, repeat=0, defaults={"required": False}
    )
    if page.state == "void" and page.version:
        outcome.problems.append(Problem(sample.line, mapping.participant, sample.number, IN_ERROR))
        return
    if page.hold:
        outcome.problems.append(Problem(sample.line, mapping.participant, sample.number, HELD))
        return
    if page.state == "void":  # was not expected under its condition, but was measured
        page.state, page.required = "expected", False
        page.save(update_fields=["state", "required"])
    content = stored_page(page).content()
    problems = _lay_over(content, form_of(form_code), day, sample, mapping)
    if problems:
        outcome.problems += problems
        return
    remarks = Remarks(reasons={EVERY_CHANGE: f"imported: {source}"})
    try:
        saved = save_page(page.id, content, remarks, user=user, seen_version=page.version, source=source)
    except ChecksFailed as failed:
        outcome.problems += [_as_problem(f.row, f.item, f.text, sample, mapping) for f in failed.findings]
    else:
        outcome.pages += 1
        outcome.results += len(measured)
        outcome.queries += len(saved.opened)


DIFFERENT = T("已录入不同的值 {v} {u}。", "A different value has already been entered: {v} {u}.")


def _lay_over(content: PageContent, form: Form, day: date, sample: Sample, mapping: ColumnMapping) -> list[Problem]:
    """Put the results into what the page says; what cannot be read, or differs from what is stored, is a problem."""
    problems: list[Problem] = []
    content.values[DATE_ITEM[form.code]] = content.values.get(DATE_ITEM[form.code]) or day
    for analyte in PANELS[form.code]:
        row = content.rows.get(analyte.code, {"analyte": analyte.code})
        if analyte.code in sample.results:
            result = _result(form, analyte.code, sample, mapping, problems)
            stored = {"orres": row.get("orres"), "orresu": row.get("orresu") or result["orresu"]}
            if stored["orres"] and result != stored:
                text = DIFFERENT.format(v=stored["orres"], u=stored["orresu"])
                problems.append(_as_problem(analyte.code, "orres", text, sample, mapping))
            content.rows[analyte.code] = row | result | {"reasnd": None}
        elif not row.get("orres") and not row.get("reasnd") and analyte.need == "required":
            content.rows[analyte.code] = row | {"reasnd": mapping.not_reported}
    return problems


def _result(
    form: Form, analyte: str, sample: Sample, mapping: ColumnMapping, problems: list[Problem]
) -> dict[str, Any]:
    """Result and unit of an analyte, read as on the screen."""
    assert form.rows
    values: dict[str, Any] = {}
    for item, text in zip(("orres", "orresu"), sample.results[analyte], strict=True):
        try:
            values[item] = value_of(form.rows.items[item], [text])
        except Unreadable as unreadable:
            values[item] = None
            problems.append(_as_problem(analyte, item, unreadable.text, sample, mapping))
    return values


def _column(analyte: str, mapping: ColumnMapping) -> str:
    return next((column for column, (code, _) in mapping.results.items() if code == analyte), "")


def _as_problem(row: str, item: str, text: T, sample: Sample, mapping: ColumnMapping) -> Problem:
    value = sample.results.get(row, ("", ""))[0]
    return Problem(sample.line, _column(row, mapping) or item, value, text)
