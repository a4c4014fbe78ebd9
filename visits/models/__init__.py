"""The visits forms."""

from visits.models.disposition import Death, EndOfStudy
from visits.models.imaging import Mri, MriObservation
from visits.models.recurrence import Recurrence, SubsequentTherapy
from visits.models.safety import AdverseEvent
from visits.models.visit import VisitRecord

__all__ = [
    "AdverseEvent",
    "Death",
    "EndOfStudy",
    "Mri",
    "MriObservation",
    "Recurrence",
    "SubsequentTherapy",
    "VisitRecord",
]
