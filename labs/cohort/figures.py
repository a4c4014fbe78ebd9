"""The figures of the safety page, and the tables of the same numbers. Reads nothing itself."""

from collections import Counter
from collections.abc import Mapping, Sequence

from labs.cohort.safety_numbers import ALT_LIMIT, BILIRUBIN_LIMIT, GRADES, Change, Peak, TermLine
from labs.course.response import DECLINE
from prtras.crf.numbers import plain
from prtras.labels import T
from prtras.ui.charts.scatter import Axis, Point, scatter
from prtras.ui.charts.waterfall import Bar, waterfall

QUADRANTS = {
    "hy": T("符合Hy法则（需排除其他原因）", "Hy's law range (other causes to be excluded)"),
    "alt": T("仅ALT升高", "ALT only"),
    "bilirubin": T("仅胆红素升高", "bilirubin only"),
    "": T("均未超过", "neither"),
}
_SAME_NUMBERS = T("{n} 名受试者；同样的数据见下表", "{n} participants; the same numbers are in the table")
EVENT_COLUMNS = (
    T("术语", "Term"), *(T(f"{grade} 级", f"Grade {grade}") for grade in range(1, 6)), T("受试者", "Participants"),
    T("事件", "Events"), T("每100人年（95% CI）", "Per 100 person-years (95% CI)"),
)  # fmt: skip
PEAK_COLUMNS = (
    T("受试者", "Participant"), T("最高ALT × ULN", "Peak ALT x ULN"), T("最高胆红素 × ULN", "Peak bilirubin x ULN"),
    T("区域", "Range"),
)  # fmt: skip
CHANGE_COLUMNS = (
    T("受试者", "Participant"), T("基线 log10", "Baseline log10"), T("最近 log10", "Last log10"),
    T("日期", "Date"), T("变化 log10", "Change log10"),
)  # fmt: skip


def event_cells(line: TermLine) -> tuple[str, ...]:
    """A term in words; an event without a grade is counted among the participants only."""
    grades = tuple(str(line.worst.get(grade, 0) or "") for grade in range(1, 6))
    return (line.term, *grades, *_counts(line))


def _counts(line: TermLine) -> tuple[str, str, str]:
    """Participants, events, rate with its limits."""
    rate = "{:.1f} ({:.1f}–{:.1f})".format(*line.rate) if line.rate else ""
    return str(line.participants), str(line.events), rate


def arm_columns(arms: Sequence[T]) -> tuple[T, ...]:
    """Term, then for each arm its participants, events and rate."""
    heads = (
        (arm + T(" 受试者", ": participants"), arm + T(" 事件", ": events"), arm + T(" 每100人年", ": per 100 PY"))
        for arm in arms
    )
    return (T("术语", "Term"), *(head for three in heads for head in three))


def arm_rows(by_arm: Sequence[Sequence[TermLine]]) -> list[tuple[str, ...]]:
    """A line for each term of any arm, the most frequent first; without an event an arm has zeros and no rate."""
    nothing = ("0", "0", "")
    lines = [{line.term: line for line in lines} for lines in by_arm]
    participants: Counter[str] = Counter()
    for arm in lines:
        participants.update({term: line.participants for term, line in arm.items()})
    terms = sorted(participants, key=lambda term: (-participants[term], term))
    return [
        (term, *(cell for arm in lines for cell in (_counts(arm[term]) if term in arm else nothing))) for term in terms
    ]


def peak_cells(peak: Peak) -> tuple[str, ...]:
    """A participant's peaks in words."""
    multiples = ("" if value is None else f"{value:.2f}" for value in (peak.alt, peak.bilirubin))
    return (peak.number, *multiples, str(QUADRANTS[peak.quadrant]))


def change_cells(change: Change) -> tuple[str, ...]:
    """A participant's change of HBsAg in words."""
    known = (plain(change.baseline), plain(change.last), change.on.isoformat())
    return (change.number, *known, f"{change.change:+.2f}")


def shift_columns() -> tuple[T, ...]:
    """The heads of a shift table: baseline, each worst grade, the sum."""
    worst = (T(f"最差 {grade} 级", f"Worst {grade}") for grade in GRADES)
    return (T("基线分级", "Grade at baseline"), *worst, T("合计", "Total"))


def shift_rows(counts: Mapping[tuple[str, str], int]) -> list[tuple[str, ...]]:
    """The lines of a shift table; participants without a baseline result have a line of their own."""
    rows = []
    for before in (*GRADES, ""):
        own = [counts.get((before, worst), 0) for worst in GRADES]
        if any(own) or before in ("0", "1"):
            head = before or str(T("无基线结果", "no baseline result"))
            rows.append((head, *(str(count or "") for count in own), str(sum(own))))
    return rows


def peak_figure(peaks: Sequence[Peak]) -> str:
    """Peak bilirubin over peak ALT with the limits of Hy's law; who has one of both only is in the table."""
    points = [
        Point(peak.alt, peak.bilirubin, f"{peak.number}: ALT {peak.alt:.2f}, TBIL {peak.bilirubin:.2f}")
        for peak in peaks
        if peak.alt and peak.bilirubin
    ]
    return scatter(
        points,
        Axis(str(T("最高ALT（× ULN）", "Peak ALT (x ULN)")), (0.1, 0.3, 1, 3, 10, 30), ALT_LIMIT),
        Axis(str(T("最高胆红素（× ULN）", "Peak bilirubin (x ULN)")), (0.1, 0.5, 1, 2, 5, 10), BILIRUBIN_LIMIT),
        title=str(T("药物性肝损伤评估（eDISH）", "Drug-induced liver injury (eDISH)")),
        desc=str(_SAME_NUMBERS.format(n=len(points))),
        ident="edish",
    )  # fmt: skip


def change_figure(changes: Sequence[Change]) -> str:
    """The change of HBsAg of every participant, sorted."""
    bars = [Bar(change.change, f"{change.number}: {change.change:+.2f} log10 ({change.on})") for change in changes]
    return waterfall(
        bars,
        limit=-float(DECLINE),
        name="log10 IU/mL",
        title=str(T("HBsAg较基线变化", "Change of HBsAg from baseline")),
        desc=str(_SAME_NUMBERS.format(n=len(bars))),
        ident="hbsag-change",
    )  # fmt: skip
