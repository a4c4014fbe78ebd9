"""How the trail speaks of the review: who did what when. What was read stays within the review while it goes on."""

from prtras.audit.words import Act, Words
from prtras.labels import T

WORDS = {
    "endpoint_review_reviewcase": Words(
        T("纳入终点评审", "Case of the endpoint review opened"),
        silent=frozenset({"participant_id", "number"}),
        withheld=True,
    ),
    "endpoint_review_reviewround": Words(
        T("开放一轮终点评审", "Round of the endpoint review opened"),
        silent=frozenset({
            "case_id", "ordinal", "packet", "sha256", "anchor", "through", "reason", "opened_by_id", "opened_at",
        }),
        withheld=True,
    ),
    "endpoint_review_reading": Words(
        T("签署终点评审", "Endpoint reading signed"),
        (Act(T("签署终点裁定", "Endpoint adjudication signed"), "part", "final"),),
        silent=frozenset({
            "round_id", "part", "verdict", "day", "evidence", "category", "confidence", "comment", "user_id", "name",
            "role", "sha256", "at",
        }),
        withheld=True,
    ),
}  # fmt: skip

#: Where acts of this room come from.
SOURCES = {
    "endpoint review": T("终点评审", "endpoint review"),
}
