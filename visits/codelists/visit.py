"""Code lists: Visit record. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

CONTACT_MODE = CodeList(
    "CONTACT_MODE",
    T("随访方式", "Mode of contact"),
    {
        "CLINIC": T("门诊", "Clinic"),
        "INPATIENT": T("住院", "Inpatient"),
        "PHONE": T("电话", "Telephone"),
        "REMOTE": T("远程/互联网医院", "Remote / internet hospital"),
    },
    standard="sponsor",
)

VISIT_STATUS = CodeList(
    "VISIT_STATUS",
    T("访视状态", "Visit status"),
    {
        "DONE": T("已完成", "Done"),
        "PARTIAL": T("部分完成(远程/仅结果)", "Partially done (remote / results only)"),
        "MISSED": T("缺失", "Missed"),
    },
    standard="sponsor",
)

WINSTAT = CodeList(
    "WINSTAT",
    T("访视窗状态", "Visit window status"),
    {
        "IN": T("窗内", "In window"),
        "EARLY": T("提前(超窗)", "Early"),
        "LATE": T("延后(超窗)", "Late"),
        "NA": T("无规定窗口", "No window defined"),
    },
    standard="sponsor",
)
