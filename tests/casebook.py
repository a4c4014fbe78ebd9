"""A clean casebook as it would be typed: one entry per form, to be changed by each test in one place."""

from typing import Any

CLEAN: dict[str, dict[str, Any]] = {
    "consent": {
        "icf_version": "V1.0", "icf_version_date": "2025-03-01", "icf_date": "2025-05-23", "signer": "SUBJECT",
        "witness_needed": "N", "comply_agree": "Y", "copy_given": "Y", "inv_sign_date": "2025-05-23",
        "biobank_consent": "Y",
    },
    "dm": {"initials": "WXM", "brthdat": "1975-04-12", "sex": "M", "ethnic": "HAN"},
    "ie": {
        **{f"inc{n:02d}": "Y" for n in range(1, 8)}, **{f"exc{n:02d}": "N" for n in range(1, 16)}, "exc13": "NA",
        "ie_date": "2025-05-31", "ie_eligible": "Y", "scr_outcome": "ELIGIBLE", "ie_sign_date": "2025-05-31",
    },
    "hcc": {
        "dx_date": "2025-03-20", "dx_basis": "IMAGING", "first_hcc": "Y", "img_mod": ["MRI"], "img_date": "2025-03-20",
        "n_tumours": "1", "largest_mm": "28", "vasc_inv": "NONE", "extrahep": "N", "ecog_pre": "0", "cp_pre": "A",
        "bclc_ent": "A", "pre_afp": "12.5",
    },
    "radtx": {
        "tx_type": "RESECTION", "res_date": "2025-04-20", "res_kind": "ANATOMIC", "res_extent": "MINOR",
        "res_approach": "LAP", "res_margin": "R0", "complete": "COMPLETE", "complete_date": "2025-05-20",
        "adj_tace": "N",
    },
    "alloc": {
        "alloc_date": "2025-06-02", "arm": "A2", "alloc_reason": ["PT_PREF"], "alloc_by": "Zhao", "arm_switch": "N",
    },
    "visit": {"visit_status": "DONE", "visit_date": "2025-08-25", "visit_mode": "CLINIC"},
    "mri": {
        "mri_done": "Y", "mri_date": "2025-08-25", "mri_mod": "MRI", "mri_contrast": "GADOXETATE",
        "mri_quality": "GOOD", "mri_nobs": "0", "mri_overall": "NED", "mri_reader": "ZQ", "mri_read_date": "2025-08-26",
        "mri_blinded": "Y",
    },
    "lbhem": {
        "hem_date": "2025-08-25", "row.wbc.orres": "5.2", "row.neut.orres": "3.1", "row.lym.orres": "1.5",
        "row.hgb.orres": "140", "row.plt.orres": "180",
    },
    "lbchem": {
        "chem_date": "2025-08-25", "chem_fast": "Y", "row.alt.orres": "30", "row.ast.orres": "28",
        "row.ggt.orres": "40", "row.alp.orres": "80", "row.tbil.orres": "15", "row.alb.orres": "42",
        "row.creat.orres": "75", "row.gluc.orres": "5.2",
    },
    "lbviro": {
        "viro_date": "2025-05-26", "hbvdna_assay": "COBAS TaqMan HBV", "hbvdna_raw": "<10", "hbvdna_u": "IU/mL",
        "hbsag_assay": "ARCHITECT HBsAg QT", "hbsag_raw": "120.5", "hbsag_dil": "1", "hbsag_res": "POS",
        "hbsab_val": "0", "hbsab_res": "NEG", "hbeag_res": "NEG", "hbeab_res": "POS",
    },
    "ae": {
        "ae_term": "Fever", "ae_start": "2025-06-10", "ae_ongoing": "N", "ae_end": "2025-06-12", "ae_grade": "1",
        "ae_aesi": "NONE", "ae_rel_pg": "PROBABLE", "ae_rel_na": "UNRELATED", "ae_rel_proc": "UNRELATED",
        "ae_acn_pg": "DOSE NOT CHANGED", "ae_acn_na": "DOSE NOT CHANGED", "ae_tx_given": "N",
        "ae_out": "RECOVERED/RESOLVED", "ae_ser": "N",
    },
    "recur": {
        "rec_date": "2025-08-25", "rec_visit": "W12", "rec_site": "IHD", "rec_basis": ["EHIMG"], "rec_obs": "1",
        "rec_n": "1", "rec_mm": "12", "rec_vasc": "NONE", "rec_biopsy": "N", "rec_bclc": "A", "rec_adj": "CONFIRMED",
        "rec_adj_date": "2025-09-01",
    },
}  # fmt: skip

OBSERVATION = {
    "obs_no": "1", "obs_type": "UNTREATED", "obs_new": "Y", "obs_seg": ["S6"], "size_mm": "24", "path_proven": "N",
    "nc": "N", "tiv": "N", "benign": "NONE", "aphe": "NONRIM", "washout": "NONPERIPH", "capsule": "N", "tg": "N",
    "lr_cat": "LR-5",
}  # fmt: skip


def typed(form: str, **changes: Any) -> dict[str, list[str]]:
    """What the browser sends for a clean form with some places changed; None leaves a place empty.

    A double underscore in a keyword stands for the dot of a name: `row__1__size_mm`.
    """
    merged = CLEAN[form] | {name.replace("__", "."): value for name, value in changes.items()}
    return {
        name: value if isinstance(value, list) else [str(value)] for name, value in merged.items() if value is not None
    }


def observation(row: int = 1, **changes: Any) -> dict[str, Any]:
    """One MRI observation as row of the MRI form."""
    return {f"row.{row}.{name}": value for name, value in (OBSERVATION | changes).items()}
