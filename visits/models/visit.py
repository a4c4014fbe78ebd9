"""Visit record: columns are items, in the order in which the facts stand in the source."""

from prtras.codelists import MISS_REASON
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, TextItem
from prtras.crf.models import FormPage
from visits.codelists.visit import CONTACT_MODE, VISIT_STATUS, WINSTAT


class VisitRecord(FormPage):
    """Visit record."""

    visit_date = DateItem(
        "访视日期",
        "Visit date",
        show=the("visit.visit_status") != "MISSED",
        cdash="SVSTDAT",
        sdtm="SV.SVSTDTC",
    )
    visit_status = CodeItem("访视状态", "Visit status", codes=VISIT_STATUS, cdash="SVOCCUR", sdtm="SV.SVOCCUR")
    visit_mode = CodeItem(
        "随访方式",
        "Mode of contact",
        need="expected",
        codes=CONTACT_MODE,
        show=the("visit.visit_status") != "MISSED",
        cdash="SVCNTMOD",
        sdtm="SV.SVCNTMOD",
    )
    miss_reason = CodeItem(
        "访视未完成原因",
        "Reason visit not done",
        codes=MISS_REASON,
        show=the("visit.visit_status") == "MISSED",
        cdash="SVREASOC",
        sdtm="SV.SVREASOC",
    )
    miss_other = TextItem(
        "其他原因说明",
        "Specify other reason",
        show=the("visit.miss_reason") == "OTHER",
        max_length=200,
        cdash="SVREASOCOTH",
        sdtm="SUPPSV",
    )
    uns_reason = TextItem(
        "计划外访视原因",
        "Reason for unscheduled visit",
        show=the("visit.visit") == "UNS",
        max_length=200,
        cdash="SVUPDES",
        sdtm="SV.SVUPDES",
    )
    target_date = DateItem("计划访视日期", "Target date", need="derived", cdash="SVTRGDAT", sdtm="SUPPSV")
    window_lo = DateItem("访视窗起始", "Window opens", need="derived", cdash="SVWINLO", sdtm="SUPPSV")
    window_hi = DateItem("访视窗截止", "Window closes", need="derived", cdash="SVWINHI", sdtm="SUPPSV")
    window_dev = IntegerItem(
        "偏离计划日期天数",
        "Deviation from target (days)",
        need="derived",
        hard=("-200", "400"),
        soft=("-7", "7"),
        cdash="SVWINDEV",
        sdtm="SUPPSV",
    )
    window_status = CodeItem(
        "访视窗状态", "Window status", need="derived", codes=WINSTAT, cdash="SVWINST", sdtm="SUPPSV"
    )
