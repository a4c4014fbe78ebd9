"""The MRI form: LI-RADS v2018 computed against what the radiologist entered."""

import pytest

from prtras.entry.saving import ChecksFailed
from tests import casebook
from tests.conftest import page_of


@pytest.fixture
def at_w12(enrolled, fill):
    fill(enrolled, "visit", "W12")
    return enrolled


def test_it_works(at_w12, fill):
    saved = fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **casebook.observation())
    row = page_of(at_w12, "mri", "W12").mriobservation_rows.get()
    assert (row.lr_base, row.lr_adj, row.lr_cat, row.tg_calc) == ("LR-5", "LR-5", "LR-5", "NA")
    assert "LR-001" not in {query.check_id for query in saved.opened}


def test_a_category_that_differs_from_the_features_needs_its_reason_and_is_asked(at_w12, fill):
    differs = casebook.observation(lr_cat="LR-4")
    with pytest.raises(ChecksFailed) as refused:
        fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **differs)
    assert [f.place for f in refused.value.findings] == ["1:lr_reason"]
    saved = fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP",
                 **casebook.observation(lr_cat="LR-4", lr_reason="Tie-breaking rule."))  # fmt: skip
    assert ("LR-001", "1:lr_cat") in {(q.check_id, q.place.replace("obs_type", "lr_cat")) for q in saved.opened}


def test_an_observation_whose_size_nobody_measured_has_no_category(at_w12, fill):
    unmeasured = casebook.observation(size_mm="") | {"missing.1:size_mm": "OTHER"}
    fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **unmeasured)
    row = page_of(at_w12, "mri", "W12").mriobservation_rows.get()
    assert (row.lr_base, row.lr_adj) == (None, None)


def test_threshold_growth_is_computed_from_the_comparison(at_w12, fill):
    grown = casebook.observation(obs_new="N", prior_mm="15", prior_date="2025-05-26", tg="Y", washout="NONE")
    fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **grown)
    row = page_of(at_w12, "mri", "W12").mriobservation_rows.get()
    assert (row.tg_calc, row.lr_base) == ("Y", "LR-5")


def test_the_number_of_observations_must_fit_the_rows(at_w12, fill):
    with pytest.raises(ChecksFailed) as refused:
        fill(at_w12, "mri", "W12", mri_nobs="2", mri_overall="SUSP", **casebook.observation())
    assert "MRI-003" in {f.check for f in refused.value.findings}


def test_a_treated_observation_gets_its_lr_tr_category(at_w12, fill):
    treated = {
        "obs_no": "1", "obs_type": "TREATED", "obs_new": "N", "obs_seg": ["S6"], "tr_eval": "Y",
        "tr_pattern": "OTHER", "tr_morph": "Y", "tr_aphe": "Y", "tr_wo": "N", "tr_sim": "N", "tr_size": "9",
        "lrtr": "LR-TR-V",
    }  # fmt: skip
    rows = {f"row.1.{name}": value for name, value in treated.items()}
    fill(at_w12, "mri", "W12", mri_nobs="1", mri_overall="SUSP", **rows)
    assert page_of(at_w12, "mri", "W12").mriobservation_rows.get().lrtr_calc == "LR-TR-V"
