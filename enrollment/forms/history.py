"""The forms on medical history as the casebook shows them."""

from enrollment.deriving.rows import numbered
from enrollment.models import HbvHistory, MedicalHistory
from prtras.crf.registry import Form, Section
from prtras.labels import T

HBV_HISTORY = Form(
    "hbvhx", T("乙肝及肝病史", "HBV and liver disease history"), "single", "MH", HbvHistory,
    (
        Section(T("乙肝", "Hepatitis B"), ("hbv_first_date", "hbv_route", "fam_hbv", "fam_hcc", "hbv_geno")),
        Section(T("既往抗病毒治疗", "Earlier antiviral treatment"),
                ("prior_na", "prior_na_drugs", "prior_na_start", "na_resist", "prior_ifn", "prior_ifn_weeks",
                 "prior_ifn_end")),
        Section(T("肝硬化", "Cirrhosis"),
                ("cirrhosis", "cirrh_method", "decomp_evt", "varices", "splenomeg", "lsm_kpa", "lsm_date")),
        Section(T("代谢与生活方式", "Metabolic and lifestyle factors"),
                ("fatty_liver", "diabetes", "hypertension", "alcohol", "alcohol_g", "drug_abuse", "smoke",
                 "pack_years")),
    ),
)  # fmt: skip

MEDICAL_HISTORY = Form(
    "mh", T("既往及合并疾病", "Medical history log"), "log", "MH", MedicalHistory,
    (
        Section(T("疾病", "Condition"), ("mh_no", "mh_cat", "mh_term", "mh_start", "mh_status", "mh_end")),
    ),
    derive=numbered("mh", "mh_no"),
    short=T("既往及合并疾病", "Medical history"),
    known_by=("mh_term", "mh_start"),
    coded="mh_term",
)  # fmt: skip
