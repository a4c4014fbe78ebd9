"""The labs forms."""

from labs.models.biomarkers import ImmuneProfile, TissueBiomarkers
from labs.models.imports import LabImport, SavedMapping
from labs.models.liver import LiverFunction
from labs.models.panels import Biochemistry, Coagulation, Haematology, LabResult, Thyroid, TumourMarkers
from labs.models.ranges import NormalRange, RangePreview
from labs.models.samples import SampledPage
from labs.models.screening import PregnancyTest, ScreeningTests
from labs.models.sheets import LabSheet
from labs.models.virology import Virology

__all__ = [
    "Biochemistry",
    "Coagulation",
    "Haematology",
    "ImmuneProfile",
    "LabImport",
    "LabResult",
    "LabSheet",
    "LiverFunction",
    "NormalRange",
    "PregnancyTest",
    "RangePreview",
    "SampledPage",
    "SavedMapping",
    "ScreeningTests",
    "Thyroid",
    "TissueBiomarkers",
    "TumourMarkers",
    "Virology",
]
