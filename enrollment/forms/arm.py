"""The choice of arm as the casebook shows it."""

from enrollment.deriving import arm
from enrollment.models import (
    ArmChoice,
)
from prtras.crf.registry import Form, Section
from prtras.labels import T

ARM_CHOICE = Form(
    "alloc", T("分组(非随机)", "Group allocation (non-randomised)"), "single", "DM", ArmChoice,
    (
        Section(
            T("选择（非随机）", "Choice (not randomized)"),
            ("alloc_date", "arm", "alloc_reason", "alloc_other", "alloc_by", "anchor_date"),
            T("治疗组由研究者与受试者共同选择", "The arm is chosen by investigator and participant"),
        ),
        Section(T("转组", "Cross-over"), ("arm_switch", "arm_switch_date")),
        Section(T("系统计算", "Computed"), ("a2_first_dose", "arm_actual")),
    ),
    derive=arm.arm_choice,
    reads=("pegifn", "radtx"),
    short=T("治疗组选择", "Choice of arm"),
)  # fmt: skip
