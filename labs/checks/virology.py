"""Edit checks: HBV virology and serology. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, soft
from prtras.crf.conditions import days, empty, here, magnitude, matches, previous, smallest, the

_TITRE = the("lbviro.hbsab_val")

CHECKS = (
    hard(
        "VIR-001",
        "lbviro.hbvdna_q",
        the("lbviro.hbvdna_q") == "INVALID",
        'HBV DNA:请录入≥10 IU/mL的数值、"<10"或"未检测到靶标"。',
        'HBV DNA: enter a number >= 10 IU/mL, "<10" or "Target not detected".',
    ),
    soft(
        "VIR-002",
        "lbviro.hbvdna_assay",
        ~matches(r"(?i).*(cobas|taqman).*", the("lbviro.hbvdna_assay")),
        "HBV DNA检测方法不是COBAS TaqMan。",
        "HBV DNA assay is not COBAS TaqMan.",
    ),
    soft(
        "VIR-003",
        "lbviro.hbsag_assay",
        ~matches(r"(?i).*architect.*", the("lbviro.hbsag_assay")),
        "HBsAg检测方法不是Architect HBsAg QT。",
        "HBsAg assay is not Architect HBsAg QT.",
    ),
    hard(
        "VIR-004",
        "lbviro.hbsag_q",
        ((the("lbviro.hbsag_q") == "LT_LLOQ") & (the("lbviro.hbsag_res") == "POS"))
        | ((the("lbviro.hbsag_q").one_of("QUANT", "GT_RANGE", "GT_ULOQ")) & (the("lbviro.hbsag_res") == "NEG")),
        "HBsAg定量与定性结果矛盾。",
        "HBsAg quantity contradicts the qualitative result.",
    ),
    soft(
        "VIR-005",
        "lbviro.hbsag_q",
        the("lbviro.hbsag_q") == "GT_RANGE",
        "HBsAg>250 IU/mL未稀释,请提供稀释后结果。",
        "HBsAg above 250 IU/mL without dilution: request a diluted result.",
    ),
    soft(
        "VIR-006",
        "lbviro.hbvdna_log",
        (
            the("lbviro.hbvdna_log")
            - smallest("lbviro", the("lbviro.hbvdna_log"), the("lbviro.viro_date") < here("lbviro.viro_date"))
        )
        >= constant("hbv_rebound_log10"),
        "HBV DNA较最低值升高≥{hbv_rebound_log10} log10,请核对依从性及耐药。",
        "HBV DNA rose by >= {hbv_rebound_log10} log10 above nadir: check adherence and resistance.",
    ),
    soft(
        "VIR-007",
        "lbviro.hbsag_log",
        magnitude(the("lbviro.hbsag_log") - previous("lbviro.hbsag_log")) > 1,
        "HBsAg变化>1 log10,请核对稀释倍数。",
        "HBsAg changed by more than 1 log10: check dilution.",
    ),
    hard(
        "VIR-008",
        "lbviro.hbsab_val",
        ((_TITRE >= 10) & (the("lbviro.hbsab_res") == "NEG")) | ((_TITRE < 10) & (the("lbviro.hbsab_res") == "POS")),
        "抗-HBs滴度与定性结果矛盾。",
        "Anti-HBs titre contradicts the qualitative result.",
    ),
    soft(
        "VIR-009",
        "lbviro.hbvdna_u",
        the("lbviro.hbvdna_u") == "copies/mL",
        "HBV DNA单位为拷贝/mL,方案使用IU/mL(按5.82换算)。",
        "HBV DNA in copies/mL: the study uses IU/mL; converted by 5.82.",
    ),
    hard(
        "VIR-010",
        "lbviro.hbsag_log",
        (the("lbviro.visit") == "W0") & empty(the("lbviro.hbsag_log")) & empty(the("lbviro.hbsag_log", at="SCR")),
        "缺少基线HBsAg定量(Cox模型协变量)。",
        "Baseline quantitative HBsAg is missing (Cox covariate).",
    ),
    hard(
        "CON-016",
        "lbviro.viro_date",
        the("lbviro.viro_date") > the("consent.withdraw_date"),
        "撤回知情同意后仍有病毒学采样。",
        "Virology sample taken after consent was withdrawn.",
        overridable=True,
    ),
    hard(
        "DTH-009",
        "lbviro.viro_date",
        the("lbviro.viro_date") > the("death.dth_date"),
        "病毒学采样日期晚于死亡日期。",
        "Virology sample is dated after death.",
    ),
    soft(
        "VIR-011",
        "lbviro.hbsag_status",
        the("lbviro.hbsag_status") == "REVERTED",
        "HBsAg清除后复阳,请复测确认。",
        "HBsAg reversion after loss: confirm with a repeat sample.",
    ),
    soft(
        "VIR-012",
        "lbviro.viro_date",
        magnitude(days(the("lbviro.viro_date"), the("visit.visit_date"))) > constant("visit_win_days"),
        "病毒学采样日期与访视日期相差超过{visit_win_days}天。",
        "Virology sample is more than {visit_win_days} days from the visit.",
    ),
)
