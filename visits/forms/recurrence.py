"""The forms on recurrence and further therapy as the casebook shows them."""

from enrollment.deriving.rows import numbered
from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.deriving import recurrence
from visits.models import (
    Recurrence,
    SubsequentTherapy,
)

RECURRENCE = Form(
    "recur", T("复发事件及确认", "Recurrence event and confirmation"), "log", "RS", Recurrence,
    (
        Section(T("事件", "Event"),
                ("rec_no", "rec_date", "rec_visit", "rec_site", "rec_basis", "rec_eh", "rec_obs")),
        Section(T("肿瘤", "Tumour"), ("rec_n", "rec_mm", "rec_vasc", "rec_afp", "rec_bclc")),
        Section(T("病理", "Histology"), ("rec_biopsy", "rec_biopsy_date", "rec_histo")),
        Section(T("判定", "Adjudication"), ("rec_adj", "rec_adj_date", "rec_first", "rec_ttr")),
    ),
    derive=recurrence.recurrence,
    reads=("alloc", "recur"),
    short=T("复发事件及确认", "Recurrence"),
    known_by=("rec_date", "rec_site"),
)  # fmt: skip

SUBSEQUENT_THERAPY = Form(
    "subtx", T("后续抗肿瘤治疗", "Subsequent anti-tumour therapy log"), "log", "CM", SubsequentTherapy,
    (
        Section(T("治疗", "Therapy"),
                ("st_no", "st_type", "st_intent", "st_detail", "st_start", "st_ongoing", "st_end", "st_resp",
                 "st_rec_no")),
    ),
    derive=numbered("subtx", "st_no"),
    short=T("后续抗肿瘤治疗", "Subsequent therapy"),
)  # fmt: skip
