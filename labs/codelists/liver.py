"""Code lists: Liver function scores. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

ALBIGR = CodeList(
    "ALBIGR",
    T("ALBI分级", "ALBI grade"),
    {
        "1": T("1级(≤-2.60)", "Grade 1 (<= -2.60)"),
        "2": T("2级(>-2.60且≤-1.39)", "Grade 2 (> -2.60 to <= -1.39)"),
        "3": T("3级(>-1.39)", "Grade 3 (> -1.39)"),
    },
    standard="ALBI",
)
