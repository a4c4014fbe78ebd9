"""Code lists: Pathology of the treated tumour. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

DIFF = CodeList(
    "DIFF",
    T("分化程度", "Differentiation"),
    {
        "WELL": T("高分化", "Well"),
        "MOD": T("中分化", "Moderate"),
        "POOR": T("低分化", "Poor"),
        "UNDIFF": T("未分化", "Undifferentiated"),
        "NR": T("未报告", "Not reported"),
    },
    standard="WHO",
)

EDMONDSON = CodeList(
    "EDMONDSON",
    T("Edmondson-Steiner分级", "Edmondson-Steiner grade"),
    {
        "I": T("I级", "I"),
        "I_II": T("I~II级", "I-II"),
        "II": T("II级", "II"),
        "II_III": T("II~III级", "II-III"),
        "III": T("III级", "III"),
        "III_IV": T("III~IV级", "III-IV"),
        "IV": T("IV级", "IV"),
        "NR": T("未报告", "Not reported"),
    },
    standard="Edmondson-Steiner",
)

MVI = CodeList(
    "MVI",
    T("微血管侵犯(MVI)分级", "Microvascular invasion grade"),
    {
        "M0": T("M0:未发现MVI", "M0: no MVI"),
        "M1": T("M1(低危组):≤5个MVI,且发生于近癌旁(≤1 cm)", "M1 (low risk): 1-5 MVI, within <=1 cm of tumour"),
        "M2": T("M2(高危组):>5个MVI,或MVI发生于远癌旁(>1 cm)", "M2 (high risk): >5 MVI, or any MVI >1 cm from tumour"),
        "MX": T("无法评估(如穿刺标本)", "Not assessable (e.g. biopsy)"),
    },
    standard="China MVI (CACA 2015)",
)

PT = CodeList(
    "PT",
    T("病理T分期(AJCC第8版)", "pT category (AJCC 8)"),
    {
        "T1a": T("pT1a", "pT1a"),
        "T1b": T("pT1b", "pT1b"),
        "T2": T("pT2", "pT2"),
        "T3": T("pT3", "pT3"),
        "T4": T("pT4", "pT4"),
        "TX": T("pTX", "pTX"),
    },
    standard="AJCC 8th",
)

SCHEUER_G = CodeList(
    "SCHEUER_G",
    T("Scheuer炎症分级", "Scheuer inflammation grade"),
    {
        "G0": T("G0", "G0"),
        "G1": T("G1", "G1"),
        "G2": T("G2", "G2"),
        "G3": T("G3", "G3"),
        "G4": T("G4", "G4"),
        "ND": T("未报告", "Not reported"),
    },
    standard="Scheuer",
)

SCHEUER_S = CodeList(
    "SCHEUER_S",
    T("Scheuer纤维化分期", "Scheuer fibrosis stage"),
    {
        "S0": T("S0", "S0"),
        "S1": T("S1", "S1"),
        "S2": T("S2", "S2"),
        "S3": T("S3", "S3"),
        "S4": T("S4(肝硬化)", "S4 (cirrhosis)"),
        "ND": T("未报告", "Not reported"),
    },
    standard="Scheuer",
)

SPECTYPE = CodeList(
    "SPECTYPE",
    T("标本类型", "Specimen type"),
    {
        "RESECT": T("手术切除标本", "Resection specimen"),
        "BIOPSY": T("消融术中/前穿刺活检标本", "Core biopsy at/before ablation"),
    },
    standard="sponsor",
)

TCAPS = CodeList(
    "TCAPS",
    T("肿瘤包膜(病理)", "Tumour capsule (pathology)"),
    {
        "NONE": T("无包膜", "Absent"),
        "COMPLETE": T("包膜完整", "Complete"),
        "INCOMPLETE": T("包膜不完整/突破", "Incomplete / breached"),
        "NR": T("未报告", "Not reported"),
    },
    standard="sponsor",
)
