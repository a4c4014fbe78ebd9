"""The pathology form as the casebook shows it."""

from enrollment.models import Pathology
from prtras.crf.registry import Form, Section
from prtras.labels import T

PATHOLOGY = Form(
    "path", T("病理", "Pathology"), "single", "MI", Pathology,
    (
        Section(T("标本", "Specimen"), ("path_no", "spec_type", "spec_date", "path_date")),
        Section(T("肿瘤", "Tumour"),
                ("histo", "edmondson", "diff", "path_mm", "path_n", "mvi", "mvi_n", "mvi_far", "satellite", "capsule",
                 "path_margin", "necrosis_pct", "pt", "ki67")),
        Section(T("背景肝", "Background liver"), ("scheuer_g", "scheuer_s")),
    ),
)  # fmt: skip
