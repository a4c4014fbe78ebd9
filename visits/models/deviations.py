"""Protocol deviations: columns are items, in the order in which the facts stand in the source."""

from prtras.codelists import NY, NYNA
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, LongTextItem
from prtras.crf.models import FormPage
from visits.codelists.deviations import DVCAT, DVSEV
from visits.codelists.recurrence import VISIT


class Deviation(FormPage):
    """Protocol deviation log."""

    dv_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "999"), soft=("1", "20"), cdash="DVSPID", sdtm="DV.DVSPID"
    )
    dv_cat = CodeItem("类别", "Category", codes=DVCAT, cdash="DVCAT", sdtm="DV.DVCAT")
    dv_sev = CodeItem("程度", "Importance", codes=DVSEV, cdash="DVSEV", sdtm="DV.DVDECOD")
    dv_desc = LongTextItem("偏离描述", "Description", cdash="DVTERM", sdtm="DV.DVTERM")
    dv_start = DateItem("偏离日期", "Date of deviation", cdash="DVSTDAT", sdtm="DV.DVSTDTC")
    dv_found = DateItem("发现日期", "Date identified", cdash="DVFNDDAT", sdtm="SUPPDV")
    dv_visit = CodeItem("相关访视", "Related visit", need="optional", codes=VISIT, cdash="VISIT", sdtm="DV.VISIT")
    dv_action = LongTextItem("纠正措施", "Corrective action", need="expected", cdash="DVACN", sdtm="SUPPDV")
    dv_ec = CodeItem("是否报告伦理委员会", "Reported to ethics committee", codes=NYNA, cdash="DVECRPT", sdtm="SUPPDV")
    dv_excl = CodeItem(
        "建议剔除出PP集",
        "Proposed exclusion from per-protocol set",
        need="expected",
        codes=NY,
        show=the("dv.dv_sev") == "MAJOR",
        cdash="DVEXCL",
        sdtm="SUPPDV",
    )
