"""Adverse events and deaths: participants with at least one of a kind, by treatment received.

`safety_pooled` counts the same of everybody. Pure but for the reader's language.
Source: crf-spec E4 (treatment-emergent), E9 (safety set).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import arm_text, percent
from analysis.outputs.output import Output, Panel, Row, Share, Shown, Table, View
from analysis.survival.results import Result
from enrollment.codelists.arm import COMBINATION
from enrollment.deriving.doses import GIVEN
from prtras.clinical.treatment_emergent import Window, is_emergent, window
from prtras.labels import T
from prtras.ui.charts.micro_bars import MicroBar, paired_bars
from visits.deriving.safety import severity

if TYPE_CHECKING:
    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

RELATED = ("DEFINITE", "PROBABLE", "POSSIBLE")
Kind = tuple[T, Callable[[Mapping[str, Any]], bool]]
#: The lines of the table, and which treatment-emergent adverse events each of them counts.
KINDS: dict[str, Kind] = {
    "any": (T("任何不良事件", "Any adverse event"), lambda event: True),
    "grade3": (T("≥3级", "Grade ≥ 3"), lambda event: _grade(event) >= 3),
    "serious": (T("严重不良事件", "Serious"), lambda event: event["ae_ser"] == "Y"),
    "related": (
        T("与治疗相关", "Treatment-related"),
        lambda event: event["ae_rel_pg"] in RELATED or event["ae_rel_na"] in RELATED,
    ),
    "fatal": (T("致死", "Fatal"), lambda event: _grade(event) == 5),
}
#: Deaths, whenever they happened: all = with a fatal adverse event + without one; all less those without a date are
#: the events of overall survival.
DEATHS = {
    "deaths": T("死亡（全因，全部时间）", "Deaths, any cause, any time"),
    "deaths_ae": T("　其中有致死不良事件", "– with a fatal adverse event"),
    "deaths_other": T("　其中无致死不良事件", "– without a fatal adverse event"),
    "deaths_undated": T("　其中无死亡日期（总生存中删失）", "– without a date of death (censored in overall survival)"),
}
TITLES = {kind: title for kind, (title, _) in KINDS.items()} | DEATHS


def _grade(event: Mapping[str, Any]) -> int:
    return severity(event["ae_grade"], event["ae_out"], event["ae_sdth"]) or 0


@dataclass(frozen=True)
class SafetyLine(Result):
    """Participants of a kind: all, and in each group."""

    kind: str
    everybody: int
    arms: dict[str, int]


@dataclass(frozen=True)
class Safety(Result):
    """The lines, and how many participants each group has, by the treatment that they really had (SAF, E9).

    `not_emergent` counts events that began before the first dose or too long after the last one (E4).
    """

    participants: dict[str, int]
    lines: tuple[SafetyLine, ...]
    not_emergent: int = 0


def compute(data: AnalysisData) -> Safety:
    """Count participants by the treatment that they had."""
    return of_groups(data.tables, received(data.tables), tuple(plan.ARMS))


def of_groups(tables: Tables, group_of: Mapping[str, str], groups: Sequence[str]) -> Safety:
    """The same of any groups of all who received treatment."""
    arms = received(tables)
    windows = dict(emergence_windows(tables, arms))
    events = [event for event in tables["ae"] if event["SUBJID"] in arms]
    emergent = [event for event in events if is_emergent(event["ae_start"], windows[event["SUBJID"]])]
    lines = [
        _line(kind, {event["SUBJID"] for event in emergent if counts(event)}, group_of, groups)
        for kind, (_, counts) in KINDS.items()
    ]
    fatal, dead = _fatal(tables, arms), died(tables, arms)
    dated = {row["SUBJID"] for row in tables.get("death", ()) if row["dth_date"]}
    deaths = {"deaths": dead, "deaths_ae": dead & fatal, "deaths_other": dead - fatal, "deaths_undated": dead - dated}
    lines += [_line(kind, people, group_of, groups) for kind, people in deaths.items()]
    counts = {group: sum(each == group for each in group_of.values()) for group in groups}
    return Safety(counts, tuple(lines), len(events) - len(emergent))


def received(tables: Tables) -> dict[str, str]:
    """The arm of everybody with a chosen arm and a Day 0, by the treatment that they really had."""
    chosen = {
        person["SUBJID"]: person["ARMCD"] for person in tables["participants"] if person["ARMCD"] and person["DAY0"]
    }
    actual = {row["SUBJID"]: row["arm_actual"] for row in tables.get("alloc", ()) if row["arm_actual"]}
    return {number: actual.get(number, arm) for number, arm in chosen.items()}


def died(tables: Tables, people: Container[str]) -> set[str]:
    """Who of them died: by the form of death, the end of the study or a fatal adverse event."""
    return _fatal(tables, people) | {
        row["SUBJID"]
        for form, item, value in (("death", "dth_date", None), ("eos", "eos_status", "DEATH"))
        for row in tables.get(form, ())
        if row["SUBJID"] in people and (row[item] == value if value else row[item])
    }


def _fatal(tables: Tables, people: Container[str]) -> set[str]:
    return {event["SUBJID"] for event in tables["ae"] if event["SUBJID"] in people and _grade(event) == 5}


def _line(kind: str, people: Set[str], group_of: Mapping[str, str], groups: Iterable[str]) -> SafetyLine:
    counts = {group: sum(group_of[each] == group for each in people) for group in groups}
    return SafetyLine(kind, len(people), counts)


def emergence_windows(tables: Tables, arms: Mapping[str, str]) -> Iterator[tuple[str, Window]]:
    """From when to when an adverse event of each participant is treatment-emergent."""
    doses: dict[str, list[str]] = defaultdict(list)
    for dose in tables.get("pegifn", ()):
        if dose["pg_status"] in GIVEN and dose["pg_date"]:
            doses[dose["SUBJID"]].append(dose["pg_date"])
    for person in tables["participants"]:
        number = person["SUBJID"]
        if number in arms:
            combination = arms[number] == COMBINATION
            given = doses[number]
            yield number, window(person["DAY0"], given, combination=combination, days_after=plan.EMERGENT_DAYS)


def show(result: Safety, view: View) -> Shown:
    """A table; on the dashboard a small one with bars too."""
    caption = T("{title}：受试者数（%），按实际治疗", "{title}: participants (%), by the treatment received")
    table = table_of(result, caption.format(title=OUTPUT.title))
    if view is View.REPORT:
        return Shown(tables=(table,))
    key = T("受试者数（%），按实际治疗", "participants (%), as treated")
    return Shown(panels=(Panel("ae", OUTPUT.title, key=key, table=table),), tables=(table,))


def table_of(result: Safety, caption: T) -> Table:
    """The lines, a column for each group."""
    rows = tuple(_row(line, result.participants) for line in result.lines)
    heads = (T("类别", "Category"), *(arm_text(group) for group in result.participants))
    return Table(caption, heads, rows, note=_note(result))


def _row(line: SafetyLine, participants: Mapping[str, int]) -> Row:
    shares = {group: line.arms[group] / (n or 1) for group, n in participants.items()}
    cells = tuple(Share(line.arms[arm], percent(share, 0)) for arm, share in shares.items())
    return Row(TITLES[line.kind], cells, paired_bars([MicroBar(arm, share) for arm, share in shares.items()]))


def _note(result: Safety) -> T:
    counts = [T("{arm} {n}人", "{arm} {n}").format(arm=arm_text(arm), n=n) for arm, n in result.participants.items()]
    text = T(
        "{arms}。不良事件为治疗期间出现者（首次给药或第0天起，至末次聚乙二醇干扰素后{d}天）；另有{n}例不在此期间。",
        "{arms}. Adverse events are treatment-emergent (from the first dose or Day 0 to {d} days after the last"
        " peginterferon dose); {n} more began outside it.",
    )
    listed = T("，".join(each.zh for each in counts), ", ".join(each.en for each in counts))
    return text.format(arms=listed, d=plan.EMERGENT_DAYS, n=result.not_emergent)


def expected(result: Safety) -> Numbers:
    """Participants of each group, and every line."""
    numbers: Numbers = {"not emergent": result.not_emergent}
    numbers |= {f"{arm} n": n for arm, n in result.participants.items()}
    for line in result.lines:
        numbers |= at(line.kind, {"all": line.everybody, **line.arms})
    return numbers


OUTPUT = Output(
    code="safety",
    title=T("不良事件", "Adverse events"),
    by_arm=True,
    result=Safety,
    compute=compute,
    show=show,
    expected=expected,
    places={kind: T(text.zh.removeprefix("　"), text.en.removeprefix("– ")) for kind, text in TITLES.items()}
    | {"not emergent": T("非治疗期不良事件", "events that are not treatment-emergent")},
)
