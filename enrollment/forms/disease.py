"""The forms on the index tumour and its radical treatment as the casebook shows them."""

from enrollment.deriving import disease
from enrollment.models import (
    IndexLesion,
    IndexTumour,
    RadicalTreatment,
)
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T

INDEX_TUMOUR = Form(
    "hcc", T("根治性治疗前肝癌资料", "Index HCC before radical treatment"), "single", "TU", IndexTumour,
    (
        Section(T("诊断", "Diagnosis"), ("dx_date", "dx_basis", "first_hcc", "img_mod", "img_date")),
        Section(T("肿瘤", "Tumour"), ("n_tumours", "largest_mm", "vasc_inv", "extrahep")),
        Section(T("分期", "Stage"), ("ecog_pre", "cp_pre", "bclc_ent", "bclc_calc", "milan", "cnlc")),
        Section(T("肿瘤标志物", "Tumour markers"), ("pre_afp", "pre_pivka")),
    ),
    rows=Rows(
        "hccles", T("根治性治疗前病灶明细", "Index lesion log"), IndexLesion, "les_no",
        note=T("治疗前每个病灶一行。已保存的行不能删除，只能标注为录入有误。",
               "One row per lesion before treatment. Saved rows cannot be deleted, only marked in error."),
    ),
    derive=disease.index_tumour,
    short=T("治疗前肝癌资料", "Index HCC"),
)  # fmt: skip

RADICAL_TREATMENT = Form(
    "radtx", T("根治性治疗", "Radical treatment"), "single", "PR", RadicalTreatment,
    (
        Section(T("治疗方式", "Treatment"), ("tx_type",)),
        Section(
            T("手术切除", "Resection"),
            ("res_date", "res_kind", "res_extent", "res_approach", "res_margin", "res_margin_mm", "blood_loss",
             "transfusion"),
        ),
        Section(
            T("消融", "Ablation"),
            ("abl_date", "abl_mod", "abl_mod_other", "abl_approach", "abl_guide", "abl_sessions", "abl_margin5"),
        ),
        Section(
            T("结果", "Result"),
            ("tx_date", "complete", "complete_date", "clavien", "adj_tace", "adj_tace_date", "days_to_w0"),
        ),
    ),
    derive=disease.radical_treatment,
    reads=("alloc",),
)  # fmt: skip
