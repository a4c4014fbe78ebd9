"""The visits forms."""

from visits.models.deviations import Deviation
from visits.models.disposition import Death, EndOfStudy
from visits.models.examination import PhysicalExamination, VitalSigns
from visits.models.imaging import Mri, MriObservation
from visits.models.medication import ConcomitantMedication
from visits.models.recurrence import Recurrence, SubsequentTherapy
from visits.models.safety import AdverseEvent, AdverseEventGrade, ExpectedReaction, Pregnancy, SaeReport, SafetyNotice
from visits.models.treatment import Adherence, NaRegimen, PegIfnDose
from visits.models.visit import LogReview, VisitRecord

__all__ = [
    "Adherence",
    "AdverseEvent",
    "AdverseEventGrade",
    "ConcomitantMedication",
    "Death",
    "Deviation",
    "EndOfStudy",
    "ExpectedReaction",
    "LogReview",
    "Mri",
    "MriObservation",
    "NaRegimen",
    "PegIfnDose",
    "PhysicalExamination",
    "Pregnancy",
    "Recurrence",
    "SaeReport",
    "SafetyNotice",
    "SubsequentTherapy",
    "VisitRecord",
    "VitalSigns",
]
