"""What the monitoring plan wants compared with the source: by form and by participant. Pure.

The study says what (`register_plan`); who is in the sample follows from the participant's number and the plan's seed,
so that anyone can draw it again.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """Pages of the forms in `whole` for everyone; of all other forms for `percent` of the participants.

    `items` names, by form, the items that are compared for the participants outside the sample.
    """

    version: str
    seed: str
    whole: frozenset[str] = frozenset()
    items: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    percent: int = 0

    def samples(self, number: str) -> bool:
        """Is everything of this participant compared? The first eight digits of SHA-256 of seed and number decide."""
        drawn = int(hashlib.sha256(f"{self.seed} {number}".encode()).hexdigest()[:8], 16)
        return drawn % 100 < self.percent

    def places(self, form: str, number: str) -> tuple[str, ...]:
        """What is to be compared on a page: the whole page (an empty place), some items, or nothing."""
        if form in self.whole or self.samples(number):
            return ("",)
        return self.items.get(form, ())

    def sampled(self, numbers: Iterable[str]) -> list[str]:
        """The participants of whom everything is compared."""
        return [number for number in numbers if self.samples(number)]


_plan: list[Plan] = []


def register_plan(plan: Plan) -> None:
    """The study's plan; a later one takes the place of an earlier one."""
    _plan[:] = [plan]


def plan() -> Plan:
    """The plan in force; without one, nothing has to be compared."""
    return _plan[0] if _plan else Plan(version="-", seed="")
