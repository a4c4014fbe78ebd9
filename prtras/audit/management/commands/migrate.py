"""Django's `migrate`, followed by the audit trail's own installation, so that no database goes without it."""

from django.core.management.commands.migrate import Command as Migrate

from prtras.audit.installing import install


class Command(Migrate):
    help = f"{Migrate.help} Then installs the audit trail."

    def handle(self, *args: object, **options: object) -> None:
        super().handle(*args, **options)
        if not (options["check_unapplied"] or options["plan"]):
            install()
