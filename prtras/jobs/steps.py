"""The steps of a job: each is named when it begins, where people see it at once, and how long it took is noted."""

from collections.abc import Sequence
from time import monotonic

from prtras.jobs.models import Job
from prtras.jobs.running import set_progress

#: What a job stores of its steps: the name of each, and how many seconds it took.
Durations = list[tuple[str, float]]


class Steps:
    """The steps of one job in their order; `begin` ends the one before."""

    def __init__(self, job: Job, names: Sequence[str]) -> None:
        self.job, self.names = job, list(names)
        self.durations: Durations = []
        self._running: tuple[str, float] | None = None

    def begin(self, name: str) -> None:
        """The next step. Raises LeaseLost when the job was cancelled; ValueError for a step that it does not have."""
        self.end()
        set_progress(self.job, self.names.index(name), len(self.names), name)
        self._running = name, monotonic()

    def end(self) -> Durations:
        """How long each step took so far, the one that is going on included, which ends."""
        if self._running:
            name, began = self._running
            self.durations.append((name, round(monotonic() - began, 3)))
            self._running = None
        return self.durations
