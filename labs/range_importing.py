"""Acts: a laboratory's table of normal ranges from a file, whole or not at all, after a look at what it changes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from labs.files.contents import read_table
from labs.files.range_lines import STORED, RangeLine, read_lines
from labs.files.refusals import Problem
from labs.models import NormalRange, RangePreview
from labs.panels import PANELS
from labs.range_effects import effects_of
from labs.ranges import RangeTable, same_laboratory
from prtras.accounts.access import require
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action
from prtras.audit.acting import acting
from prtras.crf.models import Participant, assign_changed
from prtras.crf.planning import lock
from prtras.crf.registry import form_of
from prtras.entry.rederiving import renew_rows
from prtras.entry.saving import follow
from prtras.files import storing
from prtras.jobs.running import Work, carry_out, set_progress
from prtras.jobs.scheduling import defer

#: What the worker does after a new table.
RENEWAL = "renew_results"


class RangesRefused(Exception):
    """The file was not taken; nothing was written."""

    def __init__(self, wrong: list[Problem]) -> None:
        super().__init__(f"{len(wrong)} problems")
        self.wrong = wrong


class NotPreviewed(Exception):
    """Nobody has seen what the file changes, or it was taken already."""


def read_ranges(content: bytes, name: str, *, laboratory: str = "", valid_from: date | None = None) -> list[RangeLine]:
    """The lines of a file. Raises FileRefused, and RangesRefused with every problem of the file."""
    lines, problems = read_lines(read_table(content, name), laboratory=laboratory, valid_from=valid_from)
    if problems:
        raise RangesRefused(problems)
    return lines


def request_preview(
    site: Site, content: bytes, name: str, *, laboratory: str = "", valid_from: date | None = None, user: User
) -> RangePreview:
    """Ask what a file would change. Raises PermissionDenied, FileRefused, RangesRefused."""
    require(user, Action.IMPORT_RESULTS, site)
    fitting(site, read_ranges(content, name, laboratory=laboratory, valid_from=valid_from))
    stored = storing.store(content, user=user)
    with acting(user, source="normal ranges"):
        return RangePreview.objects.create(
            requested_by=user, site=site, file=stored, name=name[:200], laboratory=laboratory, valid_from=valid_from
        )


def run_preview(preview_id: UUID) -> RangePreview | None:
    """See what a file would change; None when someone else claimed it."""
    return carry_out(RangePreview, preview_id, "normal ranges", prepare=_prepared)


def _prepared(requested: RangePreview) -> Work[RangePreview]:
    require(requested.requested_by, Action.IMPORT_RESULTS, requested.site)
    lines = _lines_of(requested)
    fresh, changed = _laid_over(requested.site, lines)
    keys = {line.key for line in lines}
    there = [each for each in NormalRange.objects.filter(site=requested.site) if _key(each) not in keys]
    table = RangeTable([*there, *(_as_range(requested.site, line) for line in lines)])
    concerned = {line.analyte for line in lines}
    effects = effects_of(requested.site, table, concerned, lambda done, total: set_progress(requested, done, total))
    report = {"lines": len(lines), "new": len(fresh), "corrected": len(changed), **effects.plain()}
    return lambda _: {"report": report}


def apply(preview: RangePreview, *, user: User) -> int:
    """Take the file of a preview, once it was looked at; how many lines are new or corrected.

    Raises PermissionDenied, NotPreviewed (not finished, failed, or taken already), RangesRefused.
    """
    require(user, Action.IMPORT_RESULTS, preview.site)
    with acting(user, source="normal ranges"):
        held = RangePreview.objects.select_for_update(of=("self",)).filter(
            pk=preview.pk, status="done", applied_at=None
        )
        if not held.exists():
            raise NotPreviewed(preview.pk)
        new = load_ranges(preview.site, _lines_of(preview), user=user)
        held.update(applied_at=timezone.now())
    return new


def load_ranges(site: Site, lines: Iterable[RangeLine], *, user: User) -> int:
    """Lay lines over the site's table: new ones are added, those of the same people and day put right. How many."""
    with acting(user, source="normal ranges"):
        fresh, changed = _laid_over(site, lines)
        NormalRange.objects.bulk_create(fresh)
        for stored, names in changed:
            stored.save(update_fields=names)
        defer(RENEWAL, site.pk, user.pk)
    return len(fresh) + len(changed)


def _lines_of(preview: RangePreview) -> list[RangeLine]:
    """The lines of a preview's file, laboratories spelled as they are stored. Raises RangesRefused."""
    content = storing.content(preview.file)
    lines = read_ranges(content, preview.name, laboratory=preview.laboratory, valid_from=preview.valid_from)
    return fitting(preview.site, lines)


def fitting(site: Site, lines: Iterable[RangeLine]) -> list[RangeLine]:
    """Lines with laboratories spelled as stored. Raises RangesRefused for ages beside others of the same day."""
    stored = [
        RangeLine(0, *_key(each), each.unit, each.low, each.high, each.lloq)
        for each in NormalRange.objects.filter(site=site)
    ]
    spelled = {same_laboratory(each.laboratory): each.laboratory for each in stored}
    fresh = [replace(line, laboratory=spelled.get(same_laboratory(line.laboratory), line.laboratory)) for line in lines]
    by_group: dict[Any, list[RangeLine]] = defaultdict(list)
    for each in stored:
        by_group[each.group].append(each)
    wrong = [
        Problem(line.line, "age", line.analyte, STORED)
        for line in fresh
        if any(each.key != line.key and each.overlaps(line) for each in by_group[line.group])
    ]
    if wrong:
        raise RangesRefused(wrong)
    return fresh


def _laid_over(site: Site, lines: Iterable[RangeLine]) -> tuple[list[NormalRange], list[tuple[NormalRange, list[str]]]]:
    """What is new, and what is stored with other limits, with the names of its columns that change. Not saved."""
    there = {_key(each): each for each in NormalRange.objects.filter(site=site)}
    fresh, changed = [], []
    for line in lines:
        stored = there.get(line.key)
        if stored is None:
            fresh.append(_as_range(site, line))
        elif names := assign_changed(stored, {name: getattr(line, name) for name in ("unit", "low", "high", "lloq")}):
            changed.append((stored, names))
    return fresh, changed


def _key(stored: NormalRange) -> tuple[str, str, str, int | None, int | None, date]:
    return stored.laboratory, stored.analyte, stored.sex, stored.age_from, stored.age_to, stored.valid_from


def _as_range(site: Site, line: RangeLine) -> NormalRange:
    laboratory, analyte, sex, age_from, age_to, valid_from = line.key
    return NormalRange(
        site=site, laboratory=laboratory, analyte=analyte, sex=sex, age_from=age_from, age_to=age_to,
        valid_from=valid_from, unit=line.unit, low=line.low, high=line.high, lloq=line.lloq,
    )  # fmt: skip


def renew_results(site: Site, *, user: User) -> int:
    """Flag and grade the stored results of a site by its table as it is now, and what is computed from them (the advice
    on doses, scores); one act per participant. How many pages of results changed.
    """
    changed = 0
    for participant in Participant.objects.filter(site=site).order_by("number"):
        with acting(user, source="normal ranges"):
            lock(participant)
            renewed = [own for form in PANELS for own in renew_rows(form_of(form), participant.pk)]
            for own in renewed:
                follow(form_of(own.page.form), own.page, own, user)
            changed += len(renewed)
    return changed
