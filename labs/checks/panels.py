"""Edit checks: Haematology and biochemistry. Source: checks of the CRF specification 0.1."""

from decimal import Decimal

from enrollment.protocol import constant
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import count, days, empty, given, magnitude, previous, the

CHECKS = (
    hard(
        "LAB-001",
        "lbchem.dbil_stresn",
        the("lbchem.dbil_stresn") > the("lbchem.tbil_stresn"),
        "直接胆红素高于总胆红素。",
        "Direct bilirubin exceeds total bilirubin.",
    ),
    hard(
        "LAB-002",
        "lbchem.alb_stresn",
        the("lbchem.alb_stresn") >= the("lbchem.tp_stresn"),
        "白蛋白不低于总蛋白。",
        "Albumin is not lower than total protein.",
    ),
    hard(
        "LAB-003",
        "lbhem.neut_stresn",
        (the("lbhem.neut_stresn") > the("lbhem.wbc_stresn")) | (the("lbhem.lym_stresn") > the("lbhem.wbc_stresn")),
        "分类细胞计数高于白细胞总数。",
        "A differential count exceeds total white cells.",
    ),
    soft(
        "LAB-004",
        "lbhem.neut_stresn",
        magnitude(((100 * the("lbhem.neut_stresn")) / the("lbhem.wbc_stresn")) - the("lbhem.neutp_stresn")) > 5,
        "中性粒细胞百分比与绝对值不符。",
        "Neutrophil % does not fit the absolute count.",
    ),
    soft(
        "LAB-005",
        "lbchem.chem_date",
        magnitude(days(the("lbchem.chem_date"), the("visit.visit_date"))) > constant("visit_win_days"),
        "生化采样日期与访视日期相差超过{visit_win_days}天。",
        "Biochemistry sample is more than {visit_win_days} days from the visit.",
    ),
    soft(
        "LAB-006",
        "lbhem.hem_date",
        magnitude(days(the("lbhem.hem_date"), the("visit.visit_date"))) > constant("visit_win_days"),
        "血常规采样日期与访视日期相差超过{visit_win_days}天。",
        "Haematology sample is more than {visit_win_days} days from the visit.",
    ),
    soft(
        "LAB-007",
        "lbchem.alt_stresn",
        the("lbchem.alt_stresn") > (constant("alt_flare_xuln") * the("lbchem.alt_stnrhi")),
        "ALT>{alt_flare_xuln}×ULN(肝炎急性加重),请核对不良事件。",
        "ALT above {alt_flare_xuln} x ULN: hepatitis flare, check AE.",
    ),
    soft(
        "LAB-008",
        "lbchem.alt_stresn",
        (
            (the("lbchem.alt_stresn") > (3 * the("lbchem.alt_stnrhi")))
            | (the("lbchem.ast_stresn") > (3 * the("lbchem.ast_stnrhi")))
        )
        & (the("lbchem.tbil_stresn") > (2 * the("lbchem.tbil_stnrhi"))),
        "ALT/AST>3×ULN且胆红素>2×ULN(符合Hy法则)。",
        "ALT/AST above 3 x ULN with bilirubin above 2 x ULN (Hy's law pattern).",
    ),
    later(
        "LAB-009",
        "lbchem.alt_clsig",
        (the("lbchem.alt_clsig") == "CS") & (count("ae", the("ae.ae_lab") == "ALT") == 0),
        "ALT异常有临床意义但无关联不良事件。",
        "Clinically significant ALT without a linked AE.",
    ),
    soft(
        "LAB-010",
        "lbchem.creat_stresn",
        magnitude(the("lbchem.creat_stresn") - previous("lbchem.creat_stresn"))
        > (Decimal("0.5") * previous("lbchem.creat_stresn")),
        "肌酐较上次变化>50%,请核对数值及单位。",
        "Creatinine changed by more than 50% since the previous visit: check value and unit.",
    ),
    hard(
        "LAB-015",
        "lbchem.creat_stat",
        ((the("lbchem.creat_stat") == "DONE") & (empty(the("lbchem.creat_orres")) | empty(the("lbchem.creat_orresu"))))
        | ((the("lbchem.creat_stat") == "ND") & given(the("lbchem.creat_orres"))),
        "肌酐检测状态与结果/单位矛盾(其他检验项目同理)。",
        "Creatinine status contradicts result/unit (the same rule applies to every lab field).",
    ),
    hard(
        "DTH-004",
        "lbchem.chem_date",
        the("lbchem.chem_date") > the("death.dth_date"),
        "采样日期晚于死亡日期。",
        "Sample is dated after death.",
    ),
    soft(
        "DUP-005",
        "lbchem.alt_stresn",
        (the("lbchem.alt_stresn") == previous("lbchem.alt_stresn"))
        & (the("lbchem.ast_stresn") == previous("lbchem.ast_stresn"))
        & (the("lbchem.tbil_stresn") == previous("lbchem.tbil_stresn"))
        & (the("lbchem.alb_stresn") == previous("lbchem.alb_stresn"))
        & (the("lbchem.creat_stresn") == previous("lbchem.creat_stresn")),
        "生化结果与上次完全相同,可能为复制错误。",
        "Biochemistry is identical to the previous visit: possible copy error.",
    ),
    hard(
        "CON-015",
        "lbchem.chem_date",
        the("lbchem.chem_date") > the("consent.withdraw_date"),
        "撤回知情同意后仍有生化采样。",
        "Biochemistry sample taken after consent was withdrawn.",
        overridable=True,
    ),
    hard(
        "LAB-014",
        "lbcoag.inr_stresn",
        ((the("lbcoag.inr_stresn") < Decimal("0.9")) & (the("lbcoag.pt_stresn") > 20))
        | ((the("lbcoag.inr_stresn") > 2) & (the("lbcoag.pt_stresn") < 14)),
        "INR与PT矛盾。",
        "INR and PT contradict each other.",
    ),
    soft(
        "LAB-016",
        "lbtm.afp_stresn",
        (
            (the("lbtm.afp_stresn") > 400)
            | ((the("lbtm.afp_stresn") > 20) & (the("lbtm.afp_stresn") >= (2 * previous("lbtm.afp_stresn"))))
        )
        & (the("mri.mri_overall") == "NED"),
        "AFP升高但影像无复发,建议尽早复查影像。",
        "Rising AFP with no recurrence on imaging: consider earlier imaging.",
    ),
    later(
        "THY-002",
        "lbthy.tsh_clsig",
        (the("lbthy.tsh_clsig") == "CS") & (count("ae", the("ae.ae_aesi") == "THYROID") == 0),
        "TSH异常有临床意义但无甲状腺不良事件。",
        "Clinically significant TSH without a thyroid AE.",
    ),
)
