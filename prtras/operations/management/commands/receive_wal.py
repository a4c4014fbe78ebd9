"""`manage.py receive_wal`: receives every change from the database, encrypts and keeps it; runs until it is stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prtras.operations.backing_up import BackupRefused
from prtras.operations.postgres_tools import ToolFailed
from prtras.operations.wal_receiver import receive


class Command(BaseCommand):
    """Receives until it is stopped."""

    help = "Receives WAL continuously, so that a restore loses a minute at most."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--until", default="", help="receive up to this position and end")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            receive(until=options["until"])
        except (BackupRefused, ToolFailed) as refused:
            raise CommandError(str(refused)) from refused
