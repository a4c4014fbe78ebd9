"""How the trail speaks of queries, verification, holds and signatures."""

from prtras.audit.words import Act, Label, Words
from prtras.labels import T
from prtras.review.signing import MEANINGS

FROZEN, LOCKED = T("冻结", "Frozen"), T("锁定", "Locked")
RELEASED = T("解除冻结或锁定", "Released")
WORDS = {
    "review_query": Words(
        T("提出质疑", "Query raised"),
        (
            Act(T("答复质疑", "Query answered"), "state", "answered"),
            Act(T("关闭质疑", "Query closed"), "state", "closed"),
            Act(T("撤销质疑", "Query cancelled"), "state", "cancelled"),
            Act(T("重新提出质疑", "Query reopened"), "state", "open", before="closed"),
            Act(T("再次提问", "Asked again"), "state", "open", before="answered"),
            Act(T("指派质疑", "Query assigned"), "assignee_id"),
        ),
        {
            "place": Label(T("位置", "Where"), names="place"),
            "text_zh": Label(T("内容", "Text"), language="zh"),
            "text_en": Label(T("内容", "Text"), language="en"),
            "check_id": Label(T("核查", "Edit check")),
            "assignee_id": Label(T("答复人", "To be answered by"), names="user"),
            "due": Label(T("答复期限", "Answer by")),
        },
        frozenset({"page_id", "state", "accepted", "opened_by_id", "opened_at", "changed_at"}),
    ),
    "review_querymessage": Words(
        T("质疑消息", "Query message"),
        (
            Act(T("提问", "Question"), "act", "ask"),
            Act(T("答复", "Answer"), "act", "answer"),
            Act(T("关闭", "Closed"), "act", "close"),
            Act(T("重新提出", "Reopened"), "act", "reopen"),
            Act(T("撤销", "Cancelled"), "act", "cancel"),
            Act(T("数据已符合核查", "Data now satisfy the check"), "act", "cure"),
            Act(T("保留数值并说明", "Value kept, with a reason"), "act", "keep"),
        ),
        {"text": Label(T("内容", "Text"))},
        frozenset({"query_id", "author_id", "act", "at"}),
    ),
    "review_verification": Words(
        T("源数据核查", "Verified against the source"),
        (Act(T("核查失效（数据已改动）", "No longer verified (data changed)"), "dropped_at"),),
        {"place": Label(T("位置", "Where"), names="place")},
        frozenset({"page_id", "by_id", "at", "dropped_at"}),
    ),
    "review_signature": Words(
        T("签名", "Signed"),
        (Act(T("签名失效（数据已改动）", "Signature no longer valid (data changed)"), "broken_at"),),
        {"meaning": Label(T("含义", "Meaning"), MEANINGS.codes)},
        frozenset({"page_id", "batch", "user_id", "name", "role", "sha256", "at", "broken_at"}),
    ),
    "review_holdact": Words(
        RELEASED,
        (
            Act(T("申请解除", "Release requested"), "state", "requested"),
            Act(T("批准解除", "Release approved"), "state", "done", before="requested"),
            Act(T("驳回解除申请", "Release rejected"), "state", "refused"),
            Act(FROZEN, "act", "frozen"),
            Act(LOCKED, "act", "locked"),
        ),
        {"pages": Label(T("页数", "Pages"))},
        frozenset({
            "act", "participant_id", "visit_id", "page_id", "reason", "state", "by_id", "at", "second_id", "second_at",
        }),
    ),
    "crf_study": Words(
        T("研究", "Study"),
        (
            Act(T("冻结研究", "Study frozen"), "hold", "frozen"),
            Act(T("锁定研究", "Study locked"), "hold", "locked"),
            Act(T("解除研究的冻结或锁定", "Study released"), "hold", ""),
        ),
        silent=frozenset({"hold"}),
    ),
}  # fmt: skip
