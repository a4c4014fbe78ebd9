"""`make bench`: on the embedded server, in a folder of its own, from an empty database; about four minutes."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("PRTRAS_VAR", ROOT / "var")) / "bench"


def manage(*words: str, role: str | None = None) -> float:
    """Run a management command in a process of its own; seconds with its start-up."""
    environment = os.environ | ({"PRTRAS_DB_ROLE": role} if role else {})
    started = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> int:
    """Print the table; exit status 1 when a limit is exceeded."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    os.environ.update(PRTRAS_ENV="demo", PRTRAS_VAR=str(FOLDER), DJANGO_SETTINGS_MODULE="prtras.settings")
    os.environ.pop("PRTRAS_DB_ROLE", None)
    import django

    django.setup()  # holds the embedded server for all that follows
    manage("migrate")
    seconds = manage("demo_cohort", "--stage", "followup")
    from benchmarks import measures
    from benchmarks.simulated_design import simulated_design
    from benchmarks.timing import table

    lines = [measures.save_page_row(), measures.change_page_row(), measures.form_post(), measures.night_run(manage)]
    print(table(lines))
    print(f"\ndemo cohort of 332 with the audit on: {seconds:.1f} s with start-up (limit 60) ")
    simulated = simulated_design()
    print("\n" + simulated.text)
    pages = measures.query_counts()
    print("\n" + pages.text + "\nlaboratory file (limit 60 s for 100,000 results)", flush=True)
    imported = subprocess.run([sys.executable, "-m", "benchmarks.lab_import"], cwd=ROOT, check=False)
    good = all(line.good for line in lines) and simulated.good and pages.good
    return 0 if good and seconds < 60 and not imported.returncode else 1


if __name__ == "__main__":
    sys.exit(main())
