"""A clean casebook as it would be typed: one entry per form, to be changed by each test in one place."""

from typing import Any

#: Clean pages of the forms on history, treatment, examination and special tests.
TREATMENT: dict[str, dict[str, Any]] = {
    "reconsent": {
        "rc_version": "2.1", "rc_version_date": "2025-07-01", "rc_date": "2025-08-25", "rc_signer": "SUBJECT",
    },
    "hbvhx": {
        "hbv_first_date": "1998", "fam_hbv": "Y", "fam_hcc": "N", "prior_na": "Y", "prior_na_drugs": ["ETV"],
        "prior_na_start": "2023-05", "na_resist": "N", "prior_ifn": "N", "cirrhosis": "COMP",
        "cirrh_method": ["IMAGING"], "varices": "N", "splenomeg": "N", "fatty_liver": "N", "diabetes": "N",
        "hypertension": "N", "alcohol": "NEVER", "drug_abuse": "N", "smoke": "NEVER",
    },
    "mh": {
        "mh_cat": "OTHER", "mh_term": "Appendicectomy", "mh_start": "2001", "mh_status": "RESOLVED", "mh_end": "2001",
    },
    "path": {
        "path_no": "P25-0417", "spec_type": "RESECT", "spec_date": "2025-04-20", "path_date": "2025-04-27",
        "histo": "HCC", "edmondson": "II", "diff": "MOD", "path_mm": "26", "path_n": "1", "mvi": "M0",
        "satellite": "N", "path_margin": "R0", "scheuer_g": "G2", "scheuer_s": "S4",
    },
    "na": {
        "na_drug": "ETV", "na_dose": "0.5", "na_freq": "QD", "na_start": "2023-05", "na_start_reason": "CONT",
        "na_ongoing": "Y",
    },
    "adh": {"adh_na_taking": "Y", "adh_na_missed": "2", "adh_na_days": "84"},
    "pegifn": {
        "pg_week": "1", "pg_status": "GIVEN", "pg_date": "2025-06-02", "pg_dose": "180", "pg_route": "SUBCUTANEOUS",
        "pg_site": "ABDOMEN", "pg_by": "STAFF", "pg_lot": "L2501", "pg_expiry": "2027-01-31",
    },
    "vs": {
        "vs_date": "2025-08-25", "weight": "68", "temp": "36.5", "pulse": "72", "sbp": "122", "dbp": "76",
    },
    "pe": {
        "pe_date": "2025-08-25", "ecog": "0", "pe_general": "NORMAL", "pe_skin": "NORMAL", "pe_heart": "NORMAL",
        "pe_lung": "NORMAL", "pe_abdomen": "NORMAL", "pe_neuro": "NORMAL", "pe_thyroid": "NORMAL", "ascites": "NONE",
        "he_grade": "NONE", "depress": "NONE", "suicidal": "N", "visual_sx": "N",
    },
    "liverfn": {"cp_class_ent": "A", "cp_score_ent": "5"},
    "lbcoag": {"coag_date": "2025-08-25", "pt_ctrl": "11.5", "row.pt.orres": "12.1", "row.inr.orres": "1.05"},
    "lbthy": {"thy_date": "2025-08-25", "row.tsh.orres": "1.8", "row.ft4.orres": "13.0", "row.ft3.orres": "4.1"},
    "lbtm": {"tm_date": "2025-08-25", "row.afp.orres": "3.1", "row.pivka.orres": "22"},
    "lbpbmc": {
        "pbmc_date": "2025-08-25", "pbmc_viab": "92", "pbmc_events": "50000", "cd3p": "68", "cd4p": "38", "cd8p": "28",
        "pd1cd8": "12",
    },
    "scrlab": {
        "scr_date": "2025-05-26", "hav_igm": "NEG", "hcv_ab": "NEG", "hdv_ab": "NEG", "hev_igm": "NEG",
        "hiv_ab": "NEG", "ana": "NEG", "ecg": "NORMAL", "fundus_scr": "NORMAL", "fundus_date": "2025-05-26",
    },
    "tissue": {
        "tis_avail": "Y", "tis_block": "B1", "tis_date": "2025-04-20", "pdl1_done": "Y", "pdl1_clone": "22C3",
        "pdl1_date": "2025-05-28", "pdl1_adeq": "ADEQ", "tps": "2", "cps": "5", "tc_done": "Y", "tc_method": "SEMIQ",
        "tc_semi": "2", "tc_reader": "WQ", "tc_blinded": "Y",
    },
    "cm": {
        "cm_name": "Paracetamol", "cm_cat": "ANALGESIC", "cm_ind": "Fever", "cm_dose": "500", "cm_doseu": "mg",
        "cm_freq": "PRN", "cm_route": "ORAL", "cm_start": "2025-06-10", "cm_ongoing": "N", "cm_end": "2025-06-12",
    },
    "dv": {
        "dv_cat": "SAMPLE", "dv_sev": "MINOR", "dv_desc": "Tube thawed in transport.", "dv_start": "2025-08-25",
        "dv_found": "2025-08-26", "dv_action": "Sample repeated.", "dv_ec": "N",
    },
    "pregn": {"pn_who": "PARTNER", "pn_date": "2025-08-20", "pn_exposed": "N", "pn_out": "ONGOING"},
}  # fmt: skip

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
        "bclc_ent": "A", "pre_afp": "12.5", "row.1.les_no": "1", "row.1.les_seg": ["S6"], "row.1.les_mm": "28",
        "row.1.les_tx": "RESECTION", "row.1.les_path": "Y",
    },
    "radtx": {
        "tx_type": "RESECTION", "res_date": "2025-04-20", "res_kind": "ANATOMIC", "res_extent": "MINOR",
        "res_approach": "LAP", "res_margin": "R0", "complete": "COMPLETE", "complete_date": "2025-05-20",
        "adj_tace": "N",
    },
    "alloc": {
        "alloc_date": "2025-06-02", "arm": "A2", "alloc_reason": ["PT_PREF"], "alloc_by": "Zhao", "arm_switch": "N",
    },
    "logs": {"mh_yn": "N", "ae_yn": "N", "cm_yn": "N", "na_yn": "N"},
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
        "row.creat.orres": "75", "row.creat.orresu": "umol/L", "row.gluc.orres": "5.2",
    },
    "lbviro": {
        "viro_date": "2025-05-26", "hbvdna_assay": "COBAS TaqMan HBV", "hbvdna_raw": "<10", "hbvdna_u": "IU/mL",
        "hbsag_assay": "ARCHITECT HBsAg QT", "hbsag_raw": "120.5", "hbsag_dil": "1", "hbsag_res": "POS",
        "hbsab_val": "0", "hbsab_res": "NEG", "hbeag_res": "NEG", "hbeab_res": "POS",
    },
    "ae": {
        "ae_term": "Fever", "ae_start": "2025-06-10", "ae_ongoing": "N", "ae_end": "2025-06-12", "ae_grade": "1",
        "ae_aesi": "NONE", "ae_rel_pg": "UNLIKELY", "ae_rel_na": "UNRELATED", "ae_rel_proc": "UNRELATED",
        "ae_acn_pg": "DOSE NOT CHANGED", "ae_acn_na": "DOSE NOT CHANGED", "ae_tx_given": "N",
        "ae_out": "RECOVERED/RESOLVED", "ae_ser": "N",
    },
    "death": {
        "dth_date": "2025-09-12", "dth_cause": "HCC", "dth_hcc": "Y", "dth_rel": "UNRELATED", "dth_src": "HOSP",
        "dth_ae_no": "1",
    },
    "eos": {
        "eos_date": "2025-09-30", "eos_status": "WITHDRAWAL BY SUBJECT", "last_alive": "2025-09-30",
        "last_status": "ALIVE", "eos_sign_date": "2025-09-30",
    },
    "recur": {
        "rec_date": "2025-08-25", "rec_visit": "W12", "rec_site": "IHD", "rec_basis": ["EHIMG"], "rec_obs": "1",
        "rec_n": "1", "rec_mm": "12", "rec_vasc": "NONE", "rec_biopsy": "N", "rec_bclc": "A", "rec_adj": "CONFIRMED",
        "rec_adj_date": "2025-09-01",
    },
    **TREATMENT,
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
