"""The forms on adverse events and pregnancies as the casebook shows them."""

from enrollment.deriving.rows import numbered
from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T
from visits.checks import safety
from visits.models import AdverseEvent, AdverseEventGrade, Pregnancy

ADVERSE_EVENT = Form(
    "ae", T("不良事件记录", "Adverse event log"), "log", "AE", AdverseEvent,
    (
        Section(T("事件", "Event"),
                ("ae_no", "ae_term", "ae_start", "ae_ongoing", "ae_end", "ae_grade", "ae_lab", "ae_lab_visit",
                 "ae_aesi")),
        Section(T("关系与措施", "Causality and action"),
                ("ae_rel_pg", "ae_rel_na", "ae_rel_proc", "ae_acn_pg", "ae_acn_na", "ae_tx_given", "ae_out")),
        Section(T("严重性", "Seriousness"),
                ("ae_ser", "ae_sdth", "ae_slife", "ae_shosp", "ae_hosp_start", "ae_hosp_end", "ae_sdisab", "ae_scong",
                 "ae_smie", "ae_aware", "ae_aware_time", "ae_report", "ae_report_time", "ae_narr", "ae_susar")),
        Section(T("编码", "Coding"), ("ae_llt", "ae_pt", "ae_soc")),
    ),
    rows=Rows(
        "aegr", T("分级变化", "Grade over time"), AdverseEventGrade, "row",
        note=T("分级发生变化时各填一行；最高分级填写在上方。已保存的行不能删除，只能标注为录入有误。",
               "One row for each change of grade; the maximum stands above. Saved rows cannot be deleted, only marked "
               "in error."),
    ),
    derive=numbered("ae", "ae_no"),
    examine=safety.examine_event,
    short=T("不良事件", "Adverse event"),
    known_by=("ae_term", "ae_start", "ae_grade"),
    coded="ae_term",
)  # fmt: skip

PREGNANCY = Form(
    "pregn", T("妊娠报告", "Pregnancy notification"), "log", "RP", Pregnancy,
    (
        Section(T("妊娠", "Pregnancy"), ("pn_no", "pn_who", "pn_date", "pn_lmp", "pn_exposed", "pn_out")),
    ),
    derive=numbered("pregn", "pn_no"),
    short=T("妊娠报告", "Pregnancy"),
)  # fmt: skip
