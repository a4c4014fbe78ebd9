"""`manage.py agree_account`: the second person where there is no second administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from prtras.accounts import requesting
from prtras.accounts.access import system_user
from prtras.accounts.models import AccountRequest


class Command(BaseCommand):
    """For who runs the server, which is not the administrator of the accounts."""

    help = "Agrees to what is requested for an account, at the server, for a centre with one administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="whose account it is")
        parser.add_argument("--by", required=True, help="who agrees, with name and position; it goes into the trail")

    def handle(self, *args: object, **options: Any) -> None:
        waiting = AccountRequest.objects.filter(person__username=options["username"], state="requested")
        if not waiting.exists():
            raise CommandError(f"Nothing is requested for {options['username']}.")
        for request in waiting.select_related("person", "by").order_by("id"):
            try:
                code = requesting.agree(request.pk, user=system_user(), reason=options["by"])
            except ValidationError as refused:
                raise CommandError(" ".join(refused.messages)) from refused
            self.stdout.write(f"{request.title.en}, requested by {request.by.username}: agreed.")
            if code:
                self.stdout.write(f"Confirmation code, for {request.person.display_name} in person: {code}")
