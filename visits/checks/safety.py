"""Edit checks: Adverse events. Source: checks of the CRF specification 0.1."""

from collections.abc import Iterator
from datetime import date, timedelta

from enrollment.protocol import constant, value_of
from prtras.crf.checks import Finding, hard, later, soft
from prtras.crf.conditions import add_days, any_record, count, days, exists, given, here, matches, the
from prtras.crf.context import PageContext
from prtras.crf.dates import days_of
from prtras.labels import T
from visits.deriving.safety import hours_to_report

CHECKS = (
    hard(
        "AE-001",
        "ae.ae_end",
        the("ae.ae_end") < the("ae.ae_start"),
        "不良事件结束日期早于开始日期。",
        "AE end date is before start date.",
    ),
    hard(
        "AE-002",
        "ae.ae_ongoing",
        (the("ae.ae_ongoing") == "Y")
        & (
            given(the("ae.ae_end"))
            | (the("ae.ae_out").one_of("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE", "FATAL"))
        ),
        '"持续"的不良事件不能有结束日期或最终转归。',
        "Ongoing AE cannot have an end date or a final outcome.",
    ),
    hard(
        "AE-003",
        "ae.ae_ongoing",
        (the("ae.ae_ongoing") == "N") & (the("ae.ae_out").one_of("NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING")),
        "已结束的不良事件转归为未好转/好转中。",
        'Ended AE has an outcome "not recovered/recovering".',
    ),
    hard(
        "AE-004",
        "ae.ae_ser",
        (the("ae.ae_ser") == "Y")
        & (the("ae.ae_sdth") != "Y")
        & (the("ae.ae_slife") != "Y")
        & (the("ae.ae_shosp") != "Y")
        & (the("ae.ae_sdisab") != "Y")
        & (the("ae.ae_scong") != "Y")
        & (the("ae.ae_smie") != "Y"),
        "SAE未勾选任何严重性标准。",
        "Serious AE without any seriousness criterion.",
    ),
    hard(
        "AE-005",
        "ae.ae_grade",
        ((the("ae.ae_grade") == "5") & (the("ae.ae_out") != "FATAL"))
        | ((the("ae.ae_out") == "FATAL") & (the("ae.ae_grade") != "5"))
        | ((the("ae.ae_out") == "FATAL") & (the("ae.ae_ser") == "N"))
        | ((the("ae.ae_sdth") == "Y") & (the("ae.ae_out") != "FATAL")),
        '5级、死亡转归与"导致死亡"须一致。',
        'Grade 5, fatal outcome and "results in death" must agree.',
    ),
    soft(
        "AE-006",
        "ae.ae_grade",
        (the("ae.ae_grade") == "4") & (the("ae.ae_ser") == "N"),
        "4级不良事件未判为SAE,请确认(是否仅实验室异常)。",
        "Grade 4 AE not serious: confirm (laboratory only?).",
    ),
    soft(
        "AE-007",
        "ae.ae_aware",
        days(the("ae.ae_aware"), the("ae.ae_report")) > constant("sae_report_days"),
        "SAE上报超过获知后{sae_report_days:hours}小时。",
        "SAE was reported more than {sae_report_days:hours} hours after awareness.",
    ),
    hard(
        "AE-008",
        "ae.ae_report",
        (the("ae.ae_report") < the("ae.ae_aware")) | (the("ae.ae_aware") < the("ae.ae_start")),
        "SAE日期顺序错误(发生、获知、上报)。",
        "SAE dates are not in order (start, aware, report).",
    ),
    soft(
        "AE-010",
        "ae.ae_rel_pg",
        (the("ae.ae_rel_pg").one_of("DEFINITE", "PROBABLE", "POSSIBLE"))
        & (the("ae.ae_start") < the("alloc.a2_first_dose")),
        "不良事件早于首次给药却判定相关。",
        "AE started before the first peginterferon dose but is judged related.",
    ),
    soft(
        "AE-012",
        "ae.ae_start",
        the("ae.ae_start") < the("consent.icf_date"),
        "不良事件早于知情同意,是否应记为病史?",
        "AE started before consent: record as medical history?",
    ),
    hard(
        "AE-013",
        "ae.ae_hosp_end",
        the("ae.ae_hosp_end") < the("ae.ae_hosp_start"),
        "出院日期早于入院日期。",
        "Discharge is before admission.",
    ),
    soft(
        "AE-015",
        "ae.ae_term",
        matches(r"(?i).*(recurren|progress|复发|进展).*", the("ae.ae_term")),
        "肝癌复发为终点事件,应填写复发表而非AE。",
        "HCC recurrence is the endpoint: record on the recurrence form, not as AE.",
    ),
    soft(
        "AE-016",
        "ae.ae_term",
        any_record(
            "ae",
            (the("ae.row") != here("ae.row"))
            & (the("ae.ae_term") == here("ae.ae_term"))
            & (the("ae.ae_start") == here("ae.ae_start")),
        ),
        "重复的不良事件(名称与开始日期相同)。",
        "Duplicate AE (same term and start date).",
    ),
    hard(
        "DTH-005",
        "ae.ae_start",
        the("ae.ae_start") > the("death.dth_date"),
        "不良事件晚于死亡日期。",
        "AE starts after death.",
    ),
    later(
        "DTH-007",
        "ae.ae_out",
        (the("ae.ae_out") == "FATAL") & (~exists("death")),
        "不良事件转归死亡但无死亡记录。",
        "Fatal AE without a death form.",
    ),
    hard(
        "AE-009",
        "ae.ae_rel_pg",
        (the("alloc.arm_actual") == "A1")
        & (
            (the("ae.ae_rel_pg").one_of("DEFINITE", "PROBABLE", "POSSIBLE"))
            | (the("ae.ae_acn_pg").one_of("DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN"))
        ),
        "未使用聚乙二醇干扰素却填写相关性/措施。",
        "Relationship or action for peginterferon in an unexposed participant.",
    ),
    later(
        "AE-011",
        "ae.ae_acn_pg",
        (the("ae.ae_acn_pg").one_of("DRUG WITHDRAWN", "DRUG INTERRUPTED", "DOSE REDUCED"))
        & (count("pegifn", the("pegifn.pg_ae_no") == here("ae.ae_no")) == 0),
        "对聚乙二醇干扰素采取的措施在给药记录中无对应。",
        "Action on peginterferon has no matching dosing row.",
    ),
    later(
        "AE-014",
        "ae.ae_tx_given",
        (the("ae.ae_tx_given") == "Y") & (count("cm", the("cm.cm_ae_no") == here("ae.ae_no")) == 0),
        "已给予治疗但无关联合并用药。",
        "Treatment given but no linked concomitant medication.",
    ),
    hard(
        "PRG-004",
        "pregn.pn_who",
        ((the("pregn.pn_who") == "PARTICIPANT") & (the("dm.sex") == "M"))
        | ((the("pregn.pn_who") == "PARTNER") & (the("dm.sex") == "F")),
        "妊娠对象与性别矛盾。",
        "Pregnancy subject contradicts sex.",
    ),
    soft(
        "AE-017",
        "ae.ae_acn_pg",
        (the("ae.ae_acn_pg") == "DRUG WITHDRAWN")
        & any_record(
            "pegifn",
            (the("pegifn.pg_status").one_of("GIVEN", "REDUCED", "DELAYED"))
            & (the("pegifn.pg_date") > add_days(here("ae.ae_start"), 28)),
        ),
        "因该不良事件永久停药,但之后仍有给药记录。",
        "Peginterferon withdrawn for this AE but later doses are recorded.",
    ),
)


GRADE_OUTSIDE = T(
    "分级日期不在不良事件的起止日期之内。", "The grade is dated before the event began or after it ended."
)
GRADE_TWICE = T("同一天有两个分级。", "There are two grades on one day.")
GRADE_ABOVE = T("分级变化中有高于最高分级的级别。", "A grade over time is higher than the maximum grade.")


def examine_event(context: PageContext) -> list[Finding]:
    """What the check language cannot say of an event: hours to its report, and its grades over time."""
    return [*_late_report(context), *_grades(context)]


def _grades(context: PageContext) -> Iterator[Finding]:
    """Each grade lies within the event, one a day, and none is above the maximum."""
    began, _ = days_of(context.value("ae", "ae_start"))
    _, ended = days_of(context.value("ae", "ae_end"))
    days: set[date] = set()
    for key, row in context.rows.items():
        day = row.get("aeg_date")
        if day is None:
            continue
        if (began and day < began) or (ended and day > ended):
            yield Finding("GRADE-DAY", "aeg_date", key, "hard", GRADE_OUTSIDE)
        if day in days:
            yield Finding("GRADE-TWICE", "aeg_date", key, "hard", GRADE_TWICE)
        days.add(day)
    highest = max((row["aeg_grade"] for row in context.rows.values() if row.get("aeg_grade")), default=None)
    worst = context.value("ae", "ae_grade")
    if highest and worst and highest > worst:
        yield Finding("GRADE-MAX", "ae_grade", "", "hard", GRADE_ABOVE)


def _late_report(context: PageContext) -> list[Finding]:
    """AE-007 to the hour: a report on the next day may be late too, where both times are known."""
    aware, report = (context.value("ae", name) for name in ("ae_aware", "ae_report"))
    times = [context.value("ae", name) for name in ("ae_aware_time", "ae_report_time")]
    if aware is None or report is None or None in times:
        return []
    allowed = timedelta(days=int(value_of("sae_report_days")))
    fewest, _ = hours_to_report(aware, times[0], report, times[1])
    late = timedelta(hours=fewest) > allowed >= report - aware  # more days are the check's own
    check = next(check for check in CHECKS if check.id == "AE-007")
    return [Finding(check.id, check.item, "", check.severity, check.text_under(context.versions))] if late else []
