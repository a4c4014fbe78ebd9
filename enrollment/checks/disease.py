"""Edit checks: Index tumour and radical treatment. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, soft
from prtras.crf.conditions import any_record, count, here, largest, magnitude, the

CHECKS = (
    hard(
        "HCC-001",
        "hcc.bclc_ent",
        the("hcc.bclc_ent") != the("hcc.bclc_calc"),
        "BCLC分期与系统根据肿瘤数目、大小、侵犯、ECOG及Child-Pugh计算结果不一致。",
        "BCLC stage differs from the stage computed from tumour number, size, invasion, ECOG and Child-Pugh.",
    ),
    hard(
        "HCC-002",
        "hcc.bclc_ent",
        (the("hcc.bclc_ent") == "0") & ((the("hcc.n_tumours") > 1) | (the("hcc.largest_mm") > 20)),
        "BCLC 0期要求单发且≤20 mm。",
        "BCLC 0 requires a single tumour of 20 mm or less.",
    ),
    hard(
        "HCC-003",
        "hcc.bclc_ent",
        (the("hcc.bclc_ent") == "A")
        & ((the("hcc.n_tumours") > 3) | ((the("hcc.n_tumours") >= 2) & (the("hcc.largest_mm") > 30))),
        "BCLC A期要求单发,或2~3个且均≤30 mm。",
        "BCLC A allows a single tumour, or 2-3 tumours of 30 mm or less.",
    ),
    soft(
        "HCC-006",
        "hcc.largest_mm",
        the("hcc.largest_mm") < 5,
        "肿瘤直径<5 mm,是否误以cm录入?",
        "Tumour diameter below 5 mm: was it entered in cm?",
    ),
    hard(
        "HCC-007",
        "hcc.dx_date",
        (the("hcc.dx_date") > the("radtx.tx_date")) & (the("hcc.dx_basis") != "BIOPSY"),
        "肝癌诊断日期晚于根治性治疗日期。",
        "HCC diagnosis date is after radical treatment.",
    ),
    hard(
        "HCC-008",
        "hcc.img_date",
        the("hcc.img_date") > the("radtx.tx_date"),
        "分期影像日期晚于根治性治疗日期。",
        "Staging imaging is dated after radical treatment.",
    ),
    soft(
        "HCC-009",
        "hcc.first_hcc",
        the("hcc.first_hcc") == "N",
        "本次肝癌非首次诊断,请与申办方确认是否可入组。",
        "Index HCC is not the first-ever HCC: confirm eligibility with the sponsor.",
    ),
    soft(
        "RAD-001",
        "radtx.tx_date",
        the("radtx.tx_date") > the("consent.icf_date"),
        "根治性治疗晚于知情同意,请确认。",
        "Radical treatment is after consent: confirm.",
    ),
    hard(
        "RAD-002",
        "radtx.tx_date",
        the("radtx.tx_date") > the("alloc.alloc_date"),
        "根治性治疗必须早于分组。",
        "Radical treatment must precede allocation.",
        overridable=True,
    ),
    soft(
        "RAD-003",
        "radtx.days_to_w0",
        (the("radtx.days_to_w0") < constant("radtx_to_w0_min"))
        | (the("radtx.days_to_w0") > constant("radtx_to_w0_max")),
        "根治性治疗至第0天的间隔超出设定范围。",
        "Time from radical treatment to Day 0 is outside the configured window.",
    ),
    hard(
        "RAD-004",
        "radtx.complete",
        (the("radtx.complete") == "INCOMPLETE") & (the("ie.ie_eligible") == "Y"),
        "治疗不完全(有残留),不属于根治性治疗,不应判定合格。",
        "Residual tumour: treatment is not radical, participant cannot be eligible.",
    ),
    soft(
        "RAD-005",
        "radtx.res_margin",
        the("radtx.res_margin").one_of("R1", "R2"),
        "R1/R2切缘,请确认是否为根治性治疗。",
        "R1/R2 margin: confirm that treatment was radical.",
    ),
    hard(
        "RAD-006",
        "radtx.res_approach",
        the("radtx.res_approach") == "PERC",
        "手术切除入路不能为经皮。",
        "A resection cannot be percutaneous.",
    ),
    soft(
        "RAD-008",
        "radtx.complete_date",
        the("radtx.complete_date") < the("radtx.tx_date"),
        "证实完全治疗的影像日期早于治疗日期。",
        "Imaging proving completeness is dated before treatment.",
    ),
    soft(
        "HCC-004",
        "hcc.n_tumours",
        count("hccles") != the("hcc.n_tumours"),
        "病灶明细行数与肿瘤数目不符。",
        "Lesion log rows differ from the number of tumours.",
    ),
    soft(
        "HCC-005",
        "hcc.largest_mm",
        magnitude(largest("hccles", the("hccles.les_mm")) - the("hcc.largest_mm")) > 1,
        "病灶明细最大径与最大肿瘤直径不符。",
        "Largest lesion in the log differs from the largest tumour diameter.",
    ),
    hard(
        "DUP-004",
        "hccles.les_no",
        any_record(
            "hccles", (the("hccles.row") != here("hccles.row")) & (the("hccles.les_no") == here("hccles.les_no"))
        ),
        "病灶编号重复。",
        "Lesion number is used twice.",
    ),
)
