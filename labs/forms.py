"""The laboratory forms as the casebook shows them."""

from labs import deriving, results
from labs.marker_forms import IMMUNE_PROFILE, LIVER_FUNCTION, PREGNANCY_TEST, SCREENING_TESTS, TISSUE
from labs.models import Biochemistry, Coagulation, Haematology, LabResult, Thyroid, TumourMarkers, Virology
from labs.panels import PANELS
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T


def _rows(form: str) -> Rows:
    return Rows(
        f"{form}_results", T("结果", "Results"), LabResult, "analyte",
        keys=tuple(analyte.code for analyte in PANELS[form]),
        texts={analyte.code: analyte.title for analyte in PANELS[form]},
        units={analyte.code: analyte.units for analyte in PANELS[form]},
        note=T("可带 < 或 >;单位先于数值。", "With < or > as reported; choose the unit before the number."),
        derive=results.derive,
        renewed_by=results.renewed_by(form),
        entry="orres",
        template="entry/_rows_panel.html",
    )  # fmt: skip


HAEMATOLOGY = Form(
    "lbhem", T("血常规", "Haematology"), "visit", "LB", Haematology,
    (Section(T("采样", "Sample"), ("hem_date",)),),
    rows=_rows("lbhem"),
    examine=deriving.examine_panel,
)  # fmt: skip

BIOCHEMISTRY = Form(
    "lbchem", T("血生化", "Biochemistry"), "visit", "LB", Biochemistry,
    (Section(T("采样", "Sample"), ("chem_date", "chem_fast")),),
    rows=_rows("lbchem"),
    examine=deriving.examine_panel,
)  # fmt: skip

VIROLOGY = Form(
    "lbviro", T("乙肝病毒学与血清学", "HBV virology and serology"), "visit", "LB", Virology,
    (
        Section(T("采样", "Sample"), ("viro_date",)),
        Section(T("HBV DNA", "HBV DNA"),
                ("hbvdna_assay", "hbvdna_raw", "hbvdna_u", "hbvdna_q", "hbvdna_val", "hbvdna_log")),
        Section(T("HBsAg定量", "Quantitative HBsAg"),
                ("hbsag_assay", "hbsag_raw", "hbsag_dil", "hbsag_q", "hbsag_val", "hbsag_log", "hbsag_res",
                 "hbsag_status")),
        Section(T("血清学", "Serology"),
                ("hbsab_val", "hbsab_res", "hbeag_val", "hbeag_res", "hbeab_res", "hbcab_res", "hbvrna")),
    ),
    derive=deriving.virology,
    reads=("lbviro", "na", "pegifn"),
)  # fmt: skip

COAGULATION = Form(
    "lbcoag", T("凝血功能", "Coagulation"), "visit", "LB", Coagulation,
    (Section(T("采样", "Sample"), ("coag_date", "pt_ctrl")),),
    rows=_rows("lbcoag"),
    examine=deriving.examine_panel,
)  # fmt: skip

THYROID = Form(
    "lbthy", T("甲状腺功能", "Thyroid function"), "visit", "LB", Thyroid,
    (Section(T("采样", "Sample"), ("thy_date",)),),
    rows=_rows("lbthy"),
    examine=deriving.examine_panel,
)  # fmt: skip

TUMOUR_MARKERS = Form(
    "lbtm", T("肿瘤标志物", "Tumour markers"), "visit", "LB", TumourMarkers,
    (Section(T("采样", "Sample"), ("tm_date",)),),
    rows=_rows("lbtm"),
    examine=deriving.examine_panel,
)  # fmt: skip

FORMS = (
    HAEMATOLOGY, BIOCHEMISTRY, COAGULATION, LIVER_FUNCTION, VIROLOGY, TUMOUR_MARKERS, THYROID, IMMUNE_PROFILE,
    SCREENING_TESTS, PREGNANCY_TEST, TISSUE,
)  # fmt: skip
