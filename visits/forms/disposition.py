"""The forms on death and the end of the study as the casebook shows them."""

from prtras.crf.registry import Form, Section
from prtras.labels import T
from visits.deriving import disposition
from visits.models import (
    Death,
    EndOfStudy,
)

DEATH = Form(
    "death", T("死亡记录", "Death"), "single", "DD", Death,
    (
        Section(T("死亡", "Death"),
                ("dth_date", "dth_cause", "dth_cause_oth", "dth_hcc", "dth_rel", "dth_autopsy", "dth_src",
                 "dth_ae_no")),
    ),
)  # fmt: skip

END_OF_STUDY = Form(
    "eos", T("研究结束/脱落", "End of study / disposition"), "single", "DS", EndOfStudy,
    (
        Section(T("结束", "Disposition"),
                ("eos_date", "eos_status", "eos_reason_oth", "eos_ae_no", "last_alive", "last_status", "last_img",
                 "eos_sign_date")),
        Section(T("系统计算", "Computed"), ("pg_total", "pg_ndose")),
    ),
    derive=disposition.end_of_study,
    reads=("mri", "pegifn", "alloc"),
    short=T("研究结束", "End of study"),
)  # fmt: skip
