"""Code lists: antiviral treatment, adherence, peginterferon. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

NAREASON = CodeList(
    "NAREASON",
    T("核苷(酸)类似物启用/更换/停用原因", "Reason NA started / changed / stopped"),
    {
        "CONT": T("入组前已持续使用", "Ongoing before study"),
        "START": T("新启用", "Newly started"),
        "RESIST": T("病毒学突破/耐药", "Virological breakthrough / resistance"),
        "SUBOPT": T("应答不佳/低病毒血症", "Suboptimal response / low-level viraemia"),
        "AE": T("不良事件", "Adverse event"),
        "RENAL": T("肾脏安全性", "Renal safety"),
        "BONE": T("骨骼安全性", "Bone safety"),
        "COST": T("费用/医保", "Cost / reimbursement"),
        "PT": T("受试者决定", "Participant decision"),
        "HBSAGLOSS": T("HBsAg清除(达到停药标准)", "HBsAg loss (endpoint reached)"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

PGACT = CodeList(
    "PGACT",
    T("Peg-IFN剂量建议(仅提示)", "Advisory Peg-IFN action"),
    {
        "NONE": T("维持原剂量", "No change"),
        "REDUCE_135": T("减量至135 μg", "Reduce to 135 ug"),
        "REDUCE_90": T("减量至90 μg", "Reduce to 90 ug"),
        "HOLD": T("暂停至恢复", "Hold until recovery"),
        "STOP": T("永久停药", "Permanently stop"),
    },
    standard="sponsor",
)

PGBY = CodeList(
    "PGBY",
    T("给药人", "Administered by"),
    {
        "STAFF": T("医护人员", "Site / clinic staff"),
        "SELF": T("受试者本人", "Participant"),
        "FAMILY": T("家属", "Family member"),
    },
    standard="sponsor",
)

PGREASON = CodeList(
    "PGREASON",
    T("Peg-IFN调整原因", "Reason for Peg-IFN modification"),
    {
        "NEUT": T("中性粒细胞减少", "Neutrophil decrease"),
        "PLT": T("血小板减少", "Platelet decrease"),
        "HGB": T("贫血", "Anaemia"),
        "ALTFLARE": T("ALT升高/肝功能失代偿", "ALT flare / hepatic decompensation"),
        "PSYCH": T("抑郁/精神症状", "Depression / psychiatric"),
        "THYROID": T("甲状腺功能异常", "Thyroid dysfunction"),
        "RETINA": T("视网膜病变/视觉症状", "Retinopathy / visual symptom"),
        "AUTOIMM": T("自身免疫性事件", "Autoimmune event"),
        "FLU": T("流感样症状", "Flu-like symptoms"),
        "OTHERAE": T("其他不良事件", "Other adverse event"),
        "RECUR": T("肝癌复发", "HCC recurrence"),
        "PREGN": T("妊娠", "Pregnancy"),
        "COURSE": T("完成计划疗程", "Planned course completed"),
        "HBSAGLOSS": T("HBsAg清除", "HBsAg loss"),
        "PTREQ": T("受试者要求", "Participant request"),
        "SUPPLY": T("药品供应/后勤", "Supply / logistics"),
        "FORGOT": T("遗忘", "Forgotten"),
        "OTHER": T("其他", "Other"),
    },
    standard="sponsor",
)

PGSITE = CodeList(
    "PGSITE",
    T("注射部位", "Injection site"),
    {
        "ABDOMEN": T("腹部", "Abdomen"),
        "THIGH": T("大腿", "Thigh"),
        "UPPERARM": T("上臂", "Upper arm"),
    },
    standard="sponsor",
)

PGSTAT = CodeList(
    "PGSTAT",
    T("Peg-IFN给药状态", "Peg-IFN administration status"),
    {
        "GIVEN": T("按计划给药", "Given as planned"),
        "REDUCED": T("减量给药", "Given at reduced dose"),
        "DELAYED": T("延迟给药", "Given late (outside day window)"),
        "HELD": T("暂停给药", "Held (interrupted)"),
        "MISSED": T("漏用", "Missed"),
        "STOPPED": T("永久停药", "Permanently discontinued"),
    },
    standard="sponsor",
)
