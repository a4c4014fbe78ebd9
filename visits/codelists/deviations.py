"""Code lists: Protocol deviations. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

DVCAT = CodeList(
    "DVCAT",
    T("方案偏离类别", "Deviation category"),
    {
        "CONSENT": T("知情同意", "Informed consent"),
        "IE": T("入选/排除标准", "Eligibility"),
        "ALLOC": T("分组/实际治疗", "Group allocation / treatment received"),
        "DOSING": T("研究用药剂量/给药", "Study drug dosing"),
        "VISITWIN": T("访视超窗", "Visit out of window"),
        "VISITMISS": T("访视缺失", "Visit missed"),
        "MRIMISS": T("MRI缺失/超窗/扫描方案不符", "MRI missed / out of window / wrong protocol"),
        "LABMISS": T("实验室检查缺失/检测方法不符", "Laboratory test missed / wrong assay"),
        "PROHIBMED": T("使用禁用合并治疗", "Prohibited concomitant treatment"),
        "SAEREPORT": T("SAE报告延迟", "Late SAE reporting"),
        "SAMPLE": T("标本处理", "Sample handling"),
        "DATA": T("数据/隐私", "Data / privacy"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

DVSEV = CodeList(
    "DVSEV",
    T("方案偏离程度", "Deviation importance"),
    {
        "MAJOR": T("重大(重要)方案偏离", "Important (major)"),
        "MINOR": T("轻微方案偏离", "Minor"),
    },
    standard="ICH E3 Q&A R1",
)
