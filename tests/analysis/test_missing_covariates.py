"""Missing baseline covariates: what is imputed, pooled, shown and in the bundle, and what is refused."""

import csv
import io
from typing import Any

from django.utils.translation import override

from analysis import bundle, plan, results
from analysis.outputs import forest, imputation
from analysis.outputs.data import AnalysisData
from analysis.outputs.imputed import Imputed
from analysis.outputs.output import View
from tests.analysis.studies import CUTOFF, cohort, study


def incomplete() -> list[dict[str, Any]]:
    """The cohort, in which some lack HBsAg and one lacks age and stage."""
    people = cohort()
    for person in people[::6]:
        person["hbsag"] = None
    people[7] |= {"age": None, "bclc": None}
    return people


def values_of(files: dict[str, bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(files["imputed.csv"].decode("utf-8-sig"))))


def test_everybody_is_in_the_pooled_model_beside_the_complete_cases_and_the_bundle_has_the_values() -> None:
    tables = study(incomplete())
    opened, files = results.compute(tables, CUTOFF), bundle.numbers_files(tables, CUTOFF)
    result = opened[imputation.OUTPUT]
    assert result.missing == {"AGE": 1, "BCLC": 1, "HBSAGLOG": 7}
    assert (result.complete.n, result.pooled.n, result.imputations) == (32, 40, plan.IMPUTATIONS)
    assert result.pooled.shown
    head, *lines = values_of(files)
    assert head == ["IMPUTATION", "SUBJID", "VARIABLE", "VALUE"]
    assert len(lines) == plan.IMPUTATIONS * 9
    assert {value for _, who, name, value in lines if (who, name) == ("01-008", "BCLC")} <= {"0", "A"}
    assert "imputed" in opened[forest.OUTPUT].estimates
    assert bundle.numbers_files(study(incomplete()), CUTOFF) == files


def test_where_nothing_is_missing_nothing_is_imputed_and_a_sentence_stands_in_its_place() -> None:
    tables = study(cohort())
    opened = results.compute(tables, CUTOFF)
    assert opened[imputation.OUTPUT].imputations == 0
    assert "imputed" not in opened[forest.OUTPUT].estimates
    assert len(values_of(bundle.numbers_files(tables, CUTOFF))) == 1
    with override("en"):
        (table,) = imputation.OUTPUT.show(opened[imputation.OUTPUT], View.BY_ARM).tables
        assert (table.rows, str(table.empty)) == ((), "No baseline covariate is missing: nothing is imputed.")


def test_what_is_missing_in_everybody_is_not_imputed_and_the_reason_is_named() -> None:
    opened = results.compute(study(cohort(hbsag=None)), CUTOFF)
    result = opened[imputation.OUTPUT]
    assert not result.pooled.shown
    assert (
        str(result.pooled.why_not) == "Multiple imputation: Baseline HBsAg (per log10 IU/mL) is missing in everybody."
    )


def test_seed_and_values_come_from_the_data_alone() -> None:
    first = AnalysisData.of(study(incomplete()), CUTOFF).imputed
    changed = incomplete()
    changed[0]["recurrence"] = 24
    other = AnalysisData.of(study(changed), CUTOFF).imputed
    assert isinstance(first, Imputed)
    assert isinstance(other, Imputed)
    assert first.values != other.values
