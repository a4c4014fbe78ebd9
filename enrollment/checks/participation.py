"""Edit checks on every form: no data before consent, none after its withdrawal but what the consent allows.

Source: product description, section 3; ICH E6(R3) 2.8 (consent before participation). The specification's own checks on
single forms (CON-001 to CON-016) stand beside them. After a withdrawal the study may still record what became of an
adverse event, a death, the end of the study and a deviation; a day before the withdrawal may be corrected at any time.
"""

from prtras.crf.checks import Check
from prtras.crf.conditions import empty, the
from prtras.labels import T

#: Forms of which the specification says the same in a check of its own.
CHECKED_ELSEWHERE = ("visit", "mri", "pegifn", "lbchem", "lbviro")
ALLOWED_AFTERWARDS = ("consent", "reconsent", "ae", "death", "eos", "dv")

BEFORE = Check(
    "PATH-001", "*", "", "hard", empty(the("participant.consented")),
    T("尚无知情同意记录：请先填写知情同意表。", "No informed consent is on record: fill in the consent form first."),
)  # fmt: skip
AFTER = Check(
    "PATH-002", "*", "", "hard", the("page.day") > the("participant.withdrawn"),
    T("日期晚于撤回知情同意之日：此后仅可记录不良事件转归、死亡、研究结束与方案偏离。",
      "The date is after consent was withdrawn; only outcomes of adverse events, death, end of study and"
      " protocol deviations may be recorded after that."),
)  # fmt: skip
IN_CONSENT = ((BEFORE, ("consent",)), (AFTER, (*CHECKED_ELSEWHERE, *ALLOWED_AFTERWARDS)))
