"""Code lists: Index tumour and radical treatment. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ABLMOD = CodeList(
    "ABLMOD",
    T("消融方式", "Ablation modality"),
    {
        "RFA": T("射频消融(RFA)", "Radiofrequency ablation"),
        "MWA": T("微波消融(MWA)", "Microwave ablation"),
        "CRYO": T("冷冻消融", "Cryoablation"),
        "LASER": T("激光消融", "Laser ablation"),
        "PEI": T("经皮无水乙醇注射(PEI)", "Percutaneous ethanol injection"),
        "HIFU": T("高强度聚焦超声(HIFU)", "High-intensity focused ultrasound"),
        "IRE": T("不可逆电穿孔(IRE)", "Irreversible electroporation"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

APPROACH = CodeList(
    "APPROACH",
    T("手术/操作入路", "Approach"),
    {
        "OPEN": T("开腹", "Open"),
        "LAP": T("腹腔镜", "Laparoscopic"),
        "ROBOT": T("机器人辅助", "Robot-assisted"),
        "PERC": T("经皮", "Percutaneous"),
    },
    standard="sponsor",
)

CNLC = CodeList(
    "CNLC",
    T("中国肝癌分期(CNLC)", "CNLC stage"),
    {
        "Ia": T("Ia期", "Ia"),
        "Ib": T("Ib期", "Ib"),
        "IIa": T("IIa期", "IIa"),
        "IIb": T("IIb期", "IIb"),
        "IIIa": T("IIIa期", "IIIa"),
        "IIIb": T("IIIb期", "IIIb"),
        "IV": T("IV期", "IV"),
    },
    standard="China Liver Cancer staging",
)

COMPLETE = CodeList(
    "COMPLETE",
    T("治疗完全性", "Completeness of treatment"),
    {
        "COMPLETE": T("完全(治疗后影像无残留)", "Complete (no residual on post-treatment imaging)"),
        "INCOMPLETE": T("不完全/有残留", "Incomplete / residual"),
        "NE": T("尚未评估", "Not yet evaluated"),
    },
    standard="sponsor",
)

CPCLASS = CodeList(
    "CPCLASS",
    T("Child-Pugh分级(入选:A级)", "Child-Pugh class (eligible: A)"),
    {
        "A": T("A级(5~6分)", "A (5-6)"),
        "B": T("B级(7~9分)", "B (7-9)"),
        "C": T("C级(10~15分)", "C (10-15)"),
    },
    standard="Child-Turcotte-Pugh",
)

DX_BASIS = CodeList(
    "DX_BASIS",
    T("治疗前HCC诊断依据", "Basis of pre-treatment HCC diagnosis"),
    {
        "IMAGING": T("影像学", "Imaging"),
        "BIOPSY": T("穿刺活检", "Biopsy"),
        "BOTH": T("影像学+活检", "Imaging and biopsy"),
    },
    standard="sponsor",
)

ECOG = CodeList(
    "ECOG",
    T("ECOG体力状况评分", "ECOG performance status"),
    {
        "0": T("0 活动能力完全正常", "0 Fully active"),
        "1": T("1 重体力活动受限,可从事轻体力活动", "1 Restricted in strenuous activity"),
        "2": T(
            "2 能自理但不能工作,日间卧床<50%",
            "2 Ambulatory, self-care, unable to work; up >50% of waking hours",
        ),
        "3": T("3 仅部分自理,日间卧床>50%", "3 Limited self-care; in bed/chair >50% of waking hours"),
        "4": T("4 卧床不起,生活不能自理", "4 Completely disabled"),
        "5": T("5 死亡", "5 Dead"),
    },
    standard="ECOG-ACRIN",
)

GUIDE = CodeList(
    "GUIDE",
    T("影像引导方式", "Image guidance"),
    {
        "US": T("超声", "Ultrasound"),
        "CT": T("CT", "CT"),
        "MRI": T("MRI", "MRI"),
        "CEUS": T("超声造影", "Contrast-enhanced ultrasound"),
        "FUSION": T("融合影像", "Fusion imaging"),
    },
    standard="sponsor",
)

MARGIN = CodeList(
    "MARGIN",
    T("切缘(残留肿瘤)状态", "Residual tumour (resection margin)"),
    {
        "R0": T("R0", "R0"),
        "R1": T("R1(镜下残留)", "R1 (microscopic)"),
        "R2": T("R2(肉眼残留)", "R2 (macroscopic)"),
        "RX": T("RX(无法评估)", "RX (not assessable)"),
    },
    standard="AJCC R",
)

RESEXTENT = CodeList(
    "RESEXTENT",
    T("切除范围", "Resection extent"),
    {
        "MINOR": T("小范围肝切除(<3段)", "Minor (<3 segments)"),
        "MAJOR": T("大范围肝切除(≥3段)", "Major (>=3 segments)"),
    },
    standard="sponsor",
)

RESTYPE = CodeList(
    "RESTYPE",
    T("切除类型", "Resection type"),
    {
        "ANATOMIC": T("解剖性切除", "Anatomic"),
        "NONANATOMIC": T("非解剖性切除", "Non-anatomic"),
    },
    standard="sponsor",
)

TXTYPE = CodeList(
    "TXTYPE",
    T("根治性治疗方式", "Radical (curative) treatment type"),
    {
        "RESECTION": T("手术切除", "Surgical resection"),
        "ABLATION": T("局部消融", "Local ablation"),
        "BOTH": T("手术切除联合消融", "Resection combined with ablation (same intent/course) [default]"),
    },
    standard="sponsor",
)

HISTO = CodeList(
    "HISTO",
    T("组织学诊断(入选:HCC)", "Histological diagnosis (eligible: HCC)"),
    {
        "HCC": T("肝细胞癌", "Hepatocellular carcinoma"),
        "FLC": T("纤维板层型肝癌", "Fibrolamellar carcinoma"),
        "CHC": T("混合型肝细胞癌-胆管癌", "Combined hepatocellular-cholangiocarcinoma"),
        "ICC": T("肝内胆管癌", "Intrahepatic cholangiocarcinoma"),
        "OTHER": T("其他", "Other"),
    },
    standard="WHO 2019",
)

LRCAT = CodeList(
    "LRCAT",
    T("LI-RADS v2018诊断分类", "LI-RADS v2018 diagnostic category"),
    {
        "LR-NC": T("LR-NC 无法分类", "LR-NC Not categorizable"),
        "LR-1": T("LR-1 肯定良性", "LR-1 Definitely benign"),
        "LR-2": T("LR-2 可能良性", "LR-2 Probably benign"),
        "LR-3": T("LR-3 中度可疑恶性", "LR-3 Intermediate probability of malignancy"),
        "LR-4": T("LR-4 可能HCC", "LR-4 Probably HCC"),
        "LR-5": T("LR-5 肯定HCC", "LR-5 Definitely HCC"),
        "LR-M": T("LR-M 可能或肯定恶性,非HCC特异", "LR-M Probably/definitely malignant, not HCC specific"),
        "LR-TIV": T("LR-TIV 静脉内癌栓", "LR-TIV Tumour in vein"),
        "PATH": T("已有病理证实(不适用LI-RADS)", "Pathology-proven (no LI-RADS category)"),
    },
    standard="LI-RADS v2018",
)

SEGMENT = CodeList(
    "SEGMENT",
    T("肝段(Couinaud)", "Liver segment (Couinaud)"),
    {
        "S1": T("I段(尾状叶)", "Segment I (caudate)"),
        "S2": T("II段", "Segment II"),
        "S3": T("III段", "Segment III"),
        "S4A": T("IVa段", "Segment IVa"),
        "S4B": T("IVb段", "Segment IVb"),
        "S5": T("V段", "Segment V"),
        "S6": T("VI段", "Segment VI"),
        "S7": T("VII段", "Segment VII"),
        "S8": T("VIII段", "Segment VIII"),
    },
    standard="Couinaud",
)
