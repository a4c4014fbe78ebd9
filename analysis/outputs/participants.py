"""Participants from screening to analysis: every number adds up. Pure but for the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis import plan
from analysis.cautions import ParticipantCaution
from analysis.outputs.expectations import Numbers
from analysis.outputs.output import Output, Row, Shown, Table, Text, Tile, View
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from datetime import date

    from analysis.endpoints import Tables
    from analysis.outputs.data import AnalysisData

#: Why somebody with an arm is not analysed for the primary endpoint, in the order in which it is asked.
EXCLUDED = {
    "after_cutoff": T("第0天晚于截止日期", "Day 0 after the cut-off date"),
    "contradiction": T("日期相互矛盾，无法推导", "dates contradict each other"),
    "not_due": T("首次随访影像尚未到期", "first follow-up scan not due yet"),
    "ended": T("首次影像前死亡或结束研究", "died or left before the first scan"),
    "no_scan": T("第0天后无可评估影像", "no evaluable scan after Day 0"),
}
CAUTIONS = {
    "contradiction": T(
        "{participant}：日期相互矛盾或无效（{field}），未纳入分析。",
        "{participant}: dates contradict each other or are no dates ({field}); not analysed.",
    ),
    "partial": T(
        "{participant}：{field}仅知“{date}”，按可能的最早日期计算。",
        "{participant}: {field} is known as {date} only; the earliest day that it may be counts.",
    ),
    "partial_start": T(
        "{participant}：{field}仅知“{date}”，按可能的最早日期计算，但不早于第0天及该时段内的确认复发。",
        "{participant}: {field} is known as {date} only; the earliest day that it may be counts, but not before Day 0,"
        " nor before a confirmed recurrence within that time.",
    ),
    "no_origin": T(
        "{participant}：{field}“{date}”不完整、无效或晚于第0天，未纳入自根治性治疗起算的分析。",
        "{participant}: {field} ({date}) is no whole date up to Day 0; not in the analysis from radical treatment.",
    ),
    "stored": T("{text}", "{text}"),
}
FIELDS = {
    "dth_date": T("死亡日期", "the date of death"), "death_date": T("死亡日期", "the date of death"),
    "recurrences": T("复发日期", "the date of recurrence"), "rec_date": T("复发日期", "the date of recurrence"),
    "mri_date": T("影像日期", "the date of a scan"), "st_start": T("后续治疗开始日期", "the start of a therapy"),
    "tx_date": T("根治性治疗日期", "the date of radical treatment"),
    "DAY0": T("第0天", "Day 0"), "SVSTDTC": T("访视日期", "the date of a visit"),
    "last_alive": T("末次已知存活日期", "the last date known alive"),
    "therapies": T("后续治疗", "a later therapy"), "imaging": T("影像", "a scan"),
    "viro_date": T("病毒学采样日期", "the date of a virology sample"),
    "cutoff_date": T("数据截止日期", "the cut-off date"),
}  # fmt: skip


@dataclass(frozen=True)
class Participants(Result):
    """Counts of all participants and their states.

    `enrolled` have an arm and a Day 0; `analysed` are in the primary analysis, and `excluded` says why the others are
    not: enrolled = analysed + sum of excluded. `not_derived` are the cautions about single participants.
    """

    screened: int
    failures: int
    enrolled: int
    analysed: int
    states: dict[str, int]
    not_derived: tuple[ParticipantCaution, ...]
    excluded: dict[str, int] = field(default_factory=dict)


def compute(data: AnalysisData) -> Participants:
    """Count the participants of the cut."""
    people = data.tables["participants"]
    states = Counter(person["STATE"] for person in people)
    enrolled = with_an_arm(data)
    excluded = Counter(reason for _, reason in not_analysed(data))
    return Participants(
        screened=len(people),
        failures=states["screen_failure"],
        enrolled=len(enrolled),
        analysed=len(data.primary),
        states=dict(sorted((state, n) for state, n in states.items() if n)),
        not_derived=data.cautions,
        excluded={reason: excluded[reason] for reason in EXCLUDED if excluded[reason]},
    )


def with_an_arm(data: AnalysisData) -> list[Mapping[str, Any]]:
    """Everybody with a chosen arm and a Day 0."""
    return [person for person in data.tables["participants"] if person["ARMCD"] and person["DAY0"]]


def not_analysed(data: AnalysisData) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each participant with an arm that the primary analysis has not, and why."""
    analysed = set(data.primary["SUBJID"])
    derived = set(data.frame["SUBJID"])
    why = why_unscanned(data.tables, data.cutoff)
    for person in with_an_arm(data):
        number = person["SUBJID"]
        if number in analysed:
            continue
        if number not in derived:
            yield person, "after_cutoff" if person["DAY0"] > data.cutoff.isoformat() else "contradiction"
        else:
            yield person, why(number)


def why_unscanned(tables: Tables, cutoff: date) -> Callable[[str], str]:
    """Why somebody has no evaluable scan after Day 0, by number: ended, not due yet, or missing."""
    ended = {row["SUBJID"] for form in ("eos", "death") for row in tables.get(form, ())}
    due = {
        visit["SUBJID"]
        for visit in tables["visits"]
        if visit["VISIT"] == plan.FIRST_SCAN and visit["CLOSES"] and visit["CLOSES"] <= cutoff.isoformat()
    }
    return lambda number: "ended" if number in ended else "no_scan" if number in due else "not_due"


def show(result: Participants, view: View) -> Shown:
    """A tile on every page, and a table from screening to analysis."""
    enrolled, planned = (str(result.enrolled),), f"/ {plan.PLANNED}"
    if view is View.REPORT:
        analysed = Tile(T("纳入分析", "analysed"), (str(result.analysed),))
        tiles: tuple[Tile, ...] = (Tile(T("已选择治疗组", "arm chosen"), enrolled, planned), analysed)
    else:
        note = T("筛选 {n}，失败 {f}", "{n} screened, {f} failures").format(n=result.screened, f=result.failures)
        tiles = (Tile(OUTPUT.title, enrolled, planned, note),)
    return Shown(tiles, (), (_flow(result),))


def _flow(result: Participants) -> Table:
    before = result.screened - result.failures - result.enrolled
    rows = [
        Row(T("筛选", "Screened"), (result.screened,)),
        Row(T("　筛选失败", "– screening failures"), (result.failures,)),
        Row(T("　尚未选择治疗组", "– arm not chosen yet, or left before"), (before,)),
        Row(T("已选择治疗组（非随机）", "Arm chosen (not randomized)"), (result.enrolled,)),
    ]
    for reason, why in EXCLUDED.items():
        if n := result.excluded.get(reason):
            rows.append(Row(T("　未分析：{why}", "– not analysed: {why}").format(why=why), (n,)))
    rows.append(Row(T("纳入主要终点分析", "In the analysis of the primary endpoint"), (result.analysed,)))
    heads: tuple[Text, ...] = (T("受试者", "Participants"), "n")
    return Table(T("从筛选到分析", "From screening to analysis"), heads, tuple(rows))


def warn(result: Participants) -> tuple[Text, ...]:
    """What is uncertain about single participants."""
    return tuple(map(caution_text, result.not_derived))


def caution_text(caution: ParticipantCaution) -> T:
    """A caution about one participant in words."""
    facts: dict[str, object] = {**caution.facts, "participant": caution.participant}
    if "field" in caution.facts:
        facts["field"] = FIELDS.get(caution.facts["field"], caution.facts["field"])
    return CAUTIONS[caution.code].format(**facts)


#: The words of the places, those of `participant_flow` too.
PLACES = {
    "screened": T("筛选", "screened"), "failures": T("筛选失败", "screening failures"),
    "arm not chosen": T("尚未选择治疗组", "arm not chosen"), "enrolled": T("已选择治疗组", "with an arm"),
    "analysed": T("纳入分析", "analysed"),
    **{f"not analysed {reason}": T("未分析：{why}", "not analysed: {why}").format(why=why)
       for reason, why in EXCLUDED.items()},
}  # fmt: skip


def expected(result: Participants) -> Numbers:
    """Every line of the table."""
    before = result.screened - result.failures - result.enrolled
    counts = {"screened": result.screened, "failures": result.failures, "arm not chosen": before}
    lost = {f"not analysed {reason}": result.excluded.get(reason, 0) for reason in EXCLUDED}
    return {**counts, "enrolled": result.enrolled, **lost, "analysed": result.analysed}


OUTPUT = Output(
    code="participants",
    title=T("已选择治疗组", "Arm chosen"),
    by_arm=False,
    result=Participants,
    compute=compute,
    show=show,
    warn=warn,
    expected=expected,
    places=PLACES,
)
