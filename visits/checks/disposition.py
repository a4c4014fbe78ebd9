"""Edit checks: Death and end of study. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import any_record, count, empty, exists, given, here, the

CHECKS = (
    later(
        "DTH-006",
        "death.dth_cause",
        (the("death.dth_cause") != "HCC") & (count("ae", the("ae.ae_out") == "FATAL") == 0),
        "死亡但无死亡转归的不良事件。",
        "Death without a fatal AE.",
    ),
    later(
        "DTH-008",
        "death.dth_cause",
        (the("death.dth_cause") == "HCC") & (count("recur", the("recur.rec_adj") == "CONFIRMED") == 0),
        "死因为肝癌但无确认复发记录。",
        "Death from HCC without a confirmed recurrence.",
    ),
    later(
        "EOS-001",
        "eos.eos_status",
        ((the("eos.eos_status") == "DEATH") & (~exists("death")))
        | (exists("death") & (the("eos.eos_status") != "DEATH")),
        "研究结束状态与死亡记录不一致。",
        "Disposition and death form disagree.",
    ),
    later(
        "EOS-002",
        "eos.eos_status",
        (the("eos.eos_status") == "COMPLETED")
        & ((the("visit.visit_status", at="W156") != "DONE") | empty(the("visit.visit_status", at="W156"))),
        "完成研究但无第156周访视。",
        "Completed without a done Week 156 visit.",
    ),
    hard(
        "EOS-004",
        "eos.last_alive",
        (the("eos.last_alive") > the("eos.eos_date")) | (the("eos.last_alive") > the("death.dth_date")),
        "末次存活日期不合理。",
        "Last known alive date is not possible.",
    ),
    later(
        "EOS-005",
        "eos.eos_ae_no",
        given(the("eos.eos_ae_no")) & (count("ae", the("ae.ae_no") == here("eos.eos_ae_no")) == 0),
        "关联AE编号不存在。",
        "Linked AE number does not exist.",
    ),
    hard(
        "EOS-006",
        "eos.eos_status",
        (the("eos.eos_status") == "SCREEN FAILURE") & exists("alloc"),
        "筛选失败者不应有分组记录。",
        "Screen failure cannot be allocated.",
    ),
    soft(
        "EOS-007",
        "eos.eos_date",
        any_record("ae", (the("ae.ae_ser") == "Y") & (the("ae.ae_ongoing") == "Y")),
        "研究结束时仍有持续的SAE,请继续随访。",
        "An SAE is ongoing at end of study: follow up.",
    ),
    hard(
        "EOS-008",
        "eos.eos_date",
        the("eos.eos_date") < the("consent.icf_date"),
        "研究结束日期早于知情同意日期。",
        "End of study is before consent.",
    ),
)
