"""Everything that can be checked of a bundle, in one report."""

import hashlib
from collections import Counter
from collections.abc import Collection
from typing import Literal

from prtras.exports.verify import manifest
from prtras.exports.verify.archive import unpacked
from prtras.exports.verify.codebook import codebook_of
from prtras.exports.verify.findings import MOST_LISTED, Finding, Report
from prtras.exports.verify.recomputation import EXPECTED, recompute
from prtras.exports.verify.tables import check_tables

RESULTS = "results.json"


#: When the programs of a bundle are run: never, when one of the known keys signed it, whoever made it.
Run = Literal["never", "signed", "always"]


def verify(content: bytes, known: Collection[str] = (), *, results: str = "", run: Run = "signed") -> Report:
    """A report on the bytes of a bundle.

    `known`: fingerprints of the keys that may have signed it. `results`: the checksum of results that a run or a
    report shows.
    """
    report = Report()
    files = unpacked(content, report)
    facts = manifest.checked(files, report) if files is not None else None
    if files is None or facts is None:
        return report
    ours = manifest.check_signature(files, known, report)
    whole = not report.findings  # what a good signature leads to is what its maker wrote
    parts = {name: str(form) for name, form in facts["parts"].items()}
    rows = check_tables(files, codebook_of(files, report), parts, report)
    if results and hashlib.sha256(files.get(RESULTS, b"")).hexdigest() != results:
        report.add("other_results", RESULTS)
    if EXPECTED in files:
        if run == "always" or (run == "signed" and ours and whole):
            recompute(files, report)
        elif run == "signed":
            report.note("not_run")
    report.note("files", files=len(files), rows=rows)
    report.findings = _not_too_many(report.findings)
    return report


def _not_too_many(findings: list[Finding]) -> list[Finding]:
    """The first of each file."""
    listed: Counter[str] = Counter()
    few = []
    for finding in findings:
        listed[finding.file] += 1
        if listed[finding.file] <= MOST_LISTED:
            few.append(finding)
    return few
