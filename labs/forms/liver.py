"""The liver scores as the casebook shows them."""

from labs.deriving import liver
from labs.models import LiverFunction
from prtras.crf.registry import Form, Section
from prtras.labels import T

LIVER_FUNCTION = Form(
    "liverfn", T("肝功能评分(系统计算)", "Liver function scores (derived)"), "visit", "RS", LiverFunction,
    (
        Section(T("研究者判定", "Investigator"), ("cp_class_ent", "cp_score_ent")),
        Section(T("系统计算", "Computed"),
                ("cp_bil", "cp_alb", "cp_inr", "cp_score", "cp_class", "albi", "albi_grade", "egfr")),
    ),
    derive=liver.liver_function,
    reads=("lbchem", "lbcoag", "pe", "dm"),
    short=T("肝功能评分", "Liver function scores"),
)  # fmt: skip
