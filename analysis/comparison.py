"""Two runs number by number, and the participants whose data differ. Pure but for the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis import plan
from analysis.outputs import OUTPUTS
from analysis.outputs.number_places import place_text
from analysis.outputs.number_texts import COVARIATES, NE, arm_text
from analysis.results import Results
from prtras.labels import T

AdtteRow = Mapping[str, Any]
#: What is compared of an endpoint, and of a participant: the kind of change, and its columns.
OF_AN_ENDPOINT = {
    "event": ("CNSR", "EVNTDESC"),
    "time": ("STARTDT", "ADT", "AVAL", "NOMWEEK"),
}
OF_A_PARTICIPANT = ("ARMCD", "FASFL", "AGE", "SEX", "BCLC", "HBSAGLOG")
NEW, GONE, ENTERED = "new", "gone", "entered"
KINDS = {
    NEW: T("新增", "new"),
    GONE: T("不再有", "gone"),
    "event": T("事件或删失", "event or censoring"),
    "time": T("时间", "time"),
    "covariate": T("协变量", "covariate"),
    ENTERED: T("数据", "data"),
}
_VALUES = {
    "new": T("新增{n}", "{n} new"),
    "changed": T("更改{n}", "{n} changed"),
    "removed": T("删除{n}", "{n} removed"),
}
_COLUMNS = {
    "FASFL": T("全分析集", "full analysis set"),
    "SEX": T("性别", "sex"),
    "ARMCD": T("治疗组", "arm"),
    "AGE": COVARIATES["AGE"],
    "BCLC": T("BCLC分期", "BCLC stage"),
    "HBSAGLOG": COVARIATES["HBSAGLOG"],
}
_NOTHING = T("–", "–")


@dataclass(frozen=True)
class Difference:
    """A number that is not the same in both runs, by its place and that in words.

    None is NE, or a place that only the other run has.
    """

    place: str
    text: T
    before: float | None
    after: float | None

    @property
    def difference(self) -> float | None:
        """After minus before."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def relative(self) -> float | None:
        """The difference as a part of the number before; None where that is 0."""
        return None if self.difference is None or not self.before else self.difference / abs(self.before)

    @property
    def cells(self) -> tuple[str, ...]:
        """Before, after, difference and relative as people read them, to six digits; the CSV has all of them."""
        numbers = [NE if each is None else f"{each:.6g}" for each in (self.before, self.after)]
        moved = "–" if self.difference is None else f"{self.difference:+.6g}"
        return (*numbers, moved, "–" if self.relative is None else f"{100 * self.relative:+.2f} %")


@dataclass(frozen=True)
class OutputDifference:
    """One table or figure in both runs.

    `there`: "both", "before" or "after" (the other run lacks it, or could not compute it). `same` numbers do not
    differ. One without a list of numbers (`numbered` is False) is compared as a whole: `same` or not is all that is
    known of it.
    """

    code: str
    title: T
    there: str
    numbered: bool
    differing: tuple[Difference, ...]
    same: int
    equal: bool


def output_differences(before: Results, after: Results, *, by_arm: bool) -> list[OutputDifference]:
    """Every output that one of the runs has, in the order of the list; only those that are pooled unless `by_arm`."""
    shown = (output for output in OUTPUTS if by_arm or not output.by_arm)
    listed = []
    for output in shown:
        old, new = before.outputs.get(output.code), after.outputs.get(output.code)
        if old is None or new is None:
            if old is not new:
                there = "after" if old is None else "before"
                listed.append(OutputDifference(output.code, output.title, there, True, (), 0, False))
            continue
        differing: list[Difference] = []
        same = 0
        if output.expected:
            differing, same = differences(output.expected(old), output.expected(new), output.places)
        listed.append(
            OutputDifference(output.code, output.title, "both", bool(output.expected), tuple(differing), same,
                             old.to_dict() == new.to_dict())
        )  # fmt: skip
    return listed


def differences(
    before: Mapping[str, float | None], after: Mapping[str, float | None], words: Mapping[str, T]
) -> tuple[list[Difference], int]:
    """The numbers that are not exactly the same, in the order of their places; how many are.

    `words` are those of the places of the output (`Output.places`).
    """
    places = list(dict.fromkeys((*before, *after)))
    differing = [
        Difference(place, place_text(place, words), before.get(place), after.get(place))
        for place in places
        if before.get(place) != after.get(place) or (place in before) != (place in after)
    ]
    return differing, len(places) - len(differing)


@dataclass(frozen=True)
class ParticipantChange:
    """One thing that is otherwise in the rows of a participant: its kind, of which endpoint or column, from and to."""

    kind: str
    what: T
    before: T
    after: T

    @property
    def kind_text(self) -> T:
        """The kind in words."""
        return KINDS[self.kind]


def participant_changes(
    before: Sequence[AdtteRow], after: Sequence[AdtteRow], *, by_arm: bool
) -> dict[str, list[ParticipantChange]]:
    """By number, the participants whose rows of `endpoints.adtte` are not the same, and how.

    Without `by_arm` it is said that an arm changed, not from which to which.
    """
    old, new = _by_participant(before), _by_participant(after)
    changes = {
        number: list(_changes(old.get(number, {}), new.get(number, {}), by_arm)) for number in sorted({*old, *new})
    }
    return {number: those for number, those in changes.items() if those}


def _by_participant(rows: Sequence[AdtteRow]) -> dict[str, dict[str, AdtteRow]]:
    grouped: dict[str, dict[str, AdtteRow]] = {}
    for row in rows:
        grouped.setdefault(row["SUBJID"], {})[row["PARAMCD"]] = row
    return grouped


def _changes(old: Mapping[str, AdtteRow], new: Mapping[str, AdtteRow], by_arm: bool) -> Iterator[ParticipantChange]:
    if not old or not new:
        rows = new or old
        what = T("全部终点", "all endpoints")
        counted = _counted(next(iter(rows.values())))
        yield ParticipantChange(GONE if old else NEW, what, *((counted, _NOTHING) if old else (_NOTHING, counted)))
        return
    for parameter in plan.ENDPOINTS:
        was, now = old.get(parameter), new.get(parameter)
        if was and now:
            yield from _endpoint_changes(plan.ENDPOINTS[parameter], was, now)
    first, last = next(iter(old.values())), next(iter(new.values()))
    for column in OF_A_PARTICIPANT:
        if first[column] != last[column]:
            hidden = column == "ARMCD" and not by_arm
            values = (_NOTHING, _NOTHING) if hidden else (_value(column, first), _value(column, last))
            yield ParticipantChange("covariate", _COLUMNS[column], *values)


def _endpoint_changes(title: T, was: AdtteRow, now: AdtteRow) -> Iterator[ParticipantChange]:
    """What decides the endpoint, else when."""
    for kind, columns in OF_AN_ENDPOINT.items():
        if any(was[column] != now[column] for column in columns):
            yield ParticipantChange(kind, title, _counted(was), _counted(now))
            return


def _counted(row: AdtteRow) -> T:
    """How a row counts, in words."""
    text = T("事件：{why}", "event: {why}") if row["CNSR"] == 0 else T("删失：{why}", "censored: {why}")
    rest = T("，{day}，第{week}周", ", {day}, week {week}").format(day=row["ADT"], week=row["NOMWEEK"])
    return text.format(why=plan.REASONS[row["EVNTDESC"]]) + rest


def _value(column: str, row: AdtteRow) -> T:
    value = row[column]
    if value is None:
        return _NOTHING
    return arm_text(value) if column == "ARMCD" else T(str(value), str(value))


def entered(counts: Mapping[str, Mapping[str, int]], titles: Mapping[str, T]) -> ParticipantChange:
    """How many values of each table are new, changed and removed, in one line; `titles` are those of the tables."""
    tables = []
    for table, numbers in counts.items():
        texts = [text.format(n=numbers[kind]) for kind, text in _VALUES.items() if numbers.get(kind)]
        of_table = T("，".join(text.zh for text in texts), ", ".join(text.en for text in texts))
        tables.append(T("{table}：{n}", "{table}: {n}").format(table=titles[table], n=of_table))
    text = T("；".join(each.zh for each in tables), "; ".join(each.en for each in tables))
    return ParticipantChange(ENTERED, T("录入的数值", "values"), _NOTHING, text)


@dataclass(frozen=True)
class Fact:
    """What a run was made of, beside the same of the other: data cut, plan, code, packages."""

    title: T
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Not the same in both, or not on record in one."""
        return self.before != self.after


def program_facts(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Fact]:
    """Plan, code and packages of two runs; `–` where it is not on record."""
    old, new = before or {}, after or {}
    titles = {"plan": T("分析计划版本", "Version of the plan"), "code": T("程序 SHA-256", "Code SHA-256")}
    facts = [Fact(title, str(old.get(key, "–")), str(new.get(key, "–"))) for key, title in titles.items()]
    of_old, of_new = old.get("packages", {}), new.get("packages", {})
    names = dict.fromkeys((*of_old, *of_new))
    return facts + [Fact(T(name, name), of_old.get(name, "–"), of_new.get(name, "–")) for name in names]
