"""`manage.py import_labs FILE --mapping FILE`: the hospital-file import from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from labs import importing
from labs.files import FileRefused
from prtras.accounts.models import Site, User


class Command(BaseCommand):
    help = "Tries (default) or imports a hospital laboratory file: all or nothing, with a report row by row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="JSON: what the columns mean")
        parser.add_argument("--site", default="01")
        parser.add_argument("--user", required=True, help="in whose name")
        parser.add_argument("--import", action="store_true", dest="do", help="import; without it a dry run")

    def handle(self, *args: object, **options: Any) -> None:
        path, mapping = options["file"], json.loads(options["mapping"].read_text())
        user, site = User.objects.get(username=options["user"]), Site.objects.get(code=options["site"])
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

    def _print(self, report: dict[str, Any]) -> None:
        self.stdout.write(
            f"{report['samples']} samples, {report['pages']} pages, {report['results']} results, "
            f"{report['queries']} queries opened"
        )
        for problem in report["problems"]:
            self.stdout.write(f"line {problem['line']}, {problem['column']} = {problem['value']!r}: {problem['en']}")
