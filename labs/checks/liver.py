"""Edit checks: Liver function scores. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, soft
from prtras.crf.conditions import previous, the

CHECKS = (
    hard(
        "LFN-001",
        "liverfn.cp_score_ent",
        the("liverfn.cp_score_ent") != the("liverfn.cp_score"),
        "Child-Pugh评分与系统根据胆红素、白蛋白、INR、腹水、肝性脑病重新计算的结果不一致。",
        "Child-Pugh score differs from the score recomputed from bilirubin, albumin, INR, ascites and encephalopathy.",
    ),
    hard(
        "LFN-002",
        "liverfn.cp_class_ent",
        the("liverfn.cp_class_ent") != the("liverfn.cp_class"),
        "Child-Pugh分级与系统计算结果不一致。",
        "Child-Pugh class differs from the recomputed class.",
    ),
    hard(
        "LFN-003",
        "liverfn.cp_class_ent",
        ((the("liverfn.cp_class_ent") == "A") & (the("liverfn.cp_score_ent") > 6))
        | (
            (the("liverfn.cp_class_ent") == "B")
            & ((the("liverfn.cp_score_ent") < 7) | (the("liverfn.cp_score_ent") > 9))
        )
        | ((the("liverfn.cp_class_ent") == "C") & (the("liverfn.cp_score_ent") < 10)),
        "Child-Pugh分级与录入评分不符。",
        "Child-Pugh class does not fit the entered score.",
    ),
    soft(
        "LFN-004",
        "liverfn.cp_score",
        (the("liverfn.cp_score") - previous("liverfn.cp_score")) >= 2,
        "Child-Pugh评分较上次增加≥2分,请核对失代偿及不良事件。",
        "Child-Pugh worsened by 2 points or more: check for decompensation and AE.",
    ),
)
