"""Biomarkers of tissue and blood cells: columns are items, in the order in which the facts stand in the source."""

from labs.codelists.biomarkers import CPSCAT, IHCADEQ, TCMETHOD, TCSEMI, TPSCAT
from prtras.codelists import MISS_REASON, NY
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, DecimalItem, IntegerItem, TextItem
from prtras.crf.models import FormPage


class TissueBiomarkers(FormPage):
    """Tissue biomarkers (PD-L1 22C3, T-cell infiltration)."""

    tis_avail = CodeItem(
        "术后肿瘤组织是否可得", "Postoperative tumour tissue available", codes=NY, cdash="MIOCCUR", sdtm="MI.MISTAT"
    )
    tis_nd_reason = CodeItem(
        "未获得原因",
        "Reason not available",
        codes=MISS_REASON,
        show=the("tissue.tis_avail") == "N",
        cdash="MIREASND",
        sdtm="MI.MIREASND",
    )
    tis_block = TextItem(
        "蜡块号", "Block identifier", show=the("tissue.tis_avail") == "Y", cdash="MIREFID", sdtm="MI.MIREFID"
    )
    tis_date = DateItem(
        "组织取材日期", "Tissue collection date", show=the("tissue.tis_avail") == "Y", cdash="MIDAT", sdtm="MI.MIDTC"
    )
    pdl1_done = CodeItem(
        "是否完成PD-L1免疫组化",
        "PD-L1 IHC performed",
        codes=NY,
        show=the("tissue.tis_avail") == "Y",
        cdash="MISTAT",
        sdtm="MI.MISTAT",
    )
    pdl1_clone = TextItem(
        "PD-L1抗体克隆号",
        "PD-L1 antibody clone",
        show=the("tissue.pdl1_done") == "Y",
        cdash="MIMETHOD",
        sdtm="MI.MIMETHOD",
    )
    pdl1_date = DateItem(
        "染色/判读日期",
        "Stain/read date",
        need="expected",
        show=the("tissue.pdl1_done") == "Y",
        cdash="MIANLDAT",
        sdtm="SUPPMI",
    )
    pdl1_adeq = CodeItem(
        "标本质量",
        "Specimen adequacy",
        codes=IHCADEQ,
        show=the("tissue.pdl1_done") == "Y",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    tps = DecimalItem(
        "PD-L1 TPS",
        "PD-L1 TPS",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("0", "80"),
        show=the("tissue.pdl1_adeq") == "ADEQ",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cps = DecimalItem(
        "PD-L1 CPS",
        "PD-L1 CPS",
        places=1,
        hard=("0", "100"),
        soft=("0", "90"),
        show=the("tissue.pdl1_adeq") == "ADEQ",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    tps_cat = CodeItem("TPS分层", "TPS category", need="derived", codes=TPSCAT, cdash="MISTRESC", sdtm="MI.MISTRESC")
    cps_cat = CodeItem("CPS分层", "CPS category", need="derived", codes=CPSCAT, cdash="MISTRESC", sdtm="MI.MISTRESC")
    tc_done = CodeItem(
        "是否完成T细胞浸润评分",
        "T-cell infiltration scored",
        codes=NY,
        show=the("tissue.tis_avail") == "Y",
        cdash="MISTAT",
        sdtm="MI.MISTAT",
    )
    tc_method = CodeItem(
        "评分方法",
        "Scoring method",
        codes=TCMETHOD,
        show=the("tissue.tc_done") == "Y",
        cdash="MIMETHOD",
        sdtm="MI.MIMETHOD",
    )
    cd3_ct = IntegerItem(
        "CD3+密度(肿瘤中心)",
        "CD3+ density, tumour core",
        unit="cells/mm2",
        hard=("0", "20000"),
        soft=("0", "6000"),
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd3_im = IntegerItem(
        "CD3+密度(浸润前沿)",
        "CD3+ density, invasive margin",
        unit="cells/mm2",
        hard=("0", "20000"),
        soft=("0", "6000"),
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd8_ct = IntegerItem(
        "CD8+密度(肿瘤中心)",
        "CD8+ density, tumour core",
        unit="cells/mm2",
        hard=("0", "20000"),
        soft=("0", "6000"),
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd8_im = IntegerItem(
        "CD8+密度(浸润前沿)",
        "CD8+ density, invasive margin",
        unit="cells/mm2",
        hard=("0", "20000"),
        soft=("0", "6000"),
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd3_ct_hi = CodeItem(
        "CD3肿瘤中心高表达",
        "CD3 core high",
        codes=NY,
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd3_im_hi = CodeItem(
        "CD3浸润前沿高表达",
        "CD3 margin high",
        codes=NY,
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd8_ct_hi = CodeItem(
        "CD8肿瘤中心高表达",
        "CD8 core high",
        codes=NY,
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    cd8_im_hi = CodeItem(
        "CD8浸润前沿高表达",
        "CD8 margin high",
        codes=NY,
        show=the("tissue.tc_method") == "IMMUNOSCORE",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    tc_score_i = IntegerItem(
        "T细胞浸润评分(0~4)",
        "T-cell score (0-4)",
        need="derived",
        hard=("0", "4"),
        soft=("0", "4"),
        cdash="MISTRESN",
        sdtm="MI.MISTRESN",
    )
    tc_semi = CodeItem(
        "T细胞浸润评分(0~3)",
        "T-cell score (0-3)",
        codes=TCSEMI,
        show=the("tissue.tc_method") == "SEMIQ",
        cdash="MIORRES",
        sdtm="MI.MIORRES",
    )
    tc_reader = TextItem(
        "判读病理医师(缩写)",
        "Pathologist (initials)",
        need="expected",
        show=the("tissue.tc_done") == "Y",
        cdash="MIEVAL",
        sdtm="MI.MIEVAL",
    )
    tc_blinded = CodeItem(
        "判读者对分组设盲",
        "Reader blinded to treatment group",
        need="expected",
        codes=NY,
        show=the("tissue.tc_done") == "Y",
        cdash="MIBLIND",
        sdtm="SUPPMI",
    )


class ImmuneProfile(FormPage):
    """PBMC immune profile (flow cytometry)."""

    pbmc_date = DateItem("采样日期", "Sample date", cdash="CPDAT", sdtm="CP.CPDTC")
    pbmc_viab = DecimalItem(
        "细胞活率",
        "Viability",
        need="expected",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("70", "100"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    pbmc_events = IntegerItem(
        "淋巴细胞门获取事件数",
        "Lymphocyte events acquired",
        need="expected",
        hard=("0", "100000000"),
        soft=("10000", "100000000"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    cd3p = DecimalItem(
        "CD3+占淋巴细胞百分比",
        "CD3+ (% of lymphocytes)",
        need="expected",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("30", "95"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    cd4p = DecimalItem(
        "CD4+占CD3+百分比",
        "CD4+ (% of CD3+)",
        need="expected",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("15", "85"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    cd8p = DecimalItem(
        "CD8+占CD3+百分比",
        "CD8+ (% of CD3+)",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("10", "75"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    cd4cd8 = DecimalItem(
        "CD4/CD8比值",
        "CD4/CD8 ratio",
        need="derived",
        places=2,
        hard=("0", "30"),
        soft=("0.3", "4"),
        cdash="CPSTRESN",
        sdtm="CP.CPSTRESN",
    )
    pd1cd8 = DecimalItem(
        "PD-1+占CD8+T细胞百分比",
        "PD-1+ (% of CD8+ T cells)",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("1", "80"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    pd1cd8_ofcd3 = DecimalItem(
        "CD8+PD-1+占CD3+百分比",
        "CD8+PD-1+ (% of CD3+)",
        need="derived",
        places=2,
        unit="%",
        hard=("0", "100"),
        soft=("0.3", "40"),
        cdash="CPSTRESN",
        sdtm="CP.CPSTRESN",
    )
    pd1cd4 = DecimalItem(
        "PD-1+占CD4+T细胞百分比",
        "PD-1+ (% of CD4+ T cells)",
        need="optional",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("1", "60"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    tim3cd8 = DecimalItem(
        "TIM-3+占CD8+T细胞百分比",
        "TIM-3+ (% of CD8+ T cells)",
        need="optional",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("0", "40"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    treg = DecimalItem(
        "调节性T细胞(CD25hiCD127lo)占CD4+百分比",
        "Treg CD25hiCD127lo (% of CD4+)",
        need="optional",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("1", "20"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    nk = DecimalItem(
        "NK细胞(CD3-CD56+)占淋巴细胞百分比",
        "NK CD3-CD56+ (% of lymphocytes)",
        need="optional",
        places=1,
        unit="%",
        hard=("0", "100"),
        soft=("2", "50"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
    hbvt = DecimalItem(
        "HBV特异性T细胞(ELISPOT)",
        "HBV-specific T cells (ELISPOT)",
        need="optional",
        places=1,
        unit="SFC/10^6 PBMC",
        hard=("0", "10000"),
        soft=("0", "500"),
        cdash="CPORRES",
        sdtm="CP.CPORRES",
    )
