"""`manage.py restore`: a backup into a folder of its own, up to now or to a moment, proven by its content."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from prtras.exports.keys import NoKey, public_of
from prtras.operations.backing_up import BackupRefused
from prtras.operations.postgres_tools import ToolFailed
from prtras.operations.restoring import Damaged, Restored, prove_by_restoring, restore


class Command(BaseCommand):
    """Restores, or proves that it could."""

    help = "Restores the newest backup into --into, or proves that it can be restored (--verify)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", help="into a scratch folder; the result is on record")
        parser.add_argument("--into", type=Path, help="an empty folder")
        parser.add_argument("--from", dest="source", type=Path, help="the folder of the backups (PRTRAS_BACKUP_FOLDER)")
        parser.add_argument("--backup", default="", help="its name, instead of the newest")
        parser.add_argument("--at", default="", help="as it was at 2026-12-01T14:05 (local time, or with a zone)")
        parser.add_argument("--identity", type=Path, help="the file with the identity (PRTRAS_BACKUP_IDENTITY)")
        parser.add_argument("--signed-by", type=Path, help="the public key, of another installation's backups")

    def handle(self, *args: object, **options: Any) -> None:
        if options["verify"] == bool(options["into"]):
            raise CommandError("Either --verify or --into FOLDER.")
        try:
            restored = prove_by_restoring() if options["verify"] else self._restore(options)
        except Damaged as damaged:
            raise CommandError("\n".join(["The backup cannot be restored:", *damaged.findings])) from damaged
        except (BackupRefused, ToolFailed, NoKey, OSError) as refused:
            raise CommandError(str(refused)) from refused
        facts = ", ".join(f"{name} {value}" for name, value in restored.facts.items())
        if restored.findings:
            raise CommandError(
                "\n".join([f"{restored.manifest.name} was restored ({facts}), but:", *restored.findings])
            )
        self.stdout.write(f"{restored.manifest.name}: restored and proven by content: {facts}")

    def _restore(self, options: Any) -> Restored:
        identity = options["identity"].read_text() if options["identity"] else settings.BACKUP_IDENTITY
        if not identity:
            raise BackupRefused("--identity FILE, or PRTRAS_BACKUP_IDENTITY.")
        at = None
        if options["at"]:
            try:
                at = datetime.fromisoformat(options["at"])
            except ValueError:
                raise BackupRefused(f"--at: {options['at']} is no moment.") from None
            at = timezone.make_aware(at) if timezone.is_naive(at) else at
        signed_by = public_of(options["signed_by"].read_bytes()) if options["signed_by"] else None
        return restore(
            options["into"].resolve(), identity, source=options["source"], name=options["backup"], at=at,
            signed_by=signed_by,
        )  # fmt: skip
