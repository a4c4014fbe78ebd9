"""Edit checks: MRI and its observations. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, contains, count, days, given, here, previous, the

CHECKS = (
    hard(
        "CON-010",
        "mri.mri_date",
        the("mri.mri_date") > the("consent.withdraw_date"),
        "撤回知情同意后仍有影像检查记录。",
        "Imaging recorded after consent was withdrawn.",
        overridable=True,
    ),
    soft(
        "MRI-001",
        "mri.mri_win",
        the("mri.mri_win").one_of("EARLY", "LATE"),
        "影像检查超出±{visit_win_days}天时间窗。",
        "Imaging is outside the +/- {visit_win_days} day window.",
        constants=(constant("visit_win_days"),),
    ),
    soft(
        "MRI-002",
        "mri.mri_done",
        (the("mri.mri_done") == "Y") & (the("mri.mri_mod") != "MRI"),
        "方案要求腹部MRI,其他检查方式属方案偏离。",
        "The study asks for abdominal MRI; another modality is a deviation.",
    ),
    hard(
        "MRI-003",
        "mri.mri_nobs",
        the("mri.mri_nobs") != count("mriobs", the("mriobs.visit") == here("mri.visit")),
        "病灶数目与明细行数不符。",
        "Number of observations differs from the rows recorded.",
    ),
    hard(
        "MRI-004",
        "mri.mri_overall",
        (the("mri.mri_overall") == "NED")
        & any_record(
            "mriobs",
            (the("mriobs.visit") == here("mri.visit"))
            & ((the("mriobs.lr_cat").one_of("LR-5", "LR-TIV")) | (the("mriobs.lrtr") == "LR-TR-V")),
        ),
        '"无复发"结论与LR-5/LR-TIV/LR-TR存活病灶矛盾。',
        'Conclusion "no recurrence" contradicts an LR-5, LR-TIV or LR-TR Viable observation.',
    ),
    later(
        "MRI-005",
        "mri.mri_overall",
        (the("mri.mri_overall") == "RECUR") & (count("recur", the("recur.rec_visit") == here("mri.visit")) == 0),
        "影像结论为复发但无复发事件表。",
        "Imaging conclusion is recurrence but no recurrence form is filled.",
    ),
    soft(
        "MRI-006",
        "mri.mri_quality",
        (the("mri.mri_quality") == "NONDIAG") & (the("mri.mri_overall") != "NE"),
        '图像不能诊断,结论应为"无法评估"。',
        "Non-diagnostic images cannot support a conclusion.",
    ),
    soft(
        "MRI-007",
        "mri.mri_contrast",
        the("mri.mri_contrast") == "NONE",
        "LI-RADS评估需增强扫描。",
        "LI-RADS needs contrast-enhanced imaging.",
    ),
    hard(
        "MRI-008",
        "mri.mri_read_date",
        the("mri.mri_read_date") < the("mri.mri_date"),
        "阅片日期早于检查日期。",
        "Read date is before the imaging date.",
    ),
    soft(
        "MRI-009",
        "mri.mri_date",
        days(previous("mri.mri_date"), the("mri.mri_date")) > constant("missed_img_gap_days"),
        "距上次影像超过{missed_img_gap_days:weeks}周(连续缺失2次)。",
        "More than {missed_img_gap_days:weeks} weeks since the previous imaging (two missed scans).",
    ),
    soft(
        "LR-001",
        "mriobs.obs_type",
        (the("mriobs.obs_type") == "UNTREATED")
        & (the("mriobs.lr_cat").none_of(the("mriobs.lr_base"), the("mriobs.lr_adj")))
        & given(the("mriobs.lr_base")),
        "LI-RADS分类与系统根据征象计算结果不一致。",
        "LI-RADS category differs from the category computed from the recorded features.",
    ),
    soft(
        "LR-002",
        "mriobs.obs_type",
        (the("mriobs.obs_type") == "TREATED") & (the("mriobs.lrtr") != the("mriobs.lrtr_calc")),
        "LR-TR分类与系统计算结果不一致。",
        "LR-TR category differs from the computed category.",
    ),
    hard(
        "LR-003",
        "mriobs.lr_cat",
        (the("mriobs.lr_cat") == "LR-5") & (the("mriobs.aphe").one_of("NONE", "RIM")),
        "LR-5要求非环形动脉期高强化。",
        "LR-5 requires nonrim arterial phase hyperenhancement.",
    ),
    hard(
        "LR-004",
        "mriobs.lr_cat",
        (the("mriobs.lr_cat") == "LR-5") & (the("mriobs.size_mm") < 10),
        "LR-5要求≥10 mm。",
        "LR-5 requires a size of at least 10 mm.",
    ),
    soft(
        "LR-005",
        "mriobs.tg_calc",
        (the("mriobs.tg_calc").one_of("Y", "N")) & (the("mriobs.tg") != the("mriobs.tg_calc")),
        "阈值增长与所录大小及日期不符。",
        "Threshold growth disagrees with the recorded sizes and dates.",
    ),
    hard(
        "LR-006",
        "mriobs.prior_date",
        the("mriobs.prior_date") >= the("mri.mri_date"),
        "对照检查日期应早于本次检查。",
        "Comparison examination must be before this examination.",
    ),
    hard(
        "LR-007",
        "mriobs.obs_new",
        (the("mriobs.obs_new") == "Y") & given(the("mriobs.prior_mm")),
        "新发病灶不应有既往大小。",
        "A new observation cannot have a prior size.",
    ),
    soft(
        "LR-008",
        "mriobs.obs_new",
        (the("mriobs.obs_new") == "N")
        & (the("mriobs.visit") != "SCR")
        & (
            count(
                "mriobs",
                (the("mriobs.obs_no") == here("mriobs.obs_no")) & (the("mriobs.visit") != here("mriobs.visit")),
            )
            == 0
        ),
        "非新发病灶,但其编号未在其他访视出现。",
        'Observation is "not new" but its number does not occur at another visit.',
    ),
    soft(
        "LR-009",
        "mriobs.washout",
        (the("mri.mri_contrast") == "GADOXETATE")
        & (the("mriobs.washout") == "NONPERIPH")
        & contains(the("mriobs.afmal"), "TPHYPO"),
        "使用钆塞酸二钠时廓清仅限门静脉期,请确认。",
        "With gadoxetate, washout counts in the portal venous phase only: confirm.",
    ),
    hard(
        "DTH-002",
        "mri.mri_date",
        the("mri.mri_date") > the("death.dth_date"),
        "影像日期晚于死亡日期。",
        "Imaging is dated after death.",
    ),
    hard(
        "DUP-001",
        "mriobs.obs_no",
        any_record(
            "mriobs",
            (the("mriobs.row") != here("mriobs.row"))
            & (the("mriobs.visit") == here("mriobs.visit"))
            & (the("mriobs.obs_no") == here("mriobs.obs_no")),
        ),
        "同一访视病灶编号重复。",
        "Observation number is used twice at this visit.",
    ),
)
