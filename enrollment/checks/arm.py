"""Edit checks: Choice of arm. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, soft
from prtras.crf.conditions import any_record, days, empty, exists, here, the

CHECKS = (
    hard(
        "CON-002",
        "alloc.alloc_date",
        the("alloc.alloc_date") < the("consent.icf_date"),
        "分组日期早于知情同意日期。",
        "Allocation date is before informed consent.",
        overridable=True,
    ),
    hard(
        "IE-028",
        "alloc.alloc_date",
        exists("alloc") & (the("ie.ie_eligible") == "N"),
        "不合格受试者已被分组。",
        "A participant who is not eligible has been allocated.",
        overridable=True,
    ),
    hard(
        "IE-030",
        "alloc.alloc_date",
        the("alloc.alloc_date") < the("ie.ie_date"),
        "分组日期早于入排评估日期。",
        "Allocation date is before the eligibility assessment.",
        overridable=True,
    ),
    soft(
        "ALC-002",
        "alloc.arm",
        (the("alloc.arm") == "A2") & (the("alloc.arm_actual") == "A1"),
        "联合组尚无聚乙二醇干扰素给药记录。",
        "Combination group without any peginterferon dose.",
    ),
    soft(
        "ALC-003",
        "alloc.arm",
        (the("alloc.arm") == "A2")
        & (days(the("alloc.anchor_date"), the("alloc.a2_first_dose")) > constant("pg_start_max_days")),
        "首次聚乙二醇干扰素给药晚于计划。",
        "First peginterferon dose is later than planned after Day 0.",
    ),
    hard(
        "ALC-004",
        "alloc.a2_first_dose",
        the("alloc.a2_first_dose") < the("alloc.alloc_date"),
        "首次聚乙二醇干扰素给药早于分组。",
        "First peginterferon dose is before allocation.",
        overridable=True,
    ),
    hard(
        "ALC-005",
        "alloc.arm_switch_date",
        the("alloc.arm_switch_date") < the("alloc.alloc_date"),
        "转组日期早于分组日期。",
        "Cross-over date is before allocation.",
    ),
    soft(
        "ALC-007",
        "alloc.anchor_date",
        empty(the("mri.mri_date", at="SCR"))
        | (days(the("mri.mri_date", at="SCR"), the("alloc.anchor_date")) > constant("baseline_mri_max_days")),
        "基线MRI缺失或距第0天过久。",
        "Baseline MRI is missing or too old on Day 0.",
    ),
    hard(
        "ALC-008",
        "alloc.alloc_date",
        the("mri.mri_overall", at="SCR") == "RECUR",
        "基线MRI提示肿瘤,不应分组。",
        "Baseline MRI shows tumour: participant cannot be allocated.",
        overridable=True,
    ),
    hard(
        "ALC-006",
        "alloc.alloc_date",
        ~any_record(
            "na",
            (the("na.na_start") <= here("alloc.alloc_date"))
            & (empty(the("na.na_end")) | (the("na.na_end") >= here("alloc.alloc_date"))),
        ),
        "分组日无核苷(酸)类似物用药记录(两组均应使用)。",
        "No nucleos(t)ide analogue is in use on the allocation date; both groups receive NAs.",
        overridable=True,
    ),
)
