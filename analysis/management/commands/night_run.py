"""`manage.py night_run`: the night run, now."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from analysis import running, steps
from prtras.accounts.access import system_user


class Command(BaseCommand):
    requires_system_checks = ()  # `check`, the server and the worker do that; here it would be a tenth of the run
    help = "Takes a data cut, computes the planned analyses and writes the report, as the beat does at 02:00."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cutoff", type=date.fromisoformat, help="default: today")
        parser.add_argument("--replicate", action="store_true", help="with English report and lifelines")
        parser.add_argument("--if-none", action="store_true", help="only when there is no finished run yet")

    def handle(self, *args: object, **options: Any) -> None:
        if options["if_none"] and running.latest():
            return
        cutoff = options["cutoff"] or timezone.localdate()
        requested = running.request_run(cutoff, user=system_user(), nightly=options["cutoff"] is None)
        done = running.run(requested.id, steps.ALL if options["replicate"] else steps.FIRST)
        assert done is not None
        assert done.cut is not None
        assert done.started_at is not None
        assert done.finished_at is not None
        seconds = (done.finished_at - done.started_at).total_seconds()
        self.stdout.write(f"Run {done.id}: {done.status} in {seconds:.1f} s, data cut {done.cut.sha256}")
