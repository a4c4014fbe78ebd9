"""The forms on treatment and examination as the casebook shows them."""

from enrollment.deriving import numbered
from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits import deriving, dosing
from visits.models import (
    Adherence,
    ConcomitantMedication,
    Deviation,
    NaRegimen,
    PegIfnDose,
    PhysicalExamination,
    Pregnancy,
    VitalSigns,
)

VITAL_SIGNS = Form(
    "vs", T("生命体征与体格测量", "Vital signs"), "visit", "VS", VitalSigns,
    (
        Section(T("测量", "Measurements"),
                ("vs_date", "height", "weight", "bmi", "bmi_cat", "temp", "pulse", "resp", "sbp", "dbp")),
    ),
    derive=deriving.vital_signs,
    reads=("vs",),
)  # fmt: skip

EXAMINATION = Form(
    "pe", T("体格检查", "Physical examination"), "visit", "PE", PhysicalExamination,
    (
        Section(T("检查", "Examination"), ("pe_date", "ecog")),
        Section(T("系统", "Body systems"),
                ("pe_general", "pe_skin", "pe_heart", "pe_lung", "pe_abdomen", "pe_neuro", "pe_thyroid", "pe_abn")),
        Section(T("肝病体征", "Liver signs"), ("ascites", "he_grade")),
        Section(T("干扰素安全性", "Interferon safety"), ("depress", "phq9", "suicidal", "visual_sx", "fundus")),
    ),
)  # fmt: skip

NA_REGIMEN = Form(
    "na", T("核苷(酸)类似物用药", "Nucleos(t)ide analogue"), "log", "EC", NaRegimen,
    (
        Section(T("用药", "Regimen"),
                ("na_no", "na_drug", "na_other", "na_dose", "na_freq", "na_start", "na_start_reason", "na_ongoing",
                 "na_end", "na_end_reason", "na_ae_no")),
    ),
    derive=numbered("na", "na_no"),
)  # fmt: skip

ADHERENCE = Form(
    "adh", T("用药依从性", "Adherence"), "visit", "EC", Adherence,
    (
        Section(T("自上次访视以来", "Since the last visit"),
                ("adh_na_taking", "adh_na_missed", "adh_na_days", "adh_na_pct")),
    ),
    derive=dosing.adherence,
)  # fmt: skip

PEG_IFN = Form(
    "pegifn", T("聚乙二醇干扰素给药", "Peg-IFN dose"), "log", "EC", PegIfnDose,
    (
        Section(T("注射", "Injection"),
                ("pg_no", "pg_week", "pg_status", "pg_date", "pg_dose", "pg_route", "pg_site", "pg_by", "pg_lot",
                 "pg_expiry")),
        Section(T("调整", "Modification"), ("pg_reason", "pg_reason_oth", "pg_ae_no")),
        Section(T("系统计算", "Computed"), ("pg_interval", "pg_advice")),
    ),
    derive=dosing.injection,
    reads=("pegifn", "lbhem", "lbchem", "pe", "pregtest"),
)  # fmt: skip

CONCOMITANT_MEDICATION = Form(
    "cm", T("合并用药", "Concomitant medication"), "log", "CM", ConcomitantMedication,
    (
        Section(T("药物", "Medication"),
                ("cm_no", "cm_name", "cm_cat", "cm_ind", "cm_dose", "cm_doseu", "cm_freq", "cm_route", "cm_start",
                 "cm_ongoing", "cm_end", "cm_ae_no", "cm_mh_no")),
    ),
    derive=numbered("cm", "cm_no"),
)  # fmt: skip

DEVIATION = Form(
    "dv", T("方案偏离", "Protocol deviation"), "log", "DV", Deviation,
    (
        Section(T("偏离", "Deviation"),
                ("dv_no", "dv_cat", "dv_sev", "dv_desc", "dv_start", "dv_found", "dv_visit", "dv_action", "dv_ec",
                 "dv_excl")),
    ),
    derive=numbered("dv", "dv_no"),
)  # fmt: skip

PREGNANCY = Form(
    "pregn", T("妊娠报告", "Pregnancy"), "log", "RP", Pregnancy,
    (
        Section(T("妊娠", "Pregnancy"), ("pn_no", "pn_who", "pn_date", "pn_lmp", "pn_exposed", "pn_out")),
    ),
    derive=numbered("pregn", "pn_no"),
)  # fmt: skip
