"""Code lists: Choice of arm. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ALLOC_REASON = CodeList(
    "ALLOC_REASON",
    T("入组别原因(非随机)", "Reason for allocation (non-randomised)"),
    {
        "PT_PREF": T("受试者意愿", "Participant preference"),
        "INV_ADVICE": T("研究者建议", "Investigator recommendation"),
        "LOW_HBSAG": T("优势人群(如HBsAg低水平)", "Favourable profile for interferon (e.g. low HBsAg)"),
        "COST": T("费用/医保原因", "Cost / reimbursement"),
        "LOGISTICS": T("无法配合注射或额外安全性随访", "Unable to attend injections / extra safety visits"),
        "TOLERANCE": T("担心干扰素耐受性(未达排除标准)", "Concern about interferon tolerability (not an exclusion)"),
        "SUPPLY": T("药物可及性", "Drug availability"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

#: The arm with peginterferon.
COMBINATION = "A2"
#: The arms where room is narrow.
ARM_BRIEF = {
    "A1": T("核苷(酸)类似物", "NA"),
    "A2": T("核苷(酸)类似物+聚乙二醇干扰素", "NA + Peg-IFN"),
}
ARM = CodeList(
    "ARM",
    T("治疗组别", "Treatment group (doc names two groups; the numbering A1/A2 is [default])"),
    {
        "A1": T("核苷(酸)类似物单药组", "Nucleos(t)ide analogue alone"),
        "A2": T("核苷(酸)类似物联合聚乙二醇干扰素α-2b组", "Nucleos(t)ide analogue + peginterferon alfa-2b"),
    },
    standard="sponsor",
)
