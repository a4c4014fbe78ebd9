"""Every edit check against the specification's vectors: a clean participant, and one planted fault at a time."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from prtras.crf.registry import all_checks
from tests.crf.vector_participant import changed, findings

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "crf"
VECTORS = yaml.safe_load((REFERENCE / "check_vectors.yaml").read_text())
TODAY = date.fromisoformat(VECTORS["today"])
CHECKS = {check.id for check in all_checks()}

#: Faults that can stand in one casebook together without hiding one another.
TOGETHER = (
    "AE-001", "AE-003", "AE-004", "AE-011", "AE-013", "AE-015", "AE-016", "AEG-002", "ALC-003", "ALC-005",
    "ALC-008", "CM-004", "CM-005", "CON-001", "CON-002", "CON-009", "CON-013", "CON-016", "DM-002", "DTH-001",
    "DTH-002", "DTH-005", "DUP-001", "DUP-004", "DUP-005", "DV-001", "DV-003", "EOS-003", "HCC-001", "HCC-002",
    "IE-003", "IE-005", "IE-007", "IE-009", "IE-010", "IE-014", "IE-019", "IE-021", "IE-022", "IE-025", "IE-029",
    "IE-031", "IE-032", "LAB-001",
)  # fmt: skip


#: Checks beyond the specification that have no vectors yet. The list gets shorter, never longer.
WITHOUT_VECTORS = {"CON-001C", "CON-002C", "LOG-001", "LOG-002", "LOG-003", "LOG-004", "LOG-005", "LOG-006"}


def test_a_check_beyond_the_specification_has_a_page_on_which_it_fires_and_one_on_which_it_does_not():
    specified = {check["id"] for check in yaml.safe_load((REFERENCE / "checks.yaml").read_text())["checks"]}
    both = {
        check
        for check in CHECKS
        if {v["expect"] for v in VECTORS["mutations"] if v["check"] == check} == {"fires", "does_not_fire"}
    }
    assert CHECKS - specified - both == WITHOUT_VECTORS


def fired(mutations: list[dict[str, Any]]) -> set[str]:
    subject = deepcopy(VECTORS["clean_subject"])
    for mutation in mutations:
        changed(subject, mutation)
    return {finding.check for _page, finding in findings(subject, TODAY)}


def test_the_clean_participant_has_no_finding_of_a_written_check():
    assert fired([]) & CHECKS == set()


@pytest.mark.parametrize("vector", VECTORS["mutations"], ids=lambda v: f"{v['check']} {v['expect']}")
def test_a_planted_fault_is_found_and_what_is_right_is_not(vector):
    assert (vector["check"] in fired(vector["set"])) is (vector["expect"] == "fires")


def test_a_casebook_full_of_faults_shows_every_one_of_them():
    firing = {
        vector["check"]: vector["set"] for vector in reversed(VECTORS["mutations"]) if vector["expect"] == "fires"
    }
    mutations = [mutation for check in TOGETHER for mutation in firing[check]]
    assert len(TOGETHER) > 40
    assert set(TOGETHER) - fired(mutations) == set()
