"""Code lists: Adverse events. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

AEACN = CodeList(
    "AEACN",
    T("对研究治疗采取的措施", "Action taken with study treatment"),
    {
        "DOSE NOT CHANGED": T("剂量不变", "Dose not changed"),
        "DOSE REDUCED": T("减量", "Dose reduced"),
        "DRUG INTERRUPTED": T("暂停用药", "Drug interrupted"),
        "DRUG WITHDRAWN": T("永久停药", "Drug withdrawn"),
        "DOSE INCREASED": T("增量", "Dose increased"),
        "NOT APPLICABLE": T("不适用", "Not applicable"),
        "UNKNOWN": T("不详", "Unknown"),
    },
    standard="CDISC ACN",
)

AEOUT = CodeList(
    "AEOUT",
    T("转归", "Outcome"),
    {
        "RECOVERED/RESOLVED": T("痊愈/缓解", "Recovered / resolved"),
        "RECOVERING/RESOLVING": T("好转/正在缓解", "Recovering / resolving"),
        "NOT RECOVERED/NOT RESOLVED": T("未好转/未缓解", "Not recovered / not resolved"),
        "RECOVERED/RESOLVED WITH SEQUELAE": T("痊愈伴后遗症", "Recovered with sequelae"),
        "FATAL": T("死亡", "Fatal"),
        "UNKNOWN": T("不详", "Unknown"),
    },
    standard="CDISC OUT",
)

AEREL = CodeList(
    "AEREL",
    T("与研究治疗的相关性", "Causality"),
    {
        "DEFINITE": T("肯定有关", "Definitely related"),
        "PROBABLE": T("很可能有关", "Probably related"),
        "POSSIBLE": T("可能有关", "Possibly related"),
        "UNLIKELY": T("可能无关", "Possibly unrelated (unlikely)"),
        "UNRELATED": T("肯定无关", "Definitely unrelated"),
        "NA": T("不适用(未使用)", "Not applicable (not exposed)"),
    },
    standard="5-level (China practice)",
)

AESI = CodeList(
    "AESI",
    T("特别关注的不良事件", "Adverse event of special interest (interferon class)"),
    {
        "CYTOPENIA": T("血细胞减少", "Cytopenia"),
        "PSYCH": T("抑郁/精神异常", "Depression / psychiatric"),
        "THYROID": T("甲状腺功能异常", "Thyroid disorder"),
        "RETINA": T("视网膜病变", "Retinopathy"),
        "FLARE": T("肝炎急性加重/失代偿", "Hepatitis flare / decompensation"),
        "AUTOIMM": T("自身免疫性疾病", "Autoimmune disorder"),
        "ILD": T("间质性肺病", "Interstitial lung disease"),
        "CARDIAC": T("心脏疾病", "Cardiac disorder"),
        "NONE": T("非特别关注", "Not AESI"),
    },
    standard="sponsor",
)


LABTERM = CodeList(
    "LABTERM",
    T("AE关联的实验室指标", "Laboratory analyte linked to AE"),
    {
        "NEUT": T("中性粒细胞计数降低", "Neutrophil count decreased"),
        "WBC": T("白细胞计数降低", "White blood cell decreased"),
        "LYM": T("淋巴细胞计数降低", "Lymphocyte count decreased"),
        "PLT": T("血小板计数降低", "Platelet count decreased"),
        "HGB": T("贫血", "Anemia"),
        "ALT": T("丙氨酸氨基转移酶升高", "Alanine aminotransferase increased"),
        "AST": T("天冬氨酸氨基转移酶升高", "Aspartate aminotransferase increased"),
        "GGT": T("γ-谷氨酰转移酶升高", "GGT increased"),
        "ALP": T("碱性磷酸酶升高", "Alkaline phosphatase increased"),
        "TBIL": T("血胆红素升高", "Blood bilirubin increased"),
        "CREAT": T("肌酐升高", "Creatinine increased"),
        "ALB": T("低白蛋白血症", "Hypoalbuminemia"),
        "INR": T("INR升高", "INR increased"),
        "GLUC_LOW": T("低血糖", "Hypoglycemia"),
        "K_LOW": T("低钾血症", "Hypokalemia"),
        "K_HIGH": T("高钾血症", "Hyperkalemia"),
        "NA_LOW": T("低钠血症", "Hyponatremia"),
    },
    standard="CTCAE v5.0",
)

PREGOUT = CodeList(
    "PREGOUT",
    T("妊娠结局", "Pregnancy outcome"),
    {
        "LIVE": T("活产", "Live birth"),
        "TERM": T("人工终止", "Elective termination"),
        "MISC": T("自然流产", "Spontaneous abortion"),
        "STILL": T("死产", "Stillbirth"),
        "ONGOING": T("继续妊娠中", "Ongoing"),
        "U": T("不详", "Unknown"),
    },
    standard="sponsor",
)

PREGWHO = CodeList(
    "PREGWHO",
    T("妊娠对象", "Pregnancy of"),
    {
        "PARTICIPANT": T("受试者本人", "Participant"),
        "PARTNER": T("男性受试者的伴侣", "Partner of a male participant"),
    },
    standard="sponsor",
)
