"""Acts on data cuts: name one, and have two compared by the worker."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from prtras.accounts.models import User
from prtras.audit.acting import acting
from prtras.datacut.cutting import reopen
from prtras.datacut.models import DataCut
from prtras.datacut.snapshot import Snapshot
from prtras.exports import building
from prtras.exports.columns import withheld
from prtras.exports.cut_differences import KEYS, Difference, counted, differences
from prtras.exports.models import CutComparison
from prtras.files import storing
from prtras.files.tables import csv_for_people
from prtras.jobs.running import carry_out
from prtras.labels import T

SOURCE = "data cut"
LONGEST_NAME = 80
COLUMNS = ("TABLE", *KEYS, "ITEM", "CHANGE", "BEFORE", "AFTER")


class BadName(ValueError):
    """The name of a data cut is too long, or no line of text."""

    text = T("最多80个字符，一行。", "At most 80 characters, in one line.")


class SameCut(ValueError):
    """A data cut is not compared with itself."""

    text = T("请选择两个不同的数据快照。", "Select two different data cuts.")


def name_cut(cut: DataCut, name: str, *, user: User) -> None:
    """What people call a data cut; an empty name takes it away. Raises PermissionDenied, BadName."""
    building.require_export(user)
    name = name.strip()
    if len(name) > LONGEST_NAME or (name and not name.isprintable()):
        raise BadName
    with acting(user, source=SOURCE):
        cut.name = name
        cut.save(update_fields=["name"])


def request_comparison(before: DataCut, after: DataCut, *, user: User) -> CutComparison:
    """Ask for the differences of two data cuts. Raises PermissionDenied, SameCut."""
    building.require_export(user)
    if before == after:
        raise SameCut
    with acting(user, source=SOURCE):
        return CutComparison.objects.create(requested_by=user, before=before, after=after)


def run(comparison_id: UUID) -> CutComparison | None:
    """Compare; None when someone else claimed it."""
    return carry_out(CutComparison, comparison_id, SOURCE, _compare)


def _compare(job: CutComparison) -> dict[str, object]:
    building.require_export(job.requested_by)
    differing = list(_differences(reopen(job.before), reopen(job.after)))
    lines = [_line(each) for each in differing]
    content = csv_for_people(COLUMNS, lines)
    return {
        "file": storing.store(content, user=job.requested_by),
        "counts": counted(differing),
        "participants": len({each.participant for each in differing}),
        "first": lines[:MOST_SHOWN],
    }


#: Values that the page lists; the file has all.
MOST_SHOWN = 200


def _differences(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    return differences(before.tables, after.tables, withheld)


def _line(each: Difference) -> list[Any]:
    return [each.table, *each.keys, each.column, each.change, _cell(each.before), _cell(each.after)]


def _cell(value: Any) -> Any:
    return ";".join(map(str, value)) if isinstance(value, list) else value
