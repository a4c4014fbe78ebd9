"""Code lists: Death and end of study. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

DSDECOD = CodeList(
    "DSDECOD",
    T("研究结束状态", "Disposition"),
    {
        "COMPLETED": T("完成研究(第156周)", "Completed (Week 156)"),
        "SCREEN FAILURE": T("筛选失败", "Screen failure"),
        "DEATH": T("死亡", "Death"),
        "LOST TO FOLLOW-UP": T("失访", "Lost to follow-up"),
        "WITHDRAWAL BY SUBJECT": T("受试者退出", "Withdrawal by participant"),
        "PHYSICIAN DECISION": T("研究者决定", "Investigator decision"),
        "ADVERSE EVENT": T("不良事件", "Adverse event"),
        "PREGNANCY": T("妊娠", "Pregnancy"),
        "PROTOCOL DEVIATION": T("方案偏离", "Protocol deviation"),
        "STUDY TERMINATED BY SPONSOR": T("申办方终止研究", "Study terminated by sponsor"),
        "OTHER": T("其他", "Other"),
    },
    standard="CDISC NCOMPLT (subset)",
)

DTHCAUSE = CodeList(
    "DTHCAUSE",
    T("主要死亡原因", "Primary cause of death"),
    {
        "HCC": T("肝癌复发/进展", "HCC recurrence / progression"),
        "LIVER": T("肝衰竭(非肿瘤)", "Liver failure (non-tumour)"),
        "GIBLEED": T("消化道出血", "Variceal / GI bleeding"),
        "INFECT": T("感染", "Infection"),
        "TREAT": T("研究治疗相关并发症", "Complication of study treatment"),
        "PROC": T("手术/操作并发症", "Complication of procedure"),
        "CARDIO": T("心脑血管疾病", "Cardio-/cerebrovascular"),
        "SECOND": T("第二原发肿瘤", "Second malignancy"),
        "ACCIDENT": T("意外/自杀", "Accident / suicide"),
        "OTHER": T("其他", "Other"),
        "U": T("不详", "Unknown"),
    },
    standard="sponsor",
)

DTHSRC = CodeList(
    "DTHSRC",
    T("死亡信息来源", "Source of death information"),
    {
        "HOSP": T("医院病历", "Hospital record"),
        "CERT": T("死亡证明", "Death certificate"),
        "FAMILY": T("家属告知", "Family report"),
        "REGISTRY": T("死亡登记系统", "Registry"),
    },
    standard="sponsor",
)

LASTALIVE = CodeList(
    "LASTALIVE",
    T("末次随访生存状态", "Survival status at last contact"),
    {
        "ALIVE": T("存活", "Alive"),
        "DEAD": T("死亡", "Dead"),
        "U": T("不详", "Unknown"),
    },
    standard="sponsor",
)
