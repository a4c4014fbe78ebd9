"""Cumulative incidences of competing causes at the read week, by arm or of everybody.

Pure but for the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import plan
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.incidence import Incidence, IncidenceCurve, curve_of
from analysis.outputs.number_texts import ALL, FEW, NE, arm_text, limits, percent
from analysis.outputs.output import Row, Text
from analysis.survival.results import Refusal, Result
from prtras.labels import T

if TYPE_CHECKING:
    import pandas as pd

    from analysis.survival.competing import CumulativeIncidence

_NUMBERS: tuple[Text, ...] = (
    "n", T("事件", "Events"), T("第{w}周", "Week {w}").format(w=plan.READ_WEEK), "95% CI",
)  # fmt: skip
#: The columns of `rows`, by arm and of everybody; more may follow.
HEADS: tuple[Text, ...] = (T("治疗组 · 事件", "Arm · event"), *_NUMBERS)
POOLED_HEADS: tuple[Text, ...] = (T("事件", "Event"), *_NUMBERS)


@dataclass(frozen=True)
class CauseAt(Result):
    """The cumulative incidence of a cause in an arm at the read week; None where nobody is followed so long."""

    arm: str
    cause: int
    n: int
    events: int
    n_risk: int
    value: float | None
    lower: float | None
    upper: float | None

    @property
    def limits(self) -> tuple[float | None, float | None]:
        """Both limits, or none."""
        return (None, None) if self.lower is None or self.upper is None else (self.lower, self.upper)


def curves(
    rows: pd.DataFrame, time: str, causes: Iterable[int], refused: list[Refusal]
) -> CumulativeIncidence | None:  # fmt: skip
    """The curves by arm from the columns `time`, STATUS (0 or a cause) and ARMCD; None if `refused` says why."""
    from analysis.survival.competing import cumulative_incidence
    from analysis.survival.fits import attempt

    read = (float(plan.READ_WEEK),)
    return attempt(
        "cif", refused, lambda: cumulative_incidence(rows, time, "STATUS", "ARMCD", causes=tuple(causes), times=read)
    )


def at_read_week(curves: CumulativeIncidence | None) -> tuple[CauseAt, ...]:
    """What the curves say there, with log(-log) limits."""
    return tuple(
        CauseAt(g.group, c.cause, g.n, c.n_events, read.n_risk, read.cif, read.lo_loglog, read.hi_loglog)
        for g in (curves.groups if curves else ())
        for c in g.causes
        for read in c.at
    )


def drawn(
    rows: pd.DataFrame, time: str, curves: CumulativeIncidence | None, code: int
) -> tuple[IncidenceCurve, ...]:  # fmt: skip
    """The curve of one cause in each arm, a point where it occurred; other causes are counted with the censored."""
    counted = rows.assign(NOMWEEK=rows[time], EVENT=(rows["STATUS"] == code).astype(int))
    listed = []
    for group in curves.groups if curves else ():
        own = counted[counted["ARMCD"] == group.group]
        times = set(own.loc[own["EVENT"] == 1, "NOMWEEK"])
        cause = next(each for each in group.causes if each.cause == code)
        points = [
            Incidence(
                step.time, min(step.cif, 1.0), step.lo_loglog, step.hi_loglog
            )  # a sum of steps may pass 1 by 1e-16
            for step in cause.curve
            if step.time in times and step.cif is not None
        ]
        listed.append(curve_of(group.group, own, points))
    return tuple(listed)


def rows(
    incidences: Iterable[CauseAt], causes: Mapping[int, T], more: Callable[[CauseAt], tuple[str, ...]] = lambda _: ()
) -> tuple[Row, ...]:  # fmt: skip
    """The lines of a table with these columns and `more`, by cause."""
    return tuple(_row(each, causes, more(each)) for each in sorted(incidences, key=lambda each: each.cause))


def _row(each: CauseAt, causes: Mapping[int, T], more: tuple[str, ...]) -> Row:
    by_arm = T("{arm} · {cause}", "{arm} · {cause}").format(arm=arm_text(each.arm), cause=causes[each.cause])
    head = causes[each.cause] if each.arm == ALL else by_arm
    few = FEW if each.n_risk < plan.FEW_AT_RISK else ""
    value = NE if each.value is None else f"{percent(each.value)} %{few}"
    lower, upper = (None if limit is None else 100 * limit for limit in each.limits)
    return Row(head, (each.n, each.events, value, limits(lower, upper, 1), *more))


def numbers_of(incidences: Iterable[CauseAt], names: Mapping[int, str]) -> Numbers:
    """Everything that is shown of them; `names` are those of the causes among the expected numbers."""
    numbers: Numbers = {}
    for each in incidences:
        lower, upper = each.limits
        counts = {"n": each.n, "events": each.events, "at risk": each.n_risk}
        values = {"value": each.value, "lower": lower, "upper": upper}
        numbers |= at(f"{each.arm} {names[each.cause]}", {**counts, **values})
    return numbers
