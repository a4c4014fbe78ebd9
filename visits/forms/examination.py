"""The forms on vital signs and physical examination as the casebook shows them."""

from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.deriving import examination
from visits.models import (
    PhysicalExamination,
    VitalSigns,
)

VITAL_SIGNS = Form(
    "vs", T("生命体征与体格测量", "Vital signs and anthropometry"), "visit", "VS", VitalSigns,
    (
        Section(T("测量", "Measurements"),
                ("vs_date", "height", "weight", "bmi", "bmi_cat", "temp", "pulse", "resp", "sbp", "dbp")),
    ),
    derive=examination.vital_signs,
    reads=("vs",),
    short=T("生命体征与体格测量", "Vital signs"),
)  # fmt: skip

EXAMINATION = Form(
    "pe",
    T("体格检查、ECOG、肝病体征及干扰素安全性评估",
      "Physical examination, ECOG, liver signs and interferon safety review"),
    "visit", "PE", PhysicalExamination,
    (
        Section(T("检查", "Examination"), ("pe_date", "ecog")),
        Section(T("系统", "Body systems"),
                ("pe_general", "pe_skin", "pe_heart", "pe_lung", "pe_abdomen", "pe_neuro", "pe_thyroid", "pe_abn")),
        Section(T("肝病体征", "Liver signs"), ("ascites", "he_grade")),
        Section(T("干扰素安全性", "Interferon safety"), ("depress", "phq9", "suicidal", "visual_sx", "fundus")),
    ),
    short=T("体格检查", "Physical examination"),
)  # fmt: skip
