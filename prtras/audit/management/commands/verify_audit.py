"""`manage.py verify_audit`: are the seals whole, and does the trail explain what the tables hold?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from prtras.audit import replay, sealing
from prtras.audit.checks import function_errors


class Command(BaseCommand):
    help = "Recomputes every seal, replays the trail against the tables, and names the first rows that do not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seals-only", action="store_true", help="do not replay the trail against the tables")
        parser.add_argument(
            "--head", metavar="SHA256", help="a seal as a bundle, a report or a mail shows it: is it in the chain?"
        )

    def handle(self, *args: object, **options: Any) -> None:
        with connection.cursor() as cursor:
            if errors := function_errors(cursor):
                raise CommandError("\n".join(str(error.msg) for error in errors))
        sealing.seal()
        self._refuse_broken_seals()
        if options["head"]:
            self._compare(options["head"])
        if not options["seals_only"]:
            self._refuse_what_the_trail_does_not_explain()
        for first in sealing.openings():
            self.stdout.write(f"Restored: epoch {first.epoch} began with seal {first.id}, {first.made_at.isoformat()}.")
        self.stdout.write(f"The audit trail is intact. Latest seal: {sealing.head_seal()}")

    def _refuse_broken_seals(self) -> None:
        broken = sealing.verify()
        if broken is not None:
            raise CommandError(
                f"Seal {broken.seal} does not match: check audit rows {broken.first_event} to {broken.last_event}."
            )
        if intruders := sealing.intruders():
            raise CommandError(f"Audit rows were put in behind the seals: {_listed(intruders)}.")

    def _compare(self, head: str) -> None:
        try:
            seal = sealing.seal_of(head)
        except ValueError as error:
            raise CommandError(f"--head: {error}") from error
        if seal is None:
            raise CommandError(
                f"No seal {head} is in the chain. The audit trail was altered after this seal left the machine, "
                f"or the database was restored from an older backup, or the seal is another database's."
            )
        at = seal.made_at.isoformat()
        self.stdout.write(f"In the chain: it is seal {seal.id} of {at}, up to audit row {seal.last_event}.")

    def _refuse_what_the_trail_does_not_explain(self) -> None:
        if rows := replay.unexplained():
            listed = "; ".join(f"{u.table} row {u.row} ({', '.join(u.columns) or 'as a whole'})" for u in rows[:20])
            raise CommandError(f"The audit trail does not account for the content of the tables: {listed}.")
        if strangers := replay.strangers():
            raise CommandError(f"No account ever had the name in these audit rows: {_listed(strangers)}.")


def _listed(events: list[int]) -> str:
    return ", ".join(map(str, events[:20])) + (" ..." if len(events) > 20 else "")
