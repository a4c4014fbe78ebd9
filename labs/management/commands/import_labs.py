"""`manage.py import_labs FILE --mapping FILE`: the hospital-file import from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labs import importing
from labs.files.refusals import FileRefused
from prtras.accounts.access import sites_where
from prtras.accounts.models import Site, User
from prtras.accounts.rights import Action


class Command(BaseCommand):
    help = "Tries (default) or imports a hospital laboratory file: all or nothing, with a report row by row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="JSON: what the columns mean")
        parser.add_argument("--site", help="the code of the site; where the person works at one site, that one")
        parser.add_argument("--user", required=True, help="in whose name")
        parser.add_argument("--import", action="store_true", dest="do", help="import; without it a dry run")

    def handle(self, *args: object, **options: Any) -> None:
        path, mapping = options["file"], json.loads(options["mapping"].read_text())
        user = User.objects.get(username=options["user"])
        site = self._site(user, options["site"])
        try:
            requested = importing.request_import(
                site, path.read_bytes(), path.name, mapping, user=user, dry_run=not options["do"]
            )
        except FileRefused as refused:
            raise CommandError(refused.text.en) from refused
        done = importing.run(requested.id)
        assert done is not None
        assert done.report is not None
        self._print(done.report)
        if done.report["problem_count"]:
            raise CommandError(f"Nothing imported: {done.report['problem_count']} problems.")
        self.stdout.write("Imported." if done.applied else "Dry run: nothing was changed.")

    def _site(self, user: User, code: str | None) -> Site:
        """The site named, or the only one at which the person may import."""
        if code:
            return Site.objects.get(code=code)
        sites = sites_where(user, Action.IMPORT_RESULTS)
        if len(sites) != 1:
            raise CommandError(f"{user.username} may import at {len(sites)} sites: name one with --site.")
        return Site.objects.get(pk=sites[0])

    def _print(self, report: dict[str, Any]) -> None:
        self.stdout.write(
            f"{report['samples']} samples, {report['pages']} pages, {report['results']} results, "
            f"{report['queries']} queries opened"
        )
        for problem in report["problems"] + report["notes"]:
            self.stdout.write(f"line {problem['line']}, {problem['column']} = {problem['value']!r}: {problem['en']}")
