"""Choice of arm: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.arm import ALLOC_REASON, ARM
from prtras.codelists import NY
from prtras.crf.conditions import contains, the
from prtras.crf.items import CodeItem, CodesItem, DateItem, TextItem
from prtras.crf.models import FormPage


class ArmChoice(FormPage):
    """Group allocation (non-randomised)."""

    alloc_date = DateItem(
        "分组日期(锚定日,第0天)", "Allocation date (anchor, Day 0)", cdash="DSSTDAT", sdtm="DS.DSSTDTC"
    )
    arm = CodeItem("治疗组别", "Treatment group", codes=ARM, cdash="ARMCD", sdtm="DM.ARMCD")
    alloc_reason = CodesItem(
        "入组别原因", "Reason(s) for this group", codes=ALLOC_REASON, cdash="ARMREAS", sdtm="SUPPDM"
    )
    alloc_other = TextItem(
        "其他原因说明",
        "Specify other reason",
        show=contains(the("alloc.alloc_reason"), "OTHER"),
        cdash="ARMREASOTH",
        sdtm="SUPPDM",
    )
    alloc_by = TextItem("分组研究者", "Allocated by (investigator)", cdash="ARMBY", sdtm="SUPPDM")
    a2_first_dose = DateItem(
        "首次聚乙二醇干扰素给药日期(联合组)",
        "First peginterferon dose date (A2)",
        need="derived",
        cdash="EXSTDAT",
        sdtm="DM.RFXSTDTC",
    )
    anchor_date = DateItem(
        "访视计划锚定日期",
        "Anchor date used by the schedule",
        need="derived",
        cdash="RFSTDAT",
        sdtm="DM.RFSTDTC",
    )
    arm_actual = CodeItem(
        "实际治疗", "Actual treatment", need="derived", codes=ARM, cdash="ACTARMCD", sdtm="DM.ACTARMCD"
    )
    arm_switch = CodeItem(
        "分组后转组",
        "Crossed over to the other group after allocation",
        need="expected",
        codes=NY,
        cdash="ARMSW",
        sdtm="SUPPDM",
    )
    arm_switch_date = DateItem(
        "转组日期", "Cross-over date", show=the("alloc.arm_switch") == "Y", cdash="ARMSWDAT", sdtm="SUPPDM"
    )
