"""`manage.py prove_restored`: what is wrong with the database that this process is connected to, as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from prtras.operations import proof


class Command(BaseCommand):
    """Proves the database of this process."""

    help = "Proves a restored database by its content; `restore` runs it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", default="-", help="the head seal that the backup knew")
        parser.add_argument("--last-event", type=int, default=0, help="the last audit row that the backup knew")

    def handle(self, *args: object, **options: Any) -> None:
        listed = list(proof.findings(options["head"], options["last_event"]))
        self.stdout.write(json.dumps({"findings": listed, "facts": proof.facts()}))
