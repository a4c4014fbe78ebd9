"""The way of the participants by arm, as a flow diagram and as a table. Pure but for the reader's language.

Source: STROBE item 13 (cohort study); the arm is chosen, never allocated at random. The counts before the arms and the
reasons are those of `participants`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs import participants
from analysis.outputs.characteristics import ordered, typeset
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.output import Output, Panel, Row, Shown, Table, Text, View
from analysis.outputs.participants import EXCLUDED
from analysis.survival.results import Result
from prtras.labels import T
from prtras.ui.charts.flow import Box, flow_diagram
from visits.codelists.disposition import DSDECOD

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData


@dataclass(frozen=True)
class ArmFlow(Result):
    """One arm: chosen = analysed + sum of excluded, and chosen = still followed + sum of ended."""

    chosen: int
    followed: int
    ended: dict[str, int]
    excluded: dict[str, int]
    analysed: int


@dataclass(frozen=True)
class ParticipantFlow(Result):
    """Everybody up to the choice of the arm, then each arm."""

    screened: int
    failures: int
    without_arm: int
    chosen: int
    arms: dict[str, ArmFlow]


def compute(data: AnalysisData) -> ParticipantFlow:
    """Count within the arms."""
    everybody = participants.compute(data)
    arms = {person["SUBJID"]: person["ARMCD"] for person in participants.with_an_arm(data)}
    ended = {row["SUBJID"]: row["eos_status"] for row in data.tables.get("eos", ()) if row["eos_status"]}
    excluded = {person["SUBJID"]: reason for person, reason in participants.not_analysed(data)}
    return ParticipantFlow(
        screened=everybody.screened,
        failures=everybody.failures,
        without_arm=everybody.screened - everybody.failures - everybody.enrolled,
        chosen=everybody.enrolled,
        arms={arm: _arm_flow({n for n, own in arms.items() if own == arm}, ended, excluded) for arm in plan.ARMS},
    )


def _arm_flow(people: set[str], ended: dict[str, str], excluded: dict[str, str]) -> ArmFlow:
    ends = Counter(ended[each] for each in people if each in ended)
    reasons = Counter(excluded[each] for each in people if each in excluded)
    return ArmFlow(
        chosen=len(people),
        followed=len(people) - ends.total(),
        ended={status: ends[status] for status in sorted(ends)},
        excluded={reason: reasons[reason] for reason in EXCLUDED if reasons[reason]},
        analysed=len(people) - reasons.total(),
    )


SCREENED = T("筛选", "Screened")
FAILURES = T("筛选失败", "screening failures")
WITHOUT_ARM = T("尚未选择治疗组或此前退出", "arm not chosen yet, or left before")
CHOSEN = T("已选择治疗组（非随机）", "Arm chosen (not randomized)")
FOLLOWED = T("仍在随访", "Still followed")
ENDED = T("已结束研究", "Ended the study")
EXCLUSIONS = T("未纳入分析", "Not analysed")
ANALYSED = T("纳入主要终点分析", "In the analysis of the primary endpoint")


def show(result: ParticipantFlow, view: View) -> Shown:
    """The diagram on paper, a table on the dashboard."""
    if view is not View.REPORT:
        heads = (T("受试者", "Participants"), *plan.ARMS.values())
        return Shown(tables=(Table(OUTPUT.title, heads, tuple(_rows(result))),))
    caption = T(
        "治疗组由研究者与受试者选择，非随机。结束研究者仍按其随访时间纳入分析。",
        "The arm is chosen by investigator and participant, not randomized. Who ended the study is analysed for as long"
        " as they were followed.",
    )
    return Shown(panels=(Panel("flow", OUTPUT.title, (_drawing(result),), caption=caption, main=True),))


def _rows(result: ParticipantFlow) -> Iterator[Row]:
    for title, name in ((CHOSEN, "chosen"), (FOLLOWED, "followed")):
        yield Row(title, tuple(getattr(result.arms[arm], name) for arm in plan.ARMS))
    for what, name, texts in ((ENDED, "ended", DSDECOD.codes), (EXCLUSIONS, "excluded", EXCLUDED)):
        counts = {arm: getattr(result.arms[arm], name) for arm in plan.ARMS}
        for code in ordered(texts, {code for own in counts.values() for code in own}):
            head = T("　{what}：{why}", "– {what}: {why}").format(what=what, why=_text(texts, code))
            yield Row(head, tuple(counts[arm].get(code, 0) for arm in plan.ARMS))
    yield Row(ANALYSED, tuple(result.arms[arm].analysed for arm in plan.ARMS))


def _text(texts: Mapping[str, T], code: str) -> Text:
    return typeset(texts.get(code, T(code, code)))


def _drawing(result: ParticipantFlow) -> str:
    left = Box("", (_line(FAILURES, result.failures), _line(WITHOUT_ARM, result.without_arm)))
    trunk = (Box(_line(SCREENED, result.screened), beside=left), Box(_line(CHOSEN, result.chosen)))
    branches = [_branch(arm, result.arms[arm]) for arm in plan.ARMS]
    words = T("{arm}：{n}，分析 {m}", "{arm}: {n} chosen, {m} analysed")
    parts = [
        words.format(arm=plan.ARMS[arm], n=result.arms[arm].chosen, m=result.arms[arm].analysed) for arm in plan.ARMS
    ]
    desc = T("；".join(each.zh for each in parts), "; ".join(each.en for each in parts))
    return flow_diagram(trunk, branches, title=str(OUTPUT.title), desc=str(desc), ident="flow")


def _branch(arm: str, own: ArmFlow) -> tuple[Box, ...]:
    ends = tuple(_line(_text(DSDECOD.codes, code), own.ended[code]) for code in ordered(DSDECOD.codes, own.ended))
    ended = (_line(ENDED, sum(own.ended.values())), *(f"– {line}" for line in ends)) if ends else ()
    reasons = tuple(f"– {_line(EXCLUDED[code], own.excluded[code])}" for code in ordered(EXCLUDED, own.excluded))
    excluded = (_line(EXCLUSIONS, sum(own.excluded.values())), *reasons) if reasons else ()
    return (
        Box(_line(plan.ARMS[arm], own.chosen)),
        Box(_line(FOLLOWED, own.followed), ended),
        Box(_line(ANALYSED, own.analysed), excluded),
    )


def _line(what: Text, n: int) -> str:
    return str(T("{what}：{n}", "{what}: {n}").format(what=what, n=n))


def expected(result: ParticipantFlow) -> Numbers:
    """Every box."""
    numbers: Numbers = {"screened": result.screened, "failures": result.failures, "arm not chosen": result.without_arm}
    numbers["chosen"] = result.chosen
    for arm, own in result.arms.items():
        counts = {"chosen": own.chosen, "followed": own.followed, "analysed": own.analysed}
        numbers |= at(arm, counts) | at(f"{arm} ended", own.ended) | at(f"{arm} not analysed", own.excluded)
    return numbers


OUTPUT = Output(
    code="participant_flow",
    title=T("受试者流程（按所选治疗组）", "Flow of participants by arm"),
    by_arm=True,
    result=ParticipantFlow,
    compute=compute,
    show=show,
    expected=expected,
    places=participants.PLACES
    | {"chosen": T("已选择治疗组", "arm chosen"), "followed": T("随访中", "in follow-up")}
    | {
        f"ended {code}": T("结束：{why}", "ended: {why}").format(why=typeset(text))
        for code, text in DSDECOD.codes.items()
    },
)
