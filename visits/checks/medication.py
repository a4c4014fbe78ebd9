"""Edit checks: Concomitant medication. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, count, given, here, matches, the

CHECKS = (
    hard(
        "CM-001",
        "cm.cm_end",
        the("cm.cm_end") < the("cm.cm_start"),
        "合并用药结束日期早于开始日期。",
        "Medication end date is before start date.",
    ),
    soft(
        "CM-002",
        "cm.cm_cat",
        (the("cm.cm_cat").one_of("ANTITUMOUR", "IMMUNO", "IMMUNOMOD"))
        & (the("cm.cm_start") > the("alloc.alloc_date"))
        & (count("recur", the("recur.rec_adj") == "CONFIRMED") == 0),
        "该药物可能影响终点,如属禁用请记录方案偏离。",
        "Medication may influence the endpoint: record a deviation if prohibited.",
    ),
    soft(
        "CM-003",
        "cm.cm_name",
        any_record(
            "cm",
            (the("cm.row") != here("cm.row"))
            & (the("cm.cm_name") == here("cm.cm_name"))
            & (the("cm.cm_start") == here("cm.cm_start"))
            & (the("cm.cm_dose") == here("cm.cm_dose")),
        ),
        "重复的合并用药记录。",
        "Duplicate medication row.",
    ),
    soft(
        "CM-004",
        "cm.cm_name",
        matches(
            r"(?i).*(interferon|entecavir|tenofovir|lamivudine|telbivudine|adefovir|干扰素|恩替卡韦|替诺福韦|拉米夫定|替比夫定|阿德福韦).*",
            the("cm.cm_name"),
        ),
        "研究用药应填写专用记录,而非合并用药。",
        "Study treatment belongs on its own log, not on concomitant medication.",
    ),
    later(
        "CM-005",
        "cm.cm_ae_no",
        given(the("cm.cm_ae_no")) & (count("ae", the("ae.ae_no") == here("cm.cm_ae_no")) == 0),
        "关联AE编号不存在。",
        "Linked AE number does not exist.",
    ),
)
