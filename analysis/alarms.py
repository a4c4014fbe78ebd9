"""Whether the counts of a night moved as the data entered since explain. Pure but for the reader's language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.endpoints import Row
    from analysis.outputs.data import AnalysisData

ARM, ANALYSED, EVENTS, DEATHS, SCANS = "arm", "analysed", "events", "deaths", "scans"
#: What is counted.
COUNTS = {
    ARM: T("已选择治疗组的受试者", "participants with an arm"),
    ANALYSED: T("纳入分析的受试者", "participants analysed"),
    EVENTS: T("复发事件", "recurrences"),
    DEATHS: T("死亡", "deaths"),
    SCANS: T("影像检查", "scans"),
}
_DATED = ("participants", "mri", "recur", "death", "subtx")
#: The tables of the cut that decide each count: who joins it has a record there that is new or changed.
DECIDED_BY = {
    ARM: ("participants",), ANALYSED: (*_DATED, "eos"), EVENTS: _DATED, DEATHS: ("participants", "death"),
    SCANS: ("mri",),
}  # fmt: skip
#: What of a participant's line is data; their state follows from other pages.
OF_A_PARTICIPANT = ("ARMCD", "DAY0")
LOST, UNEXPLAINED = "lost", "unexplained"
_TEXTS = {
    LOST: T(
        "{count}：{n} 项不再计入（{before} → {after}）",
        "{count}: {n} no longer counted ({before} → {after})",
    ),
    UNEXPLAINED: T(
        "{count}：{n} 项新计入，而其记录未变（{before} → {after}）",
        "{count}: {n} newly counted although no record of theirs changed ({before} → {after})",
    ),
}


@dataclass(frozen=True)
class Counted(Result):
    """Who is in each count of a night, and a digest of the records that decide it, by participant and table.

    A member is a participant's number; of the scans it is the number, then visit, sequence and repeat.
    """

    members: dict[str, tuple[str, ...]]
    records: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Alarm(Result):
    """One count that moved without a reason: from how many to how many, and whom it concerns."""

    count: str
    code: str
    before: int
    after: int
    members: tuple[str, ...]

    @property
    def text(self) -> T:
        """The alarm in words, without anybody's number."""
        return _TEXTS[self.code].format(
            count=COUNTS[self.count], n=len(self.members), before=self.before, after=self.after
        )

    @property
    def participants(self) -> tuple[str, ...]:
        """Whom it concerns, each once."""
        return tuple(sorted({member.partition(" ")[0] for member in self.members}))


def counted(data: AnalysisData) -> Counted:
    """What a night compares with the next one."""
    overall = data.endpoint("OS")
    people = data.tables["participants"]
    members = {
        ARM: [person["SUBJID"] for person in people if person["ARMCD"] and person["DAY0"]],
        ANALYSED: list(data.primary["SUBJID"]),
        EVENTS: list(data.primary[data.primary["EVENT"] == 1]["SUBJID"]),
        DEATHS: list(overall[overall["EVENT"] == 1]["SUBJID"]),
        SCANS: [_scan(row) for row in data.tables.get("mri", ()) if row["mri_date"] and row["mri_quality"]],
    }
    return Counted({count: tuple(sorted(those)) for count, those in members.items()}, _digests(data.tables))


def alarms(before: Counted, after: Counted) -> tuple[Alarm, ...]:
    """The counts that moved from one night to the next in a way that the data entered since do not explain.

    The rule is about who is counted, so that a loss does not hide behind a gain:

    * Nobody leaves a count in silence. Data are added from night to night; whoever was counted and is not any more was
      corrected, deleted, or lost by the program. A correction may be right, and somebody has to look at it.
    * Nobody joins a count without data. Whoever is newly counted has a new or changed record in a table that decides
      the count (`DECIDED_BY`). Without one the program, or a rule, counts otherwise than last night.

    A count that goes down has lost somebody; one that rises by more than was entered has somebody unexplained.
    """
    raised = []
    for count in COUNTS:
        old, new = set(before.members.get(count, ())), set(after.members.get(count, ()))
        changes = {LOST: old - new, UNEXPLAINED: {each for each in new - old if _same(before, after, count, each)}}
        raised += [
            Alarm(count, code, len(old), len(new), tuple(sorted(those))) for code, those in changes.items() if those
        ]
    return tuple(raised)


def _same(before: Counted, after: Counted, count: str, member: str) -> bool:
    """No record of the participant that decides this count is new or another one."""
    number = member.partition(" ")[0]
    old, new = before.records.get(number, {}), after.records.get(number, {})
    return all(old.get(table) == new.get(table) for table in DECIDED_BY[count])


def _scan(row: Row) -> str:
    return " ".join(str(row[name] or "-") for name in ("SUBJID", "VISIT", "VISITSEQ", "REPEAT"))


def _digests(tables: Mapping[str, Iterable[Row]]) -> dict[str, dict[str, str]]:
    """By participant and table, a checksum of their rows."""
    rows: dict[str, dict[str, list[str]]] = {}
    for table in sorted({table for decisive in DECIDED_BY.values() for table in decisive}):
        for row in tables.get(table, ()):
            chosen = {name: row[name] for name in OF_A_PARTICIPANT} if table == "participants" else dict(row)
            rows.setdefault(row["SUBJID"], {}).setdefault(table, []).append(json.dumps(chosen, sort_keys=True))
    return {number: {table: _digest(lines) for table, lines in of_tables.items()} for number, of_tables in rows.items()}


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
