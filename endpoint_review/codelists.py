"""Code lists of the blind endpoint review."""

from prtras.codelists import CodeList
from prtras.labels import T

VERDICT = CodeList(
    "BLINDVERDICT",
    T("评审结论", "Verdict"),
    {
        "Y": T("复发", "Recurrence"),
        "N": T("无复发", "No recurrence"),
        "NE": T("无法评估", "Not assessable"),
    },
)

CATEGORY = CodeList(
    "BLINDCATEGORY",
    T("复发依据", "What shows it"),
    {
        "LR5": T("LR-5病灶", "LR-5 observation"),
        "LRTIV": T("LR-TIV", "LR-TIV"),
        "LRTRV": T("LR-TR存活", "LR-TR Viable"),
        "LR4": T("LR-4进展", "LR-4 that grew"),
        "LRM": T("LR-M", "LR-M"),
        "HISTOLOGY": T("组织学/细胞学", "Histology / cytology"),
        "EXTRAHEPATIC": T("肝外转移", "Extrahepatic metastasis"),
        "OTHER": T("其他", "Other"),
    },
)

CONFIDENCE = CodeList(
    "BLINDCONFIDENCE",
    T("把握程度", "Confidence"),
    {
        "HIGH": T("高", "High"),
        "MODERATE": T("中", "Moderate"),
        "LOW": T("低", "Low"),
    },
)

PART = CodeList(
    "BLINDPART",
    T("评审次序", "Which reading"),
    {
        "first": T("第一次独立评审", "First independent reading"),
        "second": T("第二次独立评审", "Second independent reading"),
        "final": T("裁定", "Adjudication"),
    },
)
