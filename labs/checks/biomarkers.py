"""Edit checks: Tissue biomarkers and the immune profile of blood cells. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, soft
from prtras.crf.conditions import empty, the

CHECKS = (
    hard(
        "TIS-001",
        "tissue.pdl1_done",
        (the("tissue.pdl1_done") == "Y") & (the("tissue.pdl1_clone") != "22C3"),
        "PD-L1须使用22C3抗体。",
        "PD-L1 must be stained with antibody 22C3.",
    ),
    hard(
        "TIS-002",
        "tissue.cps",
        the("tissue.cps") < the("tissue.tps"),
        "CPS不能低于TPS。",
        "CPS cannot be lower than TPS.",
    ),
    soft(
        "TIS-003",
        "tissue.tis_date",
        the("tissue.tis_date") < the("radtx.res_date"),
        "组织取材日期早于手术;方案要求术后肿瘤组织。",
        "Tissue date is before resection; the study asks for postoperative tumour tissue.",
    ),
    hard(
        "TIS-004",
        "tissue.tc_done",
        (the("tissue.tc_done") == "Y") & empty(the("tissue.tc_semi")) & empty(the("tissue.tc_score_i")),
        "T细胞浸润标记为已评分但无结果。",
        "T-cell infiltration is marked done but has no score.",
    ),
    soft(
        "PBM-001",
        "lbpbmc.cd4p",
        (the("lbpbmc.cd4p") + the("lbpbmc.cd8p")) > 105,
        "CD4+与CD8+之和超过CD3+的105%。",
        "CD4+ plus CD8+ exceed 105% of CD3+.",
    ),
    soft(
        "PBM-002",
        "lbpbmc.pbmc_viab",
        (the("lbpbmc.pbmc_viab") < 70) | (the("lbpbmc.pbmc_events") < 10000),
        "活率低或事件数不足,结果可能不可靠。",
        "Low viability or too few events: result may not be reliable.",
    ),
)
