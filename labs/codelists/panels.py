"""Code lists: Haematology and biochemistry. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

CLSIG = CodeList(
    "CLSIG",
    T("临床意义判定", "Clinical significance"),
    {
        "NORMAL": T("正常", "Normal"),
        "NCS": T("异常无临床意义", "Abnormal, not clinically significant"),
        "CS": T("异常有临床意义", "Abnormal, clinically significant"),
    },
    standard="sponsor",
)

LBSTAT = CodeList(
    "LBSTAT",
    T("检测状态", "Test status"),
    {
        "DONE": T("已检测", "Done"),
        "ND": T("未检测", "Not done"),
    },
    standard="CDISC ND",
)

NRIND = CodeList(
    "NRIND",
    T("参考范围指示", "Reference range indicator"),
    {
        "LOW": T("低", "Low"),
        "NORMAL": T("正常", "Normal"),
        "HIGH": T("高", "High"),
    },
    standard="CDISC NRIND (subset)",
)
