"""Edit checks: Recurrence and what followed. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, contains, count, days, here, the, today

CHECKS = (
    hard(
        "REC-001",
        "recur.rec_date",
        the("recur.rec_date") <= the("radtx.tx_date"),
        "复发日期必须晚于根治性治疗。",
        "Recurrence must be after radical treatment.",
    ),
    soft(
        "REC-002",
        "recur.rec_date",
        the("recur.rec_date") <= the("alloc.anchor_date"),
        "复发日期不晚于第0天,入组时并非无复发。",
        "Recurrence on or before Day 0: participant was not recurrence-free at entry.",
    ),
    soft(
        "REC-003",
        "recur.rec_visit",
        any_record(
            "mri",
            (the("mri.visit") == here("recur.rec_visit")) & (the("mri.mri_date") != here("recur.rec_date")),
        )
        & (
            contains(the("recur.rec_basis"), "LR5")
            | contains(the("recur.rec_basis"), "LRTIV")
            | contains(the("recur.rec_basis"), "LRTRV")
        ),
        "复发日期应为诊断性影像检查日期。",
        "Recurrence date should be the date of the diagnostic imaging.",
    ),
    later(
        "REC-004",
        "recur.rec_basis",
        contains(the("recur.rec_basis"), "LR5")
        & (count("mriobs", (the("mriobs.visit") == here("recur.rec_visit")) & (the("mriobs.lr_cat") == "LR-5")) == 0),
        "依据为LR-5,但该访视无LR-5病灶。",
        "Evidence is LR-5 but no LR-5 observation is recorded at that visit.",
    ),
    hard(
        "REC-005",
        "recur.rec_adj",
        (the("recur.rec_adj") == "CONFIRMED")
        & contains(the("recur.rec_basis"), "PATH")
        & (the("recur.rec_histo").none_of("HCC", "CHC", "FLC")),
        "病理结果不支持肝癌复发。",
        "Histology does not confirm HCC recurrence.",
    ),
    hard(
        "REC-006",
        "recur.rec_adj_date",
        the("recur.rec_adj_date") < the("recur.rec_date"),
        "判定日期早于复发日期。",
        "Adjudication is before the recurrence date.",
    ),
    soft(
        "REC-007",
        "recur.rec_adj",
        (the("recur.rec_adj") == "PENDING") & (days(the("recur.rec_date"), today()) > 28),
        "复发判定待定超过28天。",
        "Recurrence adjudication pending for more than 28 days.",
    ),
    later(
        "REC-008",
        "recur.rec_adj",
        (the("recur.rec_adj") == "CONFIRMED") & (~any_record("subtx", the("subtx.st_start") >= here("recur.rec_date"))),
        "确认复发后无后续治疗记录。",
        "Confirmed recurrence without any subsequent therapy row.",
    ),
    soft(
        "REC-009",
        "recur.rec_date",
        the("recur.rec_date") > the("eos.eos_date"),
        "复发日期晚于研究结束日期。",
        "Recurrence is dated after end of study.",
    ),
    hard(
        "STX-001",
        "subtx.st_intent",
        (the("subtx.st_intent") == "RECURRENCE")
        & (
            ~any_record(
                "recur",
                (the("recur.rec_adj") == "CONFIRMED") & (the("recur.rec_date") <= here("subtx.st_start")),
            )
        ),
        "复发后治疗之前无确认复发记录。",
        "Treatment for recurrence without an earlier confirmed recurrence.",
    ),
    hard(
        "STX-002",
        "subtx.st_end",
        the("subtx.st_end") < the("subtx.st_start"),
        "治疗结束日期早于开始日期。",
        "Therapy end date is before start date.",
    ),
    soft(
        "STX-003",
        "subtx.st_intent",
        (the("subtx.st_intent") == "ADJUVANT")
        & (the("subtx.st_start") > the("alloc.alloc_date"))
        & (the("subtx.st_type").none_of("TCM", "BSC")),
        "第0天后的辅助抗肿瘤治疗将使主要终点删失。",
        "Adjuvant anti-tumour therapy after Day 0 censors time to recurrence.",
    ),
    hard(
        "DUP-003",
        "recur.rec_date",
        any_record(
            "recur",
            (the("recur.row") != here("recur.row"))
            & (the("recur.rec_date") == here("recur.rec_date"))
            & (the("recur.rec_site") == here("recur.rec_site")),
        ),
        "重复的复发记录。",
        "Duplicate recurrence row.",
    ),
)
