"""Edit checks: antiviral treatment, adherence, peginterferon. Source: checks of the CRF specification 0.1."""

from decimal import Decimal

from enrollment.protocol import constant, values_of
from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import (
    add_days,
    any_record,
    count,
    days,
    empty,
    exists,
    given,
    here,
    largest,
    lookup,
    magnitude,
    the,
)

#: The injection was given, at whatever dose.
GIVEN = the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED")
#: Of the blood counts: the newest up to the injection, at most two weeks old.
NEWEST_COUNT = (
    (the("lbhem.hem_date") <= here("pegifn.pg_date"))
    & (days(the("lbhem.hem_date"), here("pegifn.pg_date")) <= 14)
    & (
        the("lbhem.hem_date")
        == largest("lbhem", the("lbhem.hem_date"), the("lbhem.hem_date") <= here("pegifn.pg_date"))
    )
)

CHECKS = (
    hard(
        "CON-008",
        "pegifn.pg_date",
        the("pegifn.pg_date") < the("consent.icf_date"),
        "聚乙二醇干扰素给药日期早于知情同意日期。",
        "Peginterferon injection is before informed consent.",
        overridable=True,
    ),
    hard(
        "CON-011",
        "pegifn.pg_date",
        (the("pegifn.pg_date") > the("consent.withdraw_date")) & GIVEN,
        "撤回知情同意后仍有聚乙二醇干扰素给药。",
        "Peginterferon given after consent was withdrawn.",
        overridable=True,
    ),
    hard(
        "ALC-001",
        "pegifn.pg_status",
        (the("alloc.arm") == "A1") & (the("alloc.arm_switch") != "Y") & GIVEN,
        "核苷(酸)类似物单药组出现聚乙二醇干扰素给药记录。",
        "Peginterferon given to a participant in the NA-alone group.",
        overridable=True,
    ),
    hard(
        "LFN-005",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "liverfn",
            (the("liverfn.cp_class").one_of("B", "C"))
            & (lookup("visit", "visit", the("liverfn.visit"), "visit_date") <= here("pegifn.pg_date")),
        ),
        "Child-Pugh B/C级后仍给予聚乙二醇干扰素。",
        "Peginterferon given after Child-Pugh B/C.",
        overridable=True,
    ),
    soft(
        "PG-001",
        "pegifn.pg_status",
        GIVEN & (magnitude(the("pegifn.pg_interval") - constant("pg_interval_days")) > constant("pg_interval_tol")),
        "给药间隔超出{pg_interval_days}±{pg_interval_tol}天。",
        "Injection interval is outside {pg_interval_days} +/- {pg_interval_tol} days.",
    ),
    hard(
        "PG-002",
        "pegifn.pg_interval",
        the("pegifn.pg_interval") < 4,
        "两次注射间隔<4天。",
        "Two injections less than 4 days apart.",
        overridable=True,
    ),
    soft(
        "PG-003",
        "pegifn.pg_status",
        GIVEN & (the("pegifn.pg_dose").none_of(*values_of("pg_allowed_doses"))),
        "剂量不是180、135或90 μg。",
        "Dose is not one of 180, 135, 90 ug.",
    ),
    hard(
        "PG-004",
        "pegifn.pg_status",
        ((the("pegifn.pg_status") == "REDUCED") & (the("pegifn.pg_dose") >= constant("pg_std_dose")))
        | ((the("pegifn.pg_status") == "GIVEN") & (the("pegifn.pg_dose") < constant("pg_std_dose"))),
        "给药状态与剂量矛盾。",
        "Administration status contradicts the dose.",
    ),
    hard(
        "PG-005",
        "pegifn.pg_status",
        (the("pegifn.pg_status").one_of("HELD", "MISSED", "STOPPED")) & (the("pegifn.pg_dose") > 0),
        "未给药但填写了剂量。",
        "A dose is recorded although not given.",
    ),
    hard(
        "PG-006",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "pegifn", (the("pegifn.pg_status") == "STOPPED") & (the("pegifn.pg_date") < here("pegifn.pg_date"))
        ),
        "永久停药后仍有给药记录。",
        "Dose given after permanent discontinuation.",
        overridable=True,
    ),
    hard(
        "PG-007",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "lbhem",
            (the("lbhem.neut_stresn") < constant("pg_anc_hold")) & NEWEST_COUNT,
        ),
        "ANC<{pg_anc_hold}时应暂停给药。",
        "Dose given with ANC below {pg_anc_hold}: treatment should be held.",
        overridable=True,
    ),
    soft(
        "PG-008",
        "pegifn.pg_dose",
        (the("pegifn.pg_dose") > 135)
        & any_record(
            "lbhem",
            (the("lbhem.neut_stresn") < constant("pg_anc_reduce")) & NEWEST_COUNT,
        ),
        "ANC<{pg_anc_reduce}仍给予全量,应减至135 μg。",
        "Full dose with ANC below {pg_anc_reduce}: reduction to 135 ug expected.",
    ),
    hard(
        "PG-009",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "lbhem",
            (the("lbhem.plt_stresn") < constant("pg_plt_stop")) & NEWEST_COUNT,
        ),
        "血小板<{pg_plt_stop}时应停药。",
        "Dose given with platelets below {pg_plt_stop}: treatment should be stopped.",
        overridable=True,
    ),
    soft(
        "PG-010",
        "pegifn.pg_dose",
        (the("pegifn.pg_dose") > 90)
        & any_record(
            "lbhem",
            (the("lbhem.plt_stresn") < constant("pg_plt_reduce")) & NEWEST_COUNT,
        ),
        "血小板<{pg_plt_reduce}应减至90 μg。",
        "Platelets below {pg_plt_reduce}: reduction to 90 ug expected.",
    ),
    soft(
        "PG-011",
        "pegifn.pg_status",
        GIVEN & (the("pegifn.pg_week") > constant("pg_weeks")),
        "超出计划{pg_weeks}周疗程。",
        "Dose beyond the planned {pg_weeks} weeks.",
    ),
    soft(
        "PG-012",
        "pegifn.pg_status",
        GIVEN
        & any_record("recur", (the("recur.rec_adj") == "CONFIRMED") & (the("recur.rec_date") < here("pegifn.pg_date"))),
        "确认复发后仍给予聚乙二醇干扰素,请确认。",
        "Peginterferon continued after confirmed recurrence: confirm.",
    ),
    soft(
        "PG-WHY",
        "pegifn.pg_why",
        GIVEN
        & empty(the("pegifn.pg_why"))
        & (
            the("pegifn.pg_advice").one_of("HOLD", "STOP")
            | ((the("pegifn.pg_advice") == "REDUCE_135") & (the("pegifn.pg_dose") > 135))
            | ((the("pegifn.pg_advice") == "REDUCE_90") & (the("pegifn.pg_dose") > 90))
        ),
        "未按剂量建议给药，请说明理由。",
        "The dose is above the advice; state the reason.",
    ),
    hard(
        "PG-013",
        "pegifn.pg_expiry",
        the("pegifn.pg_expiry") < the("pegifn.pg_date"),
        "注射日药品已过期。",
        "Lot had expired on the injection date.",
        overridable=True,
    ),
    later(
        "PG-014",
        "pegifn.pg_ae_no",
        given(the("pegifn.pg_ae_no")) & (count("ae", the("ae.ae_no") == here("pegifn.pg_ae_no")) == 0),
        "关联的AE编号不存在。",
        "Linked AE number does not exist.",
    ),
    hard(
        "PG-015",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "pe",
            ((the("pe.depress") == "SEVERE") | (the("pe.suicidal") == "Y"))
            & (the("pe.pe_date") <= here("pegifn.pg_date")),
        ),
        "出现重度抑郁或自杀意念后仍给药。",
        "Dose given after severe depression or suicidal ideation.",
        overridable=True,
    ),
    hard(
        "PG-016",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "pregtest", (the("pregtest.pt_result") == "POS") & (the("pregtest.pt_date") <= here("pegifn.pg_date"))
        ),
        "妊娠试验阳性后仍给药。",
        "Dose given after a positive pregnancy test.",
        overridable=True,
    ),
    soft(
        "NA-001",
        "na.na_drug",
        ((the("na.na_drug") == "ETV") & (the("na.na_dose").none_of(Decimal("0.5"), Decimal("1.0"))))
        | ((the("na.na_drug") == "TDF") & (the("na.na_dose") != 300))
        | ((the("na.na_drug").one_of("TAF", "TMF")) & (the("na.na_dose") != 25))
        | ((the("na.na_drug") == "LAM") & (the("na.na_dose") != 100))
        | ((the("na.na_drug") == "LDT") & (the("na.na_dose") != 600))
        | ((the("na.na_drug") == "ADV") & (the("na.na_dose") != 10)),
        "该核苷(酸)类似物剂量异常。",
        "Unusual dose for this nucleos(t)ide analogue.",
    ),
    hard(
        "NA-002",
        "na.na_end",
        the("na.na_end") < the("na.na_start"),
        "核苷(酸)类似物结束日期早于开始日期。",
        "NA end date is before start date.",
    ),
    hard(
        "NA-003",
        "na.na_ongoing",
        (the("na.na_ongoing") == "Y") & given(the("na.na_end")),
        '"持续"时不能有结束日期。',
        "Ongoing treatment cannot have an end date.",
    ),
    soft(
        "NA-004",
        "na.na_drug",
        any_record(
            "na",
            (the("na.row") != here("na.row"))
            & (the("na.na_drug") == here("na.na_drug"))
            & (the("na.na_start") <= here("na.na_start"))
            & (empty(the("na.na_end")) | (the("na.na_end") > here("na.na_start"))),
        ),
        "同一核苷(酸)类似物记录时间重叠。",
        "Overlapping rows of the same nucleos(t)ide analogue.",
    ),
    later(
        "NA-005",
        "na.na_ongoing",
        (the("na.na_ongoing") == "N")
        & (
            ~any_record(
                "na",
                (the("na.row") != here("na.row"))
                & (the("na.na_start") <= add_days(here("na.na_end"), 14))
                & (empty(the("na.na_end")) | (the("na.na_end") > here("na.na_end"))),
            )
        )
        & (~exists("eos")),
        "核苷(酸)类似物停用后14天内无接续用药。",
        "Nucleos(t)ide analogue stopped without a successor within 14 days.",
    ),
    hard(
        "NA-006",
        "adh.adh_na_missed",
        the("adh.adh_na_missed") > the("adh.adh_na_days"),
        "漏服次数超过统计天数。",
        "Missed doses exceed the days covered.",
    ),
    soft(
        "NA-007",
        "adh.adh_na_pct",
        the("adh.adh_na_pct") < 80,
        "核苷(酸)类似物依从率<80%。",
        "NA adherence below 80%.",
    ),
    hard(
        "DTH-003",
        "pegifn.pg_date",
        the("pegifn.pg_date") > the("death.dth_date"),
        "给药日期晚于死亡日期。",
        "Dose is dated after death.",
    ),
    hard(
        "DUP-002",
        "pegifn.pg_status",
        GIVEN
        & any_record(
            "pegifn",
            (the("pegifn.row") != here("pegifn.row")) & (the("pegifn.pg_date") == here("pegifn.pg_date")) & GIVEN,
        ),
        "同一日期两次注射。",
        "Two injections on the same date.",
        overridable=True,
    ),
)
