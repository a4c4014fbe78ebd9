"""Code lists: HBV virology and serology. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

HBSAGQ = CodeList(
    "HBSAGQ",
    T("HBsAg定量结果类型", "HBsAg result qualifier"),
    {
        "QUANT": T("可定量", "Quantified"),
        "LT_LLOQ": T("<0.05 IU/mL(低于检测下限)", "<0.05 IU/mL (below cut-off)"),
        "GT_RANGE": T(">250 IU/mL(未稀释)", ">250 IU/mL, not diluted"),
        "GT_ULOQ": T("稀释后仍高于上限", ">upper limit after dilution"),
        "INVALID": T("结果无效", "Invalid / unparsable"),
    },
    standard="assay reporting",
)

HBVDNAQ = CodeList(
    "HBVDNAQ",
    T("HBV DNA结果类型", "HBV DNA result qualifier (LLOQ 10 IU/mL is from doc)"),
    {
        "QUANT": T("可定量", "Quantified (within linear range)"),
        "LLOQ_DET": T("低于定量下限(检测到)", "<LLOQ, target detected"),
        "TND": T("未检测到靶标", "Target not detected"),
        "GT_ULOQ": T("高于定量上限", ">ULOQ"),
        "INVALID": T("结果无效", "Invalid"),
    },
    standard="assay reporting",
)

HBVDNAU = CodeList(
    "HBVDNAU",
    T("HBV DNA单位", "HBV DNA unit (doc: IU/mL)"),
    {
        "IU/mL": T("IU/mL", "IU/mL"),
        "copies/mL": T("拷贝/mL", "copies/mL"),
        "log10 IU/mL": T("log10 IU/mL", "log10 IU/mL"),
    },
    standard="assay reporting",
)

SEROSTATUS = CodeList(
    "SEROSTATUS",
    T("HBsAg应答状态", "HBsAg response status"),
    {
        "POSITIVE": T("HBsAg阳性", "HBsAg positive"),
        "LOSS_UNCONF": T("HBsAg清除(待确认)", "HBsAg loss, unconfirmed"),
        "LOSS_CONF": T("HBsAg清除(已确认)", "HBsAg loss, confirmed"),
        "FUNCURE": T("功能性治愈(临床治愈)", "Functional (clinical) cure"),
        "REVERTED": T("HBsAg复阳", "HBsAg reversion"),
    },
    standard="sponsor",
)
