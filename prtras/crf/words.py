"""How the trail speaks of participants, visits and pages."""

from prtras.audit.words import Act, Label, Words
from prtras.crf.models import STATES
from prtras.labels import T

FROZEN = Act(T("冻结", "Frozen"), "hold", "frozen")
LOCKED = Act(T("锁定", "Locked"), "hold", "locked")
RELEASED = (
    Act(T("解除冻结", "Released from freeze"), "hold", "", before="frozen"),
    Act(T("解除锁定", "Unlocked"), "hold", "", before="locked"),
)
EXPECTED = T("待填写", "Page expected")
SUBMITTED = Act(T("提交", "Submitted"), "state", "submitted")
VISIT_STATES = {
    "planned": T("计划中", "planned"),
    "done": T("已完成", "done"),
    "partial": T("部分完成", "partly done"),
    "missed": T("缺失", "missed"),
    "dropped": T("不再需要", "no longer needed"),
}
WORDS = {
    "crf_participant": Words(
        T("登记受试者", "Participant registered"),
        (FROZEN, LOCKED, *RELEASED),
        {
            "number": Label(T("受试者编号", "Participant number")),
            "screening_number": Label(T("筛选号", "Screening number")),
            "state": Label(T("状态", "State"), STATES.codes),
            "anchor": Label(T("第 0 天", "Day 0")),
            "arm": Label(T("治疗组", "Arm")),
            "consented": Label(T("知情同意", "Consent")),
            "withdrawn": Label(T("撤回知情同意", "Consent withdrawn")),
        },
        frozenset({"site_id", "hold"}),
    ),
    "crf_visit": Words(
        T("计划访视", "Visit planned"),
        columns={
            "code": Label(T("访视", "Visit")),
            "target": Label(T("计划日期", "Planned date")),
            "opens": Label(T("窗口首日", "Window opens")),
            "closes": Label(T("窗口末日", "Window closes")),
            "date": Label(T("实际日期", "Date of the visit")),
            "state": Label(T("状态", "State"), VISIT_STATES),
            "schedule": Label(T("计划版本", "Schedule version")),
        },
        silent=frozenset({"participant_id", "sequence", "position"}),
    ),
    "crf_crfpage": Words(
        EXPECTED,
        (
            FROZEN,
            LOCKED,
            *RELEASED,
            Act(T("标注为录入有误", "Marked as entered in error"), "state", "void"),
            Act(T("恢复", "Restored"), "state", before="void"),
            SUBMITTED,
            Act(T("不再需要", "No longer required"), "required", "False", before="True"),
            Act(T("重新需要", "Required again"), "required", "True", before="False"),
        ),
        {"reason_code": Label(T("原因", "Why"), names="reason")},
        frozenset({
            "form", "participant_id", "visit_id", "repeat", "required", "state", "version", "filled", "required_items",
            "left_open", "submitted_at", "submitted_by_id", "hold", "held_by_id", "verified", "signed",
        }),
    ),
}  # fmt: skip
