"""`manage.py labs_listen --site 01 --user NAME`: takes HL7 messages that a laboratory's system sends (MLLP)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labs import tasks
from labs.listening import ThreadedListener
from labs.models import LabImport
from prtras.accounts.access import may
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action


class Command(BaseCommand):
    """Listens until it is ended; messages that were answered are stored."""

    help = "Listens for HL7 messages (MLLP): each becomes a dry run that a person looks at; nothing is imported."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="the code of the site")
        parser.add_argument("--user", required=True, help="in whose name; a person with the right to import")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; 127.0.0.1 where not given")
        parser.add_argument("--port", type=int, default=2575, help="2575 where not given")
        parser.add_argument("--from", action="append", default=[], dest="senders", metavar="ADDRESS",
                            help="who may send, once for each; anybody who reaches the port else")  # fmt: skip

    def handle(self, *args: object, **options: Any) -> None:
        site = Site.objects.filter(code=options["site"]).first()
        user = User.objects.filter(username=options["user"]).first()
        if site is None or user is None or not may(user, Action.IMPORT_RESULTS, site):
            raise CommandError(f"{options['user']} may not import at site {options['site']}.")
        address = options["host"], options["port"]
        with ThreadedListener(address, site, user, _start, options["senders"]) as listener:
            self.stdout.write(f"Listening on {address[0]}:{listener.server_address[1]}.")
            listener.serve_forever()


def _start(requested: LabImport) -> None:
    """In the worker; without a broker it is picked up within a minute."""
    tasks.run.delay_on_commit(str(requested.pk))
