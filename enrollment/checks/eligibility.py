"""Edit checks: Eligibility. Source: checks of the CRF specification 0.1."""

from prtras.clinical.protocol import value_of
from prtras.crf.checks import hard, soft
from prtras.crf.conditions import empty, the

CHECKS = (
    hard(
        "IE-001",
        "ie.inc01",
        (
            (the("ie.inc01") == "Y")
            & ((the("dm.age_consent") < value_of("age_min")) | (the("dm.age_consent") > value_of("age_max")))
        )
        | (
            (the("ie.inc01") == "N")
            & (the("dm.age_consent") >= value_of("age_min"))
            & (the("dm.age_consent") <= value_of("age_max"))
        ),
        "入选标准1与年龄不一致。",
        "INC01 disagrees with age at consent.",
    ),
    hard(
        "IE-002",
        "ie.inc02",
        (the("ie.inc02") == "Y") & (the("lbviro.hbsag_res", at="SCR") == "NEG"),
        '入选2为"是",但筛选HBsAg为阴性。',
        "INC02 (HBsAg positive) is Y but screening HBsAg is negative.",
    ),
    hard(
        "IE-004",
        "ie.inc04",
        (the("ie.inc04") == "Y") & ((the("hcc.bclc_ent").none_of("0", "A")) | (the("hcc.bclc_calc").none_of("0", "A"))),
        '入选4为"是",但BCLC分期不是0期或A期。',
        "INC04 is Y but BCLC stage is not 0 or A.",
    ),
    hard(
        "IE-006",
        "ie.inc06",
        (the("ie.inc06") == "N") & (the("ie.ie_eligible") == "Y"),
        "预计生存期不足3个月,但判定为合格。",
        "Expected survival is not more than 3 months but participant is declared eligible.",
    ),
    hard(
        "IE-007",
        "ie.inc07",
        (the("ie.inc07") == "Y") & (empty(the("consent.icf_date")) | (the("consent.comply_agree") == "N")),
        '入选7为"是",但缺少知情日期或未同意遵守要求。',
        "INC07 is Y but consent date or agreement to comply is missing.",
    ),
    hard(
        "IE-014",
        "ie.exc07",
        (the("ie.exc07") == "N")
        & (the("lbchem.creat_stresn", at="SCR") > (value_of("creat_max_xuln") * the("lbchem.creat_stnrhi", at="SCR"))),
        '排除7为"否",但筛选肌酐>1.5×ULN。',
        "EXC07 is N but screening creatinine exceeds 1.5 x ULN.",
    ),
    hard(
        "IE-015",
        "ie.exc07",
        (the("ie.exc07") == "Y")
        & (the("lbchem.creat_stresn", at="SCR") <= (value_of("creat_max_xuln") * the("lbchem.creat_stnrhi", at="SCR"))),
        '排除7为"是",但筛选肌酐未超过1.5×ULN。',
        "EXC07 is Y but screening creatinine does not exceed 1.5 x ULN.",
    ),
    hard(
        "IE-022",
        "ie.exc13",
        ((the("ie.exc13") == "NA") & (the("dm.sex") == "F"))
        | ((the("ie.exc13").one_of("Y", "N")) & (the("dm.sex") == "M")),
        '排除13:"不适用"仅用于男性,女性须选是/否。',
        "EXC13: NA is only for men; women need Y or N.",
    ),
    soft(
        "IE-024",
        "ie.exc13",
        (the("ie.exc13") == "N") & (the("dm.childbear") == "WOCBP") & (the("dm.contracep") == ["NONE"]),
        "有生育能力且未避孕,请核对排除13。",
        "No contraception in a woman of childbearing potential: check EXC13.",
    ),
    hard(
        "IE-025",
        "ie.ie_eligible",
        (the("ie.ie_eligible") == "Y") & (the("ie.ie_calc") == "N"),
        "判定合格但至少一条标准不符,请更正或记录方案偏离。",
        "Declared eligible although at least one criterion fails; record a deviation or correct.",
    ),
    soft(
        "IE-026",
        "ie.ie_eligible",
        (the("ie.ie_eligible") == "N") & (the("ie.ie_calc") == "Y"),
        "判定不合格但所有标准均符合,请说明原因。",
        "Declared not eligible although all criteria pass; give the reason.",
    ),
    hard(
        "IE-027",
        "ie.scr_outcome",
        ((the("ie.scr_outcome") == "ELIGIBLE") & (the("ie.ie_eligible") == "N"))
        | ((the("ie.scr_outcome") == "FAIL") & (the("ie.ie_eligible") == "Y")),
        "筛选结论与合格判定矛盾。",
        "Screening outcome contradicts the eligibility decision.",
    ),
    hard(
        "IE-029",
        "ie.ie_date",
        the("ie.ie_date") < the("consent.icf_date"),
        "入排评估日期早于知情同意日期。",
        "Eligibility was assessed before consent.",
    ),
)
