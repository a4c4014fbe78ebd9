"""Edit checks: Log review. The schedule requires the logs at every visit; a statement and its log have to agree."""

from prtras.crf.checks import later, soft
from prtras.crf.conditions import Expression, any_record, exists, here, previous, the
from prtras.crf.expressions import Here


def _began_by(form: str, start: str) -> Expression:
    """A row of the log that began by the day of this visit."""
    return any_record(form, the(f"{form}.{start}") <= here("visit.visit_date"))


def _began_since(form: str, start: str) -> Expression:
    """A row of the log that began between the visit before and this one."""
    since = the(f"{form}.{start}") > Here(previous("visit.visit_date"))
    return any_record(form, since & (the(f"{form}.{start}") <= here("visit.visit_date")))


CHECKS = (
    later("LOG-001", "logs.ae_yn", (the("logs.ae_yn") == "Y") & ~_began_by("ae", "ae_start"),
          "核对时称有不良事件,但记录表中没有。", "An adverse event is said to exist, but none is recorded."),
    soft("LOG-002", "logs.ae_yn", (the("logs.ae_yn") == "N") & _began_since("ae", "ae_start"),
         "核对时称无新发不良事件,但记录表中有本次访视间隔内开始的事件。",
         "No new adverse event is said to exist, but one that began since the last visit is recorded."),
    later("LOG-003", "logs.cm_yn", (the("logs.cm_yn") == "Y") & ~_began_by("cm", "cm_start"),
          "核对时称有合并用药,但记录表中没有。", "A concomitant medication is said to exist, but none is recorded."),
    soft("LOG-004", "logs.cm_yn", (the("logs.cm_yn") == "N") & _began_since("cm", "cm_start"),
         "核对时称无新增合并用药,但记录表中有本次访视间隔内开始的用药。",
         "No new medication is said to exist, but one that began since the last visit is recorded."),
    later("LOG-005", "logs.mh_yn", (the("logs.mh_yn") == "Y") & ~exists("mh"),
          "核对时称有既往或合并疾病,但记录表中没有。", "Medical history is said to exist, but none is recorded."),
    soft("LOG-006", "logs.na_yn", (the("logs.na_yn") == "N") & _began_since("na", "na_start"),
         "核对时称方案无变化,但记录表中有本次访视间隔内开始的核苷(酸)类似物。",
         "No change is said to exist, but a nucleos(t)ide analogue that began since the last visit is recorded."),
)  # fmt: skip
