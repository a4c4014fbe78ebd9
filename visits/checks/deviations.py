"""Edit checks: Protocol deviations. Source: checks of the CRF specification 0.1."""

from prtras.crf.checks import hard
from prtras.crf.conditions import the

CHECKS = (
    hard(
        "DV-003",
        "dv.dv_found",
        the("dv.dv_found") < the("dv.dv_start"),
        "偏离发现日期早于发生日期。",
        "Deviation identified before it happened.",
    ),
)
