"""Edit checks: Vital signs and physical examination. Source: checks of the CRF specification 0.1."""

from enrollment.protocol import constant
from prtras.crf.checks import hard, soft
from prtras.crf.conditions import given, magnitude, previous, the

CHECKS = (
    soft(
        "LAB-011",
        "vs.weight",
        magnitude(the("vs.weight") - previous("vs.weight"))
        > ((constant("weight_change_pct") / 100) * previous("vs.weight")),
        "体重较上次变化>{weight_change_pct}%。",
        "Weight changed by more than {weight_change_pct}% since the previous visit.",
    ),
    hard(
        "LAB-012",
        "vs.dbp",
        the("vs.dbp") >= the("vs.sbp"),
        "舒张压不低于收缩压。",
        "Diastolic pressure is not lower than systolic.",
    ),
    soft(
        "LAB-013",
        "vs.sbp",
        (the("vs.sbp") < 30) | ((the("vs.weight") > 100) & (the("vs.bmi") > 38)),
        "数值疑似其他单位(kPa或斤)。",
        "Value looks like another unit (kPa or jin).",
    ),
    hard(
        "VIS-011C",
        "pe.pe_date",
        (the("visit.visit_mode") == "PHONE") & given(the("pe.pe_date")),
        "本次访视为电话随访，不能有体格检查。",
        "This visit was by telephone: a physical examination cannot be recorded.",
    ),
)
