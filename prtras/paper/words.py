"""How the trail speaks of printed casebooks."""

from prtras.audit.words import Label, Words
from prtras.jobs.words import words_of_a_job
from prtras.labels import T

KINDS = {
    "blank": T("空白CRF", "blank CRF"),
    "annotated": T("注释CRF", "annotated CRF"),
    "filled": T("病例报告表", "casebook"),
}
WORDS: dict[str, Words] = {
    "paper_printout": words_of_a_job(
        T("申请打印", "Print requested"),
        {"kind": Label(T("内容", "What"), KINDS), "language": Label(T("语言", "Language"))},
        frozenset({"participant_id", "file_id"}),
    )
}
