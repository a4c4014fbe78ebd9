"""Liver function scores: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.disease import CPCLASS
from labs.codelists.liver import ALBIGR
from prtras.crf.items import CodeItem, DecimalItem, IntegerItem
from prtras.crf.models import FormPage


class LiverFunction(FormPage):
    """Liver function scores (derived)."""

    cp_bil = DecimalItem(
        "所用总胆红素",
        "Bilirubin used",
        need="derived",
        places=1,
        unit="umol/L",
        hard=("0", "1000"),
        soft=("2", "60"),
        cdash="LBSTRESN",
        sdtm="LB.LBSTRESN",
    )
    cp_alb = DecimalItem(
        "所用白蛋白",
        "Albumin used",
        need="derived",
        places=1,
        unit="g/L",
        hard=("10", "80"),
        soft=("28", "55"),
        cdash="LBSTRESN",
        sdtm="LB.LBSTRESN",
    )
    cp_inr = DecimalItem(
        "所用INR",
        "INR used",
        need="derived",
        places=2,
        hard=("0.5", "20"),
        soft=("0.8", "2.0"),
        cdash="LBSTRESN",
        sdtm="LB.LBSTRESN",
    )
    cp_score = IntegerItem(
        "Child-Pugh评分(系统计算)",
        "Child-Pugh score (system)",
        need="derived",
        hard=("5", "15"),
        soft=("5", "7"),
        cdash="RSSTRESN",
        sdtm="RS.RSTESTCD=CPS0106",
    )
    cp_class = CodeItem(
        "Child-Pugh分级(系统计算)",
        "Child-Pugh class (system)",
        need="derived",
        codes=CPCLASS,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    cp_class_ent = CodeItem(
        "Child-Pugh分级(研究者)", "Child-Pugh class (investigator)", codes=CPCLASS, cdash="RSORRES", sdtm="RS.RSORRES"
    )
    cp_score_ent = IntegerItem(
        "Child-Pugh评分(研究者)",
        "Child-Pugh score (investigator)",
        hard=("5", "15"),
        soft=("5", "9"),
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    albi = DecimalItem(
        "ALBI评分",
        "ALBI score",
        need="derived",
        places=2,
        hard=("-5.5", "1"),
        soft=("-3.5", "-1.39"),
        cdash="RSSTRESN",
        sdtm="RS.RSSTRESN",
    )
    albi_grade = CodeItem("ALBI分级", "ALBI grade", need="derived", codes=ALBIGR, cdash="RSSTRESC", sdtm="RS.RSSTRESC")
    egfr = DecimalItem(
        "估算肾小球滤过率eGFR(CKD-EPI 2021)",
        "eGFR (CKD-EPI 2021)",
        need="derived",
        places=1,
        unit="mL/min/1.73m2",
        hard=("1", "200"),
        soft=("45", "140"),
        cdash="LBSTRESN",
        sdtm="LB.LBTESTCD=GFRE",
    )
