"""MRI and its observations: columns are items, in the order in which the facts stand in the source."""

from enrollment.codelists.common import IMGMOD
from enrollment.codelists.disease import LRCAT, SEGMENT
from prtras.codelists import MISS_REASON, NY, NYNA
from prtras.crf.conditions import given, the
from prtras.crf.items import CodeItem, CodesItem, DateItem, DecimalItem, IntegerItem, TextItem
from prtras.crf.models import FormPage, FormRow
from visits.codelists.imaging import (
    AFBEN,
    AFHCC,
    AFMAL,
    APHE,
    BENIGN,
    LRM,
    LRTR,
    MRICONTR,
    MRIOVR,
    MRIQUAL,
    OBSTYPE,
    TRPATTERN,
    WASHOUT,
)
from visits.codelists.visit import WINSTAT


class Mri(FormPage):
    """Abdominal MRI assessment."""

    mri_done = CodeItem("是否完成影像检查", "Imaging performed", codes=NY, cdash="PROCCUR", sdtm="PR.PROCCUR")
    mri_nd_reason = CodeItem(
        "未做原因",
        "Reason not done",
        codes=MISS_REASON,
        show=the("mri.mri_done") == "N",
        cdash="PRREASOC",
        sdtm="PR.PRREASOC",
    )
    mri_date = DateItem("检查日期", "Imaging date", show=the("mri.mri_done") == "Y", cdash="TUDAT", sdtm="TU.TUDTC")
    mri_mod = CodeItem(
        "检查方式",
        "Modality",
        codes=IMGMOD,
        carry=True,
        show=the("mri.mri_done") == "Y",
        cdash="TUMETHOD",
        sdtm="TU.TUMETHOD",
    )
    mri_contrast = CodeItem(
        "对比剂",
        "Contrast agent",
        codes=MRICONTR,
        carry=True,
        show=the("mri.mri_done") == "Y",
        cdash="TUCONTR",
        sdtm="SUPPTU",
    )
    mri_quality = CodeItem(
        "图像质量",
        "Image quality",
        codes=MRIQUAL,
        show=the("mri.mri_done") == "Y",
        cdash="TUQUAL",
        sdtm="SUPPTU",
    )
    mri_nobs = IntegerItem(
        "记录病灶数目",
        "Number of observations recorded",
        hard=("0", "50"),
        soft=("0", "10"),
        show=the("mri.mri_done") == "Y",
        cdash="TUNOBS",
        sdtm="SUPPTU",
    )
    mri_overall = CodeItem(
        "总体结论",
        "Overall conclusion",
        codes=MRIOVR,
        show=the("mri.mri_done") == "Y",
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    mri_reader = TextItem(
        "阅片者(缩写)", "Reader (initials)", show=the("mri.mri_done") == "Y", cdash="TUEVAL", sdtm="TU.TUEVAL"
    )
    mri_read_date = DateItem(
        "阅片日期",
        "Read date",
        need="expected",
        show=the("mri.mri_done") == "Y",
        cdash="TURDDAT",
        sdtm="SUPPTU",
    )
    mri_blinded = CodeItem(
        "阅片者对分组设盲",
        "Reader blinded to treatment group",
        need="expected",
        codes=NY,
        show=the("mri.mri_done") == "Y",
        cdash="TUBLIND",
        sdtm="SUPPTU",
    )
    mri_other = CodesItem(
        "同期其他影像检查",
        "Other imaging done for the same assessment",
        need="optional",
        codes=IMGMOD,
        cdash="TUOTH",
        sdtm="SUPPTU",
    )
    mri_dev = IntegerItem(
        "偏离计划日期天数",
        "Days from target date",
        need="derived",
        unit="days",
        hard=("-200", "400"),
        soft=("-7", "7"),
        cdash="TUWINDEV",
        sdtm="SUPPTU",
    )
    mri_win = CodeItem("时间窗状态", "Window status", need="derived", codes=WINSTAT, cdash="TUWINST", sdtm="SUPPTU")


class MriObservation(FormRow):
    """MRI observation (LI-RADS v2018)."""

    obs_no = IntegerItem(
        "病灶编号(跨访视固定)",
        "Observation number (stable across visits)",
        hard=("1", "50"),
        soft=("1", "10"),
        cdash="TULNKID",
        sdtm="TU.TULNKID",
    )
    obs_type = CodeItem("病灶类型", "Observation type", codes=OBSTYPE, cdash="TUORRES", sdtm="TU.TUORRES")
    obs_new = CodeItem("较上次影像为新发", "New since previous imaging", codes=NY, cdash="TUNEW", sdtm="SUPPTU")
    obs_seg = CodesItem("所在肝段", "Segment(s)", codes=SEGMENT, cdash="TULOC", sdtm="TU.TULOC")
    size_mm = DecimalItem(
        "最大径(外缘至外缘)",
        "Largest outer-edge-to-outer-edge diameter",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "150"),
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TRORRES",
        sdtm="TR.TRTESTCD=LDIAM",
    )
    prior_mm = DecimalItem(
        "对照检查时大小",
        "Size on comparison examination",
        need="optional",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("5", "100"),
        show=(the("mriobs.obs_type") == "UNTREATED") & (the("mriobs.obs_new") == "N"),
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    prior_date = DateItem(
        "对照检查日期",
        "Comparison examination date",
        show=given(the("mriobs.prior_mm")),
        cdash="TRDAT",
        sdtm="TR.TRDTC",
    )
    path_proven = CodeItem(
        "该病灶已有病理证实",
        "Pathology-proven malignancy or benign diagnosis",
        codes=NY,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    nc = CodeItem(
        "因图像缺失/质量差无法分类",
        "Cannot be categorised (image omission/degradation)",
        codes=NY,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tiv = CodeItem(
        "明确静脉内癌栓",
        "Definite tumour in vein",
        codes=NY,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    benign = CodeItem(
        "良性判断",
        "Benign impression",
        codes=BENIGN,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    lrm = CodesItem(
        "LR-M征象",
        "LR-M features",
        need="optional",
        codes=LRM,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    aphe = CodeItem(
        "动脉期高强化",
        "Arterial phase hyperenhancement",
        codes=APHE,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    washout = CodeItem(
        "廓清表现",
        "Washout appearance",
        codes=WASHOUT,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    capsule = CodeItem(
        "强化包膜",
        'Enhancing "capsule"',
        codes=NY,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tg = CodeItem(
        "阈值增长",
        "Threshold growth",
        codes=NY,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tg_calc = CodeItem(
        "阈值增长(系统计算)",
        "Threshold growth (system)",
        need="derived",
        codes=NYNA,
        cdash="TUSTRESC",
        sdtm="TU.TUSTRESC",
    )
    afmal = CodesItem(
        "辅助征象:提示恶性(非HCC特异)",
        "Ancillary: malignancy, not HCC in particular",
        need="optional",
        codes=AFMAL,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    afhcc = CodesItem(
        "辅助征象:提示HCC",
        "Ancillary: HCC in particular",
        need="optional",
        codes=AFHCC,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    afben = CodesItem(
        "辅助征象:提示良性",
        "Ancillary: benignity",
        need="optional",
        codes=AFBEN,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    lr_base = CodeItem(
        "系统分类(仅主要征象)",
        "Computed category, major features only",
        need="derived",
        codes=LRCAT,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    lr_adj = CodeItem(
        "系统分类(辅助征象调整后)",
        "Computed category after ancillary features",
        need="derived",
        codes=LRCAT,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    lr_cat = CodeItem(
        "LI-RADS分类(放射科医师)",
        "LI-RADS category (radiologist)",
        codes=LRCAT,
        show=the("mriobs.obs_type") == "UNTREATED",
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    lr_reason = TextItem(
        "与系统分类不一致的原因",
        "Reason entered category differs from computed",
        show=(the("mriobs.obs_type") == "UNTREATED")
        & (the("mriobs.lr_cat").none_of(the("mriobs.lr_base"), the("mriobs.lr_adj"))),
        cdash="RSREAS",
        sdtm="SUPPRS",
    )
    tr_eval = CodeItem(
        "治疗后病灶可评估",
        "Treated observation evaluable",
        codes=NY,
        show=the("mriobs.obs_type") == "TREATED",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_pattern = CodeItem(
        "强化方式",
        "Enhancement pattern",
        codes=TRPATTERN,
        show=(the("mriobs.obs_type") == "TREATED") & (the("mriobs.tr_eval") == "Y"),
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_morph = CodeItem(
        "病灶内或边缘结节状/肿块样/厚且不规则组织",
        "Nodular, mass-like or thick irregular tissue in/along lesion",
        codes=NY,
        show=(the("mriobs.obs_type") == "TREATED") & (the("mriobs.tr_eval") == "Y"),
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_aphe = CodeItem(
        "该组织APHE",
        "APHE in that tissue",
        codes=NY,
        show=the("mriobs.tr_morph") == "Y",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_wo = CodeItem(
        "该组织廓清表现",
        "Washout appearance in that tissue",
        codes=NY,
        show=the("mriobs.tr_morph") == "Y",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_sim = CodeItem(
        "强化与治疗前相似",
        "Enhancement similar to pretreatment",
        codes=NY,
        show=the("mriobs.tr_morph") == "Y",
        cdash="TUORRES",
        sdtm="TU.TUORRES",
    )
    tr_size = DecimalItem(
        "存活肿瘤最大径",
        "Viable tumour size",
        places=1,
        unit="mm",
        other_units={"cm": "10"},
        hard=("1", "300"),
        soft=("3", "100"),
        show=the("mriobs.lrtr") == "LR-TR-V",
        cdash="TRORRES",
        sdtm="TR.TRORRES",
    )
    lrtr_calc = CodeItem(
        "系统计算LR-TR分类",
        "Computed LR-TR category",
        need="derived",
        codes=LRTR,
        cdash="RSSTRESC",
        sdtm="RS.RSSTRESC",
    )
    lrtr = CodeItem(
        "LR-TR分类(放射科医师)",
        "LR-TR category (radiologist)",
        codes=LRTR,
        show=the("mriobs.obs_type") == "TREATED",
        cdash="RSORRES",
        sdtm="RS.RSORRES",
    )
    lrtr_reason = TextItem(
        "与系统LR-TR不一致的原因",
        "Reason entered LR-TR differs from computed",
        show=(the("mriobs.obs_type") == "TREATED") & (the("mriobs.lrtr") != the("mriobs.lrtr_calc")),
        cdash="RSREAS",
        sdtm="SUPPRS",
    )

    class Meta(FormRow.Meta):
        pass
