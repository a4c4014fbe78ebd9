"""How the trail speaks of analyses."""

from prtras.audit.words import Label, Words
from prtras.jobs.words import words_of_a_job
from prtras.labels import T

WORDS: dict[str, Words] = {
    "analysis_analysisrun": words_of_a_job(
        T("申请分析", "Analysis requested"),
        {
            "cutoff": Label(T("截止日期", "Cut-off date")),
            "entered_until": Label(T("录入截至", "Entered up to")),
            "nightly": Label(T("夜间运行", "Night run")),
        },
        frozenset({
            "cut_id", "results", "replication", "results_sha256", "report_zh_id", "report_en_id", "warnings",
            "program", "steps", "counted", "alarms",
        }),
    ),
    "analysis_recomputation": words_of_a_job(
        T("申请重新计算", "Recomputation requested"),
        {"identical": Label(T("逐字节一致", "Identical to the byte"))},
        frozenset({"run_id", "results", "results_sha256", "program"}),
    ),
}  # fmt: skip

#: Where acts of this room come from.
SOURCES = {
    "analysis": T("分析", "analysis"),
}
