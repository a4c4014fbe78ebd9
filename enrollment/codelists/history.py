"""Code lists: HBV and medical history. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ALCOHOL = CodeList(
    "ALCOHOL",
    T("饮酒情况", "Alcohol use"),
    {
        "NEVER": T("从不", "Never"),
        "FORMER": T("既往饮酒", "Former"),
        "CURRENT": T("目前饮酒", "Current"),
    },
    standard="sponsor",
)

CIRRH = CodeList(
    "CIRRH",
    T("肝硬化状态", "Cirrhosis status"),
    {
        "NONE": T("无肝硬化", "No cirrhosis"),
        "COMP": T("代偿期肝硬化", "Compensated cirrhosis"),
        "DECOMP": T("失代偿期肝硬化", "Decompensated cirrhosis"),
    },
    standard="sponsor",
)

CIRRH_METHOD = CodeList(
    "CIRRH_METHOD",
    T("肝硬化诊断依据", "Basis of cirrhosis diagnosis"),
    {
        "HISTO": T("病理组织学", "Histology"),
        "IMAGING": T("影像学", "Imaging"),
        "LSM": T("肝脏硬度值", "Liver stiffness"),
        "CLINICAL": T("临床/实验室", "Clinical / laboratory"),
    },
    standard="sponsor",
)

DECOMP_EVT = CodeList(
    "DECOMP_EVT",
    T("失代偿事件", "Decompensation event"),
    {
        "ASCITES": T("腹水", "Ascites"),
        "VARBLEED": T("食管胃静脉曲张破裂出血", "Variceal bleeding"),
        "HE": T("肝性脑病", "Hepatic encephalopathy"),
        "JAUNDICE": T("黄疸", "Jaundice"),
        "SBP": T("自发性细菌性腹膜炎", "Spontaneous bacterial peritonitis"),
        "HRS": T("肝肾综合征", "Hepatorenal syndrome"),
    },
    standard="sponsor",
)

HBV_GENO = CodeList(
    "HBV_GENO",
    T("HBV基因型", "HBV genotype"),
    {
        "A": T("A型", "A"),
        "B": T("B型", "B"),
        "C": T("C型", "C"),
        "D": T("D型", "D"),
        "E": T("E型", "E"),
        "F": T("F型", "F"),
        "G": T("G型", "G"),
        "H": T("H型", "H"),
        "BC": T("B/C混合型", "B/C mixed"),
        "NT": T("无法分型", "Not typeable"),
        "ND": T("未检测", "Not done"),
    },
    standard="sponsor",
)

HBV_ROUTE = CodeList(
    "HBV_ROUTE",
    T("可能的HBV感染途径", "Suspected route of HBV infection"),
    {
        "VERTICAL": T("母婴传播", "Mother-to-child"),
        "HORIZONTAL": T("家庭/早期水平传播", "Household / early horizontal"),
        "BLOOD": T("血液/医源性传播", "Blood products / procedures"),
        "SEXUAL": T("性传播", "Sexual"),
        "U": T("不详", "Unknown"),
    },
    standard="sponsor",
)

MHCAT = CodeList(
    "MHCAT",
    T("病史类别", "History category"),
    {
        "CARDIAC": T("心血管", "Cardiac"),
        "PULM": T("呼吸", "Pulmonary"),
        "RENAL": T("肾脏", "Renal"),
        "NEURO": T("神经系统", "Neurological"),
        "PSYCH": T("精神", "Psychiatric"),
        "ENDO": T("内分泌/代谢", "Endocrine / metabolic"),
        "AUTOIMM": T("自身免疫", "Autoimmune"),
        "HEM": T("血液", "Haematological"),
        "OPHTH": T("眼科", "Ophthalmological"),
        "ONC": T("恶性肿瘤(除本次HCC)", "Malignancy (other than index HCC)"),
        "HEPATIC": T("其他肝病", "Other liver disease"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

MHSTATUS = CodeList(
    "MHSTATUS",
    T("疾病状态", "Condition status"),
    {
        "ACTIVE": T("目前存在", "Active / ongoing"),
        "CONTROLLED": T("治疗控制稳定", "Controlled on treatment"),
        "RESOLVED": T("已痊愈", "Resolved"),
    },
    standard="sponsor",
)

NADRUG = CodeList(
    "NADRUG",
    T("核苷(酸)类似物", "Nucleos(t)ide analogue (class named in doc; list is [default])"),
    {
        "ETV": T("恩替卡韦(ETV)", "Entecavir"),
        "TDF": T("富马酸替诺福韦二吡呋酯(TDF)", "Tenofovir disoproxil fumarate"),
        "TAF": T("富马酸丙酚替诺福韦(TAF)", "Tenofovir alafenamide"),
        "TMF": T("艾米替诺福韦(TMF)", "Tenofovir amibufenamide"),
        "LAM": T("拉米夫定(LAM)", "Lamivudine"),
        "LDT": T("替比夫定(LdT)", "Telbivudine"),
        "ADV": T("阿德福韦酯(ADV)", "Adefovir dipivoxil"),
        "OTHER": T("其他", "Other"),
    },
    standard="ATC J05AF",
)

SMOKE = CodeList(
    "SMOKE",
    T("吸烟情况", "Tobacco use"),
    {
        "NEVER": T("从不", "Never"),
        "FORMER": T("既往吸烟", "Former"),
        "CURRENT": T("目前吸烟", "Current"),
    },
    standard="sponsor",
)
