"""The virology form as the casebook shows it."""

from labs.checks import assays
from labs.deriving import virology
from labs.forms.samples import REPORT
from labs.models import Virology
from prtras.crf.registry import Form, Section
from prtras.labels import T

VIROLOGY = Form(
    "lbviro", T("乙肝病毒学与血清学", "HBV virology and serology"), "visit", "LB", Virology,
    (
        Section(T("采样", "Sample"), ("viro_date",)),
        REPORT,
        Section(T("HBV DNA", "HBV DNA"),
                ("hbvdna_assay", "hbvdna_raw", "hbvdna_u", "hbvdna_q", "hbvdna_val", "hbvdna_log")),
        Section(T("HBsAg定量", "Quantitative HBsAg"),
                ("hbsag_assay", "hbsag_raw", "hbsag_dil", "hbsag_q", "hbsag_val", "hbsag_log", "hbsag_res",
                 "hbsag_status")),
        Section(T("血清学", "Serology"),
                ("hbsab_val", "hbsab_res", "hbeag_val", "hbeag_res", "hbeab_res", "hbcab_res", "hbvrna")),
    ),
    derive=virology.virology,
    reads=("lbviro", "na", "pegifn"),
    examine=assays.examine_virology,
)  # fmt: skip
