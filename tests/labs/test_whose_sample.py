"""A sample of someone else is caught: by sex, birth and name in the file, and by results unlike all earlier ones."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from labs import importing
from labs.identity import compare, mismatches
from labs.models import LabImport, LabResult
from prtras.audit.models import AuditEvent
from tests.labs.pbc import enrol

KNOWN = {"sex": "M", "birth": date(1980, 1, 15), "initials": "ZQ"}


@pytest.mark.parametrize(
    ("identity", "foreign"),
    [
        ({"sex": ["男"]}, []), ({"sex": ["F"]}, ["sex"]), ({"sex": ["女"]}, ["sex"]), ({"sex": ["", "?"]}, []),
        ({"birth": ["1980-01-15"]}, []), ({"birth": ["1980"]}, []), ({"birth": ["198001"]}, []),
        ({"birth": ["1981"]}, ["birth"]),
        ({"birth": ["19800116"]}, ["birth"]), ({"initials": ["zq"]}, []), ({"initials": ["赵强"]}, []),
        ({"initials": ["张强"]}, []), ({"initials": ["李强"]}, ["initials"]), ({"initials": ["LQ"]}, ["initials"]),
        ({"initials": ["赵*"]}, []), ({"initials": ["病房3"]}, []),
        ({"initials": ["ZHAO QIANG"]}, []), ({"initials": ["Qiang ZHAO"]}, []), ({"initials": ["Zhao^Q"]}, []),
        ({"initials": ["Z Q"]}, []), ({"initials": ["LI QIANG"]}, ["initials"]), ({"initials": ["LINA"]}, ["initials"]),
        ({"initials": ["ZHAO"]}, []), ({"initials": ["Z L"]}, []),
        ({"sex": ["男"], "birth": ["1970"], "initials": ["李强"]}, ["birth", "initials"]),
    ],
)  # fmt: skip
def test_what_a_file_says_of_a_person_is_compared_and_what_it_does_not_say_proves_nothing(identity, foreign):
    assert [name for name, _ in mismatches(identity, KNOWN)] == foreign


def test_where_the_casebook_knows_nothing_nothing_is_foreign():
    assert mismatches({"sex": ["F"], "birth": ["1990"]}, {"sex": None, "birth": None, "initials": None}) == []


def test_a_surname_with_two_readings_fits_by_either():
    assert mismatches({"initials": ["曾晓"]}, {"initials": "ZX"}) == []
    assert mismatches({"initials": ["曾晓"]}, {"initials": "CX"}) == []


def numbers(**results: str) -> dict[str, Decimal]:
    return {code: Decimal(value) for code, value in results.items()}


USUAL = numbers(hgb="140", alb="44", creat="60", plt="200", tp="75", alp="80", alt="30")


def test_two_unlike_results_are_no_reason_to_doubt():
    assert not compare(numbers(hgb="90", alb="28", creat="60", plt="200"), USUAL).is_unlike
    assert compare(numbers(hgb="90", alb="28", creat="120", plt="200"), USUAL).is_unlike


def test_results_that_change_in_illness_are_not_compared():
    assert compare(numbers(alt="900"), USUAL).compared == 0


# -- Through the import -------------------------------------------------------------------------------------------

HEAD = "pid,date,sex,HGB,ALB,CREAT,PLT,TP\n"
MAPPING: dict[str, Any] = {
    "participant": "pid", "date": "date",
    "results": {"HGB": ["hgb", "g/L"], "ALB": ["alb", "g/L"], "CREAT": ["creat", "umol/L"], "PLT": ["plt", "10^9/L"],
                "TP": ["tp", "g/L"]},
}  # fmt: skip
ONE, TWO = "150,48,60,220,80", "85,30,130,75,60"


@pytest.fixture
def attempt(site: Any, lin: Any, system: Any) -> Callable[..., LabImport]:
    enrol(site, [1, 2, 3], system)

    def run(text: str, mapping: dict[str, Any] = MAPPING, **chosen: Any) -> LabImport:
        options = {"dry_run": False} | chosen
        request = importing.request_import(site, text.encode(), "f.csv", mapping, user=lin, **options)
        done = importing.run(request.id)
        assert done is not None
        return done

    first = f"{HEAD}01-001,2010-01-04,M,{ONE}\n01-002,2010-01-04,F,{TWO}\n01-003,2010-01-04,F,{ONE}\n"
    assert run(first).applied
    return run


def test_a_swapped_pair_is_named_before_anything_is_written(attempt):
    swapped = f"{HEAD}01-001,2010-03-29,M,{TWO}\n01-002,2010-03-29,F,{ONE}\n01-003,2010-03-29,F,{ONE}\n"
    done = attempt(swapped, dry_run=True)
    warnings = {w["value"]: w["en"] for w in done.report["warnings"]}
    assert set(warnings) == {"01-001", "01-002"}
    assert "but like those of participant 01-002: the samples may be swapped" in warnings["01-001"]
    assert "Haemoglobin 150 → 85" in warnings["01-001"]


def test_a_doubtful_sample_is_refused_until_a_person_confirms_it(attempt):
    unlike = f"{HEAD}01-001,2010-03-29,M,{TWO}\n01-003,2010-03-29,F,{ONE}\n"
    refused = attempt(unlike)
    assert (refused.applied, [p["line"] for p in refused.report["problems"]]) == (False, [2])
    good = attempt(unlike, part="good")
    assert (good.applied, LabResult.objects.filter(page__participant__number="01-001").count()) == (True, 5)
    assert attempt(unlike, confirmed=True).applied


def test_the_order_of_lines_does_not_decide_what_is_doubted(attempt):
    lines = [f"01-001,2010-03-29,M,{TWO}", f"01-001,2010-06-21,M,{ONE}", f"01-002,2010-03-29,F,{TWO}"]
    reports = [attempt(HEAD + "\n".join(order) + "\n", dry_run=True).report for order in (lines, lines[::-1])]
    assert [{w["value"] for w in report["warnings"]} for report in reports] == [{"01-001"}] * 2


def test_the_quantity_of_hbsag_counts_among_the_results_that_are_unlike(attempt):
    results = {"HGB": ["hgb", "g/L"], "CREAT": ["creat", "umol/L"], "HBSAG": ["hbsag", "IU/mL"]}
    mapping = {"participant": "pid", "date": "date", "results": results}
    head = "pid,date,HGB,CREAT,HBSAG\n"
    assert attempt(f"{head}01-001,2010-02-01,150,60,8.5\n", mapping).applied
    for quantity, doubted in (("1800.5", True), ("9.1", False), ("<0.05", False)):
        done = attempt(f"{head}01-001,2010-03-29,85,130,{quantity}\n", mapping, dry_run=True)
        assert bool(done.report["warnings"] + done.report["problems"]) is doubted, quantity
    assert (
        "HBsAg 8.5 → 1800.5"
        in attempt(f"{head}01-001,2010-03-29,85,130,1800.5\n", mapping, dry_run=True).report["warnings"][0]["en"]
    )


def test_another_sex_is_a_problem_that_does_not_repeat_what_the_file_says(attempt, enrolled_sex):
    text = f"{HEAD}01-001,2010-03-29,女,{ONE}\n"
    done = attempt(text, MAPPING | {"sex": "sex"}, dry_run=True)
    (problem,) = done.report["problems"]
    assert (problem["column"], problem["value"]) == ("sex", "")
    assert problem["en"] == "The sex in the file is not the participant's."
    assert not AuditEvent.objects.filter(new__icontains="女").exists()


@pytest.fixture
def enrolled_sex(attempt, lin):
    """01-001 is a man."""
    from prtras.audit.acting import acting
    from prtras.crf.models import CrfPage, Participant
    from prtras.crf.registry import form_of

    with acting(lin):
        page = CrfPage.objects.create(
            form="dm", participant=Participant.objects.get(number="01-001"), state="submitted", version=1
        )
        form_of("dm").model.objects.create(page=page, sex="M")
