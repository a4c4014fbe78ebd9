"""`manage.py simulate_design`: power, type I error and bias of the design, by simulation."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.design_simulation import ANALYSES, Design, Operating, Simulation, simulate
from analysis.survival.design import required_events

#: Of every value of the design that is an option: what it is.
OPTIONS = {
    "participants": "participants with an arm",
    "control_recurrence": "recurrence over the three years without the new drug, as a proportion",
    "hazard_ratio": "the true hazard ratio; 1 gives the type I error",
    "share": "share of the participants in the new arm",
    "dropout": "proportion lost over the three years",
    "death": "proportion dead without recurrence over the three years",
    "missed": "proportion of scans missed",
    "missed_new": "the same in the new arm, if it differs",
    "shape": "Weibull shape of the time to recurrence; below 1: early",
    "confounding": "strength of the measured confounders; 1: the unadjusted hazard ratio of no effect is about 0.77",
    "unmeasured": "strength of a confounder that no analysis has",
    "interval": "days between scans",
    "window": "days by which a scan may be early or late",
    "visits": "planned scans",
    "alpha": "two-sided level",
}
CHOICES = {"all": ANALYSES, "unadjusted": ANALYSES[:2], "adjusted": ANALYSES[2:]}
TITLES = {"logrank": "log-rank, unadjusted", "cox": "Cox, unadjusted", "cox_adjusted": "Cox, adjusted"}


class Command(BaseCommand):
    """A door to `analysis.design_simulation`."""

    help = (
        "Simulates trials of the design and says how often each analysis rejects (power, or type I error with "
        "--hazard-ratio 1), with Monte Carlo standard errors, mean hazard ratio, coverage and events."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        for each in fields(Design):
            kind = int if isinstance(each.default, int) else float
            text = f"{OPTIONS[each.name]} (default: {each.default})"
            parser.add_argument(f"--{each.name.replace('_', '-')}", type=kind, default=each.default, help=text)
        parser.add_argument("--trials", type=int, default=2000, help="simulated trials (default: 2000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same numbers (default: 1)")
        parser.add_argument("--analysis", choices=CHOICES, default="all", help="which analyses (default: all)")
        parser.add_argument("--json", action="store_true", help="everything as JSON, with full precision")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            design = Design(**{name: options[name] for name in OPTIONS})
            simulated = simulate(design, options["trials"], options["seed"], CHOICES[options["analysis"]])
        except ValueError as refused:
            raise CommandError(str(refused)) from refused
        written = {"design": vars(design), **simulated.to_dict()}
        self.stdout.write(json.dumps(written, indent=1) if options["json"] else "\n".join(_lines(design, simulated)))


def _lines(design: Design, simulated: Simulation) -> Iterator[str]:
    values = ", ".join(f"{name} {value:g}" for name, value in vars(design).items() if value is not None)
    yield f"Design: {values}"
    yield f"Trials: {simulated.trials}, seed {simulated.seed}; in the new arm {100 * simulated.mean_share:.1f} %"
    events = f"Events: {simulated.mean_events:.1f} on average"
    if simulated.formula_power is not None:
        needed = required_events(design.hazard_ratio, alpha=design.alpha, share=design.share)
        power = f"{100 * simulated.formula_power:.1f} %"
        events += f"; by formula (Schoenfeld) 80 % power needs {needed}, and these events have {power}"
    yield events
    rejects = "type I error" if design.hazard_ratio == 1 else "power"
    yield f"{'analysis':22}{rejects:>14}{'MC SE':>9}{'for benefit':>13}{'mean HR':>9}{'coverage':>10}{'failed':>8}"
    for each in simulated.analyses:
        yield _line(each)


def _line(each: Operating) -> str:
    ratio = "-" if each.mean_hr is None else f"{each.mean_hr:.3f}"
    coverage = "-" if each.coverage is None else f"{100 * each.coverage:.1f} %"
    shares = f"{100 * each.rejects:>12.1f} %{100 * each.se:>7.1f} %{100 * each.benefit:>11.1f} %"
    return f"{TITLES[each.analysis]:22}{shares}{ratio:>9}{coverage:>10}{each.failed:>8}"
