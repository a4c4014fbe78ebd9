"""The forms on the visit and its logs as the casebook shows them."""

from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.deriving import visit
from visits.models import (
    LogReview,
    VisitRecord,
)

VISIT = Form(
    "visit", T("访视记录", "Visit record"), "visit", "SV", VisitRecord,
    (
        Section(T("访视", "Visit"), ("visit_status", "visit_date", "visit_mode", "miss_reason", "miss_other",
                                     "uns_reason")),
        Section(T("访视窗（系统计算）", "Window (computed)"),
                ("target_date", "window_lo", "window_hi", "window_dev", "window_status")),
    ),
    derive=visit.visit_record,
    reads=("alloc",),
    dates_visit=True,
)  # fmt: skip

LOG_REVIEW = Form(
    "logs", T("记录表核对", "Log review"), "visit", "SV", LogReview,
    (
        Section(T("自上次访视以来（筛选期：自签署知情同意以来）", "Since the last visit (at screening: since consent)"),
                ("mh_yn", "ae_yn", "cm_yn", "na_yn"),
                T("选“是”后请在相应记录表中填写", "If Yes, add a row to the log")),
    ),
)  # fmt: skip
