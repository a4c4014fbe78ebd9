"""The laboratory panels as the casebook shows them."""

from labs import explanations
from labs.checks import results
from labs.deriving import panels
from labs.forms.samples import REPORT
from labs.models import Biochemistry, Coagulation, Haematology, LabResult, Thyroid, TumourMarkers
from labs.panels import PANELS
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T


def _rows(form: str) -> Rows:
    return Rows(
        f"{form}_results", T("结果", "Results"), LabResult, "analyte",
        keys=tuple(analyte.code for analyte in PANELS[form]),
        texts={analyte.code: analyte.title for analyte in PANELS[form]},
        units={analyte.code: analyte.units for analyte in PANELS[form]},
        note=T("可填写 < 或 >；请先选单位。", "Enter < or > as reported; select the unit first."),
        derive=panels.derive,
        renewed_by=panels.renewed_by(form),
        explain=explanations.explain,
        entry="orres", unit="orresu",
        template="entry/_rows_panel.html",
    )  # fmt: skip


HAEMATOLOGY = Form(
    "lbhem", T("血常规", "Haematology"), "visit", "LB", Haematology,
    (Section(T("采样", "Sample"), ("hem_date",)), REPORT),
    rows=_rows("lbhem"),
    examine=results.examine_panel,
)  # fmt: skip

BIOCHEMISTRY = Form(
    "lbchem", T("血生化", "Biochemistry"), "visit", "LB", Biochemistry,
    (Section(T("采样", "Sample"), ("chem_date", "chem_fast")), REPORT),
    rows=_rows("lbchem"),
    examine=results.examine_panel,
)  # fmt: skip

COAGULATION = Form(
    "lbcoag", T("凝血功能", "Coagulation"), "visit", "LB", Coagulation,
    (Section(T("采样", "Sample"), ("coag_date", "pt_ctrl")), REPORT),
    rows=_rows("lbcoag"),
    examine=results.examine_panel,
)  # fmt: skip

THYROID = Form(
    "lbthy", T("甲状腺功能", "Thyroid function"), "visit", "LB", Thyroid,
    (Section(T("采样", "Sample"), ("thy_date",)), REPORT),
    rows=_rows("lbthy"),
    examine=results.examine_panel,
)  # fmt: skip

TUMOUR_MARKERS = Form(
    "lbtm", T("肿瘤标志物", "Tumour markers"), "visit", "LB", TumourMarkers,
    (Section(T("采样", "Sample"), ("tm_date",)), REPORT),
    rows=_rows("lbtm"),
    examine=results.examine_panel,
)  # fmt: skip
