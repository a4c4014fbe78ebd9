"""Every edit check against vectors: a clean participant, and one planted fault at a time."""

from collections.abc import Collection
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from prtras.crf.registry import all_checks, holder_of
from tests.crf.vector_participant import changed, findings

HERE = Path(__file__).resolve().parent
SPECIFIED = yaml.safe_load((HERE.parent / "reference" / "crf" / "check_vectors.yaml").read_text())
OURS = yaml.safe_load((HERE / "check_vectors.yaml").read_text())
#: One vector each: which check, whether it fires, and the changes of the clean participant as (path, value).
VECTORS = [
    (vector["check"], vector["expect"], [(change["path"], change["value"]) for change in vector["set"]])
    for vector in SPECIFIED["mutations"]
]
VECTORS += [
    (check, expect, list(changes.items()))
    for check, pair in OURS.items()
    for expect, pages in pair.items()
    for changes in (pages if isinstance(pages, list) else [pages])
]
TODAY = date.fromisoformat(SPECIFIED["today"])
CHECKS = {check.id: check for check in all_checks()}
#: The two units are so alike that no value is unlikely in the one and likely in the other.
NEVER = {"UNIT-008", "UNIT-010", "UNIT-027", "UNIT-053"}

#: Faults that can stand in one casebook together without hiding one another.
TOGETHER = (
    "AE-001", "AE-003", "AE-004", "AE-011", "AE-013", "AE-015", "AE-016", "AEG-002", "ALC-003", "ALC-005",
    "ALC-008", "CM-004", "CM-005", "CON-001", "CON-002", "CON-009", "CON-013", "CON-016", "DM-002", "DTH-001",
    "DTH-002", "DTH-005", "DUP-001", "DUP-004", "DUP-005", "DV-001", "DV-003", "EOS-003", "HCC-001", "HCC-002",
    "IE-003", "IE-005", "IE-007", "IE-009", "IE-010", "IE-014", "IE-019", "IE-021", "IE-022", "IE-025", "IE-029",
    "IE-031", "IE-032", "LAB-001",
)  # fmt: skip


def test_every_check_has_a_page_on_which_it_fires_and_one_on_which_it_does_not():
    known = {(check, expect) for check, expect, _ in VECTORS}
    lacking = {check for check in CHECKS if not {(check, "fires"), (check, "does_not_fire")} <= known}
    assert lacking == NEVER


def fired(changes: list[tuple[str, Any]], on: Collection[str] = ()) -> set[str]:
    subject = deepcopy(SPECIFIED["clean_subject"])
    for path, value in deepcopy(changes):
        changed(subject, path, value)
    return {finding.check for _page, finding in findings(subject, TODAY, on)}


def test_the_clean_participant_has_no_finding_of_a_written_check():
    assert fired([]) & set(CHECKS) == set()


@pytest.mark.parametrize(
    ("check", "expect", "changes"), VECTORS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_planted_fault_is_found_and_what_is_right_is_not(check, expect, changes):
    page, _ = holder_of(CHECKS[check].form)
    assert (check in fired(changes, on=[page.code])) is (expect == "fires")


def test_a_casebook_full_of_faults_shows_every_one_of_them():
    firing = {check: changes for check, expect, changes in reversed(VECTORS) if expect == "fires"}
    assert len(TOGETHER) > 40
    assert set(TOGETHER) - fired([change for check in TOGETHER for change in firing[check]]) == set()
