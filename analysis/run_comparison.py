"""Two stored runs compared for a reader: numbers, facts of both, participants. Reads; decides nothing."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from analysis import results
from analysis.comparison import (
    Fact,
    OutputDifference,
    ParticipantChange,
    entered,
    output_differences,
    participant_changes,
    program_facts,
)
from analysis.endpoints import adtte
from analysis.models import AnalysisRun
from analysis.run_details import visible
from prtras.accounts.models import User
from prtras.crf.registry import all_forms
from prtras.datacut.cutting import reopen
from prtras.datacut.snapshot import Row, Snapshot
from prtras.exports.columns import withheld
from prtras.exports.cut_differences import differences
from prtras.files.tables import csv_for_people
from prtras.labels import T

NUMBER_COLUMNS = ("output", "place", "output_text", "place_text", "before", "after", "difference", "relative")
PARTICIPANT_COLUMNS = ("participant", "change", "what", "before", "after")


@dataclass(frozen=True)
class Compared:
    """What differs between two runs; `people` are those whom the reader may know of, `elsewhere` counts the others."""

    before: AnalysisRun
    after: AnalysisRun
    by_arm: bool
    outputs: list[OutputDifference]
    facts: list[Fact]
    people: dict[str, list[ParticipantChange]]
    elsewhere: int

    @property
    def differing(self) -> list[OutputDifference]:
        """The outputs of which something is not the same."""
        return [output for output in self.outputs if not output.equal]

    @property
    def numbers(self) -> int:
        """How many numbers differ."""
        return sum(len(output.differing) for output in self.outputs)

    @property
    def same(self) -> int:
        """How many do not."""
        return sum(output.same for output in self.outputs)

    @property
    def same_cut(self) -> bool:
        """Both were computed from the same data."""
        assert self.before.cut
        assert self.after.cut
        return self.before.cut.sha256 == self.after.cut.sha256 and self.before.cutoff == self.after.cutoff

    def numbers_csv(self) -> bytes:
        """A line for each number that differs; None is an empty cell."""
        return csv_for_people(NUMBER_COLUMNS, [
            (output.code, each.place, str(output.title), str(each.text), each.before, each.after, each.difference,
             each.relative)
            for output in self.outputs for each in output.differing
        ])  # fmt: skip

    def participants_csv(self) -> bytes:
        """A line for each change of a participant."""
        return csv_for_people(PARTICIPANT_COLUMNS, [
            (number, str(change.kind_text), str(change.what), str(change.before), str(change.after))
            for number, changes in self.people.items() for change in changes
        ])  # fmt: skip


def compared(before: AnalysisRun, after: AnalysisRun, *, user: User, by_arm: bool) -> Compared:
    """Compare two finished runs. Raises DamagedFile where a data cut is not what was stored."""
    assert before.results is not None
    assert after.results is not None
    outputs = output_differences(results.read(before.results), results.read(after.results), by_arm=by_arm)
    changes = _changes(before, after, by_arm)
    known, elsewhere = visible(changes, user)
    return Compared(
        before, after, by_arm, outputs, _facts(before, after), {number: changes[number] for number in known}, elsewhere
    )


def _changes(before: AnalysisRun, after: AnalysisRun, by_arm: bool) -> dict[str, list[ParticipantChange]]:
    assert before.cut is not None
    assert after.cut is not None
    if before.cut.sha256 == after.cut.sha256 and before.cutoff == after.cutoff:
        return {}
    old, new = reopen(before.cut), reopen(after.cut)
    rows = (adtte(picture.tables, run.cutoff)[0] for picture, run in ((old, before), (new, after)))
    changes = participant_changes(*rows, by_arm=by_arm)
    for number, counts in _values(old, new).items():
        changes.setdefault(number, []).append(entered(counts, _titles(counts)))
    return dict(sorted(changes.items()))


def _values(before: Snapshot, after: Snapshot) -> dict[str, dict[str, Counter[str]]]:
    """Of each participant and table how many values are new, changed and removed."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for each in differences(_other_lines(before, after), _other_lines(after, before), withheld):
        counts[each.participant][each.table][each.change] += 1
    return counts


def _other_lines(picture: Snapshot, other: Snapshot) -> dict[str, list[Row]]:
    """The rows that the other picture does not have to the letter."""
    known = {table: set(lines) for table, lines in other.lines.items()}
    return {
        table: [Row(json.loads(line)) for line in lines if line not in known.get(table, ())]
        for table, lines in picture.lines.items()
    }


def _titles(tables: Mapping[str, object]) -> dict[str, T]:
    """What the tables are called; one that is no form's by its name in a bundle."""
    titles = {table.code: table.title for form in all_forms() for table in form.tables()}
    return {table: titles.get(table, OTHER_TABLES.get(table, T(table, table))) for table in tables}


#: Tables of a data cut that are no form's.
OTHER_TABLES = {
    "participants": T("受试者", "participant"), "visits": T("访视", "visits"), "queries": T("质疑", "queries"),
    "verifications": T("源数据核查", "source verification"), "signatures": T("签名", "signatures"),
    "codings": T("医学编码", "medical coding"),
}  # fmt: skip


def _facts(before: AnalysisRun, after: AnalysisRun) -> list[Fact]:
    """Data cut and results, then what computed them."""

    def cut_of(run: AnalysisRun) -> tuple[str, ...]:
        assert run.cut is not None
        entered = f"{timezone.localtime(run.entered_until or run.cut.created_at):%Y-%m-%d %H:%M}"
        return run.cutoff.isoformat(), entered, run.cut.sha256, str(run.cut.rows), run.results_sha256

    titles = (
        T("截止日期", "Cut-off date"), T("数据截至", "Data as of"), T("数据快照 SHA-256", "Data cut SHA-256"),
        T("数据快照行数", "Rows of the data cut"), T("结果 SHA-256", "Results SHA-256"),
    )  # fmt: skip
    of_cuts = [Fact(*each) for each in zip(titles, cut_of(before), cut_of(after), strict=True)]
    return of_cuts + program_facts(before.program, after.program)
