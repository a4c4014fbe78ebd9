"""The code lists of what an ODM file says beside the values: why one is missing, what was asked, how a page stands."""

from dataclasses import dataclass

from prtras.codelists import MISS_REASON, CodeList
from prtras.labels import T

#: What a flag is about.
FLAG = CodeList(
    "ODM_FLAG",
    T("标记的种类", "Kind of flag"),
    {
        "MISSING": T("缺失原因", "Why the value is missing"),
        "REMARK": T("备注的种类", "Kind of remark"),
        "QUERY": T("质疑状态", "State of a query"),
        "PAGE": T("页面状态", "State of the page"),
        "HOLD": T("冻结与锁定", "Freeze and lock"),
        "VERIFICATION": T("源数据核查", "Verification against the source"),
        "SIGNATURE": T("签名状态", "State of a signature"),
    },
)
REMARK = CodeList(
    "ODM_REMARK",
    T("备注的种类", "Kind of remark"),
    {
        "REPORTED": T("原始记录中以其他单位给出的值", "Value in another unit, as typed"),
        "VALUE": T("完整的值", "The exact value"),
        "JSON": T("备注为 JSON 字符串", "The comment is a JSON string"),
    },
)
QUERY = CodeList(
    "ODM_QUERY",
    T("质疑状态", "State of a query"),
    {
        "open": T("待答复", "Open"),
        "answered": T("已答复", "Answered"),
        "closed": T("已关闭", "Closed"),
        "cancelled": T("已撤销", "Cancelled"),
    },
)
PAGE = CodeList(
    "ODM_PAGE",
    T("页面状态", "State of the page"),
    {
        "expected": T("待填写", "Expected"),
        "submitted": T("已提交", "Submitted"),
        "void": T("录入有误", "Entered in error"),
    },
)
HOLD = CodeList(
    "ODM_HOLD",
    T("冻结与锁定", "Freeze and lock"),
    {
        "frozen": T("已冻结", "Frozen"),
        "locked": T("已锁定", "Locked"),
        "released": T("已解除", "Released"),
    },
)
VALIDITY = CodeList(
    "ODM_VALIDITY",
    T("是否有效", "Validity"),
    {
        "valid": T("有效", "Valid"),
        "ended": T("已失效（之后有修改）", "No longer valid (changed)"),
    },
)
LISTS = (FLAG, REMARK, QUERY, PAGE, HOLD, VALIDITY, MISS_REASON)


@dataclass(frozen=True)
class Flag:
    """A code of a list, and what it is about (a code of `FLAG`)."""

    kind: str
    value: str
    codes: CodeList


REPORTED, VALUE, EXACT = (Flag("REMARK", code, REMARK) for code in ("REPORTED", "VALUE", "JSON"))


def missing(code: str) -> Flag:
    """Why a value is missing."""
    return Flag("MISSING", code, MISS_REASON)
