"""Vital signs and physical examination: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.disease import ECOG
from prtras.codelists import NY
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, DateItem, DecimalItem, IntegerItem, LongTextItem
from prtras.crf.models import FormPage
from prtras.crf.units import FAHRENHEIT
from visits.codelists.examination import ASCITES, BMICAT, DEPRESS, HEGRADE, PERES


class VitalSigns(FormPage):
    """Vital signs and anthropometry."""

    vs_date = DateItem("测量日期", "Measurement date", cdash="VSDAT", sdtm="VS.VSDTC")
    height = DecimalItem(
        "身高",
        "Height",
        places=1,
        unit="cm",
        other_units={"m": "100"},
        hard=("120", "220"),
        soft=("145", "195"),
        show=the("vs.visit").one_of("SCR", "W0"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=HEIGHT",
    )
    weight = DecimalItem(
        "体重",
        "Weight",
        places=1,
        unit="kg",
        other_units={"jin": "0.5"},
        hard=("25", "250"),
        soft=("40", "120"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=WEIGHT",
    )
    bmi = DecimalItem(
        "体质指数(BMI)",
        "BMI",
        need="derived",
        places=1,
        unit="kg/m2",
        hard=("8", "80"),
        soft=("15", "40"),
        cdash="VSSTRESN",
        sdtm="VS.VSTESTCD=BMI",
    )
    bmi_cat = CodeItem("BMI分类", "BMI category", need="derived", codes=BMICAT, cdash="VSSTRESC", sdtm="SUPPVS")
    temp = DecimalItem(
        "体温",
        "Temperature",
        need="expected",
        places=1,
        unit="degC",
        other_units={"degF": FAHRENHEIT},
        hard=("33.0", "43.0"),
        soft=("35.5", "38.5"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=TEMP",
    )
    pulse = IntegerItem(
        "脉搏",
        "Pulse",
        need="expected",
        unit="beats/min",
        hard=("20", "250"),
        soft=("45", "120"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=PULSE",
    )
    resp = IntegerItem(
        "呼吸频率",
        "Respiratory rate",
        need="optional",
        unit="breaths/min",
        hard=("5", "60"),
        soft=("10", "30"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=RESP",
    )
    sbp = IntegerItem(
        "收缩压",
        "Systolic blood pressure",
        need="expected",
        unit="mmHg",
        other_units={"kPa": "7.50062"},
        hard=("50", "280"),
        soft=("85", "180"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=SYSBP",
    )
    dbp = IntegerItem(
        "舒张压",
        "Diastolic blood pressure",
        need="expected",
        unit="mmHg",
        other_units={"kPa": "7.50062"},
        hard=("20", "180"),
        soft=("50", "110"),
        cdash="VSORRES",
        sdtm="VS.VSTESTCD=DIABP",
    )


class PhysicalExamination(FormPage):
    """Physical examination, ECOG, liver signs and interferon safety review."""

    pe_date = DateItem("检查日期", "Examination date", cdash="PEDAT", sdtm="PE.PEDTC")
    ecog = CodeItem(
        "ECOG体力状况评分", "ECOG performance status", codes=ECOG, cdash="RSORRES", sdtm="RS.RSTESTCD=ECOG101"
    )
    pe_general = CodeItem(
        "一般情况", "General condition", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES"
    )
    pe_skin = CodeItem(
        "皮肤(黄疸、皮疹、银屑病)",
        "Skin (jaundice, rash, psoriasis)",
        need="expected",
        codes=PERES,
        cdash="PEORRES",
        sdtm="PE.PEORRES",
    )
    pe_heart = CodeItem("心血管", "Cardiovascular", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES")
    pe_lung = CodeItem("呼吸", "Respiratory", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES")
    pe_abdomen = CodeItem("腹部", "Abdomen", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES")
    pe_neuro = CodeItem("神经系统", "Neurological", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES")
    pe_thyroid = CodeItem("甲状腺", "Thyroid", need="expected", codes=PERES, cdash="PEORRES", sdtm="PE.PEORRES")
    pe_abn = LongTextItem(
        "有临床意义异常的描述",
        "Describe clinically significant abnormality",
        show=(the("pe.pe_general") == "ABN_CS")
        | (the("pe.pe_skin") == "ABN_CS")
        | (the("pe.pe_heart") == "ABN_CS")
        | (the("pe.pe_lung") == "ABN_CS")
        | (the("pe.pe_abdomen") == "ABN_CS")
        | (the("pe.pe_neuro") == "ABN_CS")
        | (the("pe.pe_thyroid") == "ABN_CS"),
        cdash="PECOM",
        sdtm="PE.PEORRES",
    )
    ascites = CodeItem("腹水", "Ascites", codes=ASCITES, cdash="FAORRES", sdtm="FA.FAORRES")
    he_grade = CodeItem("肝性脑病", "Hepatic encephalopathy", codes=HEGRADE, cdash="FAORRES", sdtm="FA.FAORRES")
    depress = CodeItem(
        "抑郁严重程度",
        "Depression severity",
        codes=DEPRESS,
        show=the("alloc.arm") == "A2",
        cdash="FAORRES",
        sdtm="FA.FAORRES",
    )
    phq9 = IntegerItem(
        "PHQ-9总分",
        "PHQ-9 total score",
        need="optional",
        hard=("0", "27"),
        soft=("0", "14"),
        show=the("alloc.arm") == "A2",
        cdash="QSORRES",
        sdtm="QS.QSORRES",
    )
    suicidal = CodeItem(
        "自杀意念", "Suicidal ideation", codes=NY, show=the("alloc.arm") == "A2", cdash="FAORRES", sdtm="FA.FAORRES"
    )
    visual_sx = CodeItem(
        "新发视觉症状",
        "New visual symptoms",
        codes=NY,
        show=the("alloc.arm") == "A2",
        cdash="FAORRES",
        sdtm="FA.FAORRES",
    )
    fundus = CodeItem(
        "眼底检查",
        "Fundus examination",
        need="expected",
        codes=PERES,
        show=(the("pe.visit").one_of("W24", "W48")) | (the("pe.visual_sx") == "Y"),
        cdash="OEORRES",
        sdtm="OE.OEORRES",
    )
