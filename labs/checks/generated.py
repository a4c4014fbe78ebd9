"""Edit checks that follow from the panels: wrong unit, and laboratory grades beside adverse events.

Source: checks of the CRF specification 0.1, UNIT-*, AEG-*, AEL-*; the numbers follow the order of the panels.
"""

from collections.abc import Iterator

from labs.panels import PANELS, Analyte
from prtras.crf.checks import Check, later, soft
from prtras.crf.conditions import count, empty, lookup, number, the
from prtras.crf.expressions import Expression
from visits.codelists.safety import LABTERM


def _unit_checks() -> Iterator[Check]:
    """The value is unlikely, and would be likely in another unit: 130 typed as g/dL of haemoglobin is 13 g/dL."""
    serial = 0
    for form, panel in PANELS.items():
        for analyte in panel:
            for other, factor in analyte.other_units.items():
                if factor == 1:
                    continue
                value = the(f"{form}.{analyte.code}_stresn")
                for typed, meant, as_meant in ((analyte.unit, other, value * factor),
                                               (other, analyte.unit, value / factor)):  # fmt: skip
                    serial += 1
                    yield soft(
                        f"UNIT-{serial:03d}",
                        f"{form}.{analyte.code}_orresu",
                        (the(f"{form}.{analyte.code}_orresu") == typed)
                        & _unlikely(value, analyte)
                        & (as_meant >= analyte.soft.low)
                        & (as_meant <= analyte.soft.high),
                        f"{analyte.title.zh}:数值疑似以{meant}为单位,而非{typed}。",
                        f"{analyte.title.en}: the value looks like {meant}, not {typed}.",
                    )


def _unlikely(value: Expression, analyte: Analyte) -> Expression:
    return (value < analyte.soft.low) | (value > analyte.soft.high)


def _grade_checks() -> Iterator[Check]:
    """A graded result and the adverse event that is linked to it agree; a severe one has an event."""
    graded = [(form, analyte) for form, panel in PANELS.items() for analyte in panel if analyte.ctcae]
    downwards = [(form, analyte, analyte.ctcae) for form, analyte in graded]
    upwards = [(form, analyte, analyte.ctcae_high) for form, analyte in graded if analyte.ctcae_high]
    for serial, (form, analyte, term) in enumerate(downwards + upwards, start=1):
        yield from _grade_checks_of(serial, form, analyte, term)


def _grade_checks_of(serial: int, form: str, analyte: Analyte, term: str) -> Iterator[Check]:
    """Of one term; where an analyte has two, a grade counts for the one that it is of."""
    title, grade = LABTERM.codes[term], f"{analyte.code}_toxgr"
    linked = number(lookup(form, "visit", the("ae.ae_lab_visit"), grade))
    differs: Expression = number(the("ae.ae_grade")) != linked
    severe: Expression = number(the(f"{form}.{grade}")) >= 3
    if analyte.ctcae_high:
        of = the(f"{form}.{analyte.code}_tox")
        differs |= lookup(form, "visit", the("ae.ae_lab_visit"), f"{analyte.code}_tox") != term
        severe &= empty(of) | (of == term)
    yield soft(
        f"AEG-{serial:03d}",
        "ae.ae_lab",
        (the("ae.ae_lab") == term) & differs,
        f"不良事件分级与化验值CTCAE分级不一致({title.zh})。",
        f"AE grade differs from the CTCAE grade of the laboratory value ({title.en}).",
    )
    yield later(
        f"AEL-{serial:03d}",
        f"{form}.{grade}",
        severe & (count("ae", the("ae.ae_lab") == term) == 0),
        f"化验值≥3级({title.zh})但无关联不良事件。",
        f"Grade 3 or higher laboratory value ({title.en}) without a linked AE.",
    )


CHECKS = (*_unit_checks(), *_grade_checks())
