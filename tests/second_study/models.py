"""Agreement, blood pressure with its readings, events: columns are items."""

from prtras.codelists import NY, CodeList
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem, PartialDateItem, TextItem
from prtras.crf.models import FormPage, FormRow
from prtras.labels import T

CUFF = CodeList("CUFF", T("袖带侧别", "Side of the cuff"), {"L": T("左", "left"), "R": T("右", "right")})


class Agreement(FormPage):
    """The person agrees to take part."""

    agreed_on = DateItem("签署日期", "Day of the agreement", cdash="RFICDAT", sdtm="DM.RFICDTC")
    leaflet = TextItem("说明书版本", "Version of the leaflet", cdash="ICVERS", sdtm="SUPPDM", identifies=False)
    initials = TextItem("姓名缩写", "Initials", need="optional", identifies=True, cdash="SUBJINIT", sdtm="SUPPDM")


class BloodPressure(FormPage):
    """One morning of measurements."""

    bp_date = DateItem("测量日期", "Day of measurement", cdash="VSDAT", sdtm="VS.VSDTC")
    cuff = CodeItem("袖带侧别", "Side of the cuff", codes=CUFF, cdash="VSLAT", sdtm="VS.VSLAT")
    pulse = IntegerItem(
        "脉搏", "Pulse", unit="beats/min", hard=("20", "250"), soft=("45", "120"), cdash="VSORRES",
        sdtm="VS.VSTESTCD=PULSE",
    )  # fmt: skip


class Reading(FormRow):
    """One reading of that morning."""

    sbp = IntegerItem("收缩压", "Systolic", unit="mmHg", hard=("50", "280"), cdash="VSORRES", sdtm="VS.VSTESTCD=SYSBP")
    dbp = IntegerItem("舒张压", "Diastolic", unit="mmHg", hard=("30", "180"), cdash="VSORRES", sdtm="VS.VSTESTCD=DIABP")
    difference = IntegerItem("脉压", "Pulse pressure", need="derived", unit="mmHg", cdash="VSSTRESN", sdtm="SUPPVS")


class Event(FormPage):
    """Something untoward."""

    what = TextItem("事件", "Event", cdash="AETERM", sdtm="AE.AETERM")
    began = PartialDateItem("开始日期", "Began", cdash="AESTDAT", sdtm="AE.AESTDTC")
    serious = CodeItem("是否严重", "Serious", codes=NY, cdash="AESER", sdtm="AE.AESER")
    why_serious = TextItem(
        "严重原因", "Why it is serious", show=the("event.serious") == "Y", cdash="AESERTP", sdtm="SUPPAE"
    )  # fmt: skip
