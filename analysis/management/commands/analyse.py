"""`manage.py analyse TABLE`: every estimator of the study over any table, with its columns named."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.exploration.over_table import Exploration, explore
from analysis.exploration.request import RequestRefused, request_of
from analysis.exploration.sources import UnreadableTable, read
from analysis.survival.survival_data import BadTable

#: Of every group of options: the option, what it takes, what it does.
OPTIONS = {
    "the table": (
        ("--sheet", "NAME", "the sheet of a workbook that has several"),
        ("--where", "COLUMN=VALUE,...", "only the rows with these values"),
        ("--decimal-comma", "", "commas in numbers are decimal commas: 1,234 is 1.234"),
        ("--categorical", "COLUMNS", "covariates whose cells are categories though they look like numbers"),
        ("--reference", "COLUMN=LEVEL,...", "reference level of covariates, confounders, arm or treatment"),
    ),
    "time to an event": (
        ("--time", "COLUMN", "time to event or censoring"),
        ("--event", "COLUMN", "1 event, 0 censored"),
        ("--event-value", "VALUE", "the value of the event column that is an event, if it is not coded 1 and 0"),
        ("--entry", "COLUMN", "delayed entry: at risk from here on (Kaplan-Meier, log-rank, contrasts, Cox)"),
        ("--arm", "COLUMN", "the groups of curves, tests and contrasts"),
        ("--times", "NUMBERS", "times at which to read the curves"),
    ),
    "tests and contrasts of the groups": (
        ("--strata", "COLUMNS", "columns that stratify log-rank and Cox"),
        ("--rho", "NUMBER", "Fleming-Harrington rho of the log-rank test; 0 is log-rank, 1 Peto-Peto"),
        ("--at", "NUMBERS", "compare every group with the first at these times, with Klein's test and limits"),
        ("--tau", "NUMBER", "restricted mean up to here, by group, with difference and ratio"),
    ),
    "Cox": (
        ("--covariates", "COLUMNS", "columns of the model (Cox, Fine-Gray, interval models)"),
        ("--ties", "NAME", "efron (default) or breslow"),
        ("--robust", "", "robust standard errors"),
        ("--cluster", "COLUMN", "clusters of the robust standard errors"),
    ),
    "competing risks": (
        ("--competing", "VALUES", "values of the event column that are competing events: cumulative incidence, "
         "Gray's test, and Fine-Gray with --covariates; elsewhere they are censored"),
    ),
    "propensity score weights": (
        ("--treatment", "COLUMN", "the two arms that are compared under every weighting scheme"),
        ("--confounders", "COLUMNS", "columns of the propensity score"),
    ),
    "interval censoring": (
        ("--interval", "LEFT RIGHT", "the event lies after LEFT and not after RIGHT (missing: not seen)"),
        ("--visit-spacing", "NUMBER", "time between planned visits: hazards grouped by visit, with --visits"),
        ("--visits", "NUMBER", "how many visits are planned"),
    ),
}  # fmt: skip
EXAMPLES = """
Several columns, values or numbers are separated by commas. Exit status: 0, 1 if a step was refused or nothing could be
read. Examples:
  analyse trial.csv --time days --event status --arm arm --covariates arm,age,bclc --times 365,1095 --tau 1000
  analyse trial.xlsx --sheet Data --time days --event status --event-value recurrence --competing death --arm arm
  analyse trial.csv --time days --event status --treatment arm --confounders age,bclc,hbsag
  analyse adtte.csv --where PARAMCD=TTR --time AVAL --event CNSR --event-value 0 --arm ARMCD --tau 900
  analyse mri.csv --interval last_negative first_positive --arm arm --covariates arm --visit-spacing 84 --visits 13
"""


class Command(BaseCommand):
    help = (
        "Kaplan-Meier, log-rank, contrasts, Cox, competing risks, propensity score weights and interval censoring over "
        "a table given by path (CSV, TSV, XLSX, XLS, ODS, JSON). "
        "Rows with a missing value in a named column are dropped and counted, step by step."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = EXAMPLES
        parser.add_argument("table", type=Path)
        for title, options in OPTIONS.items():
            group = parser.add_argument_group(title)
            for option, takes, text in options:
                if not takes:
                    group.add_argument(option, action="store_true", help=text)
                elif " " in takes:
                    group.add_argument(option, nargs=2, metavar=tuple(takes.split()), help=text)
                else:
                    group.add_argument(option, metavar=takes, help=text)
        parser.add_argument("--json", action="store_true", help="everything as JSON, with full precision")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            texts = read(Path(options["table"]), options["sheet"] or "")
            explored = explore(texts, request_of(options, list(texts.columns)))
        except (UnreadableTable, RequestRefused, BadTable) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_written(explored, options["json"]))
        if explored.refused:
            raise CommandError(f"{len(explored.refused)} of {len(explored.steps)} steps refused: "
                               f"{', '.join(step.name for step in explored.steps if step.refused)}.")  # fmt: skip


def _written(explored: Exploration, as_json: bool) -> str:
    return json.dumps(explored.to_dict(), indent=1) if as_json else "\n".join(explored.lines())
