"""The numbers of a bundle, computed again by its own programs. Only a bundle whose maker is known is run."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from prtras.exports.verify.findings import MOST_LISTED, Report, line_of

#: Seconds that a program may take.
LONGEST = 1800
EXPECTED = "expected.json"
DIFFERS = re.compile(r"DIFFERS  ([^:]+): (.*?)(?:: expected .*)?")
ALL_AGREE = re.compile(r"All (\d+) numbers agree\.")
#: What a program sees of the environment: nothing that is this system's.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "R_LIBS", "R_LIBS_USER", "R_LIBS_SITE")


def recompute(files: Mapping[str, bytes], report: Report) -> None:
    """Run the programs in a folder of their own; every number that differs is a finding."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for program, command, needs in (
            ("recompute.py", sys.executable, "Python"),
            ("recompute.R", shutil.which("Rscript"), "R"),
        ):
            if program not in files:
                report.add("missing_file", program)
            elif command is None:
                report.note("no_program", program=program, needs=needs)
            else:
                _run(program, [command, *(["-E"] if program.endswith(".py") else []), program], folder, files, report)


def _run(program: str, command: list[str], folder: str, files: Mapping[str, bytes], report: Report) -> None:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours: its maker's key was given
            command, cwd=folder, env=environment, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        report.add("program_failed", program, program=program, status="timeout")
        return
    lines = done.stdout.decode(errors="replace").splitlines()
    differing = [match for match in map(DIFFERS.fullmatch, lines) if match]
    for match in differing[:MOST_LISTED]:
        _report_difference(program, match[1], match[2], files, report)
    agree = next((match for match in map(ALL_AGREE.fullmatch, lines) if match), None)
    if done.returncode == 0 and agree:
        report.note("program_agrees", program=program, compared=int(agree[1]))
    elif not differing:
        report.add("program_failed", program, program=program, status=done.returncode)


def _report_difference(program: str, table: str, place: str, files: Mapping[str, bytes], report: Report) -> None:
    """In the file that holds the expected number: adtte.csv for an endpoint, else expected.json."""
    shown = f"{table}: {place}"
    if table == "adtte" and place.count(" ") >= 2:
        person, parameter = place.split(" ")[:2]
        text = files.get("adtte.csv", b"").decode(errors="replace")
        line = next((n for n, row in enumerate(text.splitlines(), 1) if {person, parameter} <= {*row.split(",")}), None)
        report.add("number_differs", "adtte.csv", line, program=program, place=shown)
        return
    text = files.get(EXPECTED, b"").decode(errors="replace")
    report.add("number_differs", EXPECTED, line_of(text, f'"{table}": {{', f'"{place}":'), program=program, place=shown)
