"""Edit checks: Pathology of the treated tumour. Source: checks of the CRF specification 0.1."""

from decimal import Decimal

from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import given, magnitude, the

CHECKS = (
    later(
        "RAD-007",
        "path.path_margin",
        (the("path.path_margin") != the("radtx.res_margin")) & given(the("radtx.res_margin")),
        "病理切缘与治疗表切缘不一致。",
        "Pathological margin differs from the margin on the treatment form.",
    ),
    hard(
        "PTH-001",
        "path.spec_type",
        (the("path.spec_type") == "RESECT") & (the("radtx.tx_type") == "ABLATION"),
        "仅行消融但标本类型为手术切除标本。",
        "Resection specimen recorded but only ablation was done.",
    ),
    hard(
        "PTH-002",
        "path.path_date",
        the("path.path_date") < the("path.spec_date"),
        "病理报告日期早于取材日期。",
        "Pathology report date is before specimen collection.",
    ),
    hard(
        "PTH-003",
        "path.mvi",
        ((the("path.mvi") == "M1") & ((the("path.mvi_n") > 5) | (the("path.mvi_far") == "Y")))
        | ((the("path.mvi") == "M2") & (the("path.mvi_n") <= 5) & (the("path.mvi_far") == "N")),
        "MVI分级与数目/距离不符。",
        "MVI grade does not fit the number/distance of foci.",
    ),
    soft(
        "PTH-004",
        "path.path_mm",
        (magnitude(the("path.path_mm") - the("hcc.largest_mm")) > 20)
        | (magnitude(the("path.path_mm") - the("hcc.largest_mm")) > (Decimal("0.5") * the("hcc.largest_mm"))),
        "病理与影像肿瘤大小差异较大。",
        "Pathological and imaging tumour size differ greatly.",
    ),
    soft(
        "PTH-005",
        "path.scheuer_s",
        (the("path.scheuer_s") == "S4") & (the("hbvhx.cirrhosis") == "NONE"),
        "Scheuer S4(肝硬化)但病史为无肝硬化。",
        "Scheuer S4 (cirrhosis) but history says no cirrhosis.",
    ),
)
