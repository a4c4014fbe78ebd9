"""Code lists: Recurrence and what followed. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ADJUD = CodeList(
    "ADJUD",
    T("判定结果", "Adjudication result"),
    {
        "CONFIRMED": T("确认复发", "Confirmed recurrence"),
        "NOTREC": T("非复发", "Not a recurrence"),
        "PENDING": T("待定", "Pending"),
    },
    standard="sponsor",
)

EHSITE = CodeList(
    "EHSITE",
    T("肝外转移部位", "Extrahepatic site"),
    {
        "LUNG": T("肺", "Lung"),
        "BONE": T("骨", "Bone"),
        "LN": T("淋巴结", "Lymph node"),
        "ADRENAL": T("肾上腺", "Adrenal"),
        "PERIT": T("腹膜", "Peritoneum"),
        "BRAIN": T("脑", "Brain"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

RECBASIS = CodeList(
    "RECBASIS",
    T("复发判定依据", "Evidence meeting the recurrence criterion"),
    {
        "LR5": T("新发LR-5病灶", "New LR-5 observation"),
        "LRTIV": T("LR-TIV", "LR-TIV"),
        "LRTRV": T("完全缓解后出现LR-TR存活", "LR-TR Viable after documented complete response"),
        "LR4MDT": T("LR-4经MDT确认/进展为LR-5", "LR-4 confirmed by MDT / growth to LR-5"),
        "LRMBX": T("LR-M经病理证实为HCC", "LR-M with pathology-proven HCC"),
        "PATH": T("组织学/细胞学", "Histology / cytology"),
        "EHIMG": T("影像学肝外转移", "Extrahepatic metastasis on imaging"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

RECSITE = CodeList(
    "RECSITE",
    T("复发类型", "Recurrence pattern"),
    {
        "LOCAL": T("局部复发(治疗区/切缘)", "Local tumour progression (treated site / margin)"),
        "IHD": T("肝内远处复发", "Intrahepatic distant"),
        "EHM": T("肝外转移", "Extrahepatic metastasis"),
        "IH_EH": T("肝内+肝外", "Intrahepatic + extrahepatic"),
    },
    standard="sponsor",
)

SUBTXINTENT = CodeList(
    "SUBTXINTENT",
    T("治疗目的", "Intent of therapy"),
    {
        "ADJUVANT": T("辅助治疗(未复发)", "Adjuvant (no recurrence)"),
        "RECURRENCE": T("复发后治疗", "Treatment of recurrence"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

SUBTXTYPE = CodeList(
    "SUBTXTYPE",
    T("后续抗肿瘤治疗", "Subsequent anti-tumour therapy"),
    {
        "RERESECT": T("再次手术切除", "Repeat resection"),
        "ABLATION": T("消融", "Ablation"),
        "TACE": T("经动脉化疗栓塞(TACE)", "TACE"),
        "HAIC": T("肝动脉灌注化疗(HAIC)", "HAIC"),
        "RT": T("放射治疗(含SBRT)", "Radiotherapy (incl. SBRT)"),
        "TARE": T("放射性栓塞(Y-90)", "Radioembolisation (Y-90)"),
        "LT": T("肝移植", "Liver transplantation"),
        "TKI": T("靶向治疗", "Targeted therapy"),
        "ICI": T("免疫检查点抑制剂", "Immune checkpoint inhibitor"),
        "CHEMO": T("全身化疗", "Systemic chemotherapy"),
        "TCM": T("抗肿瘤中药", "Traditional Chinese medicine (anti-tumour)"),
        "BSC": T("最佳支持治疗", "Best supportive care"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

TXRESP = CodeList(
    "TXRESP",
    T("后续治疗最佳疗效", "Best response to subsequent therapy"),
    {
        "CR": T("完全缓解(CR)", "Complete response"),
        "PR": T("部分缓解(PR)", "Partial response"),
        "SD": T("疾病稳定(SD)", "Stable disease"),
        "PD": T("疾病进展(PD)", "Progressive disease"),
        "NE": T("无法评估", "Not evaluable"),
    },
    standard="sponsor",
)

VISIT = CodeList(
    "VISIT",
    T("访视", "Visit (12-weekly schedule from doc; SCR/W0/EOS/UNS/safety visits are [default])"),
    {
        "SCR": T("筛选期", "Screening"),
        "W0": T("基线(第0周)", "Baseline (Week 0)"),
        "W12": T("第12周", "Week 12"),
        "W24": T("第24周", "Week 24"),
        "W36": T("第36周", "Week 36"),
        "W48": T("第48周", "Week 48"),
        "W60": T("第60周", "Week 60"),
        "W72": T("第72周", "Week 72"),
        "W84": T("第84周", "Week 84"),
        "W96": T("第96周", "Week 96"),
        "W108": T("第108周", "Week 108"),
        "W120": T("第120周", "Week 120"),
        "W132": T("第132周", "Week 132"),
        "W144": T("第144周", "Week 144"),
        "W156": T("第156周", "Week 156"),
        "EOS": T("研究结束/提前终止", "End of study / early termination"),
        "UNS": T("计划外访视", "Unscheduled visit"),
        "S2": T("安全性访视第2周(联合组)", "Safety visit Week 2 (A2)"),
        "S4": T("安全性访视第4周(联合组)", "Safety visit Week 4 (A2)"),
        "S8": T("安全性访视第8周(联合组)", "Safety visit Week 8 (A2)"),
        "S16": T("安全性访视第16周(联合组)", "Safety visit Week 16 (A2)"),
        "S20": T("安全性访视第20周(联合组)", "Safety visit Week 20 (A2)"),
        "S28": T("安全性访视第28周(联合组)", "Safety visit Week 28 (A2)"),
        "S32": T("安全性访视第32周(联合组)", "Safety visit Week 32 (A2)"),
        "S40": T("安全性访视第40周(联合组)", "Safety visit Week 40 (A2)"),
        "S44": T("安全性访视第44周(联合组)", "Safety visit Week 44 (A2)"),
        "S52": T(
            "安全性访视第52周(联合组,计划末次给药后4周)",
            "Safety visit Week 52 (A2, 4 wk after planned last dose)",
        ),
    },
    standard="sponsor",
)
