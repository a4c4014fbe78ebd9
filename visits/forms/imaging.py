"""The form on MRI as the casebook shows it."""

from prtras.crf.registry import Form, Rows, Section
from prtras.labels import T
from visits.deriving import imaging
from visits.models import (
    Mri,
    MriObservation,
)

MRI = Form(
    "mri", T("腹部MRI评估", "Abdominal MRI assessment"), "visit", "TU", Mri,
    (
        Section(T("检查", "Examination"),
                ("mri_done", "mri_nd_reason", "mri_date", "mri_mod", "mri_contrast", "mri_quality", "mri_other")),
        Section(T("结论", "Conclusion"),
                ("mri_nobs", "mri_overall", "mri_reader", "mri_read_date", "mri_blinded", "mri_dev", "mri_win")),
    ),
    rows=Rows(
        "mriobs", T("MRI病灶(LI-RADS v2018)", "MRI observation (LI-RADS v2018)"), MriObservation, "obs_no",
        note=T("LI-RADS v2018；最大径为外缘至外缘（mm）。已保存的行不能删除，只能标注为录入有误。",
               "LI-RADS v2018; longest outer-edge diameter in mm. Saved rows cannot be deleted, only marked in error."),
        derive=imaging.observation,
    ),
    derive=imaging.mri,
    reads=("alloc",),
    short=T("腹部MRI评估", "Abdominal MRI"),
)  # fmt: skip
