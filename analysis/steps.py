"""The steps of a run in their order, and what people call them. Pure but for the reader's language."""

from analysis.outputs import OUTPUTS
from prtras.labels import T

CUT, ENDPOINTS, REPORT_ZH, REPORT_EN, REPLICATION = "cut", "endpoints", "report_zh", "report_en", "replication"
#: What is computed from a cut.
COMPUTED = (ENDPOINTS, *(output.code for output in OUTPUTS))
#: The numbers and the report of the site's language, then what follows from them.
FIRST = (CUT, *COMPUTED, REPORT_ZH)
ALL = (*FIRST, REPORT_EN, REPLICATION)

_TITLES = {
    CUT: T("数据快照", "Data cut"),
    ENDPOINTS: T("推导终点", "Endpoints"),
    REPORT_ZH: T("中文报告", "Report in Chinese"),
    REPORT_EN: T("英文报告", "Report in English"),
    REPLICATION: T("独立复算", "Independent recomputation"),
}
_OUTPUTS = {
    output.code: T("结果 {n} / {all}：{title}", "Output {n} of {all}: {title}").format(
        n=n, all=len(OUTPUTS), title=output.title
    )
    for n, output in enumerate(OUTPUTS, start=1)
}


def step_title(step: str) -> T:
    """A step in words; the code itself where a later version does not have it any more."""
    return _TITLES.get(step) or _OUTPUTS.get(step) or T(step, step)
