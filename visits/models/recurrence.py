"""Recurrence and what followed: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.common import BCLC, VASCINV
from enrollment.codelists.disease import HISTO
from prtras.codelists import NY
from prtras.crf.conditions import the
from prtras.crf.items import (
    CodeItem,
    CodesItem,
    DateItem,
    DecimalItem,
    IntegerItem,
    PartialDateItem,
    TextItem,
)
from prtras.crf.models import FormPage
from visits.codelists.recurrence import ADJUD, EHSITE, RECBASIS, RECSITE, SUBTXINTENT, SUBTXTYPE, TXRESP, VISIT


class Recurrence(FormPage):
    """Recurrence event and confirmation."""

    rec_no = IntegerItem(
        "事件编号", "Event number", need="derived", hard=("1", "20"), soft=("1", "3"), cdash="RSSPID", sdtm="RS.RSSPID"
    )
    rec_date = DateItem("首次诊断性证据日期", "Date of first diagnostic evidence", cdash="RSDAT", sdtm="RS.RSDTC")
    rec_visit = CodeItem("发现复发的访视", "Visit of detection", codes=VISIT, cdash="VISIT", sdtm="RS.VISIT")
    rec_site = CodeItem("复发类型", "Recurrence pattern", codes=RECSITE, cdash="RSORRES", sdtm="RS.RSORRES")
    rec_basis = CodesItem("判定依据", "Evidence meeting criterion", codes=RECBASIS, cdash="RSEVDTYP", sdtm="SUPPRS")
    rec_eh = CodesItem(
        "肝外部位",
        "Extrahepatic site(s)",
        codes=EHSITE,
        show=the("recur.rec_site").one_of("EHM", "IH_EH"),
        cdash="TULOC",
        sdtm="TU.TULOC",
    )
    rec_obs = TextItem(
        "病灶编号",
        "Observation number(s)",
        show=the("recur.rec_site").one_of("LOCAL", "IHD", "IH_EH"),
        cdash="TULNKID",
        sdtm="TU.TULNKID",
    )
    rec_n = IntegerItem(
        "复发肿瘤数目",
        "Number of recurrent tumours",
        need="expected",
        hard=("1", "50"),
        soft=("1", "10"),
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    rec_mm = DecimalItem(
        "复发肿瘤最大径",
        "Largest recurrent tumour",
        need="expected",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "100"),
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    rec_vasc = CodeItem(
        "大血管侵犯",
        "Macrovascular invasion",
        need="expected",
        codes=VASCINV,
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    rec_afp = DecimalItem(
        "复发时AFP",
        "AFP at recurrence",
        need="optional",
        places=2,
        unit="ng/mL",
        other_units={"ug/L": "1", "IU/mL": "1.21"},
        hard=("0", "1000000"),
        soft=("0", "20000"),
        cdash="LBORRES",
        sdtm="LB.LBORRES",
    )
    rec_biopsy = CodeItem("是否取得病理", "Histology obtained", codes=NY, cdash="MIOCCUR", sdtm="MI.MISTAT")
    rec_biopsy_date = DateItem(
        "取材日期", "Specimen date", show=the("recur.rec_biopsy") == "Y", cdash="MIDAT", sdtm="MI.MIDTC"
    )
    rec_histo = CodeItem(
        "病理结果",
        "Histology",
        codes=HISTO,
        show=the("recur.rec_biopsy") == "Y",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    rec_bclc = CodeItem(
        "复发时BCLC分期",
        "BCLC stage at recurrence",
        need="expected",
        codes=BCLC,
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    rec_adj = CodeItem("判定/MDT结论", "Adjudication / MDT result", codes=ADJUD, cdash="RSEVAL", sdtm="RS.RSEVAL")
    rec_adj_date = DateItem(
        "判定日期",
        "Adjudication date",
        show=the("recur.rec_adj").one_of("CONFIRMED", "NOTREC"),
        cdash="RSADJDAT",
        sdtm="SUPPRS",
    )
    rec_first = CodeItem(
        "首次确认复发",
        "First confirmed recurrence",
        need="derived",
        codes=NY,
        cdash="RSFRSTFL",
        sdtm="SUPPRS",
    )
    rec_ttr = IntegerItem(
        "锚定日至复发天数",
        "Time to recurrence from anchor (days)",
        need="derived",
        unit="days",
        hard=("1", "2500"),
        soft=("14", "1110"),
        cdash="RSTTR",
        sdtm="ADTTE.AVAL",
    )


class SubsequentTherapy(FormPage):
    """Subsequent anti-tumour therapy log."""

    st_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "99"), soft=("1", "10"), cdash="CMSPID", sdtm="CM.CMSPID"
    )
    st_type = CodeItem("治疗类型", "Therapy type", codes=SUBTXTYPE, cdash="CMCAT", sdtm="CM.CMCAT")
    st_intent = CodeItem("治疗目的", "Intent", codes=SUBTXINTENT, cdash="CMINDC", sdtm="CM.CMINDC")
    st_detail = TextItem("药物/术式", "Drug / procedure detail", cdash="CMTRT", sdtm="CM.CMTRT")
    st_start = PartialDateItem("开始日期", "Start date", cdash="CMSTDAT", sdtm="CM.CMSTDTC")
    st_ongoing = CodeItem("是否持续", "Ongoing", codes=NY, cdash="CMONGO", sdtm="CM.CMENRTPT")
    st_end = PartialDateItem(
        "结束日期", "End date", show=the("subtx.st_ongoing") == "N", cdash="CMENDAT", sdtm="CM.CMENDTC"
    )
    st_resp = CodeItem("最佳疗效", "Best response", need="optional", codes=TXRESP, cdash="RSORRES", sdtm="RS.RSORRES")
    st_rec_no = IntegerItem(
        "关联复发编号",
        "Linked recurrence number",
        links="recur",
        hard=("1", "20"),
        soft=("1", "3"),
        show=the("subtx.st_intent") == "RECURRENCE",
        cdash="CMRECNO",
        sdtm="RELREC",
    )
