"""Code lists: biomarkers of tissue and blood cells. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

CPSCAT = CodeList(
    "CPSCAT",
    T("PD-L1 CPS分层", "PD-L1 CPS category"),
    {
        "LT1": T("<1", "<1"),
        "1_9": T("≥1且<10", ">=1 and <10"),
        "GE10": T("≥10", ">=10"),
    },
    standard="22C3",
)

IHCADEQ = CodeList(
    "IHCADEQ",
    T("标本质量(≥100个存活肿瘤细胞)", "Specimen adequacy (>=100 viable tumour cells)"),
    {
        "ADEQ": T("合格", "Adequate"),
        "INADEQ": T("不合格", "Inadequate"),
    },
    standard="22C3",
)

TCMETHOD = CodeList(
    "TCMETHOD",
    T("T细胞浸润评分方法", "T-cell infiltration scoring method (doc names the score, not the method)"),
    {
        "IMMUNOSCORE": T(
            "类Immunoscore 0~4分(CD3/CD8×肿瘤中心/浸润前沿,高=1)",
            "Immunoscore-like 0-4 (CD3/CD8 x core/margin, high=1)",
        ),
        "SEMIQ": T("半定量0~3分", "Semi-quantitative 0-3"),
    },
    standard="sponsor",
)

TCSEMI = CodeList(
    "TCSEMI",
    T("T细胞浸润半定量评分", "Semi-quantitative T-cell infiltration"),
    {
        "0": T("0 无", "0 None"),
        "1": T("1 轻度(散在)", "1 Mild / scattered"),
        "2": T("2 中度", "2 Moderate"),
        "3": T("3 重度(密集/带状)", "3 Dense / band-like"),
    },
    standard="sponsor",
)

TPSCAT = CodeList(
    "TPSCAT",
    T("PD-L1 TPS分层", "PD-L1 TPS category"),
    {
        "LT1": T("<1%", "<1%"),
        "1_49": T("1%~49%", "1-49%"),
        "GE50": T("≥50%", ">=50%"),
    },
    standard="22C3",
)
