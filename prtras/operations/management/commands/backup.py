"""`manage.py backup`: a full or an incremental backup of database, files and recipe, encrypted."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prtras.operations.backing_up import BackupRefused, back_up
from prtras.operations.encrypted_files import WrongKey, new_identity
from prtras.operations.postgres_tools import ToolFailed


class Command(BaseCommand):
    """Makes a backup, or a key for one."""

    help = "Makes a backup: incremental where one can be continued. --new-key prints a key pair and does nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--full", action="store_true", help="begin anew")
        parser.add_argument("--new-key", action="store_true", help="print a new identity and its recipient")

    def handle(self, *args: object, **options: Any) -> None:
        if options["new_key"]:
            identity, recipient = new_identity()
            self.stdout.write(f"# keep this away from the machine\n{identity}\n# PRTRAS_BACKUP_RECIPIENT\n{recipient}")
            return
        try:
            made = back_up(full=options["full"])
        except (BackupRefused, ToolFailed, WrongKey) as refused:
            raise CommandError(str(refused)) from refused
        size = sum(each.size for each in made.files.values())
        self.stdout.write(f"{made.name}: {size:,} bytes, {len(made.stored_files)} files, head seal {made.head_seal}")
