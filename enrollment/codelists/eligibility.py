"""Code lists: Eligibility. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

SCRSTATUS = CodeList(
    "SCRSTATUS",
    T("筛选结论", "Screening outcome"),
    {
        "ELIGIBLE": T("符合入选", "Eligible"),
        "FAIL": T("筛选失败", "Screen failure"),
        "PENDING": T("待定", "Pending"),
    },
    standard="sponsor",
)
