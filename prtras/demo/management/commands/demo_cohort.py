"""Fill an empty database with the demo's people and a synthetic cohort."""

from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from prtras.crf.models import Participant
from prtras.demo.cohort.people import NotInProduction, create_people
from prtras.demo.cohort.simulate import PARTICIPANTS, SEED, STAGES, simulate
from prtras.demo.cohort.writing import write_cohort
from prtras.garbage_collection import collect_seldom

#: How far the study of the demo is, unless it is stated.
STAGE = "readout"
MOST = 900  # participant numbers have three digits


class Command(BaseCommand):
    help = "Creates the demo's accounts and a synthetic cohort; does nothing where participants exist."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--participants", type=int, default=PARTICIPANTS, help="with an arm (332)")
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed gives the same cohort")
        parser.add_argument("--stage", choices=STAGES, default=STAGE, help=f"how far the study is ({STAGE})")
        parser.add_argument("--today", type=date.fromisoformat, help="YYYY-MM-DD as seen from which (today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["participants"] <= MOST:
            raise CommandError(f"--participants must be from 1 to {MOST}.")
        try:
            cast = create_people()
        except NotInProduction as refusal:
            raise CommandError(str(refusal)) from None
        if Participant.objects.exists():
            self.stdout.write("There are participants already: nothing was done.")
            return
        started = monotonic()
        collect_seldom()
        cohort = simulate(
            options["participants"], options["seed"], options["today"] or timezone.localdate(), options["stage"]
        )
        counts = write_cohort(cohort, cast=cast, tell=self._tell)
        self._tell("")
        summary = ", ".join(f"{number} {what}" for what, number in counts.items())
        self.stdout.write(f"{summary} in {monotonic() - started:.1f} s.")

    def _tell(self, message: str) -> None:
        """One line that is written over and over, for whoever watches."""
        if not self.stdout.isatty():
            return
        self.stdout.write(f"\r{message:<78}", ending="")
        self.stdout.flush()
