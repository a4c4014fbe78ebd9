"""`manage.py verify_audit`: recompute every seal and name the first that does not fit."""

from django.core.management.base import BaseCommand, CommandError

from prtras.audit import sealing


class Command(BaseCommand):
    help = "Recomputes every seal of the audit trail and names the first rows that do not fit."

    def handle(self, *args: object, **options: object) -> None:
        sealing.seal()
        broken = sealing.verify()
        if broken:
            raise CommandError(
                f"Seal {broken.seal} does not fit: look at audit rows {broken.first_event} to {broken.last_event}."
            )
        self.stdout.write(f"All seals fit. Head seal: {sealing.head_seal()}")
