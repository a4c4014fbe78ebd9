"""Code lists: Screening serology and pregnancy tests. Source: codelists of the CRF specification 0.1."""

from prtras.codelists import CodeList
from prtras.labels import T

POSNEGND = CodeList(
    "POSNEGND",
    T("阳性/阴性/未查", "Positive / negative / not done"),
    {
        "POS": T("阳性", "Positive"),
        "NEG": T("阴性", "Negative"),
        "IND": T("不确定/灰区", "Indeterminate / grey zone"),
        "ND": T("未查", "Not done"),
    },
    standard="CDISC-like",
)
