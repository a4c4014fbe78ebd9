"""The casebook of HTN-002 and its edit checks."""

from typing import Any

from prtras.crf.checks import hard, soft
from prtras.crf.conditions import Context, days, previous, the
from prtras.crf.registry import Form, Rows, Section, Values
from prtras.labels import T
from tests.second_study.models import Agreement, BloodPressure, Event, Reading


def _reading(values: Values, context: Context) -> dict[str, Any]:
    upper, lower = values.get("sbp"), values.get("dbp")
    return {"difference": None if upper is None or lower is None else upper - lower}


FORMS = (
    Form(
        "agree", T("参加研究", "Agreement"), "single", "DM", Agreement,
        (Section(T("签署", "Signature"), ("agreed_on", "leaflet", "initials")),),
    ),
    Form(
        "bp", T("血压", "Blood pressure"), "visit", "VS", BloodPressure,
        (Section(T("测量", "Measurement"), ("bp_date", "cuff", "pulse")),),
        rows=Rows("bpread", T("读数", "Readings"), Reading, "row", derive=_reading),
        dates_visit=True,
    ),
    Form(
        "event", T("事件", "Event"), "log", "AE", Event,
        (Section(T("事件", "Event"), ("what", "began", "serious", "why_serious")),),
    ),
)  # fmt: skip

CHECKS = (
    hard("HTN-1", "bpread.dbp", the("bpread.dbp") >= the("bpread.sbp"),
         "舒张压应低于收缩压。", "Diastolic must be below systolic."),
    hard("HTN-2", "bp.bp_date", days(the("agree.agreed_on"), the("bp.bp_date")) < 0,
         "测量早于签署。", "Measured before the agreement."),
    soft("HTN-3", "bp.pulse", the("bp.pulse") - previous("bp.pulse") > 40,
         "脉搏较上次升高超过40,请核实。", "Pulse rose by more than 40 since the visit before."),
)  # fmt: skip
