"""Concomitant medication: columns are items, in the order in which the facts stand in the source."""

from prtras.codelists import NY
from prtras.crf.conditions import given, the
from prtras.crf.items import CodeItem, DecimalItem, IntegerItem, PartialDateItem, TextItem
from prtras.crf.models import FormPage
from visits.codelists.medication import CMCAT, DOSEU, FREQ, ROUTE


class ConcomitantMedication(FormPage):
    """Concomitant medication log."""

    cm_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "999"), soft=("1", "50"), cdash="CMSPID", sdtm="CM.CMSPID"
    )
    cm_name = TextItem("药物通用名", "Medication (generic)", cdash="CMTRT", sdtm="CM.CMTRT")
    cm_cat = CodeItem("类别", "Category", codes=CMCAT, cdash="CMCAT", sdtm="CM.CMCAT")
    cm_ind = TextItem("用药原因", "Indication", cdash="CMINDC", sdtm="CM.CMINDC")
    cm_dose = DecimalItem(
        "剂量",
        "Dose",
        need="expected",
        places=2,
        hard=("0", "100000"),
        soft=("0.01", "5000"),
        cdash="CMDSTXT",
        sdtm="CM.CMDOSE",
    )
    cm_doseu = CodeItem("单位", "Unit", codes=DOSEU, show=given(the("cm.cm_dose")), cdash="CMDOSU", sdtm="CM.CMDOSU")
    cm_freq = CodeItem("频次", "Frequency", need="expected", codes=FREQ, cdash="CMDOSFRQ", sdtm="CM.CMDOSFRQ")
    cm_route = CodeItem("途径", "Route", codes=ROUTE, cdash="CMROUTE", sdtm="CM.CMROUTE")
    cm_start = PartialDateItem("开始日期", "Start date", cdash="CMSTDAT", sdtm="CM.CMSTDTC")
    cm_ongoing = CodeItem("是否持续", "Ongoing", codes=NY, cdash="CMONGO", sdtm="CM.CMENRTPT")
    cm_end = PartialDateItem(
        "结束日期", "End date", show=the("cm.cm_ongoing") == "N", cdash="CMENDAT", sdtm="CM.CMENDTC"
    )
    cm_ae_no = IntegerItem(
        "关联AE编号",
        "Linked AE number",
        links="ae",
        need="optional",
        hard=("1", "999"),
        soft=("1", "50"),
        cdash="CMAENO",
        sdtm="RELREC",
    )
    cm_mh_no = IntegerItem(
        "关联病史编号",
        "Linked medical history number",
        links="mh",
        need="optional",
        hard=("1", "999"),
        soft=("1", "50"),
        cdash="CMMHNO",
        sdtm="RELREC",
    )
