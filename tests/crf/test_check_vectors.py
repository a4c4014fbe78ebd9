"""Every edit check against the specification's vectors: a clean participant, and one planted fault at a time."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from prtras.crf.registry import all_checks
from tests.crf.made_up import changed, findings

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "crf"
VECTORS = yaml.safe_load((REFERENCE / "check_vectors.yaml").read_text())
TODAY = date.fromisoformat(VECTORS["today"])
CHECKS = {check.id for check in all_checks()}


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
