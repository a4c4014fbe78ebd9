"""A laboratory file of 105,000 results for 300 participants, beside COPY of the same rows into a bare table.

`python -m benchmarks.lab_import [participants]`: in a folder of its own, from an empty database. Prints the seconds of
planning and writing, results per second, and the most memory that the process held.
"""

import csv
import io
import os
import resource
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("PRTRAS_VAR", ROOT / "var")) / "bench-labs"
VISITS = range(14)
#: Seconds for 100,000 results.
LIMIT = 60
#: Analytes of the file with values that every check finds usual.
USUAL = {
    "wbc": (7.5, 9), "neut": (3, 4.4), "neutp": (45, 70), "lym": (1.2, 3), "mono": (0.2, 0.5), "eos": (0.05, 0.4),
    "rbc": (4.4, 5), "hgb": (132, 148), "plt": (140, 300), "alt": (12, 38), "ast": (16, 34), "ggt": (12, 44),
    "alp": (50, 120), "tbil": (4, 20), "dbil": (1, 3.8), "tp": (72, 82), "alb": (41, 48), "creat": (58, 72),
    "urea": (3, 9), "urate": (210, 340), "gluc": (4, 6), "k": (3.6, 5.1), "na_": (138, 145), "inr": (0.9, 1.1),
    "afp": (1, 6),
}  # fmt: skip


def file_of(people: int) -> tuple[bytes, dict[str, Any]]:
    """A wide CSV: one line per participant and 12-weekly visit."""
    from tests.labs.pbc import DAY0

    rng = Random(20261129)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["pid", "date", *USUAL])
    for number in range(1, people + 1):
        for visit in VISITS:
            day = DAY0 + timedelta(weeks=12 * visit)
            writer.writerow([f"01-{number:03d}", day, *(f"{rng.uniform(*limits):.2f}" for limits in USUAL.values())])
    from labs.panels import ANALYTES

    results = {code: [code, ANALYTES[code].unit] for code in USUAL}
    return text.getvalue().encode(), {"participant": "pid", "date": "date", "results": results}


def prepare(people: int) -> tuple[Any, Any]:
    """A site, a coordinator, and participants on study with their planned visits."""
    from prtras.accounts.managing import create_site, create_system_user, create_user, give_role
    from prtras.accounts.rights import Role
    from tests.labs.pbc import enrol

    system = create_system_user()
    site = create_site("01", "深圳", "Shenzhen", user=system)
    user = create_user("bench", "Bench", "correct-horse-0", user=system)
    give_role(user, site, Role.COORDINATOR, user=system)
    enrol(site, list(range(1, people + 1)), system)
    return site, user


def copied(rows: int) -> float:
    """Seconds that PostgreSQL takes to COPY the stored rows into a table without triggers or indexes."""
    from django.db import connection, transaction

    out = io.StringIO()
    with connection.cursor() as cursor, transaction.atomic():
        cursor.copy_expert("COPY (SELECT * FROM labs_labresult) TO STDOUT", out)
        out.seek(0)
        cursor.execute("CREATE TEMP TABLE bare (LIKE labs_labresult) ON COMMIT DROP")
        started = time.perf_counter()
        cursor.copy_expert("COPY bare FROM STDIN", out)
        assert cursor.rowcount == rows
        return time.perf_counter() - started


def measure(people: int) -> dict[str, float]:
    """Import the file; what it took."""
    from labs import importing
    from labs.models import LabResult

    site, user = prepare(people)
    content, mapping = file_of(people)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    requested = importing.request_import(site, content, "bench.csv", mapping, user=user, dry_run=False)
    started = time.perf_counter()
    done = importing.run(requested.id)
    seconds = time.perf_counter() - started
    assert done is not None
    assert done.report is not None
    assert done.applied, done.report["problems"][:3]
    rows = LabResult.objects.count()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"results": rows, "seconds": seconds, "copy": copied(rows), "before MiB": before, "after MiB": after}


def main() -> int:
    """Print what it took; exit status 1 when the results took longer than their limit."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    os.environ.update(PRTRAS_ENV="demo", PRTRAS_VAR=str(FOLDER), DJANGO_SETTINGS_MODULE="prtras.settings")
    os.environ.pop("PRTRAS_DB_ROLE", None)
    import django

    django.setup()
    from benchmarks.__main__ import manage

    manage("migrate")
    took = measure(people)
    rate = took["results"] / took["seconds"]
    print(f"{took['results']:.0f} results in {took['seconds']:.1f} s ({rate:.0f} a second)")
    print(f"COPY of the same rows {took['copy']:.2f} s; memory {took['before MiB']:.0f} -> {took['after MiB']:.0f} MiB")
    return 0 if took["seconds"] < LIMIT * took["results"] / 100_000 else 1


if __name__ == "__main__":
    sys.exit(main())
