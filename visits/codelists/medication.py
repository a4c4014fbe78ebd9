"""Code lists: Concomitant medication. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

CMCAT = CodeList(
    "CMCAT",
    T("合并用药类别", "Concomitant medication category"),
    {
        "LIVERPROT": T("保肝降酶", "Hepatoprotective"),
        "TCM": T("中药/中成药", "Traditional Chinese medicine"),
        "GCSF": T("升白细胞药物", "G-CSF / leucogenic"),
        "TPO": T("升血小板药物", "Thrombopoietic"),
        "ANTIDEP": T("抗抑郁/精神类药物", "Antidepressant / psychotropic"),
        "THYROID": T("甲状腺用药", "Thyroid agent"),
        "ANTICOAG": T("抗凝/抗血小板药", "Anticoagulant / antiplatelet"),
        "ANTIHTN": T("降压药", "Antihypertensive"),
        "ANTIDIAB": T("降糖药", "Antidiabetic"),
        "IMMUNO": T("免疫抑制剂/全身激素", "Immunosuppressant / systemic steroid"),
        "IMMUNOMOD": T("免疫调节剂(如胸腺肽)", "Immunomodulator (e.g. thymosin)"),
        "ANTITUMOUR": T("全身抗肿瘤药物", "Systemic anti-tumour drug"),
        "ANALGESIC": T("解热镇痛药", "Analgesic / antipyretic"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

DOSEU = CodeList(
    "DOSEU",
    T("剂量单位", "Dose unit"),
    {
        "mg": T("mg", "mg"),
        "ug": T("μg", "ug"),
        "g": T("g", "g"),
        "mL": T("mL", "mL"),
        "IU": T("IU", "IU"),
        "TABLET": T("片", "tablet"),
        "CAPSULE": T("粒", "capsule"),
        "U": T("单位", "U"),
        "OTHER": T("其他", "Other"),
    },
    standard="CDISC UNIT (subset)",
)

FREQ = CodeList(
    "FREQ",
    T("给药频次", "Frequency"),
    {
        "ONCE": T("单次", "Once"),
        "QD": T("每日一次", "Once daily"),
        "BID": T("每日两次", "Twice daily"),
        "TID": T("每日三次", "Three times daily"),
        "QOD": T("隔日一次", "Every other day"),
        "Q3D": T("每3日一次", "Every 3 days"),
        "QW": T("每周一次", "Once weekly"),
        "Q2W": T("每2周一次", "Every 2 weeks"),
        "Q3W": T("每3周一次", "Every 3 weeks"),
        "QM": T("每月一次", "Every month"),
        "PRN": T("必要时", "As needed"),
        "OTHER": T("其他", "Other"),
    },
    standard="CDISC FREQ (subset)",
)

ROUTE = CodeList(
    "ROUTE",
    T("给药途径", "Route"),
    {
        "ORAL": T("口服", "Oral"),
        "SUBCUTANEOUS": T("皮下注射", "Subcutaneous"),
        "INTRAVENOUS": T("静脉", "Intravenous"),
        "INTRAMUSCULAR": T("肌内注射", "Intramuscular"),
        "TOPICAL": T("外用", "Topical"),
        "RESPIRATORY (INHALATION)": T("吸入", "Inhalation"),
        "INTRA-ARTERIAL": T("动脉内", "Intra-arterial"),
        "OTHER": T("其他", "Other"),
    },
    standard="CDISC ROUTE (subset)",
)
