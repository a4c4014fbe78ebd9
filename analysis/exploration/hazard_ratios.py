"""When a hazard ratio is printed, and what is printed instead. Pure.

With fewer than five events in a level or an arm, or in all, a ratio is chance: NE and the reason stand in its place,
whichever model it comes from.
"""

from collections.abc import Iterable, Mapping

from analysis.exploration.printed import show, span
from analysis.survival.cox import FEW_EVENTS, REASONS
from analysis.survival.results import Level, Term
from analysis.survival.survival_data import AnalysisRows


def few_events(levels: Iterable[Level]) -> str:
    """Why a ratio between these levels is not printed; empty if it is."""
    few = [f"{level.value} {level.events}" for level in levels if level.events < FEW_EVENTS]
    return f"fewer than {FEW_EVENTS} events ({', '.join(few)})" if few else ""


def withheld(rows: AnalysisRows) -> dict[str, str]:
    """The terms of a model over these rows whose ratio is not printed, each with the reason."""
    total = int(rows.event.sum())
    if total < FEW_EVENTS:
        return {column.name: f"fewer than {FEW_EVENTS} events in all ({total})" for column in rows.design}
    reasons = {column.name: few_events(rows.levels(column)) for column in rows.design}
    return {name: reason for name, reason in reasons.items() if reason}


def cox_line(term: Term, reasons: Mapping[str, str], label: str = "HR") -> str:
    """One term of a Cox model."""
    reason = REASONS[term.not_estimable] if term.not_estimable else reasons.get(term.name, "")
    against = f", reference {term.reference}" if term.reference else ""
    if reason:
        return f"  {term.name}: {label} NE: {reason}{against}"
    return (
        f"  {term.name}: coef {show(term.coef)}, {label} {span(term.hr, term.lower, term.upper)}, "
        f"SE {show(term.se)}, p {show(term.p)}{against}"
    )
