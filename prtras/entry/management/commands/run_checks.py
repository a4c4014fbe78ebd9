"""`manage.py run_checks`: every edit check over everything that is stored, as at night."""

from time import monotonic

from django.core.management.base import BaseCommand

from prtras.accounts.access import system_user
from prtras.entry.nightly_checks import run_checks


class Command(BaseCommand):
    """The batch of edit checks, as at night."""

    help = "Runs every edit check over all submitted pages: opens queries for findings, closes those that are cured."

    def handle(self, *args: object, **options: object) -> None:
        started = monotonic()
        done = run_checks(user=system_user())
        self.stdout.write(
            f"{done.participants} participants, {done.pages} pages, {done.findings} findings: {done.opened} queries"
            f" opened, {done.closed} closed in {monotonic() - started:.1f} s"
        )
