"""How the trail speaks of bundles."""

from prtras.audit.words import Label, Words
from prtras.jobs.words import words_of_a_job
from prtras.labels import T

WORDS: dict[str, Words] = {
    "exports_exportjob": words_of_a_job(
        T("申请数据包", "Bundle requested"), {"format": Label(T("格式", "Format"))}, frozenset({"cut_id", "file_id"})
    )
}
