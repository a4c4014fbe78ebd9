"""The enrollment forms."""

from enrollment.models.arm import ArmChoice
from enrollment.models.consent import Consent, Demographics
from enrollment.models.disease import IndexTumour, RadicalTreatment
from enrollment.models.eligibility import Eligibility

__all__ = ["ArmChoice", "Consent", "Demographics", "Eligibility", "IndexTumour", "RadicalTreatment"]
