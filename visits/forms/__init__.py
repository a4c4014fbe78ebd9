"""All forms of this app, in the order of the casebook."""

from visits.forms.deviations import DEVIATION
from visits.forms.disposition import DEATH, END_OF_STUDY
from visits.forms.examination import EXAMINATION, VITAL_SIGNS
from visits.forms.imaging import MRI
from visits.forms.medication import CONCOMITANT_MEDICATION
from visits.forms.recurrence import RECURRENCE, SUBSEQUENT_THERAPY
from visits.forms.safety import ADVERSE_EVENT, PREGNANCY
from visits.forms.treatment import ADHERENCE, NA_REGIMEN, PEG_IFN
from visits.forms.visit import LOG_REVIEW, VISIT

FORMS = (
    VISIT, ADHERENCE, VITAL_SIGNS, EXAMINATION, MRI, LOG_REVIEW, NA_REGIMEN, PEG_IFN, CONCOMITANT_MEDICATION,
    RECURRENCE, SUBSEQUENT_THERAPY, ADVERSE_EVENT, PREGNANCY, DEVIATION, DEATH, END_OF_STUDY,
)  # fmt: skip
