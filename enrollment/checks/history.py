"""Edit checks: HBV and medical history. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard, later
from prtras.crf.conditions import count, the

CHECKS = (
    hard(
        "MH-001",
        "mh.mh_end",
        the("mh.mh_end") < the("mh.mh_start"),
        "病史结束日期早于开始日期。",
        "History end date is before start date.",
    ),
    later(
        "IE-032",
        "hbvhx.diabetes",
        (the("hbvhx.diabetes") == "Y") & (count("mh", the("mh.mh_cat") == "ENDO") == 0),
        "有糖尿病但病史表无记录(排除10需判断稳定性)。",
        "Diabetes recorded but missing in medical history (status needed for EXC10).",
    ),
)
