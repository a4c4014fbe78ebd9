"""The blind endpoint review: how far it is, how the readers agree, and which endpoint the analysis uses.

Pure but for the reader's language.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import NE, percent
from analysis.outputs.output import Output, Row, Shown, Table, Text, View
from analysis.survival.agreement import Kappa
from analysis.survival.results import Result
from prtras.labels import T

if TYPE_CHECKING:
    from analysis.outputs.data import AnalysisData

VERDICTS = {
    "Y": T("　复发", "– recurrence"), "N": T("　无复发", "– no recurrence"), "NE": T("　无法评估", "– not assessable"),
}  # fmt: skip
#: Site and review side by side, of those whom both judged: the event of one and of the other.
SIDES = {
    "11": T("　两者均为复发", "– recurrence by both"), "10": T("　仅研究中心判定复发", "– by the site only"),
    "01": T("　仅盲法评审判定复发", "– by the review only"), "00": T("　两者均无复发", "– by neither"),
}  # fmt: skip
#: The verdicts of the first and of the second reader.
PAIRS = {
    "YY": T("两者均判复发", "recurrence by both"), "YN": T("仅第一位判复发", "by the first only"),
    "NY": T("仅第二位判复发", "by the second only"), "NN": T("两者均判无复发", "by neither"),
}  # fmt: skip
ENDPOINT = T("终点", "Endpoint")
BY_SITE = T("研究中心判定的确认复发", "recurrence as confirmed by the site")


@dataclass(frozen=True)
class EndpointReview(Result):
    """Counts of cases in their newest round.

    `analysed` is everybody in the primary analysis, `counted` how many of them have a final verdict that the cut bears
    out. `pairs` are the verdicts of both readers, `unassessable` the pairs in which one of them could not judge, and
    `sides` compares the site's endpoint with the review's.
    """

    analysed: int
    counted: int
    cases: int
    read_twice: int
    agreed: int
    adjudicated: int
    final: dict[str, int]
    pairs: dict[str, int]
    unassessable: int
    kappa: Kappa | None
    sides: dict[str, int]

    @property
    def waiting(self) -> int:
        """Read twice, not agreed, not adjudicated yet."""
        return self.read_twice - self.agreed - self.adjudicated


def compute(data: AnalysisData) -> EndpointReview:
    """Count cases, readings and verdicts; kappa of recurrence, yes or no."""
    from analysis.survival.agreement import cohen_kappa

    every = list(data.reviews.values())
    pairs = Counter(
        first["VERDICT"] + second["VERDICT"] for first, second in (each.pair for each in every if each.pair)
    )
    site = dict(zip(data.primary["SUBJID"], data.primary["EVENT"], strict=True))
    blind = data.endpoint("TTRBICR")
    sides = Counter(f"{site[number]}{event}" for number, event in zip(blind["SUBJID"], blind["EVENT"], strict=True))
    final = Counter(each.final["VERDICT"] for each in every if each.final)
    return EndpointReview(
        analysed=len(data.primary),
        counted=len(blind),
        cases=len(every),
        read_twice=sum(each.pair is not None for each in every),
        agreed=sum(each.agreed and "final" not in each.readings for each in every),
        adjudicated=sum("final" in each.readings for each in every),
        final={verdict: final[verdict] for verdict in VERDICTS},
        pairs={pair: pairs[pair] for pair in PAIRS},
        unassessable=sum(n for pair, n in pairs.items() if pair not in PAIRS),
        kappa=cohen_kappa([[pairs["YY"], pairs["YN"]], [pairs["NY"], pairs["NN"]]]),
        sides={side: sides[side] for side in SIDES},
    )


def show(result: EndpointReview, _view: View) -> Shown:
    """Which endpoint the analysis uses; once there is a review, how far it is and how the readers agree."""
    if not result.cases:
        return Shown(facts=((ENDPOINT, T("{site}；无盲法评审", "{site}; no blind review").format(site=BY_SITE)),))
    text = T(
        "{site}（主要分析）；盲法评审完成{n}/{of}人（敏感性分析）",
        "{site} (primary analysis); blind review complete for {n} of {of} (sensitivity analysis)",
    ).format(site=BY_SITE, n=result.counted, of=result.analysed)
    heads: tuple[Text, ...] = (T("终点盲法评审", "Blind endpoint review"), "n")
    note = T(
        "一致性仅计两位评审者均作出有无复发判断的病例。", "Agreement: cases in which both readers judged recurrence."
    )
    return Shown(tables=(Table(OUTPUT.title, heads, _rows(result), note=note),), facts=((ENDPOINT, text),))


def _rows(result: EndpointReview) -> tuple[Row, ...]:
    kappa = result.kappa
    agreement = NE if kappa is None else f"{percent(kappa.observed)}%"
    value = NE if kappa is None else f"{kappa.value:.2f} ({kappa.lower:.2f}–{kappa.upper:.2f})"
    return (
        Row(T("病例", "Cases"), (result.cases,)),
        Row(T("已有两次独立评审", "Read independently by two"), (result.read_twice,)),
        Row(T("　两次一致", "– both agree"), (result.agreed,)),
        Row(T("　已裁定", "– adjudicated"), (result.adjudicated,)),
        Row(T("　待裁定", "– to be adjudicated"), (result.waiting,)),
        Row(T("　至少一位无法评估", "– not assessable for one of them"), (result.unassessable,)),
        Row(T("有最终结论", "With a final verdict"), (sum(result.final.values()),)),
        *(Row(text, (result.final[verdict],)) for verdict, text in VERDICTS.items()),
        Row(T("两次评审的一致率", "Agreement of both readings"), (agreement,)),
        Row(T("Cohen kappa（95% CI）", "Cohen's kappa (95% CI)"), (value,)),
        Row(T("研究中心与盲法评审均有判定", "Judged by site and review"), (result.counted,)),
        *(Row(text, (result.sides[side],)) for side, text in SIDES.items()),
    )


def expected(result: EndpointReview) -> Numbers:
    """Every line of the table."""
    counts: Numbers = {
        name: getattr(result, name)
        for name in ("analysed", "counted", "cases", "read_twice", "agreed", "adjudicated", "waiting", "unassessable")
    }
    kappa = result.kappa
    names = ("observed", "value", "se", "lower", "upper")
    return (
        counts
        | {"final": sum(result.final.values())}
        | at("final", result.final)
        | at("pairs", result.pairs)
        | at("sides", result.sides)
        | at("kappa", {name: None if kappa is None else getattr(kappa, name) for name in names})
    )


#: The words of its places.
PLACES = {
    "analysed": T("纳入主要分析", "in the primary analysis"), "counted": T("计入盲法终点", "counted by the review"),
    "cases": T("病例", "cases"), "read_twice": T("两次独立评审", "read by two"), "agreed": T("两次一致", "both agree"),
    "adjudicated": T("已裁定", "adjudicated"), "waiting": T("待裁定", "to be adjudicated"),
    "unassessable": T("至少一位无法评估", "not assessable for one"), "final": T("最终结论", "final verdict"),
    "pairs": T("两位评审者", "both readers"), "sides": T("研究中心与盲法评审", "site and review"),
    "kappa": T("Cohen kappa", "Cohen's kappa"), "observed": T("一致率", "agreement"), 
    **{code: T(text.zh.strip(), text.en.removeprefix("– ")) for code, text in (VERDICTS | SIDES | PAIRS).items()},
}  # fmt: skip

OUTPUT = Output(
    code="endpoint_review",
    title=T("终点盲法评审", "Blind endpoint review"),
    by_arm=False,
    result=EndpointReview,
    compute=compute,
    show=show,
    expected=expected,
    places=PLACES,
)
