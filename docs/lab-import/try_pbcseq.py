"""The Mayo PBC sequential data into 312 participants: dry run, report, correction, import, recognition, trail."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.update(DJANGO_SETTINGS_MODULE="prtras.settings", PRTRAS_VAR=str(ROOT / "var" / "pbcseq"))


def main() -> None:
    """Each step prints what it found."""
    import django

    django.setup()
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)

    from labs import importing
    from labs.files.refusals import FileRefused
    from prtras.accounts.access import system_user
    from prtras.audit.models import AuditEvent
    from prtras.crf.models import Participant
    from prtras.demo.cohort.people import create_people
    from tests.labs.pbc import enrol

    people = create_people()
    site, lin = people.site, people.coordinator
    if not Participant.objects.exists():
        enrol(site, list(range(1, 313)), system_user())
    mapping = json.loads((ROOT / "docs/lab-import/pbcseq.json").read_text())
    content = (ROOT / "tests/reference/pbcseq.csv").read_bytes()

    def attempt(what: bytes, *, dry_run: bool) -> dict:
        asked = importing.request_import(site, what, "pbcseq.csv", mapping, user=lin, dry_run=dry_run)
        done = importing.run(asked.id)
        print({k: v for k, v in done.report.items() if k != "problems"}, "applied:", done.applied)
        return done.report

    print("1. dry run of the file as it is")
    problems = attempt(content, dry_run=True)["problems"]
    for problem in problems:
        print(f"   line {problem['line']}, {problem['column']} = {problem['value']}: {problem['en']}")

    print("2. those cells emptied, imported whole")
    table = list(csv.reader(io.StringIO(content.decode())))
    for problem in problems:
        table[problem["line"] - 1][table[0].index(problem["column"])] = ""
    corrected = io.StringIO()
    csv.writer(corrected).writerows(table)
    attempt(corrected.getvalue().encode(), dry_run=False)

    print("3. the same file again")
    try:
        attempt(corrected.getvalue().encode(), dry_run=False)
    except FileRefused as refused:
        print("   refused:", refused.text.en)

    print("4. the trail")
    rows = AuditEvent.objects.filter(table="labs_labresult", source__startswith="file ")
    print(f"   {rows.count()} result rows, sources {set(rows.values_list('source', flat=True))}")


if __name__ == "__main__":
    main()
