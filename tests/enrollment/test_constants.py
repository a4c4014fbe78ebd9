"""The constants of the protocol: as the specification has them, each used, each shown to people."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.plan import EVENTS_NEEDED
from analysis.survival.design import required_events
from enrollment.constant_texts import TEXTS
from enrollment.protocol import CONSTANTS, PRTRAS_001
from tests.packages import PRODUCT

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "tests" / "reference" / "crf" / "config.yaml").read_text())["config"]
#: What the study is called; it tells the platform.
IDENTIFIERS = {
    "study_id": PRTRAS_001.code,
    "nct_id": PRTRAS_001.registration,
    "iit_id": PRTRAS_001.institution_number,
}
#: The specification says LLOQ/2.
AS_A_FACTOR = {"hbvdna_impute_lloq": (Decimal("0.5"), "x LLOQ")}
#: Not in the product, because nothing would use them.
STRUCK = {
    "hbsag_onboard_dil": "the dilution is typed as the laboratory reports it",
    "pg_resume_anc": "no rule of the study asks when a held dose was resumed",
    "lr_apply_ancillary": "both categories are computed; either is accepted",
    "ctcae_creat_use_baseline": "the grade always looks at the baseline too",
    "recurrence_definition": "the accepted evidence is the code list RECBASIS",
}
SOURCES = {
    path: path.read_text()
    for app in PRODUCT
    for path in (ROOT / app).rglob("*.py")
    if path.name not in ("constant_texts.py",)
}


def same(actual: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return [Decimal(value) for value in actual] == [Decimal(str(value)) for value in expected]
    return actual == expected or (not isinstance(expected, str) and Decimal(actual) == Decimal(str(expected)))


@pytest.mark.parametrize("name", sorted(set(CONFIG) - set(STRUCK) - set(IDENTIFIERS) - set(AS_A_FACTOR)))
def test_a_constant_has_the_value_of_the_specification(name):
    constant, expected = CONSTANTS[name], CONFIG[name]
    assert same(constant.value, expected["value"]), name
    assert (constant.unit, constant.source) == (expected["unit"], expected["source"])


def test_identifiers_and_the_imputed_value_are_those_of_the_specification():
    assert {name: CONFIG[name]["value"] for name in IDENTIFIERS} == IDENTIFIERS
    assert {name: (CONSTANTS[name].value, CONSTANTS[name].unit) for name in AS_A_FACTOR} == AS_A_FACTOR


def test_what_nothing_uses_is_not_declared():
    assert set(STRUCK) & set(CONSTANTS) == set()


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_constant_is_declared_once_and_used(name):
    declared = re.compile(rf'Constant[^("]*\("{name}"')
    used = re.compile(rf"""[\[(]["']{name}["'][\])]|\b{name.upper()}\.value""")
    assert sum(len(declared.findall(text)) for text in SOURCES.values()) == 1
    assert any(used.search(text) for text in SOURCES.values())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_people_see_every_constant_with_its_value_and_source(language, wang, client_of):
    client = client_of(wang)
    client.cookies["django_language"] = language
    html = client.get("/constants/").content.decode()
    for name, constant in CONSTANTS.items():
        line = html.split(f'<tr id="{name}">')[1].split("</tr>")[0]
        assert TEXTS[name].in_language(language) in line
        assert f">{constant.value_text}<" in line
    assert client.get("/schedule/").content.decode().count('href="/constants/"') == 1


def test_the_number_of_events_follows_from_alpha_power_and_hazard_ratio():
    assert EVENTS_NEEDED == 121
    assert [required_events(ratio, power=power) for power, ratio in ((0.9, 0.5), (0.8, 0.7))] == [88, 247]
