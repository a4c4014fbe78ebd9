"""One hazard ratio from one model, with participants and events: the line of every sensitivity analysis.

A line is shown as a number only with events enough in both groups (rule 6); all are adjusted or weighted (rule 4). Pure
but for the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analysis import plan
from analysis.outputs import sentences
from analysis.outputs.expectations import Numbers, at, term_numbers
from analysis.outputs.number_texts import hazard_with_events, is_estimate
from analysis.outputs.output import Row, Text
from analysis.survival.results import Level, Refusal, Result, Term
from prtras.labels import T

#: The analyses of the arm or of peginterferon, in the order in which they stand side by side.
ANALYSES = {
    "planned": T("计划模型：Cox，年龄、BCLC、HBsAg", "Planned: Cox with age, BCLC, HBsAg"),
    "weighted": T("重叠权重", "Overlap weights"),
    "imputed": T("多重插补", "Multiple imputation"),
    "robust": T("稳健（三明治）方差", "Robust (sandwich) variance"),
    "stratified": T("按BCLC分期分层", "Stratified by BCLC stage"),
    "truncated": T("自根治性治疗起（左截断）", "From radical treatment (left-truncated)"),
    "actual": T("实际日期", "Actual dates"),
    "rfs": T("无复发生存", "Recurrence-free survival"),
    "ttrgap": T("连续缺失两次影像前删失", "Censored before two missed scans"),
    "ever": T(
        "曾用聚乙二醇干扰素，自第0天（有偏倚：永恒时间）",
        "Ever Peg-IFN, from Day 0 (biased: immortal time)",
    ),
    **{
        f"landmark_{week}": T("截至第{week}周已用聚乙二醇干扰素（界标）", "Peg-IFN by week {week} (landmark)").format(
            week=week
        )
        for week in plan.LANDMARKS
    },
    "time_dependent": T("聚乙二醇干扰素为时依变量", "Peg-IFN as time-dependent treatment"),
}
#: Why somebody is not in a model.
LEFT_OUT = {
    "covariate": T("协变量缺失", "covariate missing"),
    "no_origin": T("根治性治疗日期不可用", "no day of radical treatment"),
    "start_unknown": T("首次给药日期未知", "day of first dose unknown"),
    "event_before": T("此前已复发", "recurrence before"),
    "censored_before": T("此前已删失", "censored before"),
}
#: The words of the places of `estimate_numbers`.
PLACES = ANALYSES | {
    reason: T("未纳入：{why}", "not in the model: {why}").format(why=why) for reason, why in LEFT_OUT.items()
}
FEW = T("某组事件少于{n}例，不显示风险比。", "Fewer than {n} events in a group: no hazard ratio.").format(
    n=plan.FEWEST_EVENTS
)


@dataclass(frozen=True)
class Estimate(Result):
    """The term of the first covariate of a model: arm or peginterferon.

    `n` participants with `events` are in the model, of them each of the `groups`; with time-dependent treatment a
    participant is in each group in which they spent time. `left_out` counts who is not in the model, by LEFT_OUT.
    """

    n: int
    events: int
    groups: tuple[Level, ...]
    term: Term | None
    refused: tuple[Refusal, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> bool:
        """Exactly two groups, each with the fewest events, and a term that can be estimated."""
        enough = [group.events >= plan.FEWEST_EVENTS for group in self.groups]
        return len(enough) == 2 and all(enough) and is_estimate(self.term)

    @property
    def why_not(self) -> Text:
        """Why it is not shown as a number."""
        if len(self.groups) != 2 or min(group.events for group in self.groups) < plan.FEWEST_EVENTS:
            return FEW
        return next(iter(sentences.refusal_texts(self.refused)), sentences.REFUSALS["no_term"])


def in_order(estimates: Mapping[str, Estimate]) -> Iterator[tuple[T, str, Estimate]]:
    """Estimates with their names in the order of ANALYSES: a run is stored without an order."""
    for name, text in ANALYSES.items():
        if name in estimates:
            yield text, name, estimates[name]


def heads(first: T, groups: Sequence[T]) -> tuple[Text, ...]:
    """The heads of a table of estimates."""
    counted = [T("{group}：人数（事件）", "{group}: n (events)").format(group=group) for group in groups]
    return (first, "n", T("事件", "Events"), *counted, T("未纳入", "Not in the model"), "HR", "95% CI", "p")


def row(head: Text, estimate: Estimate, groups: Sequence[str]) -> Row:
    """The line of an estimate; the reason stands in place of a hazard ratio that is not shown."""
    by_name = {group.value: group for group in estimate.groups}
    counted = [f"{by_name[name].n} ({by_name[name].events})" if name in by_name else "0 (0)" for name in groups]
    cells: tuple[Text | int, ...] = (estimate.n, estimate.events, *counted, left_out_text(estimate.left_out))
    if not estimate.shown:
        return Row(head, cells, instead=estimate.why_not)
    assert estimate.term
    return Row(head, (*cells, *hazard_with_events(estimate.term)))


def left_out_text(counts: Mapping[str, int]) -> T:
    """Who is not in a model, and why; a dash for nobody."""
    lost = [(why, counts[reason]) for reason, why in LEFT_OUT.items() if counts.get(reason)]
    parts = [T("{why} {n}", "{why} {n}").format(why=why, n=n) for why, n in lost]
    return T("；".join(part.zh for part in parts) or "–", "; ".join(part.en for part in parts) or "–")


def estimate_numbers(place: str, estimate: Estimate) -> Numbers:
    """Sizes, who is left out, and the term as far as it is shown."""
    numbers = at(place, {"n": estimate.n, "events": estimate.events})
    for group in estimate.groups:
        numbers |= at(f"{place} {group.value}", {"n": group.n, "events": group.events})
    numbers |= at(place, dict(estimate.left_out))
    return numbers | term_numbers(place, estimate.term, shown=estimate.shown)
