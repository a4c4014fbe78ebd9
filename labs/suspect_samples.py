"""Samples that are unlike their participant: whose are they? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from labs.blood_draws import Draw
from labs.deriving.panels import read
from labs.deriving.virology import quantity_of
from labs.files.refusals import Problem
from labs.identity import STABLE, Comparison, compare, suspicion
from labs.lab_tests import LAB_TESTS
from labs.panels import ANALYTES
from prtras.crf.numbers import plain
from prtras.crf.typed_values import Unreadable
from prtras.labels import T


@dataclass(frozen=True)
class Suspect:
    """A draw that is unlike the results before it."""

    draw: Draw
    compared: Comparison
    now: dict[str, Decimal]
    then: dict[str, Decimal]


def unlike(dated: Sequence[tuple[date, Draw]], stored: Sequence[tuple[date, dict[str, Decimal]]]) -> list[Suspect]:
    """The draws of a participant that are unlike the newest results before them, of the casebook and of the file."""
    history = dict(stored)
    then: dict[str, Decimal] = {}
    suspects = []
    for day, draw in sorted(dated, key=lambda each: (each[0], each[1].time)):
        for before in sorted(on for on in history if on < day):
            then = then | history.pop(before)
        now = _standard_values(draw)
        compared = compare(now, then)
        if compared.is_unlike:
            suspects.append(Suspect(draw, compared, now, then))
        else:
            history[day] = history.get(day, {}) | now
    return suspects


def warnings_of(suspects: Sequence[Suspect]) -> list[tuple[Draw, Problem]]:
    """What to ask of each unlike sample: whose is it? One that fits another unlike participant names that one."""
    others = [(suspect.draw.number, suspect.then) for suspect in suspects]
    warnings = []
    for suspect in suspects:
        why = suspicion(suspect.compared, suspect.draw.number, suspect.now, others)
        if why is not None:
            first = min(suspect.draw.results.values(), key=lambda result: result.line)
            text = why[0].format(v=_changes(suspect.compared), n=why[1])
            warnings.append((suspect.draw, Problem(first.line, first.column, suspect.draw.number, text)))
    return warnings


def _changes(compared: Comparison) -> T:
    """`Haemoglobin 140 → 98; ...` in both languages."""
    listed = [(LAB_TESTS[code].title, f"{plain(then)} → {plain(now)}") for code, then, now in compared.different]
    return T("；".join(f"{t.zh} {how}" for t, how in listed), "; ".join(f"{t.en} {how}" for t, how in listed))


def _standard_values(draw: Draw) -> dict[str, Decimal]:
    """The results of a draw in standard units; those with < or > and those that cannot be read are left out."""
    values = {}
    if (antigen := draw.results.get("hbsag")) and (quantity := quantity_of(antigen.text)):
        values["hbsag"] = quantity
    for code, result in draw.results.items():
        if code in ANALYTES and code in STABLE and result.text:
            try:
                reported = read(result.text)
            except Unreadable:
                continue
            if reported.number is not None and not reported.qualifier:
                values[code] = reported.number * ANALYTES[code].factor(result.unit or ANALYTES[code].unit)
    return values
