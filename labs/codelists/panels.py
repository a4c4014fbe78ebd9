"""Code lists: Haematology and biochemistry. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CTCGR, CodeList
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

#: A graded result may have reached no grade; an adverse event always has one (prtras.codelists.CTCGR).
LBTOXGR = CodeList(
    "LBTOXGR",
    T("检验结果CTCAE分级", "CTCAE grade of a result"),
    {"0": T("0级 未达1级", "Grade 0 Below grade 1"), **CTCGR.codes},
    standard=CTCGR.standard,
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

NRSRC = CodeList(
    "NRSRC",
    T("参考范围来源", "Where the reference range is from"),
    {
        "REPORT": T("检验报告", "Laboratory report"),
        "TABLE": T("实验室正常值表", "Table of the laboratory"),
        "DEFAULT": T("方案默认值", "Default of the protocol"),
    },
    standard="sponsor",
)

TOXREF = CodeList(
    "TOXREF",
    T("分级依据", "Basis of the grade"),
    {
        "CUT": T("CTCAE界值", "Limit of the CTCAE"),
        "LIMIT": T("参考限", "Reference limit"),
        "ULN": T("正常上限倍数，基线正常", "Multiple of the ULN, baseline normal"),
        "ULN_ONLY": T("正常上限倍数", "Multiple of the ULN"),
        "BASELINE": T("基线值倍数", "Multiple of the baseline"),
    },
    standard="sponsor",
)
