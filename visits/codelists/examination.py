"""Code lists: Vital signs and physical examination. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ASCITES = CodeList(
    "ASCITES",
    T("腹水", "Ascites"),
    {
        "NONE": T("无", "None"),
        "MILD": T("轻度(可控制/仅影像可见)", "Mild (controlled / imaging only)"),
        "MODSEV": T("中重度(难治性)", "Moderate to severe (refractory)"),
    },
    standard="Child-Turcotte-Pugh",
)

BMICAT = CodeList(
    "BMICAT",
    T("BMI分类(中国成人)", "BMI category (China adults)"),
    {
        "UNDER": T("体重过低(<18.5)", "Underweight (<18.5)"),
        "NORMAL": T("体重正常(18.5~23.9)", "Normal (18.5-23.9)"),
        "OVER": T("超重(24.0~27.9)", "Overweight (24.0-27.9)"),
        "OBESE": T("肥胖(≥28.0)", "Obese (>=28.0)"),
    },
    standard="WS/T 428-2013",
)

DEPRESS = CodeList(
    "DEPRESS",
    T("抑郁严重程度", "Depression severity"),
    {
        "NONE": T("无", "None"),
        "MILD": T("轻度", "Mild"),
        "MODERATE": T("中度", "Moderate"),
        "SEVERE": T("重度", "Severe"),
    },
    standard="sponsor",
)

HEGRADE = CodeList(
    "HEGRADE",
    T("肝性脑病", "Hepatic encephalopathy"),
    {
        "NONE": T("无", "None"),
        "G1_2": T("1~2级", "Grade 1-2"),
        "G3_4": T("3~4级", "Grade 3-4"),
    },
    standard="West Haven",
)

PERES = CodeList(
    "PERES",
    T("检查结果", "Examination result"),
    {
        "NORMAL": T("正常", "Normal"),
        "ABN_NCS": T("异常无临床意义", "Abnormal, not clinically significant"),
        "ABN_CS": T("异常有临床意义", "Abnormal, clinically significant"),
        "ND": T("未查", "Not done"),
    },
    standard="sponsor",
)
