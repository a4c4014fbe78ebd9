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
    help = "Tries (default) or imports a hospital laboratory file: all lines or the good ones, with a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="JSON: what the columns mean")
        parser.add_argument("--site", help="the code of the site; where the person works at one site, that one")
        parser.add_argument("--user", required=True, help="in whose name")
        parser.add_argument("--import", action="store_true", dest="do", help="import; without it a dry run")
        parser.add_argument("--good-lines", action="store_true", help="import the good lines, and list the others")
        parser.add_argument("--correct", default="", metavar="REASON", help="why values that differ are replaced")
        parser.add_argument("--confirm", action="store_true", help="samples unlike their participant were checked")

    def handle(self, *args: object, **options: Any) -> None:
        path, mapping = options["file"], json.loads(options["mapping"].read_text())
        user = User.objects.get(username=options["user"])
        site = self._site(user, options["site"])
        try:
            requested = importing.request_import(
                site, path.read_bytes(), path.name, mapping, user=user, dry_run=not options["do"],
                part=importing.GOOD if options["good_lines"] else importing.ALL, correction=options["correct"],
                confirmed=options["confirm"],
            )  # fmt: skip
        except FileRefused as refused:
            raise CommandError(refused.text.en) from refused
        done = importing.run(requested.id)
        assert done is not None
        assert done.report is not None
        self._print(done.report)
        if done.report["problem_count"] and not done.applied:
            raise CommandError(f"Nothing imported: {done.report['problem_count']} problems.")
        outcome = "Imported." if done.complete else "The good lines were imported."
        self.stdout.write(outcome if done.applied else "Dry run: nothing was changed.")

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
        for problem in report["problems"] + report["warnings"] + report["notes"]:
            self.stdout.write(f"line {problem['line']}, {problem['column']} = {problem['value']!r}: {problem['en']}")
