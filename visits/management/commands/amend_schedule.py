"""`manage.py amend_schedule VERSION --reason "..."`: move the visits to come to a new version of the schedule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from prtras.accounts.access import system_user
from visits.amending import NotTheNewest, amend


class Command(BaseCommand):
    """A protocol amendment, for everyone who is followed."""

    help = "Moves the visits to come of everyone who is followed to the newest version of the schedule."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version", help="the version that visits/schedule.py declares last")
        parser.add_argument("--reason", required=True, help="for the audit trail: amendment, date of approval")
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            done = amend(options["version"], options["reason"], user=system_user(), dry_run=options["dry_run"])
        except NotTheNewest as wrong:
            raise CommandError(f"{wrong} is not the newest version of the schedule") from None
        conditional = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{done.participants} participants; visits {conditional}moved {done.moved}, added {done.added},"
            f" dropped {done.dropped}"
        )
