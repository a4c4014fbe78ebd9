"""Code lists: MRI and its observations. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

AFBEN = CodeList(
    "AFBEN",
    T("提示良性的辅助征象", "Ancillary features favouring benignity"),
    {
        "STABLE2Y": T("大小稳定≥2年", "Size stability >= 2 years"),
        "SIZERED": T("体积缩小", "Size reduction"),
        "BLOODPOOL": T("与血池强化一致", "Parallels blood pool enhancement"),
        "UNDISTVES": T("血管无扭曲移位", "Undistorted vessels"),
        "IRONINMASS": T("病灶内铁多于肝实质", "Iron in mass, more than liver"),
        "T2MARKED": T("T2显著高信号", "Marked T2 hyperintensity"),
        "HBPISO": T("肝胆期等信号", "Hepatobiliary phase isointensity"),
    },
    standard="LI-RADS v2018",
)

AFHCC = CodeList(
    "AFHCC",
    T("提示HCC的辅助征象", "Ancillary features favouring HCC in particular"),
    {
        "NECAPS": T("非强化包膜", 'Nonenhancing "capsule"'),
        "NODINNOD": T("结中结", "Nodule-in-nodule architecture"),
        "MOSAIC": T("马赛克结构", "Mosaic architecture"),
        "BLOOD": T("瘤内出血", "Blood products in mass"),
        "FATINMASS": T("瘤内脂肪多于邻近肝实质", "Fat in mass, more than adjacent liver"),
    },
    standard="LI-RADS v2018",
)

AFMAL = CodeList(
    "AFMAL",
    T("提示恶性(非HCC特异)的辅助征象", "Ancillary features favouring malignancy, not HCC in particular"),
    {
        "US_VIS": T("超声可见独立结节", "US visibility as discrete nodule"),
        "SUBTHR": T("亚阈值生长", "Subthreshold growth"),
        "DWI": T("弥散受限", "Restricted diffusion"),
        "T2MILD": T("T2轻-中度高信号", "Mild-moderate T2 hyperintensity"),
        "CORONA": T("晕状强化", "Corona enhancement"),
        "FATSPARE": T("实性肿块内脂肪稀少", "Fat sparing in solid mass"),
        "IRONSPARE": T("实性肿块内铁稀少", "Iron sparing in solid mass"),
        "TPHYPO": T("移行期低信号", "Transitional phase hypointensity"),
        "HBPHYPO": T("肝胆期低信号", "Hepatobiliary phase hypointensity"),
    },
    standard="LI-RADS v2018",
)

APHE = CodeList(
    "APHE",
    T("动脉期高强化(APHE)", "Arterial phase hyperenhancement"),
    {
        "NONE": T("无APHE", "No APHE"),
        "NONRIM": T("非环形APHE", "Nonrim APHE"),
        "RIM": T("环形APHE", "Rim APHE"),
    },
    standard="LI-RADS v2018",
)

BENIGN = CodeList(
    "BENIGN",
    T("良性判断", "Radiologist impression of benignity"),
    {
        "NONE": T("非良性/不确定", "Neither definitely nor probably benign"),
        "PROB": T("可能良性", "Probably benign"),
        "DEF": T("肯定良性", "Definitely benign"),
    },
    standard="LI-RADS v2018",
)

LRM = CodeList(
    "LRM",
    T("LR-M征象", "LR-M features"),
    {
        "RIM_APHE": T("靶样:环形APHE", "Targetoid: rim APHE"),
        "PERIPH_WO": T("靶样:周边廓清", "Targetoid: peripheral washout"),
        "DELAYED_CENTRAL": T("靶样:延迟期中央强化", "Targetoid: delayed central enhancement"),
        "TARGET_DWI": T("靶样:靶样弥散受限", "Targetoid: targetoid restriction"),
        "TARGET_TP_HBP": T("靶样:移行期或肝胆期靶样表现", "Targetoid: targetoid TP or HBP appearance"),
        "INFILTRATIVE": T("非靶样:浸润性表现", "Nontargetoid: infiltrative appearance"),
        "MARKED_DWI": T("非靶样:显著弥散受限", "Nontargetoid: marked diffusion restriction"),
        "NECROSIS": T("非靶样:坏死或严重缺血", "Nontargetoid: necrosis or severe ischaemia"),
        "OTHER_NONHCC": T("非靶样:其他提示非HCC恶性征象", "Nontargetoid: other feature suggesting non-HCC malignancy"),
    },
    standard="LI-RADS v2018",
)

LRTR = CodeList(
    "LRTR",
    T("LI-RADS治疗反应分类", "LI-RADS treatment response category"),
    {
        "LR-TR-NE": T("LR-TR 无法评估", "LR-TR Nonevaluable"),
        "LR-TR-NV": T("LR-TR 无存活", "LR-TR Nonviable"),
        "LR-TR-EQ": T("LR-TR 可疑存活", "LR-TR Equivocal"),
        "LR-TR-V": T("LR-TR 存活", "LR-TR Viable"),
    },
    standard="LI-RADS v2018 LR-TR",
)

MRICONTR = CodeList(
    "MRICONTR",
    T("对比剂", "Contrast agent"),
    {
        "ECA": T("细胞外对比剂(如钆喷酸葡胺)", "Extracellular gadolinium (e.g. Gd-DTPA)"),
        "GADOXETATE": T("钆塞酸二钠(普美显)", "Gadoxetate disodium (Gd-EOB-DTPA)"),
        "GADOBENATE": T("钆贝葡胺", "Gadobenate dimeglumine"),
        "NONE": T("未使用对比剂", "No contrast"),
    },
    standard="sponsor",
)

MRIOVR = CodeList(
    "MRIOVR",
    T("本次影像总体结论", "Overall imaging conclusion at this visit"),
    {
        "NED": T("无复发证据", "No evidence of recurrence"),
        "SUSP": T("可疑,需进一步检查", "Suspicious, needs work-up"),
        "RECUR": T("复发", "Recurrence"),
        "NE": T("无法评估", "Not evaluable"),
    },
    standard="sponsor",
)

MRIQUAL = CodeList(
    "MRIQUAL",
    T("图像质量", "Image quality"),
    {
        "GOOD": T("良好", "Good"),
        "ADEQUATE": T("尚可", "Adequate"),
        "LIMITED": T("欠佳(部分病灶可能LR-NC)", "Limited (some observations may be LR-NC)"),
        "NONDIAG": T("不能诊断", "Non-diagnostic"),
    },
    standard="sponsor",
)

OBSTYPE = CodeList(
    "OBSTYPE",
    T("病灶类型", "Observation type"),
    {
        "UNTREATED": T("未治疗病灶", "Untreated observation"),
        "TREATED": T("治疗后病灶", "Treated observation"),
    },
    standard="LI-RADS v2018",
)

TRPATTERN = CodeList(
    "TRPATTERN",
    T("治疗后病灶强化方式", "Enhancement pattern of treated lesion"),
    {
        "NOENH": T("病灶无强化", "No lesional enhancement"),
        "EXPECTED": T("符合该治疗预期的强化方式", "Treatment-specific expected enhancement pattern"),
        "OTHER": T("其他/不典型强化", "Other / atypical enhancement"),
    },
    standard="LI-RADS v2018 LR-TR",
)

WASHOUT = CodeList(
    "WASHOUT",
    T("廓清表现", "Washout appearance"),
    {
        "NONE": T("无廓清", "No washout"),
        "NONPERIPH": T("非周边廓清", 'Nonperipheral "washout"'),
        "PERIPH": T("周边廓清", 'Peripheral "washout"'),
    },
    standard="LI-RADS v2018",
)
