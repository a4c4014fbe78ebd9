"""2,000 simulated trials of the design: how long they take, and whether power and type I error are the planned ones."""

import math
import time
from dataclasses import dataclass

from analysis.design_simulation import Design, simulate

TRIALS, LIMIT = 2_000, 5.0
#: Per cent: the power of the design by statistics.md, and the level of its test; their own Monte Carlo error is 0.6.
POWER, LEVEL, ERROR = 82.5, 5.0, 0.6
#: Standard errors of both simulations together within which they agree.
WITHIN = 3.5


@dataclass(frozen=True)
class Simulated:
    """What was found, in words; `good` within the limits."""

    text: str
    good: bool


def simulated_design() -> Simulated:
    """Simulate the design with its effect, and without any."""
    lines, good = [], True
    for what, design, seed, expected in (
        ("power", Design(control_recurrence=0.5), 11, POWER), ("type I error", Design(hazard_ratio=1.0), 5, LEVEL),
    ):  # fmt: skip
        started = time.perf_counter()
        (tested,) = simulate(design, TRIALS, seed, ("logrank",)).analyses
        seconds, rejects = time.perf_counter() - started, 100 * tested.rejects
        agrees = abs(rejects - expected) < WITHIN * math.hypot(100 * tested.se, ERROR)
        lines.append(
            f"{TRIALS:,} trials, {what}: {rejects:.1f} % (expected {expected} %), {seconds:.1f} s (limit {LIMIT:g})"
        )
        good = good and agrees and seconds < LIMIT
    return Simulated("\n".join(lines), good)


if __name__ == "__main__":
    print(simulated_design().text)
