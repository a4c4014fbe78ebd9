"""The enrollment forms."""

from enrollment.models.arm import ArmChoice
from enrollment.models.consent import Consent, Demographics, ReConsent
from enrollment.models.disease import IndexLesion, IndexTumour, RadicalTreatment
from enrollment.models.eligibility import Eligibility
from enrollment.models.history import HbvHistory, MedicalHistory
from enrollment.models.pathology import Pathology

__all__ = [
    "ArmChoice",
    "Consent",
    "Demographics",
    "Eligibility",
    "HbvHistory",
    "IndexLesion",
    "IndexTumour",
    "MedicalHistory",
    "Pathology",
    "RadicalTreatment",
    "ReConsent",
]
