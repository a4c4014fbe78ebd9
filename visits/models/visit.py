"""Visit record and log review: columns are items, in the order in which the facts stand in the source."""

from prtras.clinical.constants import TOTAL_WEEKS, VISIT_INTERVAL_WEEKS
from prtras.codelists import MISS_REASON, NY
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, TextItem
from prtras.crf.models import FormPage
from visits.codelists.visit import CONTACT_MODE, VISIT_STATUS, WINSTAT

#: The visits of both arms after baseline.
FOLLOW_UP_CODES = tuple(
    f"W{week}" for week in range(VISIT_INTERVAL_WEEKS.value, TOTAL_WEEKS.value + 1, VISIT_INTERVAL_WEEKS.value)
)


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
    target_date = DateItem(
        "计划访视日期", "Target date", need="derived", may_be_future=True, cdash="SVTRGDAT", sdtm="SUPPSV"
    )
    window_lo = DateItem(
        "访视窗起始", "Window opens", need="derived", may_be_future=True, cdash="SVWINLO", sdtm="SUPPSV"
    )
    window_hi = DateItem(
        "访视窗截止", "Window closes", need="derived", may_be_future=True, cdash="SVWINHI", sdtm="SUPPSV"
    )
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


class LogReview(FormPage):
    """Log review: was there anything new for the logs since the last visit? Source: CDASHIG 2.2, --YN prompts."""

    mh_yn = CodeItem(
        "有无既往或合并疾病",
        "Any medical history",
        codes=NY,
        show=the("logs.visit") == "SCR",
        cdash="MHYN",
        sdtm="NOT SUBMITTED",
    )
    ae_yn = CodeItem(
        "有无新发或变化的不良事件", "Any new or changed adverse event", codes=NY, cdash="AEYN", sdtm="NOT SUBMITTED"
    )
    cm_yn = CodeItem(
        "有无新增或变化的合并用药",
        "Any new or changed concomitant medication",
        codes=NY,
        cdash="CMYN",
        sdtm="NOT SUBMITTED",
    )
    na_yn = CodeItem(
        "核苷(酸)类似物方案有无新增或变化",
        "Any new or changed nucleos(t)ide analogue",
        codes=NY,
        show=the("logs.visit").one_of("SCR", "W0", *FOLLOW_UP_CODES, "EOS"),
        cdash="ECYN",
        sdtm="NOT SUBMITTED",
    )
