"""HBV virology and serology: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.common import POSNEG
from labs.codelists.virology import HBSAGQ, HBVDNAQ, HBVDNAU, SEROSTATUS
from labs.models.samples import SampledPage
from prtras.crf.items import CodeItem, DateItem, DecimalItem, IntegerItem, TextItem


def _sign_of(zh: str, en: str, sdtm: str) -> TextItem:
    """Beside a number: `<` or `>` where the laboratory gives only a limit."""
    return TextItem(zh, en, need="derived", max_length=1, cdash="LBORRES", sdtm=sdtm)


class Virology(SampledPage):
    """HBV virology and serology."""

    viro_date = DateItem("采样日期", "Sample date", cdash="LBDAT", sdtm="LB.LBDTC")
    hbvdna_assay = TextItem("HBV DNA检测方法", "HBV DNA assay", carry=True, cdash="LBMETHOD", sdtm="MB.MBMETHOD")
    hbvdna_raw = TextItem(
        "HBV DNA报告原文", "HBV DNA result as reported", cdash="LBORRES", sdtm="MB.MBORRES (MBTESTCD=HBDNA)"
    )
    hbvdna_u = CodeItem("HBV DNA单位", "HBV DNA unit", codes=HBVDNAU, carry=True, cdash="LBORRESU", sdtm="MB.MBORRESU")
    hbvdna_q = CodeItem(
        "HBV DNA结果类型",
        "HBV DNA qualifier",
        need="derived",
        codes=HBVDNAQ,
        cdash="LBSTRESC",
        sdtm="MB.MBSTRESC",
    )
    hbvdna_val = DecimalItem(
        "HBV DNA数值",
        "HBV DNA numeric",
        need="derived",
        places=4,
        unit="IU/mL",
        hard=("10", "1000000000"),
        soft=("10", "1000000"),
        cdash="LBSTRESN",
        sdtm="MB.MBSTRESN",
    )
    hbvdna_log = DecimalItem(
        "HBV DNA log10(分析用)",
        "HBV DNA log10 (analysis)",
        need="derived",
        places=2,
        unit="log10 IU/mL",
        hard=("0", "9"),
        soft=("0", "6"),
        cdash="LBSTRESN",
        sdtm="ADLB.AVAL",
    )
    hbsag_assay = TextItem("HBsAg检测方法", "HBsAg assay", carry=True, cdash="LBMETHOD", sdtm="MB.MBMETHOD")
    hbsag_raw = TextItem(
        "HBsAg定量报告原文", "HBsAg result as reported", cdash="LBORRES", sdtm="MB.MBORRES (MBTESTCD=HBSAG)"
    )
    hbsag_dil = IntegerItem(
        "稀释倍数",
        "Dilution factor",
        need="expected",
        hard=("1", "10000"),
        soft=("1", "500"),
        cdash="LBDILUT",
        sdtm="SUPPLB",
    )
    hbsag_q = CodeItem(
        "HBsAg结果类型", "HBsAg qualifier", need="derived", codes=HBSAGQ, cdash="LBSTRESC", sdtm="MB.MBSTRESC"
    )
    hbsag_val = DecimalItem(
        "HBsAg数值",
        "HBsAg numeric",
        need="derived",
        places=4,
        unit="IU/mL",
        hard=("0.05", "125000"),
        soft=("0.05", "25000"),
        cdash="LBSTRESN",
        sdtm="MB.MBSTRESN",
    )
    hbsag_log = DecimalItem(
        "HBsAg log10(分析用)",
        "HBsAg log10 (analysis)",
        need="derived",
        places=2,
        unit="log10 IU/mL",
        hard=("-1.61", "5.1"),
        soft=("-1.61", "4.4"),
        cdash="LBSTRESN",
        sdtm="ADLB.AVAL",
    )
    hbsag_res = CodeItem(
        "HBsAg定性", "HBsAg qualitative", codes=POSNEG, cdash="LBORRES", sdtm="MB.MBORRES (MBTESTCD=HBSAG)"
    )
    hbsab_val = DecimalItem(
        "抗-HBs滴度",
        "Anti-HBs titre",
        need="expected",
        places=2,
        unit="mIU/mL",
        other_units={"IU/L": "1"},
        hard=("0", "100000"),
        soft=("0", "1000"),
        qualifier="hbsab_q",
        cdash="LBORRES",
        sdtm="IS.ISORRES",
    )
    hbsab_q = _sign_of("抗-HBs滴度符号", "Anti-HBs titre sign", "IS.ISORRES")
    hbsab_res = CodeItem("抗-HBs", "Anti-HBs", need="expected", codes=POSNEG, cdash="LBORRES", sdtm="IS.ISORRES")
    hbeag_val = DecimalItem(
        "HBeAg",
        "HBeAg",
        need="optional",
        places=2,
        unit="S/CO",
        hard=("0", "20000"),
        soft=("0", "2000"),
        qualifier="hbeag_q",
        cdash="LBORRES",
        sdtm="MB.MBORRES (MBTESTCD=HBEAG)",
    )
    hbeag_q = _sign_of("HBeAg符号", "HBeAg sign", "MB.MBORRES (MBTESTCD=HBEAG)")
    hbeag_res = CodeItem(
        "HBeAg定性", "HBeAg qualitative", codes=POSNEG, cdash="LBORRES", sdtm="MB.MBORRES (MBTESTCD=HBEAG)"
    )
    hbeab_res = CodeItem("抗-HBe", "Anti-HBe", need="expected", codes=POSNEG, cdash="LBORRES", sdtm="IS.ISORRES")
    hbcab_res = CodeItem("抗-HBc", "Anti-HBc", need="optional", codes=POSNEG, cdash="LBORRES", sdtm="IS.ISORRES")
    hbvrna = DecimalItem(
        "HBV RNA",
        "HBV RNA",
        need="optional",
        places=2,
        unit="copies/mL",
        hard=("0", "1000000000"),
        soft=("0", "10000000"),
        qualifier="hbvrna_q",
        cdash="LBORRES",
        sdtm="MB.MBORRES (MBTESTCD=HBRNA)",
    )
    hbvrna_q = _sign_of("HBV RNA符号", "HBV RNA sign", "MB.MBORRES (MBTESTCD=HBRNA)")
    hbsag_status = CodeItem(
        "HBsAg应答状态",
        "HBsAg response status",
        need="derived",
        codes=SEROSTATUS,
        cdash="LBSTRESC",
        sdtm="SUPPLB",
    )
