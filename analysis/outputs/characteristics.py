"""What participants are like, by arm: quantities and categories with what is missing. Pure but for the language.

The tables of baseline characteristics and of the pattern of recurrence are made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from analysis import plan
from analysis.outputs.expectations import Numbers, at
from analysis.outputs.number_texts import number, percent
from analysis.outputs.output import Row, Share, Text
from analysis.survival.results import Result
from prtras.codelists import CodeList
from prtras.labels import T

#: One value of each participant by their number: a number, a code, codes, or None where it is not known.
Values = Mapping[str, Any]
OF_A_SPREAD = ("mean", "sd", "median", "q1", "q3")
#: What is counted or computed of a variable, by the last word of its place.
OF_A_LINE = {
    "known": T("已知人数", "participants known"), "missing": T("缺失人数", "participants missing"),
    "SMD": T("标准化差", "standardised difference"), "mean": T("均数", "mean"),
    "sd": T("标准差", "standard deviation"), "q1": T("下四分位数", "lower quartile"),
    "q3": T("上四分位数", "upper quartile"),
}  # fmt: skip
MISSING = T("缺失", "Missing")


@dataclass(frozen=True)
class Quantity:
    """A number: mean and standard deviation, median and quartiles; a skewed one by median and quartiles alone."""

    code: str
    title: T
    digits: int = 1
    skewed: bool = False


@dataclass(frozen=True)
class Category:
    """One code of a list; `several` may hold at once, so that their shares add up to more than 100 %."""

    code: str
    title: T
    codes: CodeList
    several: bool = False


Variable = Quantity | Category


@dataclass(frozen=True)
class Spread(Result):
    """How the values of an arm lie; None for what too few values do not give. Quartiles as R's quantile type 7."""

    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None


@dataclass(frozen=True)
class Characteristic(Result):
    """One variable: of how many in each arm it is known and of how many not, and their values.

    A category has `levels` ({code: {arm: participants}}), a quantity `spreads` ({arm: spread}). `smd` is the absolute
    standardised difference of the arms, None where it is not estimable or has no sense.
    """

    code: str
    known: dict[str, int]
    missing: dict[str, int]
    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)
    smd: float | None = None


def described(variable: Variable, values: Values, arms: Mapping[str, str]) -> Characteristic:
    """A variable of all participants in `arms` ({number: arm})."""
    by_arm = {arm: [values.get(each) for each, own in arms.items() if own == arm] for arm in plan.ARMS}
    known = {arm: [each for each in own if each not in (None, "", [])] for arm, own in by_arm.items()}
    counts = {arm: len(own) for arm, own in known.items()}
    missing = {arm: len(own) - counts[arm] for arm, own in by_arm.items()}
    if isinstance(variable, Quantity):
        numbers = {arm: [float(each) for each in own] for arm, own in known.items()}
        smd = None if variable.skewed else _difference_of_means(*numbers.values())
        spreads = {arm: spread(own) for arm, own in numbers.items()}
        return Characteristic(variable.code, counts, missing, spreads=spreads, smd=smd)
    levels = _levels(variable, known)
    smd = None if variable.several else _difference_of_shares(list(levels.values()))
    return Characteristic(variable.code, counts, missing, levels=levels, smd=smd)


def spread(values: Sequence[float]) -> Spread:
    """How values lie."""
    import numpy as np

    if not values:
        return Spread(None, None, None, None, None)
    q1, median, q3 = (float(each) for each in np.quantile(values, (0.25, 0.5, 0.75)))
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
    return Spread(float(np.mean(values)), sd, median, q1, q3)


def _levels(variable: Category, known: Mapping[str, Sequence[Any]]) -> dict[str, dict[str, int]]:
    """How many have each code that occurs."""
    counts = {arm: Counter(_codes(own)) for arm, own in known.items()}
    there = {code for own in counts.values() for code in own}
    return {code: {arm: own[code] for arm, own in counts.items()} for code in ordered(variable.codes.codes, there)}


def ordered(texts: Mapping[str, T], there: Collection[str]) -> list[str]:
    """Codes in the order in which people read them, then those that left the list; what is stored has no order."""
    return [code for code in texts if code in there] + sorted(set(there) - set(texts))


def _codes(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from (value,) if isinstance(value, str) else dict.fromkeys(value)


def _difference_of_means(one: Sequence[float], other: Sequence[float]) -> float | None:
    """|difference of means| over the root of the mean variance (Austin, Stat Med 2009;28:3083)."""
    import numpy as np

    if min(len(one), len(other)) < 2 or all(max(own) == min(own) for own in (one, other)):
        return None
    variance = (np.var(one, ddof=1) + np.var(other, ddof=1)) / 2
    return abs(float(np.mean(other) - np.mean(one))) / sqrt(variance)


def _difference_of_shares(levels: Sequence[Mapping[str, int]]) -> float | None:
    """The distance of two multinomial distributions (Yang & Dalton, SAS Global Forum 2012, paper 335).

    With two levels it is |p2 - p1| over the root of the mean of p(1 - p). The covariance has no inverse exactly where
    the arms have no level in common.
    """
    import numpy as np

    counts = np.array([list(level.values()) for level in levels], dtype=float).reshape(len(levels), len(plan.ARMS))
    if not counts.prod(axis=1).any():
        return None
    shares = (counts / counts.sum(axis=0))[1:]
    apart = shares[:, 1] - shares[:, 0]
    covariance = sum(np.diag(own) - np.outer(own, own) for own in shares.T) / 2
    return sqrt(max(float(apart @ np.linalg.solve(covariance, apart)), 0.0)) if len(apart) else 0.0


def rows(variables: Iterable[Variable], lines: Iterable[Characteristic], *, smd: bool) -> Iterator[Row]:
    """The lines of a table with one column for each arm, and behind them the standardised difference."""
    by_code = {line.code: line for line in lines}
    for variable in variables:
        if variable.code in by_code:
            yield from _rows(variable, by_code[variable.code], smd=smd)


def _rows(variable: Variable, line: Characteristic, *, smd: bool) -> Iterator[Row]:
    if isinstance(variable, Quantity):
        yield from _quantity_rows(variable, line, smd=smd)
    else:
        difference: tuple[Text, ...] = (("–" if variable.several else number(line.smd, 3)),) if smd else ()
        yield Row(variable.title, ("", "", *difference))
        for code in ordered(variable.codes.codes, line.levels):
            counts = line.levels[code]
            cells = (Share(counts[arm], percent(counts[arm] / (line.known[arm] or 1))) for arm in plan.ARMS)
            yield Row(indented(typeset(variable.codes.text(code))), (*cells, *_empty(smd)))
    if any(line.missing.values()):
        yield Row(indented(MISSING), (*(line.missing[arm] for arm in plan.ARMS), *_empty(smd)))


def _quantity_rows(variable: Quantity, line: Characteristic, *, smd: bool) -> Iterator[Row]:
    digits = variable.digits
    spreads = [line.spreads[arm] for arm in plan.ARMS]
    middle = [f"{number(own.median, digits)} ({number(own.q1, digits)}–{number(own.q3, digits)})" for own in spreads]
    quartiles = T("中位数（四分位数）", "median (quartiles)")
    if variable.skewed:
        title = T("{title}，{what}", "{title}, {what}").format(title=variable.title, what=quartiles)
        yield Row(title, (*middle, *(("–",) if smd else ())))
        return
    means = [f"{number(own.mean, digits)} ({number(own.sd, digits)})" for own in spreads]
    title = T("{title}，均数（标准差）", "{title}, mean (SD)").format(title=variable.title)
    yield Row(title, (*means, *((number(line.smd, 3),) if smd else ())))
    yield Row(indented(quartiles), (*middle, *_empty(smd)))


def _empty(smd: bool) -> tuple[str, ...]:
    return ("",) if smd else ()


def indented(text: T) -> T:
    """A line below another one."""
    return T("　{text}", "– {text}").format(text=text)


#: The punctuation of the specification's code lists as Chinese is printed.
_FULL_WIDTH = str.maketrans("(),:;", "（），：；")


def typeset(text: T) -> T:
    """A text of a code list as it is printed: Chinese with full-width punctuation."""
    return T(text.zh.translate(_FULL_WIDTH), text.en)


def heads(participants: Mapping[str, int]) -> tuple[Text, ...]:
    """The columns of the arms with their participants."""
    text = T("{arm}\n(n = {n})", "{arm}\n(n = {n})")
    return tuple(text.format(arm=plan.ARMS[arm], n=participants[arm]) for arm in plan.ARMS)


def places_of(variables: Iterable[Variable]) -> dict[str, T]:
    """The words of the places of `numbers_of`: every variable, and a level together with its variable."""
    words = dict(OF_A_LINE)
    for variable in variables:
        words[variable.code] = variable.title
        for code, text in variable.codes.codes.items() if isinstance(variable, Category) else ():
            level = T("{title}：{level}", "{title}: {level}").format(title=variable.title, level=typeset(text))
            words[f"{variable.code} {code}"] = level
    return words


def numbers_of(line: Characteristic) -> Numbers:
    """Everything that is shown of a variable, and its means where the median stands alone."""
    numbers: Numbers = {f"{line.code} SMD": line.smd}
    for arm in plan.ARMS:
        numbers |= at(f"{line.code} {arm}", {"known": line.known[arm], "missing": line.missing[arm]})
        if line.spreads:
            numbers |= at(f"{line.code} {arm}", {name: getattr(line.spreads[arm], name) for name in OF_A_SPREAD})
    for code, counts in line.levels.items():
        numbers |= at(f"{line.code} {code}", dict(counts))
    return numbers
