"""Index tumour and radical treatment: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.common import BCLC, IMGMOD, VASCINV
from enrollment.codelists.disease import (
    ABLMOD,
    APPROACH,
    CNLC,
    COMPLETE,
    CPCLASS,
    DX_BASIS,
    ECOG,
    GUIDE,
    LRCAT,
    MARGIN,
    RESEXTENT,
    RESTYPE,
    SEGMENT,
    TXTYPE,
)
from prtras.codelists import NY, NYU
from prtras.crf.conditions import the
from prtras.crf.items import CodeItem, CodesItem, DateItem, DecimalItem, IntegerItem, TextItem
from prtras.crf.models import FormPage, FormRow


class IndexTumour(FormPage):
    """Index HCC before radical treatment."""

    dx_date = DateItem("肝癌诊断日期", "Date of HCC diagnosis", cdash="MHSTDAT", sdtm="MH.MHSTDTC")
    dx_basis = CodeItem(
        "治疗前诊断依据", "Basis of pre-treatment diagnosis", codes=DX_BASIS, cdash="MHEVDTYP", sdtm="SUPPMH"
    )
    first_hcc = CodeItem(
        "首次诊断肝癌(非复发)", "First-ever HCC (not a recurrence)", codes=NY, cdash="MHOCCUR", sdtm="SUPPMH"
    )
    img_mod = CodesItem(
        "治疗前影像检查",
        "Pre-treatment imaging",
        need="expected",
        codes=IMGMOD,
        cdash="TUMETHOD",
        sdtm="TU.TUMETHOD",
    )
    img_date = DateItem(
        "分期所用影像检查日期",
        "Date of pre-treatment imaging used for staging",
        cdash="TUDAT",
        sdtm="TU.TUDTC",
    )
    n_tumours = IntegerItem(
        "肿瘤数目", "Number of tumours", hard=("1", "20"), soft=("1", "3"), cdash="TRORRES", sdtm="TR.TRORRES"
    )
    largest_mm = DecimalItem(
        "最大肿瘤直径",
        "Largest tumour diameter",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "100"),
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    vasc_inv = CodeItem("大血管侵犯", "Macrovascular invasion", codes=VASCINV, cdash="TUORRES", sdtm="TU.TUORRES")
    extrahep = CodeItem("肝外转移", "Extrahepatic spread", codes=NY, cdash="TUORRES", sdtm="TU.TUORRES")
    ecog_pre = CodeItem(
        "治疗前ECOG评分(肿瘤相关)",
        "ECOG PS before treatment (tumour-related)",
        codes=ECOG,
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    cp_pre = CodeItem(
        "治疗前Child-Pugh分级",
        "Child-Pugh class before treatment",
        codes=CPCLASS,
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    bclc_ent = CodeItem("BCLC分期(研究者)", "BCLC stage (investigator)", codes=BCLC, cdash="RSORRES", sdtm="RS.RSORRES")
    bclc_calc = CodeItem(
        "BCLC分期(系统计算)",
        "BCLC stage (system)",
        need="derived",
        codes=BCLC,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    milan = CodeItem(
        "符合米兰标准",
        "Within Milan criteria",
        need="derived",
        codes=NY,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    cnlc = CodeItem("CNLC分期", "CNLC stage", need="optional", codes=CNLC, cdash="RSORRES", sdtm="RS.RSORRES")
    pre_afp = DecimalItem(
        "治疗前AFP",
        "Pre-treatment AFP",
        need="expected",
        places=2,
        unit="ng/mL",
        other_units={"ug/L": "1", "IU/mL": "1.21"},
        hard=("0", "1000000"),
        soft=("0", "20000"),
        cdash="LBORRES",
        sdtm="LB.LBORRES",
    )
    pre_pivka = DecimalItem(
        "治疗前PIVKA-II(异常凝血酶原)",
        "Pre-treatment PIVKA-II",
        need="optional",
        places=1,
        unit="mAU/mL",
        hard=("0", "1000000"),
        soft=("0", "20000"),
        cdash="LBORRES",
        sdtm="LB.LBORRES",
    )


class RadicalTreatment(FormPage):
    """Radical treatment."""

    tx_type = CodeItem("根治性治疗方式", "Radical treatment type", codes=TXTYPE, cdash="PRTRT", sdtm="PR.PRTRT")
    res_date = DateItem(
        "手术切除日期",
        "Resection date",
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRSTDAT",
        sdtm="PR.PRSTDTC",
    )
    res_kind = CodeItem(
        "切除类型",
        "Resection type",
        codes=RESTYPE,
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRSCAT",
        sdtm="PR.PRSCAT",
    )
    res_extent = CodeItem(
        "切除范围",
        "Extent of resection",
        need="expected",
        codes=RESEXTENT,
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRMODIFY",
        sdtm="SUPPPR",
    )
    res_approach = CodeItem(
        "手术入路",
        "Surgical approach",
        need="expected",
        codes=APPROACH,
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRMETHOD",
        sdtm="SUPPPR",
    )
    res_margin = CodeItem(
        "切缘状态",
        "Residual tumour status",
        codes=MARGIN,
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRMARGIN",
        sdtm="MI.MIORRES",
    )
    res_margin_mm = DecimalItem(
        "切缘距离",
        "Resection margin",
        need="optional",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("0", "100"),
        soft=("0", "50"),
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRMARGMM",
        sdtm="MI.MIORRES",
    )
    blood_loss = IntegerItem(
        "术中出血量",
        "Intra-operative blood loss",
        need="optional",
        unit="mL",
        hard=("0", "20000"),
        soft=("0", "3000"),
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRBLDLS",
        sdtm="SUPPPR",
    )
    transfusion = CodeItem(
        "围手术期输血",
        "Peri-operative transfusion",
        need="optional",
        codes=NY,
        show=the("radtx.tx_type").one_of("RESECTION", "BOTH"),
        cdash="PRTRANSF",
        sdtm="SUPPPR",
    )
    abl_date = DateItem(
        "消融日期(末次根治性消融)",
        "Ablation date (last curative session)",
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRSTDAT",
        sdtm="PR.PRSTDTC",
    )
    abl_mod = CodeItem(
        "消融方式",
        "Ablation modality",
        codes=ABLMOD,
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRSCAT",
        sdtm="PR.PRSCAT",
    )
    abl_mod_other = TextItem(
        "消融方式说明",
        "Specify modality",
        show=the("radtx.abl_mod") == "OTHER",
        cdash="PRSCATOTH",
        sdtm="SUPPPR",
    )
    abl_approach = CodeItem(
        "消融入路",
        "Ablation approach",
        need="expected",
        codes=APPROACH,
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRMETHOD",
        sdtm="SUPPPR",
    )
    abl_guide = CodesItem(
        "影像引导",
        "Image guidance",
        need="expected",
        codes=GUIDE,
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRGUIDE",
        sdtm="SUPPPR",
    )
    abl_sessions = IntegerItem(
        "消融次数",
        "Number of ablation sessions",
        need="expected",
        hard=("1", "10"),
        soft=("1", "3"),
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRSESS",
        sdtm="SUPPPR",
    )
    abl_margin5 = CodeItem(
        "消融边界≥5 mm",
        "Ablative margin >= 5 mm all round",
        need="expected",
        codes=NYU,
        show=the("radtx.tx_type").one_of("ABLATION", "BOTH"),
        cdash="PRMARG5",
        sdtm="SUPPPR",
    )
    tx_date = DateItem("根治性治疗日期", "Radical treatment date", need="derived", cdash="PRSTDAT", sdtm="PR.PRSTDTC")
    complete = CodeItem("治疗完全性", "Completeness of treatment", codes=COMPLETE, cdash="PROUT", sdtm="SUPPPR")
    complete_date = DateItem(
        "证实完全治疗的影像日期",
        "Date of imaging proving completeness",
        show=the("radtx.complete").one_of("COMPLETE", "INCOMPLETE"),
        cdash="PROUTDAT",
        sdtm="SUPPPR",
    )
    clavien = CodeItem(
        "Clavien-Dindo≥III级并发症",
        "Clavien-Dindo grade >= III complication",
        need="optional",
        codes=NY,
        cdash="PRCLAV",
        sdtm="SUPPPR",
    )
    adj_tace = CodeItem(
        "根治术后预防性TACE",
        "Prophylactic (adjuvant) TACE after radical treatment",
        codes=NY,
        cdash="PROCCUR",
        sdtm="PR.PROCCUR",
    )
    adj_tace_date = DateItem(
        "预防性TACE日期",
        "Date of prophylactic TACE",
        show=the("radtx.adj_tace") == "Y",
        cdash="PRSTDAT",
        sdtm="PR.PRSTDTC",
    )
    days_to_w0 = IntegerItem(
        "根治性治疗至锚定日天数",
        "Days from radical treatment to anchor date",
        need="derived",
        unit="days",
        hard=("-30", "730"),
        soft=("14", "84"),
        cdash="PRTOW0",
        sdtm="SUPPPR",
    )


class IndexLesion(FormRow):
    """Index lesion log."""

    les_no = IntegerItem(
        "病灶编号", "Lesion number", hard=("1", "20"), soft=("1", "3"), cdash="TULNKID", sdtm="TU.TULNKID"
    )
    les_seg = CodesItem("所在肝段", "Segment(s)", codes=SEGMENT, cdash="TULOC", sdtm="TU.TULOC")
    les_mm = DecimalItem(
        "最大径",
        "Longest diameter",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "100"),
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    les_lr = CodeItem(
        "治疗前LI-RADS分类",
        "Pre-treatment LI-RADS category",
        need="optional",
        codes=LRCAT,
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    les_tx = CodeItem("治疗方式", "Treated by", codes=TXTYPE, cdash="PRTRT", sdtm="PR.PRTRT")
    les_path = CodeItem(
        "该病灶经病理证实", "This lesion pathology-proven", codes=NY, cdash="TUORRES", sdtm="TU.TUORRES"
    )

    class Meta(FormRow.Meta):
        pass
