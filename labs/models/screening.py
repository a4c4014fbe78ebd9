"""Screening serology and pregnancy tests: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.common import POSNEG
from labs.codelists.screening import POSNEGND
from prtras.codelists import MISS_REASON, NY
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, IntegerItem
from prtras.crf.models import FormPage
from visits.codelists.examination import PERES


class ScreeningTests(FormPage):
    """Screening serology and safety tests."""

    scr_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")
    hav_igm = CodeItem(
        "抗-HAV IgM", "Anti-HAV IgM", need="expected", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES"
    )
    hcv_ab = CodeItem("抗-HCV", "Anti-HCV", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES")
    hcv_rna = CodeItem(
        "HCV RNA", "HCV RNA", codes=POSNEGND, show=the("scrlab.hcv_ab") == "POS", cdash="LBORRES", sdtm="MB.MBORRES"
    )
    hdv_ab = CodeItem("抗-HDV", "Anti-HDV", need="expected", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES")
    hev_igm = CodeItem(
        "抗-HEV IgM", "Anti-HEV IgM", need="expected", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES"
    )
    hiv_ab = CodeItem("抗-HIV", "Anti-HIV", need="expected", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES")
    ana = CodeItem(
        "抗核抗体(ANA)", "Antinuclear antibody", need="expected", codes=POSNEGND, cdash="LBORRES", sdtm="IS.ISORRES"
    )
    ana_titre = IntegerItem(
        "ANA滴度(倒数)",
        "ANA titre (reciprocal)",
        hard=("10", "10240"),
        soft=("100", "1000"),
        show=the("scrlab.ana") == "POS",
        cdash="LBORRES",
        sdtm="IS.ISORRES",
    )
    ecg = CodeItem("心电图", "ECG", need="expected", codes=PERES, cdash="EGORRES", sdtm="EG.EGORRES")
    fundus_scr = CodeItem("眼底检查", "Fundus examination", codes=PERES, cdash="OEORRES", sdtm="OE.OEORRES")
    fundus_date = DateItem(
        "眼底检查日期",
        "Fundus examination date",
        show=the("scrlab.fundus_scr").one_of("NORMAL", "ABN_NCS", "ABN_CS"),
        cdash="OEDAT",
        sdtm="OE.OEDTC",
    )


class PregnancyTest(FormPage):
    """Pregnancy test."""

    pt_done = CodeItem("是否完成妊娠试验", "Pregnancy test done", codes=NY, cdash="LBSTAT", sdtm="LB.LBSTAT")
    pt_reason = CodeItem(
        "未做原因",
        "Reason not done",
        codes=MISS_REASON,
        show=the("pregtest.pt_done") == "N",
        cdash="LBREASND",
        sdtm="LB.LBREASND",
    )
    pt_date = DateItem("检测日期", "Test date", show=the("pregtest.pt_done") == "Y", cdash="LBDAT", sdtm="LB.LBDTC")
    pt_result = CodeItem(
        "结果", "Result", codes=POSNEG, show=the("pregtest.pt_done") == "Y", cdash="LBORRES", sdtm="LB.LBTESTCD=HCG"
    )
