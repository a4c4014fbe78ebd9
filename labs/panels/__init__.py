"""Laboratory panels: which analytes, in which unit, with which limits."""

from labs.panels.analyte import Analyte
from labs.panels.blood import BIOCHEMISTRY, HAEMATOLOGY
from labs.panels.special import COAGULATION, THYROID, TUMOUR_MARKERS

__all__ = ["ANALYTES", "PANELS", "Analyte"]

PANELS = {
    "lbhem": HAEMATOLOGY,
    "lbchem": BIOCHEMISTRY,
    "lbcoag": COAGULATION,
    "lbthy": THYROID,
    "lbtm": TUMOUR_MARKERS,
}
ANALYTES = {analyte.code: analyte for panel in PANELS.values() for analyte in panel}
