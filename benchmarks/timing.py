"""Interleaved timing: baseline and ours turn by turn, so that a busy moment hits both."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One row of the table: what, baseline and ours in milliseconds (median), their ratio and the most it may be."""

    what: str
    baseline: str
    base_ms: float
    ours_ms: float
    spread: str
    limit: float

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.base_ms

    @property
    def good(self) -> bool:
        return self.ratio <= self.limit


def compare(
    what: str, baseline: str, base: Callable[[int], object], ours: Callable[[int], object], *, rounds: int, limit: float
) -> Line:
    """Run both `rounds` times, turn by turn, after a warm-up of each."""
    for i in range(max(2, rounds // 20)):
        base(-2 * i - 1)
        ours(-2 * i - 2)
    times: tuple[list[float], list[float]] = ([], [])
    for i in range(rounds):
        for durations, run in zip(times, (base, ours), strict=True):
            started = time.perf_counter()
            run(i)
            durations.append(1000 * (time.perf_counter() - started))
    spread = f"{min(times[1]):.1f}-{max(times[1]):.1f}"
    return Line(what, baseline, statistics.median(times[0]), statistics.median(times[1]), spread, limit)


def table(lines: list[Line]) -> str:
    """The table as people read it."""
    head = f"{'what':<46}{'baseline':<34}{'base ms':>9}{'ours ms':>9}{'min-max':>16}{'ratio':>7}{'limit':>7}"
    body = [
        f"{x.what:<46}{x.baseline:<34}{x.base_ms:>9.2f}{x.ours_ms:>9.2f}{x.spread:>16}{x.ratio:>7.2f}{x.limit:>7.2f}"
        f"  {'ok' if x.good else 'OVER'}"
        for x in lines
    ]
    return "\n".join([head, "-" * len(head), *body])
