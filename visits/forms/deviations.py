"""The form on protocol deviations as the casebook shows it."""

from enrollment.deriving.rows import numbered
from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.models import (
    Deviation,
)

DEVIATION = Form(
    "dv", T("方案偏离记录", "Protocol deviation log"), "log", "DV", Deviation,
    (
        Section(T("偏离", "Deviation"),
                ("dv_no", "dv_cat", "dv_sev", "dv_desc", "dv_start", "dv_found", "dv_visit", "dv_action", "dv_ec",
                 "dv_excl")),
    ),
    derive=numbered("dv", "dv_no"),
    short=T("方案偏离", "Protocol deviation"),
)  # fmt: skip
