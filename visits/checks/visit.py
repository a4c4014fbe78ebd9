"""Edit checks: Visit record. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, count, days, empty, exists, given, here, matches, previous, the, today

CHECKS = (
    hard(
        "CON-001",
        "visit.visit_date",
        the("visit.visit_date") < the("consent.icf_date"),
        "访视日期早于知情同意书签署日期。",
        "Visit date is before informed consent was signed.",
        overridable=True,
    ),
    hard(
        "CON-009",
        "visit.visit_date",
        (the("visit.visit_date") > the("consent.withdraw_date"))
        & (the("visit.visit_status").one_of("DONE", "PARTIAL")),
        "撤回知情同意后仍有访视记录。",
        "Visit recorded after consent was withdrawn.",
        overridable=True,
    ),
    soft(
        "VIS-001",
        "visit.window_status",
        the("visit.window_status").one_of("EARLY", "LATE"),
        "访视超出时间窗。",
        "Visit is outside its window.",
    ),
    hard(
        "VIS-002",
        "visit.visit_date",
        the("visit.visit_date") > today(),
        "访视日期晚于今天。",
        "Visit date is in the future.",
    ),
    hard(
        "VIS-003",
        "visit.visit_date",
        the("visit.visit_date") < previous("visit.visit_date"),
        "访视日期顺序错误。",
        "Visit dates are not in order.",
    ),
    hard(
        "VIS-004",
        "visit.visit_date",
        (the("visit.visit") != "UNS")
        & any_record(
            "visit",
            (the("visit.visit") != here("visit.visit"))
            & (the("visit.visit").none_of("UNS", "EOS"))
            & (here("visit.visit") != "EOS")
            & (the("visit.visit_date") == here("visit.visit_date")),
        ),
        "两次访视日期相同。",
        "Two visits carry the same date.",
    ),
    later(
        "VIS-005",
        "visit.visit_status",
        (the("visit.visit").none_of("SCR", "EOS", "UNS")) & (the("visit.visit_status") == "DONE") & (~exists("alloc")),
        "未分组但已有随访记录。",
        "Follow-up visit recorded but participant is not allocated.",
    ),
    soft(
        "VIS-006",
        "visit.visit_date",
        matches(r"S[0-9]+", the("visit.visit")) & (the("alloc.arm") == "A1"),
        "安全性访视仅适用于联合组。",
        "Safety visits belong to the combination group only.",
    ),
    later(
        "VIS-007",
        "visit.visit_status",
        (the("visit.visit_status") == "DONE")
        & matches(r"W(12|24|36|48|60|72|84|96|108|120|132|144|156)", the("visit.visit"))
        & empty(the("mri.mri_done")),
        "已完成访视缺少MRI记录。",
        "MRI record is missing at a visit that was done.",
    ),
    later(
        "VIS-008",
        "visit.visit_status",
        (the("visit.visit_status") == "DONE")
        & matches(r"W[0-9]+", the("visit.visit"))
        & empty(the("lbviro.viro_date")),
        "已完成访视缺少HBV DNA/HBsAg记录。",
        "HBV DNA/HBsAg record is missing at a visit that was done.",
    ),
    later(
        "VIS-009",
        "visit.visit_status",
        (the("visit.visit_status") == "DONE")
        & matches(r"[WS][0-9]+", the("visit.visit"))
        & (empty(the("lbchem.chem_date")) | empty(the("lbhem.hem_date"))),
        "已完成访视缺少血常规或生化记录。",
        "Haematology or biochemistry is missing at a visit that was done.",
    ),
    soft(
        "VIS-010",
        "visit.visit_status",
        (the("visit.visit_status") == "MISSED")
        & (given(the("mri.mri_date")) | given(the("lbchem.chem_date")) | given(the("lbviro.viro_date"))),
        '访视标记为缺失但有检查结果,请改为"部分完成"。',
        'Visit is marked missed but has results: use "partially done".',
    ),
    soft(
        "VIS-012",
        "visit.visit_date",
        (the("visit.visit") == "SCR")
        & (days(the("visit.visit_date"), the("alloc.anchor_date")) > constant("scr_max_days")),
        "筛选早于第0天{scr_max_days}天以上。",
        "Screening is more than {scr_max_days} days before Day 0.",
    ),
    hard(
        "DTH-001",
        "visit.visit_date",
        (the("visit.visit_date") > the("death.dth_date")) & (the("visit.visit_status") == "DONE"),
        "访视日期晚于死亡日期。",
        "Visit is dated after death.",
    ),
    hard(
        "EOS-003",
        "visit.visit_date",
        the("visit.visit_date") > the("eos.eos_date"),
        "访视日期晚于研究结束日期。",
        "Visit is dated after end of study.",
        overridable=True,
    ),
    hard(
        "VIS-011",
        "visit.visit_mode",
        (the("visit.visit_mode") == "PHONE") & given(the("pe.pe_date")),
        "电话随访不能有体格检查。",
        "A physical examination cannot be done by telephone.",
    ),
    later(
        "DV-001",
        "visit.window_status",
        (the("visit.window_status").one_of("EARLY", "LATE"))
        & (count("dv", (the("dv.dv_visit") == here("visit.visit")) & (the("dv.dv_cat") == "VISITWIN")) == 0),
        "超窗访视无方案偏离记录。",
        "Out-of-window visit without a deviation row.",
    ),
    later(
        "PRG-006",
        "visit.visit_status",
        (the("dm.childbear") == "WOCBP")
        & (the("alloc.arm") == "A2")
        & (the("visit.visit").one_of("W0", "W12", "W24", "W36", "W48"))
        & (the("visit.visit_status") == "DONE")
        & empty(the("pregtest.pt_done")),
        "联合组有生育能力女性缺少妊娠试验。",
        "Pregnancy test is missing for a woman of childbearing potential in the combination group.",
    ),
    later(
        "THY-001",
        "visit.visit_status",
        (the("alloc.arm") == "A2")
        & (the("visit.visit").one_of("W12", "W24", "W36", "W48"))
        & (the("visit.visit_status") == "DONE")
        & empty(the("lbthy.thy_date")),
        "联合组缺少甲状腺功能检查。",
        "Thyroid function is missing in the combination group.",
    ),
    later(
        "PBM-003",
        "visit.visit_status",
        (the("visit.visit").one_of("W0", "W12", "W24", "W48", "W96", "W156"))
        & (the("visit.visit_status") == "DONE")
        & empty(the("lbpbmc.pbmc_date")),
        "计划时间点缺少PBMC免疫谱检测。",
        "PBMC immune profile is missing at a planned time point.",
    ),
    later(
        "TIS-005",
        "visit.visit_status",
        (the("visit.visit") == "W12") & (the("visit.visit_status") == "DONE") & (~exists("tissue")),
        "缺少组织生物标志物表。",
        "Tissue biomarker form is missing.",
    ),
)
