"""The immune profile and tissue biomarkers as the casebook shows them."""

from labs.deriving import biomarkers
from labs.models import ImmuneProfile, TissueBiomarkers
from prtras.crf.registry import Form, Section
from prtras.labels import T

IMMUNE_PROFILE = Form(
    "lbpbmc", T("外周血单个核细胞免疫谱(流式)", "PBMC immune profile (flow cytometry)"), "visit", "CP", ImmuneProfile,
    (
        Section(T("标本", "Sample"), ("pbmc_date", "pbmc_viab", "pbmc_events")),
        Section(T("T细胞", "T cells"),
                ("cd3p", "cd4p", "cd8p", "cd4cd8", "pd1cd8", "pd1cd8_ofcd3", "pd1cd4", "tim3cd8")),
        Section(T("探索性", "Exploratory"), ("treg", "nk", "hbvt")),
    ),
    derive=biomarkers.immune_profile,
    short=T("外周血免疫谱（流式）", "PBMC immune profile"),
)  # fmt: skip

TISSUE = Form(
    "tissue", T("组织生物标志物(PD-L1 22C3、T细胞浸润评分)", "Tissue biomarkers (PD-L1 22C3, T-cell infiltration)"),
    "single", "MI", TissueBiomarkers,
    (
        Section(T("组织", "Tissue"), ("tis_avail", "tis_nd_reason", "tis_block", "tis_date")),
        Section(T("PD-L1 22C3", "PD-L1 22C3"),
                ("pdl1_done", "pdl1_clone", "pdl1_date", "pdl1_adeq", "tps", "tps_cat", "cps", "cps_cat")),
        Section(T("T细胞浸润", "T-cell infiltration"),
                ("tc_done", "tc_method", "cd3_ct", "cd3_ct_hi", "cd3_im", "cd3_im_hi", "cd8_ct", "cd8_ct_hi",
                 "cd8_im", "cd8_im_hi", "tc_score_i", "tc_semi", "tc_reader", "tc_blinded")),
    ),
    derive=biomarkers.tissue,
    short=T("组织生物标志物", "Tissue biomarkers"),
)  # fmt: skip
