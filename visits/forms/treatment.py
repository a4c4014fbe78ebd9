"""The forms on antivirals, adherence and peginterferon as the casebook shows them."""

from enrollment.deriving.rows import numbered
from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.deriving import treatment
from visits.models import (
    Adherence,
    NaRegimen,
    PegIfnDose,
)

NA_REGIMEN = Form(
    "na", T("核苷(酸)类似物用药记录", "Nucleos(t)ide analogue regimen log"), "log", "EC", NaRegimen,
    (
        Section(T("用药", "Regimen"),
                ("na_no", "na_drug", "na_other", "na_dose", "na_freq", "na_start", "na_start_reason", "na_ongoing",
                 "na_end", "na_end_reason", "na_ae_no")),
    ),
    derive=numbered("na", "na_no"),
    short=T("核苷(酸)类似物用药", "Nucleos(t)ide analogue"),
)  # fmt: skip

ADHERENCE = Form(
    "adh", T("自上次访视以来用药依从性", "Treatment adherence since last visit"), "visit", "EC", Adherence,
    (
        Section(T("自上次访视以来", "Since the last visit"),
                ("adh_na_taking", "adh_na_missed", "adh_na_days", "adh_na_pct")),
    ),
    derive=treatment.adherence,
    short=T("用药依从性", "Adherence"),
)  # fmt: skip

PEG_IFN = Form(
    "pegifn", T("聚乙二醇干扰素α-2b给药记录(仅联合组)", "Peginterferon alfa-2b dosing log (A2 only)"),
    "log", "EC", PegIfnDose,
    (
        Section(T("注射", "Injection"),
                ("pg_no", "pg_week", "pg_status", "pg_date", "pg_dose", "pg_route", "pg_site", "pg_by", "pg_lot",
                 "pg_expiry")),
        Section(T("调整", "Modification"), ("pg_reason", "pg_reason_oth", "pg_ae_no", "pg_why")),
        Section(T("系统计算", "Computed"), ("pg_interval", "pg_cum", "pg_advice", "pg_count", "pg_basis")),
    ),
    derive=treatment.injection,
    reads=("pegifn", "lbhem", "lbchem", "pe", "pregtest"),
    short=T("聚乙二醇干扰素给药", "Peg-IFN dose"),
)  # fmt: skip
