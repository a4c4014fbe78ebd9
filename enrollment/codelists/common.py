"""Code lists that forms of several parts of the study use. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

BCLC = CodeList(
    "BCLC",
    T("BCLC分期(入选:0或A)", "BCLC stage (eligible: 0 or A)"),
    {
        "0": T("0期(极早期)", "0 (very early)"),
        "A": T("A期(早期)", "A (early)"),
        "B": T("B期(中期)", "B (intermediate)"),
        "C": T("C期(进展期)", "C (advanced)"),
        "D": T("D期(终末期)", "D (terminal)"),
    },
    standard="BCLC 2022",
)

IMGMOD = CodeList(
    "IMGMOD",
    T("影像检查方式", "Imaging modality"),
    {
        "MRI": T("腹部MRI", "Abdominal MRI"),
        "CT": T("CT", "CT"),
        "CEUS": T("超声造影", "Contrast-enhanced ultrasound"),
        "US": T("超声", "Ultrasound"),
        "PETCT": T("PET-CT", "PET-CT"),
        "BONESCAN": T("骨扫描", "Bone scintigraphy"),
        "CHESTCT": T("胸部CT", "Chest CT"),
        "DSA": T("血管造影", "Angiography"),
    },
    standard="CDISC METHOD (subset)",
)

VASCINV = CodeList(
    "VASCINV",
    T("影像学大血管侵犯", "Macrovascular invasion on imaging"),
    {
        "NONE": T("无", "None"),
        "PV": T("门静脉", "Portal vein"),
        "HV": T("肝静脉/下腔静脉", "Hepatic vein / IVC"),
        "BD": T("胆管", "Bile duct"),
        "MULTI": T("多处", "More than one"),
    },
    standard="sponsor",
)

POSNEG = CodeList(
    "POSNEG",
    T("阳性/阴性", "Positive / negative"),
    {
        "POS": T("阳性", "Positive"),
        "NEG": T("阴性", "Negative"),
        "IND": T("不确定/灰区", "Indeterminate / grey zone"),
    },
    standard="CDISC-like",
)
