"""`manage.py verify_audit`: are the seals whole, and does the trail explain what the tables hold?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prtras.audit import replay, sealing


class Command(BaseCommand):
    help = "Recomputes every seal, replays the trail against the tables, and names the first rows that do not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seals-only", action="store_true", help="do not replay the trail against the tables")

    def handle(self, *args: object, **options: Any) -> None:
        sealing.seal()
        broken = sealing.verify()
        if broken is not None:
            raise CommandError(
                f"Seal {broken.seal} does not match: check audit rows {broken.first_event} to {broken.last_event}."
            )
        if not options["seals_only"] and (rows := replay.unexplained()):
            listed = "; ".join(f"{u.table} row {u.row} ({', '.join(u.columns) or 'as a whole'})" for u in rows[:20])
            raise CommandError(f"The audit trail does not account for the content of the tables: {listed}.")
        self.stdout.write(f"The audit trail is intact. Latest seal: {sealing.head_seal()}")
