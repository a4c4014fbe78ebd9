"""The enrollment forms as the casebook shows them."""

from enrollment import deriving
from enrollment.history_forms import HBV_HISTORY, MEDICAL_HISTORY, PATHOLOGY
from enrollment.models import (
    ArmChoice,
    Consent,
    Demographics,
    Eligibility,
    IndexLesion,
    IndexTumour,
    RadicalTreatment,
    ReConsent,
)
from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T

CONSENT = Form(
    "consent", T("知情同意", "Informed consent"), "single", "DS", Consent,
    (
        Section(
            T("签署", "Signature"),
            ("icf_version", "icf_version_date", "icf_date", "signer", "incap_reason", "signer_rel",
             "signer_rel_other", "signer_auth_doc", "signer_assent"),
        ),
        Section(T("见证与承诺", "Witness and commitments"),
                ("witness_needed", "witness_date", "comply_agree", "copy_given", "inv_sign_date", "biobank_consent")),
        Section(T("撤回", "Withdrawal"), ("withdraw_date",)),
    ),
)  # fmt: skip

DEMOGRAPHICS = Form(
    "dm", T("人口学资料", "Demographics"), "single", "DM", Demographics,
    (
        Section(T("编号", "Numbers"), ("subjid", "scrno", "initials")),
        Section(T("人口学", "Demographics"), ("brthdat", "age_consent", "sex", "ethnic", "ethnic_other", "edu")),
        Section(T("生育", "Childbearing"), ("childbear", "contracep", "lactating")),
    ),
    derive=deriving.demographics,
    reads=("consent",),
)  # fmt: skip

ELIGIBILITY = Form(
    "ie", T("入选/排除标准", "Eligibility"), "single", "IE", Eligibility,
    (
        Section(T("评估", "Assessment"), ("ie_date",)),
        Section(T("入选标准", "Inclusion criteria"), INCLUSION, T("全部应为“是”", "All must be Yes")),
        Section(
            T("排除标准", "Exclusion criteria"),
            ("exc01", "exc01_detail", "exc02", "exc03", "exc04", "exc04_detail", *EXCLUSION[4:14], "exc14_detail",
             "exc15"),
            T("全部应为“否”", "All must be No"),
        ),
        Section(T("结论", "Decision"), ("ie_calc", "ie_eligible", "scr_outcome", "ie_sign_date")),
    ),
    derive=deriving.eligibility,
)  # fmt: skip

INDEX_TUMOUR = Form(
    "hcc", T("治疗前肝癌资料", "Index HCC"), "single", "TU", IndexTumour,
    (
        Section(T("诊断", "Diagnosis"), ("dx_date", "dx_basis", "first_hcc", "img_mod", "img_date")),
        Section(T("肿瘤", "Tumour"), ("n_tumours", "largest_mm", "vasc_inv", "extrahep")),
        Section(T("分期", "Stage"), ("ecog_pre", "cp_pre", "bclc_ent", "bclc_calc", "milan", "cnlc")),
        Section(T("肿瘤标志物", "Tumour markers"), ("pre_afp", "pre_pivka")),
    ),
    rows=Rows(
        "hccles", T("病灶明细", "Index lesions"), IndexLesion, "les_no",
        note=T("治疗前每个病灶一行。已保存的行不删除,只标注录入有误。",
               "One row per lesion before treatment. Saved rows are only ever marked entered in error."),
    ),
    derive=deriving.index_tumour,
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
    derive=deriving.radical_treatment,
    reads=("alloc",),
)  # fmt: skip

ARM_CHOICE = Form(
    "alloc", T("治疗组选择", "Choice of arm"), "single", "DM", ArmChoice,
    (
        Section(
            T("选择(非随机)", "Choice (not randomized)"),
            ("alloc_date", "arm", "alloc_reason", "alloc_other", "alloc_by", "anchor_date"),
            T("治疗组由研究者与受试者共同选择", "The arm is chosen by investigator and participant"),
        ),
        Section(T("转组", "Cross-over"), ("arm_switch", "arm_switch_date")),
        Section(T("系统计算", "Computed"), ("a2_first_dose", "arm_actual")),
    ),
    derive=deriving.arm_choice,
    reads=("pegifn", "radtx"),
)  # fmt: skip

RE_CONSENT = Form(
    "reconsent", T("再次知情同意", "Re-consent"), "log", "DS", ReConsent,
    (Section(T("签署", "Signature"), ("rc_version", "rc_version_date", "rc_date", "rc_signer")),),
)  # fmt: skip

FORMS = (
    CONSENT, RE_CONSENT, DEMOGRAPHICS, HBV_HISTORY, MEDICAL_HISTORY, INDEX_TUMOUR, RADICAL_TREATMENT, PATHOLOGY,
    ELIGIBILITY, ARM_CHOICE,
)  # fmt: skip
