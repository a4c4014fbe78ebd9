"""The eligibility form as the casebook shows it."""

from enrollment.deriving import eligibility
from enrollment.models import (
    Eligibility,
)
from enrollment.models.eligibility import EXCLUSION, INCLUSION
from prtras.crf.registry import Form, Section
from prtras.labels import T

ELIGIBILITY = Form(
    "ie", T("入选/排除标准", "Eligibility (inclusion / exclusion)"), "single", "IE", Eligibility,
    (
        Section(T("评估", "Assessment"), ("ie_date",)),
        Section(T("入选标准", "Inclusion criteria"), INCLUSION, T("全部应为“是”", "All must be Yes")),
        Section(
            T("排除标准", "Exclusion criteria"),
            ("exc01", "exc01_detail", "exc02", "exc03", "exc04", "exc04_detail", *EXCLUSION[4:14], "exc14_detail",
             "exc15"),
            T("全部应为“否”", "All must be No"),
        ),
        Section(T("结论", "Decision"), ("ie_calc", "ie_eligible", "scr_outcome", "ie_sign_date")),
    ),
    derive=eligibility.eligibility,
    short=T("入选/排除标准", "Eligibility"),
)  # fmt: skip
