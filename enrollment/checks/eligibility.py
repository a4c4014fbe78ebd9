"""Edit checks: Eligibility. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, count, empty, here, the

CHECKS = (
    hard(
        "IE-001",
        "ie.inc01",
        (
            (the("ie.inc01") == "Y")
            & ((the("dm.age_consent") < constant("age_min")) | (the("dm.age_consent") > constant("age_max")))
        )
        | (
            (the("ie.inc01") == "N")
            & (the("dm.age_consent") >= constant("age_min"))
            & (the("dm.age_consent") <= constant("age_max"))
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
        & (the("lbchem.creat_stresn", at="SCR") > (constant("creat_max_xuln") * the("lbchem.creat_stnrhi", at="SCR"))),
        '排除7为"否",但筛选肌酐>{creat_max_xuln}×ULN。',
        "EXC07 is N but screening creatinine exceeds {creat_max_xuln} x ULN.",
    ),
    hard(
        "IE-015",
        "ie.exc07",
        (the("ie.exc07") == "Y")
        & (the("lbchem.creat_stresn", at="SCR") <= (constant("creat_max_xuln") * the("lbchem.creat_stnrhi", at="SCR"))),
        '排除7为"是",但筛选肌酐未超过{creat_max_xuln}×ULN。',
        "EXC07 is Y but screening creatinine does not exceed {creat_max_xuln} x ULN.",
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
        overridable=True,
    ),
    hard(
        "IE-003",
        "ie.inc03",
        (the("ie.inc03") == "Y") & (the("path.histo") != "HCC"),
        '入选3为"是",但病理不是肝细胞癌。',
        "INC03 is Y but pathology is not hepatocellular carcinoma.",
    ),
    hard(
        "IE-005",
        "ie.inc05",
        (the("ie.inc05") == "Y")
        & ((the("liverfn.cp_class_ent", at="SCR") != "A") | (the("liverfn.cp_class", at="SCR") != "A")),
        '入选5为"是",但筛选Child-Pugh不是A级。',
        "INC05 is Y but screening Child-Pugh class is not A.",
    ),
    soft(
        "IE-008",
        "ie.exc01",
        (the("ie.exc01") == "N")
        & any_record("cm", (the("cm.cm_cat") == "ANTITUMOUR") & (the("cm.cm_start") < here("consent.icf_date"))),
        '排除1为"否",但知情前有全身抗肿瘤药物记录。',
        "EXC01 is N but a systemic anti-tumour drug before consent is recorded.",
    ),
    soft(
        "IE-009",
        "ie.exc02",
        (the("ie.exc02") == "N")
        & any_record("mh", (the("mh.mh_cat") == "ONC") & (the("mh.mh_status").one_of("ACTIVE", "CONTROLLED"))),
        '排除2为"否",但病史中有其他活动性恶性肿瘤。',
        "EXC02 is N but an active other malignancy is recorded.",
    ),
    later(
        "IE-010",
        "ie.exc04",
        (the("ie.exc04") == "N")
        & (
            (the("scrlab.hav_igm") == "POS")
            | (the("scrlab.hcv_rna") == "POS")
            | ((the("scrlab.hcv_ab") == "POS") & empty(the("scrlab.hcv_rna")))
            | (the("scrlab.hdv_ab") == "POS")
            | (the("scrlab.hev_igm") == "POS")
        ),
        '排除4为"否",但甲/丙/丁/戊型肝炎标志物阳性。',
        "EXC04 is N but a hepatitis A/C/D/E marker is positive.",
    ),
    soft(
        "IE-011",
        "ie.exc04",
        (the("ie.exc04") == "N")
        & (
            ((the("dm.sex") == "M") & (the("hbvhx.alcohol_g") >= constant("alcohol_limit_m")))
            | ((the("dm.sex") == "F") & (the("hbvhx.alcohol_g") >= constant("alcohol_limit_f")))
        ),
        "饮酒量达到酒精性肝病阈值,请核对排除4及排除12。",
        "Alcohol intake reaches the alcoholic liver disease threshold; check EXC04 and EXC12.",
    ),
    soft(
        "IE-012",
        "ie.exc05",
        (the("ie.exc05") == "N") & (any_record("mh", the("mh.mh_cat") == "AUTOIMM") | (the("scrlab.ana_titre") >= 320)),
        '排除5为"否",但有自身免疫病史或ANA高滴度。',
        "EXC05 is N but autoimmune history or high ANA titre is recorded.",
    ),
    hard(
        "IE-013",
        "ie.exc06",
        (the("ie.exc06") == "N")
        & ((the("hbvhx.cirrhosis") == "DECOMP") | (the("liverfn.cp_class", at="SCR").one_of("B", "C"))),
        '排除6为"否",但有失代偿期肝硬化或Child-Pugh B/C级。',
        "EXC06 is N but decompensated cirrhosis or Child-Pugh B/C is recorded.",
    ),
    soft(
        "IE-016",
        "ie.exc08",
        (the("ie.exc08") == "N")
        & any_record(
            "mh",
            (the("mh.mh_status") == "ACTIVE") & (the("mh.mh_cat").one_of("CARDIAC", "PULM", "RENAL", "NEURO", "HEM")),
        ),
        '排除8为"否",请确认所记录的系统性疾病非严重。',
        "EXC08 is N: confirm that the active systemic disease is not severe.",
    ),
    soft(
        "IE-017",
        "ie.exc09",
        (the("ie.exc09") == "N")
        & (any_record("mh", the("mh.mh_cat") == "PSYCH") | (the("pe.depress", at="SCR") == "SEVERE")),
        '排除9为"否",但有精神疾病记录。',
        "EXC09 is N but a psychiatric condition is recorded.",
    ),
    soft(
        "IE-018",
        "ie.exc10",
        (the("ie.exc10") == "N") & any_record("mh", (the("mh.mh_cat") == "ENDO") & (the("mh.mh_status") == "ACTIVE")),
        '排除10为"否",但有未控制的内分泌疾病。',
        "EXC10 is N but an uncontrolled endocrine condition is recorded.",
    ),
    hard(
        "IE-019",
        "ie.exc11",
        (the("ie.exc11") == "N") & (the("scrlab.fundus_scr") == "ABN_CS"),
        '排除11为"否",但眼底检查异常有临床意义。',
        "EXC11 is N but fundus examination is clinically significant abnormal.",
    ),
    soft(
        "IE-020",
        "ie.exc11",
        (the("ie.exc11") == "N") & (the("scrlab.fundus_scr") == "ND"),
        '排除11为"否"但未做眼底检查,请说明依据。',
        "EXC11 is N without a fundus examination: confirm the basis.",
    ),
    hard(
        "IE-021",
        "ie.exc12",
        (the("ie.exc12") == "N") & (the("hbvhx.drug_abuse") == "Y"),
        '排除12为"否",但有药物滥用史。',
        "EXC12 is N but drug abuse history is recorded.",
    ),
    hard(
        "IE-023",
        "ie.exc13",
        (the("ie.exc13") == "N") & ((the("pregtest.pt_result", at="SCR") == "POS") | (the("dm.lactating") == "Y")),
        '排除13为"否",但妊娠试验阳性或处于哺乳期。',
        "EXC13 is N but pregnancy test is positive or participant is breastfeeding.",
    ),
    hard(
        "DV-002",
        "ie.ie_eligible",
        (the("ie.ie_eligible") == "Y") & (the("ie.ie_calc") == "N") & (count("dv", the("dv.dv_cat") == "IE") == 0),
        "不符合标准而入组,须记录入排方案偏离。",
        "Enrolled with a failed criterion: an eligibility deviation is required.",
    ),
    soft(
        "IE-031",
        "ie.exc03",
        (the("ie.exc03") == "N") & (the("hbvhx.prior_ifn") == "Y"),
        "既往用过干扰素,请确认无过敏或不耐受。",
        "Prior interferon treatment: confirm that there was no allergy or intolerance.",
    ),
    soft(
        "IE-033",
        "ie.exc09",
        (the("ie.exc09") == "N")
        & any_record("cm", (the("cm.cm_cat") == "ANTIDEP") & (the("cm.cm_start") < here("consent.icf_date"))),
        '排除9为"否",但知情前使用抗抑郁/精神类药物。',
        "EXC09 is N but an antidepressant/psychotropic drug was used before consent.",
    ),
)
