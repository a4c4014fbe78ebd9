"""Edit checks: Screening serology and pregnancy tests. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, later, soft
from prtras.crf.conditions import exists, given, the

CHECKS = (
    hard(
        "PRG-001",
        "pregtest.pt_done",
        (the("dm.sex") == "M") & given(the("pregtest.pt_done")),
        "男性受试者填写了妊娠试验。",
        "Pregnancy test recorded for a male participant.",
    ),
    soft(
        "PRG-002",
        "pregtest.pt_done",
        (the("dm.childbear").one_of("POSTMENO", "SURGICAL")) & (the("pregtest.pt_done") == "Y"),
        "无生育能力女性进行妊娠试验,请确认。",
        "Pregnancy test in a woman without childbearing potential: confirm.",
    ),
    later(
        "PRG-003",
        "pregtest.pt_result",
        (the("pregtest.pt_result") == "POS") & (~exists("pregn")),
        "妊娠试验阳性但无妊娠报告。",
        "Positive pregnancy test without a pregnancy notification.",
    ),
)
