"""The tables of the review in every data cut: rounds, and the readings as they were signed."""

from endpoint_review.codelists import CATEGORY, CONFIDENCE, PART, VERDICT
from endpoint_review.models import Reading, ReviewCase, ReviewRound
from prtras.datacut.study_tables import StudyColumn, StudyTable
from prtras.labels import T

ROUND = T("评审轮次（主键，从1起）", "Round of the review (key, from 1)")
ROUNDS = StudyTable(
    "blind_rounds",
    lambda: ReviewRound.objects.order_by("case__participant__number", "ordinal"),
    (ReviewRound, ReviewCase),
    "case__participant",
    {
        "ROUND": StudyColumn("ordinal", ROUND, "integer"),
        "THROUGH": StudyColumn("through", T("所示末次可评估影像日期", "Date of the last evaluable scan shown"), "date",
                               happened=True),
        "OPENED": StudyColumn("opened_at", T("开放时间", "Opened at"), "datetime"),
    },
)  # fmt: skip
READINGS = StudyTable(
    "blind_readings",
    lambda: Reading.objects.order_by("round__case__participant__number", "round__ordinal", "pk"),
    (Reading, ReviewRound, ReviewCase),
    "round__case__participant",
    {
        "ROUND": StudyColumn("round__ordinal", ROUND, "integer"),
        "PART": StudyColumn("part", PART.title + T("（主键）", " (key)"), "code", PART),
        "VERDICT": StudyColumn("verdict", VERDICT.title, "code", VERDICT),
        "EVIDENCE": StudyColumn("evidence", T("首次显示复发的影像日期", "Date of the scan that first shows it"), "date",
                                happened=True),
        "CATEGORY": StudyColumn("category", CATEGORY.title, "code", CATEGORY),
        "CONFIDENCE": StudyColumn("confidence", CONFIDENCE.title, "code", CONFIDENCE),
        "SIGNED": StudyColumn("at", T("签名时间", "Signed at"), "datetime"),
    },
)  # fmt: skip
