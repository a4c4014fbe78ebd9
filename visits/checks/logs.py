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
          "核对填写有不良事件，但记录表中没有。", "The log review reports an adverse event, but none is recorded."),
    soft("LOG-002", "logs.ae_yn", (the("logs.ae_yn") == "N") & _began_since("ae", "ae_start"),
         "核对填写无新发不良事件，但记录表中有自上次访视以来开始的事件。",
         "The log review reports no new adverse event, but one that began since the last visit is recorded."),
    later("LOG-003", "logs.cm_yn", (the("logs.cm_yn") == "Y") & ~_began_by("cm", "cm_start"),
          "核对填写有合并用药，但记录表中没有。", "The log review reports a medication, but none is recorded."),
    soft("LOG-004", "logs.cm_yn", (the("logs.cm_yn") == "N") & _began_since("cm", "cm_start"),
         "核对填写无新增合并用药，但记录表中有自上次访视以来开始的用药。",
         "The log review reports no new medication, but one that began since the last visit is recorded."),
    later("LOG-005", "logs.mh_yn", (the("logs.mh_yn") == "Y") & ~exists("mh"),
          "核对填写有既往或合并疾病，但记录表中没有。", "The log review reports medical history; none is recorded."),
    soft("LOG-006", "logs.na_yn", (the("logs.na_yn") == "N") & _began_since("na", "na_start"),
         "核对填写核苷(酸)类似物方案无变化，但记录表中有自上次访视以来开始的核苷(酸)类似物。",
         "The log review reports no change, but a nucleos(t)ide analogue that began since the last visit is recorded."),
)  # fmt: skip
