"""What every laboratory page says of its sample besides the day."""

from prtras.crf.items import TextItem, TimeItem
from prtras.crf.models import FormPage


class SampledPage(FormPage):
    """What a laboratory prints above its results: when which sample was taken, who reported it, under which number."""

    lab_time = TimeItem("采样时间", "Sample time", need="optional", cdash="LBTIM", sdtm="LB.LBDTC")
    lab_name = TextItem(
        "检验机构", "Laboratory", need="optional", max_length=60, carry=True, cdash="LBNAM", sdtm="LB.LBNAM"
    )
    lab_report = TextItem(
        "报告编号", "Report number", need="optional", max_length=40, cdash="LBREFID", sdtm="LB.LBREFID"
    )
    lab_specimen = TextItem(
        "标本类型", "Specimen", need="optional", max_length=40, carry=True, cdash="LBSPEC", sdtm="LB.LBSPEC"
    )
    lab_method = TextItem(
        "检测方法或仪器", "Method or analyser", need="optional", max_length=80, carry=True, cdash="LBMETHOD",
        sdtm="LB.LBMETHOD",
    )  # fmt: skip

    class Meta(FormPage.Meta):
        abstract = True
