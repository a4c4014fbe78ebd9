"""`manage.py set_up`: the first site and the first administrator of a new installation."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from prtras.accounts import managing


class Command(BaseCommand):
    help = "Makes the system's own account, a site and its administrator; asks for the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="the site's code; its participants' numbers begin with it")
        parser.add_argument("--name-zh", required=True)
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--admin", required=True, help="user name of the administrator")

    def handle(self, *args: object, **options: Any) -> None:
        password = getpass.getpass("Password of the administrator: ")
        try:
            managing.set_up_installation(
                options["site"], options["name_zh"], options["name_en"], options["admin"], password
            )
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        self.stdout.write(f"Site {options['site']} and administrator {options['admin']} are ready.")
