"""The labs forms."""

from labs.models.imports import LabImport
from labs.models.panels import Biochemistry, Haematology, LabResult
from labs.models.virology import Virology

__all__ = ["Biochemistry", "Haematology", "LabImport", "LabResult", "Virology"]
