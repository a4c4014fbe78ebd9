"""All forms of this app, in the order of the casebook."""

from enrollment.forms.arm import ARM_CHOICE
from enrollment.forms.consent import CONSENT, DEMOGRAPHICS, RE_CONSENT
from enrollment.forms.disease import INDEX_TUMOUR, RADICAL_TREATMENT
from enrollment.forms.eligibility import ELIGIBILITY
from enrollment.forms.history import HBV_HISTORY, MEDICAL_HISTORY
from enrollment.forms.pathology import PATHOLOGY

FORMS = (
    CONSENT, RE_CONSENT, DEMOGRAPHICS, HBV_HISTORY, MEDICAL_HISTORY, INDEX_TUMOUR, RADICAL_TREATMENT, PATHOLOGY,
    ELIGIBILITY, ARM_CHOICE,
)  # fmt: skip
