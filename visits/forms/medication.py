"""The form on other medication as the casebook shows it."""

from enrollment.deriving.rows import numbered
from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.models import (
    ConcomitantMedication,
)

CONCOMITANT_MEDICATION = Form(
    "cm", T("合并用药记录", "Concomitant medication log"), "log", "CM", ConcomitantMedication,
    (
        Section(T("药物", "Medication"),
                ("cm_no", "cm_name", "cm_cat", "cm_ind", "cm_dose", "cm_doseu", "cm_freq", "cm_route", "cm_start",
                 "cm_ongoing", "cm_end", "cm_ae_no", "cm_mh_no")),
    ),
    derive=numbered("cm", "cm_no"),
    short=T("合并用药", "Concomitant medication"),
)  # fmt: skip
