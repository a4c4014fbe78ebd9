"""The casebook is the one of the CRF specification: every form, item, code list, check and cell of the schedule."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from labs.panels import PANELS
from prtras import env
from prtras.crf.checks import hard
from prtras.crf.conditions import constants_in, the
from prtras.crf.expressions import Constant
from prtras.crf.general_rules import RULES
from prtras.crf.items import Item
from prtras.crf.registry import all_checks, all_forms, form_of, holder_of, table_of
from prtras.crf.schedule import SCHEDULE
from prtras.crf.units import FAHRENHEIT

REFERENCE = Path(__file__).resolve().parents[1] / "reference" / "crf"


def read(name: str) -> Any:
    return yaml.safe_load((REFERENCE / name).read_text())


FORMS = read("forms.yaml")["forms"]
CHECKS = {check["id"]: check for check in read("checks.yaml")["checks"]}
LISTS = read("codelists.yaml")["codelists"]
VISITS = {visit["code"]: visit for visit in read("schedule.yaml")["visits"]}
#: General rules without a condition of their own; the judge and the batch apply them to every item.
GENERAL = {check for check in CHECKS if check.startswith("GEN-")}
#: What the page in hand and what is there before it tell: refused at once, not asked at night.
AT_ONCE = {"ALC-006", "EOS-006", "VIS-011", "DV-002"}
#: The schedule requires the logs at every visit; this form takes the statement that they were gone through (0009).
ADDED = {"logs", "aegr"}
NEEDS = {"required": "required", "expected": "expected", "optional": "optional", "system": "derived"}
#: Numbers that the system gives, so that nobody types them.
GIVEN = {"subjid", "scrno", "ae_no", "rec_no", "st_no", "na_no", "pg_no", "cm_no", "mh_no", "dv_no", "pn_no"}
#: Childbearing is asked of women only: DM-003 forbids it for men.
FOR_WOMEN = ("dm", "childbear")


def items_of(code: str) -> dict[str, Item]:
    form, are_rows = holder_of(code)
    return form.rows.items if are_rows and form.rows else form.items


@pytest.mark.parametrize("code", FORMS)
def test_every_form_has_the_title_of_the_specification(code):
    title = table_of(code).title
    assert (title.zh, title.en) == (FORMS[code]["title_zh"], FORMS[code]["title_en"])


@pytest.mark.parametrize("code", FORMS)
def test_every_field_is_an_item_with_its_labels_unit_limits_and_names(code):
    for field in FORMS[code]["fields"]:
        if field["type"] == "lab":
            continue
        item = items_of(code)[field["name"]]
        assert (item.label.zh, item.label.en) == (field["zh"], field["en"])
        assert item.unit == (field["unit"] or "")
        others = {} if item.derived else field.get("alt_units") or {}
        assert set(item.other_units) == set(others)
        for unit, factor in others.items():
            one, ten = (item.other_units[unit](Decimal(number)) for number in (1, 10))
            known = FAHRENHEIT if unit == "degF" else lambda x, by=factor: x * Decimal(str(by))
            assert (one, ten) == (known(Decimal(1)), known(Decimal(10)))
        assert item.cdash == field["cdash"]
        assert item.sdtm == field["sdtm"]
        assert (item.codes.name if item.codes else None) == field["codelist"]
        assert bool(item.show) == bool(field["show_when"]) or (code, field["name"]) == FOR_WOMEN
        if field["hard"] and item.kind in ("integer", "decimal"):
            assert [item.hard.low, item.hard.high] == [Decimal(str(v)) for v in field["hard"]]
            assert [item.soft.low, item.soft.high] == [Decimal(str(v)) for v in field["soft"]]
        assert item.need == ("derived" if field["name"] in GIVEN else NEEDS[field["required"]])


@pytest.mark.parametrize("code", PANELS)
def test_every_analyte_is_in_its_panel_with_its_units_and_limits(code):
    analytes = {analyte.code: analyte for analyte in PANELS[code]}
    fields = [field for field in FORMS[code]["fields"] if field["type"] == "lab"]
    assert list(analytes) == [field["name"] for field in fields]
    for field in fields:
        analyte, expected = analytes[field["name"]], field["lab"]
        assert (analyte.title.zh, analyte.title.en) == (field["zh"], field["en"])
        assert analyte.need == field["required"]
        assert (analyte.unit, analyte.loinc) == (expected["std_unit"], expected["loinc"] or "")
        assert analyte.other_units == {
            unit: Decimal(str(factor)) for unit, factor in (expected["alt_units"] or {}).items()
        }
        assert [analyte.hard.low, analyte.hard.high] == [Decimal(str(v)) for v in expected["hard_std"]]
        assert [analyte.soft.low, analyte.soft.high] == [Decimal(str(v)) for v in expected["soft_std"]]
        assert analyte.ctcae == (expected["ctcae_key"] if expected["ctcae_auto_grade"] else "")


def test_every_code_list_that_a_form_uses_has_all_its_codes_in_both_languages():
    used = {item.codes.name: item.codes for code in FORMS for item in items_of(code).values() if item.codes}
    for name, codes in used.items():
        expected = {item["code"]: (item["zh"], item["en"]) for item in LISTS[name]["items"]}
        assert {code: (text.zh, text.en) for code, text in codes.codes.items()} == expected, name


@pytest.mark.parametrize("check_id", sorted(set(CHECKS) - GENERAL))
def test_every_check_is_there_with_its_severity_and_both_messages(check_id):
    check = next(check for check in all_checks() if check.id == check_id)
    expected = CHECKS[check_id]
    assert (check.text.zh, check.text.en) == (expected["message_zh"], expected["message_en"])
    assert check.severity in (expected["severity"], *(() if check_id in AT_ONCE else ("later",)))
    assert check.form == expected["scope"]


def test_every_general_rule_is_there_with_its_severity_and_both_messages():
    assert set(RULES) == GENERAL
    for rule, (severity, text) in RULES.items():
        assert severity in (CHECKS[rule]["severity"], "later")
        assert (text.zh, text.en) == (CHECKS[rule]["message_zh"], CHECKS[rule]["message_en"])


@pytest.mark.parametrize("code", VISITS)
def test_every_visit_expects_and_offers_the_forms_of_its_cells(code):
    planned = SCHEDULE.visits[code]
    single = {form.code for form in all_forms() if form.kind != "log"}
    conditional = {form for form, _ in planned.conditional}
    for form, cell in VISITS[code]["forms"].items():
        if form not in single or form == "death":
            continue  # rows of logs are added when something happened
        by_arm = bool(planned.arm)
        if cell["cell"] == "R" or (cell["cell"] == "C" and by_arm):
            assert form in planned.required, form
        elif cell["cell"] == "C":
            assert form in conditional or form in planned.optional, form
        else:
            assert form in planned.optional, form
    assert (planned.title.zh, planned.title.en) == (VISITS[code]["zh"], VISITS[code]["en"])


def test_there_are_no_forms_besides():
    codes = {form.code for form in all_forms()} | {form.rows.code for form in all_forms() if form.rows}
    assert codes - {f"{panel}_results" for panel in PANELS} - ADDED == set(FORMS)
    assert form_of("hcc").rows.code == "hccles"


def numbers(text: str) -> set[Decimal]:
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def test_no_message_repeats_a_constant_of_the_protocol_as_a_number_of_its_own():
    """A constant is changed in one place: the message is written with its name, and follows."""
    apps = [env.ROOT / name for name in ("enrollment", "visits", "labs")]
    sources = "".join(path.read_text() for app in apps for path in app.rglob("*.py"))
    for check in all_checks():
        if check.id not in CHECKS:
            continue
        values = {Decimal(constant.constant) for constant in (*constants_in(check.when), *check.constants)}
        shown = values | {value * 24 for value in values} | {value / 7 for value in values}
        for text in (check.text.zh, check.text.en):
            if values and numbers(text) & shown - {Decimal(0)}:
                assert json.dumps(text, ensure_ascii=False) not in sources, check.id


def test_a_message_follows_its_constant_and_an_unknown_name_is_an_error():
    when = the("vs.weight") > Constant(Decimal("2.50"), "limit")
    text = hard("X-001", "vs.weight", when, "超过 {limit} 天（{limit:hours} 小时）", "over {limit} days").text
    assert (text.zh, text.en) == ("超过 2.5 天（60 小时）", "over 2.5 days")
    with pytest.raises(KeyError):
        hard("X-002", "vs.weight", when, "{other}", "{other}")
