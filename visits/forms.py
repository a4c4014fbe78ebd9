"""The visit forms as the casebook shows them."""

from enrollment.deriving import numbered
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T
from visits import deriving
from visits.models import (
    AdverseEvent,
    Death,
    EndOfStudy,
    LogReview,
    Mri,
    MriObservation,
    Recurrence,
    SubsequentTherapy,
    VisitRecord,
)
from visits.treatment_forms import (
    ADHERENCE,
    CONCOMITANT_MEDICATION,
    DEVIATION,
    EXAMINATION,
    NA_REGIMEN,
    PEG_IFN,
    PREGNANCY,
    VITAL_SIGNS,
)

VISIT = Form(
    "visit", T("访视记录", "Visit record"), "visit", "SV", VisitRecord,
    (
        Section(T("访视", "Visit"), ("visit_status", "visit_date", "visit_mode", "miss_reason", "miss_other",
                                     "uns_reason")),
        Section(T("访视窗(系统计算)", "Window (computed)"),
                ("target_date", "window_lo", "window_hi", "window_dev", "window_status")),
    ),
    derive=deriving.visit_record,
    reads=("alloc",),
)  # fmt: skip

LOG_REVIEW = Form(
    "logs", T("记录表核对", "Log review"), "visit", "SV", LogReview,
    (
        Section(T("自上次访视以来(筛选期:自签署知情同意以来)", "Since the last visit (at screening: since consent)"),
                ("mh_yn", "ae_yn", "cm_yn", "na_yn"),
                T("选“是”后请在相应记录表中填写", "After Yes, fill in a row of the log")),
    ),
)  # fmt: skip

MRI = Form(
    "mri", T("腹部MRI评估", "Abdominal MRI"), "visit", "TU", Mri,
    (
        Section(T("检查", "Examination"),
                ("mri_done", "mri_nd_reason", "mri_date", "mri_mod", "mri_contrast", "mri_quality", "mri_other")),
        Section(T("结论", "Conclusion"),
                ("mri_nobs", "mri_overall", "mri_reader", "mri_read_date", "mri_blinded", "mri_dev", "mri_win")),
    ),
    rows=Rows(
        "mriobs", T("病灶", "Observations"), MriObservation, "obs_no",
        note=T("LI-RADS v2018;最大径为外缘至外缘(mm)。已保存的行不删除,只标注录入有误。",
               "LI-RADS v2018; longest outer-edge diameter in mm. Saved rows are only ever marked entered in error."),
        derive=deriving.observation,
    ),
    derive=deriving.mri,
    reads=("alloc",),
)  # fmt: skip

RECURRENCE = Form(
    "recur", T("复发事件及确认", "Recurrence"), "log", "RS", Recurrence,
    (
        Section(T("事件", "Event"),
                ("rec_no", "rec_date", "rec_visit", "rec_site", "rec_basis", "rec_eh", "rec_obs")),
        Section(T("肿瘤", "Tumour"), ("rec_n", "rec_mm", "rec_vasc", "rec_afp", "rec_bclc")),
        Section(T("病理", "Histology"), ("rec_biopsy", "rec_biopsy_date", "rec_histo")),
        Section(T("判定", "Adjudication"), ("rec_adj", "rec_adj_date", "rec_first", "rec_ttr")),
    ),
    derive=deriving.recurrence,
    reads=("alloc", "recur"),
)  # fmt: skip

SUBSEQUENT_THERAPY = Form(
    "subtx", T("后续抗肿瘤治疗", "Subsequent therapy"), "log", "CM", SubsequentTherapy,
    (
        Section(T("治疗", "Therapy"),
                ("st_no", "st_type", "st_intent", "st_detail", "st_start", "st_ongoing", "st_end", "st_resp",
                 "st_rec_no")),
    ),
    derive=numbered("subtx", "st_no"),
)  # fmt: skip

ADVERSE_EVENT = Form(
    "ae", T("不良事件", "Adverse event"), "log", "AE", AdverseEvent,
    (
        Section(T("事件", "Event"),
                ("ae_no", "ae_term", "ae_start", "ae_ongoing", "ae_end", "ae_grade", "ae_lab", "ae_lab_visit",
                 "ae_aesi")),
        Section(T("关系与措施", "Causality and action"),
                ("ae_rel_pg", "ae_rel_na", "ae_rel_proc", "ae_acn_pg", "ae_acn_na", "ae_tx_given", "ae_out")),
        Section(T("严重性", "Seriousness"),
                ("ae_ser", "ae_sdth", "ae_slife", "ae_shosp", "ae_hosp_start", "ae_hosp_end", "ae_sdisab", "ae_scong",
                 "ae_smie", "ae_aware", "ae_report", "ae_narr", "ae_susar")),
        Section(T("编码", "Coding"), ("ae_llt", "ae_pt", "ae_soc")),
    ),
    derive=numbered("ae", "ae_no"),
)  # fmt: skip

DEATH = Form(
    "death", T("死亡记录", "Death"), "single", "DD", Death,
    (
        Section(T("死亡", "Death"),
                ("dth_date", "dth_cause", "dth_cause_oth", "dth_hcc", "dth_rel", "dth_autopsy", "dth_src",
                 "dth_ae_no")),
    ),
)  # fmt: skip

END_OF_STUDY = Form(
    "eos", T("研究结束", "End of study"), "single", "DS", EndOfStudy,
    (
        Section(T("结束", "Disposition"),
                ("eos_date", "eos_status", "eos_reason_oth", "eos_ae_no", "last_alive", "last_status", "last_img",
                 "eos_sign_date")),
        Section(T("系统计算", "Computed"), ("pg_total", "pg_ndose")),
    ),
    derive=deriving.end_of_study,
    reads=("mri", "pegifn", "alloc"),
)  # fmt: skip

FORMS = (
    VISIT, ADHERENCE, VITAL_SIGNS, EXAMINATION, MRI, LOG_REVIEW, NA_REGIMEN, PEG_IFN, CONCOMITANT_MEDICATION,
    RECURRENCE, SUBSEQUENT_THERAPY, ADVERSE_EVENT, PREGNANCY, DEVIATION, DEATH, END_OF_STUDY,
)  # fmt: skip
