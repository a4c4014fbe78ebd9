"""HBV and medical history: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.history import (
    ALCOHOL,
    CIRRH,
    CIRRH_METHOD,
    DECOMP_EVT,
    HBV_GENO,
    HBV_ROUTE,
    MHCAT,
    MHSTATUS,
    NADRUG,
    SMOKE,
)
from prtras.codelists import NY, NYU
from prtras.crf.conditions import given, the
from prtras.crf.items import CodeItem, CodesItem, DateItem, DecimalItem, IntegerItem, PartialDateItem, TextItem
from prtras.crf.models import FormPage


class HbvHistory(FormPage):
    """HBV and liver disease history."""

    hbv_first_date = PartialDateItem(
        "首次发现HBsAg阳性日期", "Date HBsAg first found positive", need="expected", cdash="MHSTDAT", sdtm="MH.MHSTDTC"
    )
    hbv_route = CodeItem(
        "可能的感染途径",
        "Suspected route of infection",
        need="optional",
        codes=HBV_ROUTE,
        cdash="FAORRES",
        sdtm="FA.FAORRES",
    )
    fam_hbv = CodeItem("乙肝家族史", "Family history of HBV", need="expected", codes=NYU, cdash="MHOCCUR", sdtm="APMH")
    fam_hcc = CodeItem("肝癌家族史", "Family history of HCC", need="expected", codes=NYU, cdash="MHOCCUR", sdtm="APMH")
    hbv_geno = CodeItem(
        "HBV基因型", "HBV genotype", need="optional", codes=HBV_GENO, cdash="LBORRES", sdtm="LB.LBORRES"
    )
    prior_na = CodeItem(
        "既往核苷(酸)类似物治疗", "Prior nucleos(t)ide analogue treatment", codes=NY, cdash="CMOCCUR", sdtm="CM.CMOCCUR"
    )
    prior_na_drugs = CodesItem(
        "既往核苷(酸)类似物名称",
        "Prior NA drug(s)",
        codes=NADRUG,
        show=the("hbvhx.prior_na") == "Y",
        cdash="CMTRT",
        sdtm="CM.CMTRT",
    )
    prior_na_start = PartialDateItem(
        "首次使用核苷(酸)类似物日期",
        "First NA start date",
        need="expected",
        show=the("hbvhx.prior_na") == "Y",
        cdash="CMSTDAT",
        sdtm="CM.CMSTDTC",
    )
    na_resist = CodeItem(
        "既往核苷(酸)类似物耐药",
        "Documented NA resistance",
        need="expected",
        codes=NYU,
        show=the("hbvhx.prior_na") == "Y",
        cdash="FAORRES",
        sdtm="FA.FAORRES",
    )
    prior_ifn = CodeItem("既往干扰素治疗", "Prior interferon treatment", codes=NY, cdash="CMOCCUR", sdtm="CM.CMOCCUR")
    prior_ifn_weeks = IntegerItem(
        "既往干扰素疗程(周)",
        "Prior interferon duration (weeks)",
        need="expected",
        unit="weeks",
        hard=("0", "300"),
        soft=("1", "96"),
        show=the("hbvhx.prior_ifn") == "Y",
        cdash="CMDUR",
        sdtm="SUPPCM",
    )
    prior_ifn_end = PartialDateItem(
        "末次干扰素日期",
        "Last interferon date",
        need="expected",
        show=the("hbvhx.prior_ifn") == "Y",
        cdash="CMENDAT",
        sdtm="CM.CMENDTC",
    )
    cirrhosis = CodeItem("肝硬化状态", "Cirrhosis status", codes=CIRRH, cdash="MHOCCUR", sdtm="MH.MHTERM")
    cirrh_method = CodesItem(
        "肝硬化诊断依据",
        "Basis of cirrhosis diagnosis",
        need="expected",
        codes=CIRRH_METHOD,
        show=the("hbvhx.cirrhosis") != "NONE",
        cdash="MHEVDTYP",
        sdtm="SUPPMH",
    )
    decomp_evt = CodesItem(
        "既往失代偿事件",
        "Decompensation events ever",
        codes=DECOMP_EVT,
        show=the("hbvhx.cirrhosis") == "DECOMP",
        cdash="MHTERM",
        sdtm="MH.MHTERM",
    )
    varices = CodeItem(
        "食管胃静脉曲张", "Oesophagogastric varices", need="expected", codes=NYU, cdash="MHOCCUR", sdtm="MH.MHTERM"
    )
    splenomeg = CodeItem("脾大", "Splenomegaly", need="expected", codes=NYU, cdash="MHOCCUR", sdtm="MH.MHTERM")
    lsm_kpa = DecimalItem(
        "肝脏硬度值(瞬时弹性成像)",
        "Liver stiffness (transient elastography)",
        need="optional",
        places=1,
        unit="kPa",
        hard=("1.5", "75"),
        soft=("2.5", "40"),
        cdash="LSMORRES",
        sdtm="MO.MOORRES",
    )
    lsm_date = DateItem(
        "肝脏硬度检测日期",
        "Date of liver stiffness measurement",
        show=given(the("hbvhx.lsm_kpa")),
        cdash="LSMDAT",
        sdtm="MO.MODTC",
    )
    fatty_liver = CodeItem(
        "脂肪性肝病", "Fatty liver disease", need="expected", codes=NYU, cdash="MHOCCUR", sdtm="MH.MHTERM"
    )
    diabetes = CodeItem("糖尿病", "Diabetes mellitus", codes=NY, cdash="MHOCCUR", sdtm="MH.MHTERM")
    hypertension = CodeItem("高血压", "Hypertension", codes=NY, cdash="MHOCCUR", sdtm="MH.MHTERM")
    alcohol = CodeItem("饮酒情况", "Alcohol use", codes=ALCOHOL, cdash="SUNCF", sdtm="SU.SUOCCUR")
    alcohol_g = IntegerItem(
        "平均饮酒量(纯酒精g/天)",
        "Average alcohol intake (g pure alcohol/day)",
        unit="g/day",
        hard=("0", "500"),
        soft=("0", "40"),
        show=the("hbvhx.alcohol").one_of("CURRENT", "FORMER"),
        cdash="SUDOSE",
        sdtm="SU.SUDOSE",
    )
    drug_abuse = CodeItem("药物滥用史", "History of drug abuse", codes=NY, cdash="SUOCCUR", sdtm="SU.SUOCCUR")
    smoke = CodeItem("吸烟情况", "Tobacco use", need="expected", codes=SMOKE, cdash="SUNCF", sdtm="SU.SUOCCUR")
    pack_years = DecimalItem(
        "吸烟指数(包年)",
        "Pack-years",
        need="optional",
        places=1,
        unit="pack-years",
        hard=("0", "200"),
        soft=("0", "80"),
        show=the("hbvhx.smoke").one_of("CURRENT", "FORMER"),
        cdash="SUDUR",
        sdtm="SUPPSU",
    )


class MedicalHistory(FormPage):
    """Medical history log."""

    mh_no = IntegerItem(
        "序号", "Row number", need="derived", hard=("1", "999"), soft=("1", "50"), cdash="MHSPID", sdtm="MH.MHSPID"
    )
    mh_cat = CodeItem("类别", "Category", codes=MHCAT, cdash="MHCAT", sdtm="MH.MHCAT")
    mh_term = TextItem("疾病/症状名称", "Condition", cdash="MHTERM", sdtm="MH.MHTERM")
    mh_start = PartialDateItem("开始日期", "Start date", need="expected", cdash="MHSTDAT", sdtm="MH.MHSTDTC")
    mh_status = CodeItem("状态", "Status", codes=MHSTATUS, cdash="MHENRTPT", sdtm="MH.MHENRTPT")
    mh_end = PartialDateItem(
        "结束日期", "End date", show=the("mh.mh_status") == "RESOLVED", cdash="MHENDAT", sdtm="MH.MHENDTC"
    )
