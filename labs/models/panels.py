"""Haematology and biochemistry: a page with its sample date, and one row per analyte."""

from labs.codelists.panels import CLSIG, LBSTAT, LBTOXGR, NRIND, NRSRC, TOXREF
from labs.models.samples import SampledPage
from prtras.codelists import MISS_REASON, NYU
from prtras.crf.items import CodeItem, DateItem, DecimalItem, TextItem
from prtras.crf.models import FormRow
from visits.codelists.safety import LABTERM


class Haematology(SampledPage):
    """Haematology."""

    hem_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")


class Biochemistry(SampledPage):
    """Biochemistry."""

    chem_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")
    chem_fast = CodeItem("是否空腹", "Fasting", need="expected", codes=NYU, cdash="LBFAST", sdtm="LB.LBFAST")


class LabResult(FormRow):
    """One result as the laboratory reported it, and the same in the standard unit."""

    key_column = "analyte"

    analyte = TextItem("检验项目", "Analyte", max_length=12, cdash="LBTEST", sdtm="LB.LBTESTCD")
    orres = TextItem("结果", "Result", need="optional", max_length=40, cdash="LBORRES", sdtm="LB.LBORRES")
    orresu = TextItem("单位", "Unit", need="optional", max_length=16, cdash="LBORRESU", sdtm="LB.LBORRESU")
    ornrlo = DecimalItem("参考下限", "Ref. low", need="optional", places=4, cdash="LBORNRLO", sdtm="LB.LBORNRLO")
    ornrhi = DecimalItem("参考上限", "Ref. high", need="optional", places=4, cdash="LBORNRHI", sdtm="LB.LBORNRHI")
    reasnd = CodeItem(
        "未检测原因", "Not done", need="optional", codes=MISS_REASON, cdash="LBREASND", sdtm="LB.LBREASND"
    )
    nam = TextItem(
        "检验机构（与本页不同时）", "Laboratory, if another", need="optional", max_length=60, shared=True,
        cdash="LBNAM", sdtm="LB.LBNAM",
    )  # fmt: skip
    clsig = CodeItem("临床意义", "Significance", need="optional", codes=CLSIG, cdash="LBCLSIG", sdtm="LB.LBCLSIG")
    stat = CodeItem("检测状态", "Test status", need="derived", codes=LBSTAT, cdash="LBSTAT", sdtm="LB.LBSTAT")
    qualifier = TextItem("限定符", "Qualifier", need="derived", max_length=1, cdash="LBORRES", sdtm="LB.LBORRES")
    stresn = DecimalItem(
        "标准单位结果", "Standard result", need="derived", places=4, qualifier="qualifier", cdash="LBSTRESN",
        sdtm="LB.LBSTRESN",
    )  # fmt: skip
    lloq = DecimalItem("定量下限", "LLOQ", need="derived", places=4, shared=True, cdash="LBLLOQ", sdtm="LB.LBLLOQ")
    stnrlo = DecimalItem(
        "标准下限", "Standard ref. low", need="derived", places=4, cdash="LBSTNRLO", sdtm="LB.LBSTNRLO"
    )
    stnrhi = DecimalItem(
        "标准上限", "Standard ref. high", need="derived", places=4, cdash="LBSTNRHI", sdtm="LB.LBSTNRHI"
    )
    nrsrc = CodeItem("参考范围来源", "Range from", need="derived", codes=NRSRC, cdash="LBNRSRC", sdtm="SUPPLB")
    nrday = DateItem(
        "参考范围生效日期", "Range valid from", need="derived", cdash="LBNRDAT", sdtm="SUPPLB", shared=True
    )
    nrlab = TextItem(
        "参考范围所属机构", "Range of laboratory", need="derived", max_length=60, cdash="LBNRNAM", sdtm="SUPPLB"
    )
    nrind = CodeItem("高低", "Flag", need="derived", codes=NRIND, cdash="LBNRIND", sdtm="LB.LBNRIND")
    tox = CodeItem("CTCAE术语", "CTCAE term", need="derived", codes=LABTERM, cdash="LBTOX", sdtm="LB.LBTOX")
    toxgr = CodeItem("CTCAE分级", "CTCAE grade", need="derived", codes=LBTOXGR, cdash="LBTOXGR", sdtm="LB.LBTOXGR")
    toxref = CodeItem("分级依据", "Basis of the grade", need="derived", codes=TOXREF, cdash="LBTOXREF", sdtm="SUPPLB")
    toxnum = DecimalItem("界值或倍数", "Limit, or multiple", need="derived", places=4, cdash="LBTOXNUM", sdtm="SUPPLB")


class Coagulation(SampledPage):
    """Coagulation."""

    coag_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")
    pt_ctrl = DecimalItem(
        "PT对照值",
        "PT control (laboratory mean)",
        need="optional",
        places=1,
        unit="s",
        hard=("8", "20"),
        soft=("9", "15"),
        cdash="LBORRES",
        sdtm="LB.LBTESTCD=PTCTRL",
    )


class Thyroid(SampledPage):
    """Thyroid function."""

    thy_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")


class TumourMarkers(SampledPage):
    """Tumour markers."""

    tm_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")
